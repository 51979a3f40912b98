"""Generated years of weather against their normals, their extremes and real series."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
import pytest

from optmix.data.climate import generate_climate
from optmix.data.climates import CLIMATES
from optmix.data.typical_year import BEFORE_MONTH, DAYS_OF_MONTH
from optmix.schema.surroundings import CLIMATES as NAMES

if TYPE_CHECKING:
    from pathlib import Path

EVERY_CLIMATE = pytest.mark.parametrize("name", sorted(CLIMATES))


def monthly(daily: np.ndarray) -> np.ndarray:
    return np.add.reduceat(daily, BEFORE_MONTH) / np.array(DAYS_OF_MONTH)


def three_days(daily: np.ndarray) -> np.ndarray:
    """What each run of three days reaches on all of them."""
    return np.minimum(np.minimum(daily[:-2], daily[1:-1]), daily[2:])


def test_every_name_of_the_schema_has_a_climate() -> None:
    assert sorted(CLIMATES) == sorted(get_args(NAMES))


@EVERY_CLIMATE
def test_the_normals_hold_on_average_over_seeds(name: str) -> None:
    climate = CLIMATES[name]
    years = [generate_climate(name, seed, -6.0).temp_c for seed in range(30)]
    tops = np.mean([monthly(year.max(axis=1)) for year in years], axis=0)
    lows = np.mean([monthly(year.min(axis=1)) for year in years], axis=0)
    # A cold snap as in February 2021 takes two degC from the mean of its month.
    assert tops == pytest.approx(np.array(climate.mean_max_c), abs=2.0)
    assert lows == pytest.approx(np.array(climate.mean_min_c), abs=3.0)
    assert tops.mean() == pytest.approx(np.mean(climate.mean_max_c), abs=0.5)
    assert lows.mean() == pytest.approx(np.mean(climate.mean_min_c), abs=0.5)


@EVERY_CLIMATE
@pytest.mark.parametrize("seed", [0, 1, 2024])
def test_one_heat_wave_and_one_cold_snap_come_near_the_extremes(name: str, seed: int) -> None:
    climate, year = CLIMATES[name], generate_climate(name, seed, -6.0).temp_c
    assert climate.highest_c - 1.5 <= year.max() <= climate.highest_c - 1.0
    assert climate.lowest_c + 1.0 <= year.min() <= climate.lowest_c + 1.5
    top, low = year.max(axis=1), year.min(axis=1)
    assert three_days(top).max() > max(climate.mean_max_c) + 2.0
    assert three_days(-low).max() > -min(climate.mean_min_c) + 5.0


def test_afternoons_are_hot_and_dawns_are_cold() -> None:
    year = generate_climate("midland", 0, -6.0).temp_c.mean(axis=0)
    assert int(np.argmax(year)) in {14, 15}
    assert int(np.argmin(year)) in {5, 6}


def test_the_same_seed_gives_the_same_year_and_another_gives_another() -> None:
    first, again = (generate_climate("austin", 7, -6.0).temp_c for _ in range(2))
    assert (first == again).all()
    assert (generate_climate("austin", 8, -6.0).temp_c != first).mean() > 0.9
    assert (generate_climate("dallas", 7, -6.0).temp_c != first).mean() > 0.9


def test_the_year_is_fixed_for_good() -> None:
    # These values must not change between machines, Python, or numpy.
    year = generate_climate("midland", 0, -6.0).temp_c
    assert year[0, :3].tolist() == PINNED_START
    assert float(year.mean()) == pytest.approx(PINNED_MEAN, abs=1e-3)


PINNED_START = [-1.86, -3.93, -5.71]
PINNED_MEAN = 18.998

SERIES = {
    "midland": "weather_tmy3/tmy3_midland.csv",
    "wink": "weather_tmy3/tmy3_wink_pecos.csv",
    "dallas": "weather_tmy3/tmy3_dallas_dfw.csv",
    "houston": "weather_actual/nsrdb_psm_2016_houston.csv",
    "austin": "weather_actual/nsrdb_psm_2016_austin_sanmarcos.csv",
}


@pytest.mark.parametrize("name", SERIES)
def test_normals_agree_with_a_real_series(reference: Path, name: str) -> None:
    frame = pd.read_csv(reference / "data" / SERIES[name], comment="#")
    if "source_date" in frame:
        frame["month"] = frame["source_date"].str[:2].astype(int)
        frame["day"] = frame["source_date"].str[3:5].astype(int)
    daily = frame.groupby(["month", "day"])["temp_c"].agg(["max", "min"])
    by_month = daily.groupby("month").mean()
    climate = CLIMATES[name]
    # One year of twelve months: a month may be 6 degC off its normal, the year 1.5.
    for column, normals in (("max", climate.mean_max_c), ("min", climate.mean_min_c)):
        assert by_month[column].to_numpy() == pytest.approx(np.array(normals), abs=6.0)
        assert by_month[column].mean() == pytest.approx(np.mean(normals), abs=1.5)


def test_a_generated_year_resembles_a_typical_year_of_the_same_place(reference: Path) -> None:
    path = reference / "data" / SERIES["midland"]
    real = pd.read_csv(path, comment="#")["temp_c"].to_numpy()
    made = np.concatenate([generate_climate("midland", s, -6.0).temp_c.ravel() for s in range(10)])
    assert made.mean() == pytest.approx(real.mean(), abs=1.5)
    assert made.std() == pytest.approx(real.std(), abs=1.0)
    assert np.percentile(made, 99) == pytest.approx(np.percentile(real, 99), abs=3.0)
    assert np.percentile(made, 1) == pytest.approx(np.percentile(real, 1), abs=3.0)
