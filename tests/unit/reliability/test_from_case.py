"""The system of a site and a fleet, and its assessment."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from optmix.data.build import build_case
from optmix.data.case import Case
from optmix.errors import InputError
from optmix.reliability import Adequacy, Fleet, assess, n_plus, system_of
from optmix.schema.load import load_site

CaseOf = Callable[..., Case]

SITE = """\
schema_version = 1
name = "campus"

[site]
latitude = 31.95
longitude = -102.18
altitude_m = 0
timezone = "America/Chicago"
wacc = 0.09

[time]
start = 2025-01-01
hours = {hours}

[demand]
profile = "flat"
peak_mw = 20

[[demand.flexible]]
name = "batch"
frac = 0.1
cost_usd_per_mwh = 300
hours_per_year = {budget}

[weather]
temp_c = {temp}

[fuel]
price_usd_per_mmbtu = 3.5

[[fuel_stock]]
name = "tank"
fuel = "diesel"
capacity_mmbtu = 5000
price_usd_per_mmbtu = 22
refill_max_mmbtu_per_day = 1000
withdrawal_max_mmbtu_per_h = 300

[[unit]]
technology = "g3520k"
n_max = 20
max_units_in_maintenance = 1

[[unit]]
technology = "diesel-3mw"
n_max = 4

[[battery]]
technology = "lfp-2h"
n_max = 4

[grid]
withdrawal_max_mw = 10
energy_price = 40
outages_per_year = 2
outage_mean_h = 4

[reliability]
{reliability}
"""


@pytest.fixture
def case_of(tmp_path: Path) -> CaseOf:
    def build(
        reliability: str = "", hours: int = 8760, temp: float = 15.0, budget: float = 8760.0
    ) -> Case:
        path = tmp_path / "site.toml"
        path.write_text(SITE.format(reliability=reliability, hours=hours, temp=temp, budget=budget))
        return build_case(load_site(path))

    return build


def test_the_system_is_that_of_the_fleet(case_of: CaseOf) -> None:
    case = case_of()
    fleet = Fleet({"g3520k": 9, "diesel-3mw": 1}, {"lfp-2h": 2}, withdrawal_mw=5.0)
    system = system_of(case, fleet)
    engine, diesel, tie = system.units
    assert [unit.name for unit in system.units] == ["g3520k", "diesel-3mw", "grid"]
    assert (engine.count, diesel.count, tie.count) == (9, 1, 1)
    assert engine.capacity_mw == pytest.approx(case.units[0].pmax_mw)
    assert engine.outage_frac == pytest.approx(0.025)
    assert (engine.is_standby, diesel.is_standby) == (False, True)
    assert tie.capacity_mw == pytest.approx(np.full(8760, 5.0))
    assert tie.outage_frac == pytest.approx(2 * 4 / 8760)
    (battery,) = system.storage
    product = case.batteries[0]
    window = product.soc_max_frac - product.soc_min_frac
    assert (battery.modules, battery.usable_mwh) == (2, pytest.approx(product.usable_mwh * window))
    assert system.demand_mw == pytest.approx(case.demand_mw + 2 * product.aux_mw)
    assert system.relief_mw == pytest.approx(case.tiers[0].limit_mw)
    assert system.hours == pytest.approx(8760.0)


def test_a_tie_that_is_not_contracted_is_not_there(case_of: CaseOf) -> None:
    case = case_of(
        'common_cause = [{ name = "gas", outages_per_year = 0.1, mean_h = 24, '
        'affects = ["g3520k", "grid"] }]'
    )
    system = system_of(case, Fleet({"g3520k": 9}))
    assert [unit.name for unit in system.units] == ["g3520k", "diesel-3mw"]
    assert system.common_causes[0].affects == ("g3520k",)


def test_failures_of_the_site_reach_the_system(case_of: CaseOf) -> None:
    case = case_of(
        'beta_frac = 0.1\noutage_temperature = "murphy-2019"\nstandby = ["g3520k"]', temp=-15.0
    )
    system = system_of(case, Fleet({"g3520k": 9}))
    engine, diesel = system.units
    assert engine.outage_frac == pytest.approx(0.9 * 0.025 * 0.212 / 0.104)
    assert (engine.is_standby, diesel.is_standby) == (True, False)
    (cause,) = system.common_causes
    assert cause.affects == ("g3520k",)
    assert cause.probability == pytest.approx(0.1 * 0.025 * 0.212 / 0.104)


def test_maintenance_is_done_within_the_limits_of_the_site(case_of: CaseOf) -> None:
    case = case_of()
    system = system_of(case, Fleet({"g3520k": 9}))
    out = system.units[0].in_maintenance
    unit = case.units[0]
    assert out.max() == unit.max_units_in_maintenance == 1
    assert out.sum() >= unit.planned_outage_h * 9
    assert all(len(set(out[case.axis.week == week])) == 1 for week in range(52))
    without = system_of(case, Fleet({"g3520k": 9}), np.zeros((2, 8760), int))
    assert Adequacy(without).loss().lole_high_h < Adequacy(system).loss().lole_low_h


def test_units_that_find_no_week_are_told(case_of: CaseOf) -> None:
    found = assess(Fleet({"g3520k": 30}), case_of())
    assert any("planned maintenance" in text for text in found.warnings)
    assert any("more than its n_max 20" in text for text in found.warnings)


def test_an_assessment_holds_every_index(case_of: CaseOf) -> None:
    case = case_of()
    found = assess(Fleet({"g3520k": 11}, withdrawal_mw=5.0), case)
    assert found.kind == "exact"
    assert 0 < found.lole_h.value < 100
    assert found.availability.value == pytest.approx(1 - found.lole_h.value / 8760)
    assert found.n_plus == n_plus(system_of(case, Fleet({"g3520k": 11}, withdrawal_mw=5.0)))
    assert found.relief_h is not None
    assert found.relief_h > found.lole_h.value
    assert found.warnings == ()
    summary = found.summary()
    assert (summary.lole_h, summary.interval_kind) == (found.lole_h.value, "exact")
    assert summary.mean_duration_h == pytest.approx(summary.lole_h / summary.lolf_per_yr)


def test_a_budget_that_shortages_overdraw_is_told(case_of: CaseOf) -> None:
    found = assess(Fleet({"g3520k": 8}), case_of(budget=1.0))
    assert any("flexible demand" in text for text in found.warnings)
    assert found.summary().warnings == found.warnings


def test_a_short_horizon_stands_for_a_year_and_says_so(case_of: CaseOf) -> None:
    found = assess(Fleet({"g3520k": 11}), case_of(hours=336))
    assert found.hours == pytest.approx(8760)
    assert any("stand for a year" in text for text in found.warnings)


def test_names_and_numbers_of_a_mix_are_checked(case_of: CaseOf) -> None:
    case = case_of()
    fleet = Fleet.of_mix({"g3520k": 9.0, "lfp-2h": 2.0, "grid": 5.5}, case)
    assert fleet == Fleet({"g3520k": 9}, {"lfp-2h": 2}, 5.5)
    with pytest.raises(InputError) as raised:
        Fleet.of_mix({"g3520": 1.0, "g3520k": 1.5, "lfp-2h": -1.0, "grid": -2.0}, case)
    said = str(raised.value)
    for part in ('did you mean "g3520k"?', "g3520k is 1.5", "lfp-2h is -1", "grid is -2"):
        assert part in said
