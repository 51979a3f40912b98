"""The Case as a whole: operating years, all problems at once, a real site."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from optmix.data.build import build_case
from optmix.data.collect import Collector
from optmix.errors import InputError, Problem, SchemaError, SeriesError

if TYPE_CHECKING:
    from optmix.data.case import Case


def same(one: object, other: object) -> bool:
    """Whether two parts of a Case hold the same numbers."""
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, tuple):
        return all(same(a, b) for a, b in zip(one, other, strict=True))  # type: ignore[call-overload]
    if dataclasses.is_dataclass(one):
        return all(
            same(getattr(one, field.name), getattr(other, field.name))
            for field in dataclasses.fields(one)
        )
    return one == other


# --- Operating years ----------------------------------------------------------------------------


def test_a_year_takes_from_the_site_what_it_does_not_give(make_site: Any) -> None:
    site = make_site(
        weather={"temp_c": 20.0},
        fuel={"price_usd_per_mmbtu": 3.0, "basis_usd_per_mmbtu": 0.5},
        grid={"withdrawal_max_mw": 5.0, "energy_price": 40.0},
        operating_year=(
            {"name": "typical", "probability": 0.75},
            {
                "name": "storm",
                "probability": 0.25,
                "time": {"start": "2021-02-14", "hours": 48.0},
                "demand": {"profile": "flat", "peak_mw": 25.0},
                "weather": {"temp_c": -15.0},
                "fuel_price_usd_per_mmbtu": 100.0,
                "energy_price": 9000.0,
            },
        ),
    )
    case = build_case(site)
    first, second = slice(0, 24), slice(24, 72)
    assert case.axis.year_name == ("typical", "storm")
    assert case.axis.probability.tolist() == [0.75, 0.25]
    assert set(case.demand_mw[first]) == {20.0}
    assert set(case.demand_mw[second]) == {25.0}
    assert set(case.temp_c[second]) == {-15.0}
    assert set(case.gas.price_usd_per_mmbtu[first]) == {3.5}
    assert set(case.gas.price_usd_per_mmbtu[second]) == {100.5}
    assert case.grid is not None
    assert set(case.grid.import_price_usd_per_mwh[second]) == {9000.0}
    assert case.units[0].pmax_mw.shape == (72,)


def test_years_may_share_one_long_series(make_site: Any) -> None:
    stamps = pd.date_range("2022-12-31", periods=800 * 24, freq="h", tz="America/Chicago")
    rows = "".join(f"{stamp.isoformat()},{stamp.year}\n" for stamp in stamps)
    price = {"file": "p.csv", "column": "price"}
    years = tuple(
        {"name": f"y{year}", "probability": 0.5, "time": {"start": f"{year}-01-01", "hours": 48.0}}
        for year in (2023, 2024)
    )
    grid = {"withdrawal_max_mw": 5.0, "energy_price": price}
    case = build_case(make_site({"p.csv": "time,price\n" + rows}, grid=grid, operating_year=years))
    assert case.grid is not None
    assert case.grid.import_price_usd_per_mwh.tolist() == [2023.0] * 48 + [2024.0] * 48


def test_years_of_different_steps_are_refused(make_site: Any) -> None:
    stamps = pd.date_range("2025-01-01", periods=8, freq="30min", tz="America/Chicago")
    text = "time,mw\n" + "".join(f"{stamp.isoformat()},1\n" for stamp in stamps)
    half_hours = {"series": {"file": "d.csv", "column": "mw"}}
    years = (
        {"name": "a", "probability": 0.5},
        {"name": "b", "probability": 0.5, "demand": half_hours, "time": {}},
    )
    with pytest.raises(SchemaError, match=r"steps of 0\.5, 1 h in one site"):
        build_case(make_site({"d.csv": text}, operating_year=years))


# --- All problems at once -----------------------------------------------------------------------


def test_problems_of_several_files_are_raised_together(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "mw\n" + "1\n" * 23 + "x\n", "w.csv": "t\n" + "5\n" * 20},
        demand={"series": {"file": "d.csv", "column": "mw"}},
        weather={"series": {"file": "w.csv", "column": "t"}},
        fuel={"price_usd_per_mmbtu": {"file": "none.csv", "column": "p"}},
    )
    with pytest.raises(InputError) as caught:
        build_case(site)
    told = str(caught.value)
    assert "d.csv:row 25" in told
    assert "20 rows where the horizon has 24 steps" in told
    assert '"none.csv" does not exist' in told


def test_other_files_are_looked_at_where_the_steps_are_not_known(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "", "w.csv": "a\n1\n", "p.csv": "x\n1\n"},
        demand={"series": {"file": "d.csv", "column": "mw"}},
        weather={"series": {"file": "w.csv", "column": "t"}},
        grid={"withdrawal_max_mw": 1.0, "energy_price": {"file": "p.csv", "column": "p"}},
    )
    with pytest.raises(SeriesError) as caught:
        build_case(site)
    assert len(caught.value.problems) == 3


def test_contradictions_of_the_site_are_found_first(make_site: Any, engine: dict[str, Any]) -> None:
    with pytest.raises(SchemaError, match="not convex"):
        build_case(make_site(unit=({**engine, "heat_rate_mmbtu_per_mwh": (9.0, 9.0, 8.2)},)))


def test_a_collector_keeps_the_common_class_of_errors() -> None:
    def fail(error: Exception) -> None:
        raise error

    found = Collector()
    assert found.attempt(lambda: 3, 0) == 3
    found.attempt(lambda: fail(SeriesError(Problem("one"))), None)
    found.attempt(lambda: fail(SeriesError([Problem("two"), Problem("one")])), None)
    with pytest.raises(SeriesError) as caught:
        found.raise_if_any()
    assert [problem.what for problem in caught.value.problems] == ["one", "two"]
    found.attempt(lambda: fail(SchemaError(Problem("three"))), None)
    with pytest.raises(InputError) as mixed:
        found.raise_if_any()
    assert type(mixed.value) is InputError


def test_a_bug_is_not_taken_for_an_input_error() -> None:
    with pytest.raises(ZeroDivisionError):
        Collector().attempt(lambda: 1 // 0, 0)


# --- Warnings about the place of the weather ----------------------------------------------------


def test_weather_of_another_height_or_place_is_noted(make_site: Any) -> None:
    low = {"latitude": 31.95, "longitude": -102.18, "timezone": "America/Chicago"}
    (note,) = build_case(make_site(site=low, weather={"climate": "midland"})).warnings
    assert "climate of midland, 872 m high" in note
    notes = build_case(make_site(weather={"climate": "houston"})).warnings
    assert len(notes) == 2
    assert not build_case(make_site(weather={"climate": "midland"})).warnings


def test_derating_to_the_limit_is_noted(make_site: Any, engine: dict[str, Any]) -> None:
    unit = {**engine, "derate_frac_per_c": 0.05}
    (note,) = build_case(make_site(unit=(unit,), weather={"temp_c": 50.0})).warnings
    assert "derated to 30% of its rating" in note


def test_unknown_uncontrolled_rates_are_noted(make_site: Any, engine: dict[str, Any]) -> None:
    unit = {**engine, "nox_lb_per_mwh": 0.1, "emission_controls": False}
    (note,) = build_case(make_site(unit=(unit,))).warnings
    assert "uncontrolled_nox_lb_per_mwh" in note


# --- Whole cases --------------------------------------------------------------------------------


def test_the_same_site_gives_the_same_case(make_site: Any, battery: dict[str, Any]) -> None:
    site = make_site(
        demand={"profile": "mixed", "peak_mw": 30.0, "pue": {"rise_per_c": 0.01}},
        weather={"climate": "wink"},
        time={"hours": 8760.0},
        battery=(battery,),
        grid={"withdrawal_max_mw": 5.0, "coincident_peak": {"charge_usd_per_mw_yr": 1e4}},
    )
    assert same(build_case(site), build_case(site))
    other = site.model_copy(update={"weather": site.weather.model_copy(update={"seed": 1})})
    assert not same(build_case(site), build_case(other.with_origin(site.origin)))


@pytest.fixture
def real_case(make_site: Any, reference: Path, tmp_path: Path, engine: dict[str, Any]) -> Case:
    """Midland weather, ERCOT day-ahead prices and Henry Hub gas of 2023."""
    data = reference / "data"
    for name in (
        "weather_tmy3/tmy3_midland.csv",
        "prices/ercot_dam_hb_hubavg_hourly_2023.csv",
        "gas/henry_hub_monthly.csv",
    ):
        shutil.copy(data / name, tmp_path / Path(name).name)
    prices = {"file": "ercot_dam_hb_hubavg_hourly_2023.csv", "column": "dam_spp_usd_per_mwh"}
    return build_case(
        make_site(
            time={"start": "2023-01-01"},
            demand={"profile": "mixed", "peak_mw": 300.0},
            weather={"tmy3": "tmy3_midland.csv"},
            fuel={"price_usd_per_mmbtu": {"file": "henry_hub_monthly.csv", "column": "Price"}},
            grid={"withdrawal_max_mw": 150.0, "energy_price": prices},
            unit=({**engine, "derate_frac_per_c": 0.0095, "derate_frac_per_100m": 0.0115},),
        )
    )


def test_a_real_site_has_the_values_of_its_files(real_case: Case, reference: Path) -> None:
    data = reference / "data"
    table = pd.read_csv(data / "prices/ercot_dam_hb_hubavg_hourly_2023.csv")
    assert real_case.grid is not None
    price = real_case.grid.import_price_usd_per_mwh
    assert price.tolist() == table["dam_spp_usd_per_mwh"].tolist()
    gas = pd.read_csv(data / "gas/henry_hub_monthly.csv").set_index("Month")["Price"]
    assert real_case.gas.price_usd_per_mmbtu[0] == gas["2023-01"]
    assert real_case.gas.price_usd_per_mmbtu[-1] == gas["2023-12"]
    assert len(np.unique(real_case.gas.price_usd_per_mmbtu)) == gas["2023-01":"2023-12"].nunique()
    assert np.percentile(real_case.temp_c, 99) == pytest.approx(36.1, abs=0.1)
    assert real_case.axis.n_steps == 8760
    assert not real_case.warnings


def test_a_real_site_is_weakest_when_it_is_hottest(real_case: Case) -> None:
    hottest = float(real_case.temp_c.max())
    lowest = real_case.units[0].pmax_mw.min()
    assert lowest == pytest.approx(10 * (1 - 0.0115 * 8.72) * (1 - 0.0095 * (hottest - 15)))
    assert (real_case.temp_c[real_case.units[0].pmax_mw == lowest] == hottest).all()


def test_real_daily_gas_prices_are_held_over_days_without_trade(
    make_site: Any, reference: Path, tmp_path: Path
) -> None:
    shutil.copy(reference / "data/gas/henry_hub_daily.csv", tmp_path / "gas.csv")
    price = {"file": "gas.csv", "column": "Price"}
    site = make_site(time={"start": "2023-01-01"}, fuel={"price_usd_per_mmbtu": price})
    table = pd.read_csv(tmp_path / "gas.csv", parse_dates=["Date"]).set_index("Date")["Price"]
    daily = table.reindex(pd.date_range("2022-12-20", "2023-12-31")).ffill()["2023-01-01":]
    case = build_case(site)
    first_of_day = np.unique(case.axis.day, return_index=True)[1]
    assert case.gas.price_usd_per_mmbtu[first_of_day].tolist() == daily.tolist()


def test_a_real_leap_year_of_prices(make_site: Any, reference: Path, tmp_path: Path) -> None:
    name = "ercot_dam_hb_hubavg_hourly_2020.csv"
    shutil.copy(reference / "data/prices" / name, tmp_path / name)
    price = {"file": name, "column": "dam_spp_usd_per_mwh"}
    grid = {"withdrawal_max_mw": 5.0, "energy_price": price}
    case = build_case(make_site(time={"start": "2020-01-01"}, grid=grid))
    assert case.axis.n_steps == 8784
    assert case.axis.annual_factor.tolist() == [1.0]
