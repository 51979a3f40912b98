"""Survival of an outage of the grid."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.storage import every_part

from optmix.errors import InputError
from optmix.reliability.survival import BackupBattery, BackupUnits, island_units, outage_survival


@pytest.fixture(scope="module")
def expected(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "reliability" / "expected.json").read_text())
    return found


def test_two_engines_and_a_battery_of_the_published_check(expected: dict[str, Any]) -> None:
    given = expected["REopt_ERP_2gen_battery"]
    units = BackupUnits(given["n"], given["c"], failure_frac=given["p_fail_per_step"])
    battery = BackupBattery(given["P"], given["E"], given["soc0"])
    found = outage_survival(np.array(given["load"][:3], dtype=float), [units], battery, bins=2)
    for interval, wanted in zip(found, given["survive_cumulative_from_step1"], strict=True):
        assert interval.low == pytest.approx(wanted, rel=1e-12)
        assert interval.high == pytest.approx(wanted, rel=1e-12)


def test_one_engine_and_four_hours_of_battery(expected: dict[str, Any]) -> None:
    given = expected["REopt_ERP_single_gen_battery"]
    unit = BackupUnits(1, given["gen"], given["OA"], given["FTS"], 1 / given["MTTF_steps"])
    energy = given["battery_h"] * given["load"]
    battery = BackupBattery(given["load"], energy, energy)
    found = outage_survival(np.full(24, float(given["load"])), [unit], battery, bins=4)
    assert found[-1].value == pytest.approx(0.99**20 * 0.9 * 0.98, rel=1e-12)
    assert found[-1].value == pytest.approx(given["survive_24h"], rel=1e-12)
    assert found[3].value == pytest.approx(1.0)


def test_bounds_hold_the_answer_of_finer_bins() -> None:
    load = 3.0 + np.sin(np.arange(30))
    units = [BackupUnits(3, 1.0, 0.95, 0.02, 0.01), BackupUnits(1, 1.3, failure_frac=0.02)]
    battery = BackupBattery(1.1, 4.7, 3.3, 0.9, 0.95)
    coarse = outage_survival(load, units, battery, bins=30)
    fine = outage_survival(load, units, battery, bins=900)
    for wide, narrow in zip(coarse, fine, strict=True):
        assert wide.low <= narrow.low + 1e-12 <= narrow.high + 2e-12 <= wide.high + 3e-12
    assert coarse[-1].width > 2 * fine[-1].width > 0


def test_without_units_the_battery_lasts_as_long_as_its_energy() -> None:
    found = outage_survival(np.full(4, 2.0), [], BackupBattery(2.0, 3.0, 3.0), step_h=0.5, bins=3)
    assert [interval.value for interval in found] == [1.0, 1.0, 1.0, 0.0]


def test_island_units_leave_out_the_tie() -> None:
    units = island_units(every_part(), 150)
    assert [unit.count for unit in units] == [5, 2]
    assert units[1].available_frac == pytest.approx(0.94)
    assert units[1].failure_frac == pytest.approx(-np.expm1(-0.06 / 0.94 / 20.0))


def test_every_figure_that_is_not_allowed_is_named() -> None:
    bad = BackupUnits(-1, -2.0, 1.2, -0.1, 2.0)
    with pytest.raises(InputError) as caught:
        outage_survival(
            np.array([-1.0]), [bad], BackupBattery(-1.0, 1.0, 2.0, 0.0), step_h=0.0, bins=0
        )
    text = str(caught.value)
    for word in ("count", "capacity_mw", "available_frac", "start_failure_frac", "failure_frac"):
        assert word in text
    for word in ("power_mw", "stored_mwh", "eta_charge", "demand_mw", "step_h", "bins"):
        assert word in text
