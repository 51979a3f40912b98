"""The series of the Texas sites come out of their generator, and look like what they stand for."""

import runpy

import numpy as np
import pytest

from optmix.resources import shipped

TEXAS = shipped("instances") / "texas"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    files: dict[str, str] = runpy.run_path(str(TEXAS / "generate.py"))["files"]()
    return files


def columns(text: str) -> tuple[list[str], np.ndarray]:
    rows = [line.split(",") for line in text.splitlines()[1:]]
    values = np.array([[float(cell) for cell in row[1:]] for row in rows])
    return [row[0] for row in rows], values.squeeze()


def test_the_generator_makes_every_file(made: dict[str, str]) -> None:
    assert {path.relative_to(TEXAS).as_posix() for path in TEXAS.rglob("*.csv")} == set(made)


def test_the_files_are_what_the_generator_makes(made: dict[str, str]) -> None:
    for name, text in made.items():
        stamps, values = columns(text)
        kept_stamps, kept = columns((TEXAS / name).read_text(encoding="utf-8"))
        assert kept_stamps == stamps
        # Values have three decimals, and mathematical functions differ in the last bit.
        np.testing.assert_allclose(kept, values, rtol=0, atol=0.0011)


@pytest.mark.parametrize(("name", "peak_mw"), [("islanded-300mw", 300.0), ("islanded-1gw", 1000.0)])
def test_demand_is_that_of_a_data_center(name: str, peak_mw: float, made: dict[str, str]) -> None:
    _, demand_mw = columns(made[f"{name}/demand.csv"])
    assert demand_mw.max() == peak_mw
    assert 0.80 < demand_mw.mean() / peak_mw < 0.92
    assert demand_mw.min() > 0.5 * peak_mw


@pytest.mark.parametrize("name", ["islanded-300mw", "islanded-1gw"])
def test_weather_is_that_of_west_texas(name: str, made: dict[str, str]) -> None:
    _, temp_c = columns(made[f"{name}/weather.csv"])
    assert 16.0 < temp_c.mean() < 20.0
    assert 34.0 < np.percentile(temp_c, 99) < 39.0
    assert 39.0 < temp_c.max() < 44.0
    assert -16.0 < temp_c.min() < -8.0


def test_each_of_three_years_is_what_its_name_says(made: dict[str, str]) -> None:
    _, temp_c = columns(made["islanded-300mw-3yr/weather.csv"])
    _, demand_mw = columns(made["islanded-300mw-3yr/demand.csv"])
    typical, hot, cool = temp_c.T
    assert made["islanded-300mw-3yr/weather.csv"].startswith(
        "time,typical_temp_c,hot_temp_c,cool_temp_c\n"
    )
    assert hot.mean() > typical.mean() + 1.0
    assert cool.mean() < typical.mean() - 1.0
    assert 41.0 < hot.max() < 47.0  # 46.7 degC is the record of Midland
    assert -24.0 < cool.min() < -16.0  # -23.9 degC
    typical_mw, hot_mw, cool_mw = demand_mw.T
    assert 300.0 == typical_mw.max() < hot_mw.max() < 310.0
    assert hot_mw.mean() > typical_mw.mean() > cool_mw.mean()


def test_the_typical_of_three_years_is_the_year_of_the_site(made: dict[str, str]) -> None:
    for file in ("weather.csv", "demand.csv"):
        stamps, values = columns(made[f"islanded-300mw/{file}"])
        same_stamps, years = columns(made[f"islanded-300mw-3yr/{file}"])
        assert stamps == same_stamps
        np.testing.assert_array_equal(years[:, 0], values)


def test_prices_go_below_zero_and_become_scarce(made: dict[str, str]) -> None:
    _, price_usd_per_mwh = columns(made["grid-300mw/price.csv"])
    assert 30.0 < price_usd_per_mwh.mean() < 60.0
    assert 0.01 < (price_usd_per_mwh < 0).mean() < 0.05
    assert price_usd_per_mwh.max() > 1000.0


def test_the_fortnight_is_a_part_of_the_year(made: dict[str, str]) -> None:
    for name, text in made.items():
        if "-fortnight/" in name:
            rows = text.splitlines()[1:]
            assert len(rows) == 336
            assert "\n".join(rows) in made[name.replace("-fortnight", "")]
