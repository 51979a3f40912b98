"""One number of a correct plan is changed; the verifier names every equation that this breaks.

Each row: scene, the changes (field, place, what is added), and all equations broken by them.
"""

import dataclasses
from typing import Any

import numpy as np
import pytest

from optmix.data.case import Case
from optmix.data.plan import Plan
from optmix.verify.check import FAMILIES, verify_plan

ALL = slice(None)
ENGINE, TURBINE = 0, 1  # rows of the scene `island`
LNG, TANK = 0, 1  # rows of the scene `fuels`
WEEK = 168

CORRUPTIONS: list[Any] = [
    # sizes
    ("quarters", [("units", 0, 1)], "SIZ-1"),
    ("island", [("units", TURBINE, -1)], "SIZ-1 COM-1 COM-4"),
    ("one_step", [("modules", 0, 50)], "SIZ-2 BAL-1 BAT-3 RES-5"),
    ("years", [("modules", 0, -5)], "SIZ-2 BAL-1 BAT-1 BAT-3 BAT-4 RES-4"),
    ("tied", [("withdrawal_mw", ..., 21.0)], "SIZ-3"),
    ("tied", [("withdrawal_mw", ..., -16.0)], "SIZ-3 GRD-1 RES-1"),
    ("tied", [("has_grid", ..., -1)], "SIZ-3 GRD-1 RES-1"),
    ("island", [("has_grid", ..., 1)], "SIZ-3"),
    ("island", [("withdrawal_mw", ..., 1.0)], "SIZ-3"),
    # signs
    ("tied", [("import_mw", 3, -0.001)], "BND-1 BAL-1"),
    ("tied", [("export_mw", 40, -0.001)], "BND-1 BAL-1"),
    ("flexible", [("unserved_mw", 0, -0.001)], "BND-1 BAL-1"),
    ("flexible", [("curtailed_mw", (0, 0), -0.001)], "BND-1 BAL-1"),
    ("island", [("charge_mw", (0, 10), -0.001)], "BND-1 BAL-1 BAT-2 RES-4"),
    ("island", [("discharge_mw", (0, 10), -0.001)], "BND-1 BAL-1 BAT-2"),
    ("one_step", [("cover_mw", (0, 0), -0.001)], "BND-1"),
    ("fuels", [("refill_mmbtu_per_h", (LNG, 10), -0.01)], "BND-1 STK-1"),
    ("fuels", [("withdrawn_mmbtu_per_h", (LNG, 0), -0.01)], "BND-1 STK-1 SUP-2 SUP-3"),
    ("negative", [("starts", (0, 5), -1), ("stops", (0, 5), -1)], "BND-1"),
    ("tied", [("in_maintenance", (0, ALL), -1)], "BND-1"),
    # commitment
    ("island", [("online", (ENGINE, 10), 1)], "COM-1 COM-2 DIS-1 FUE-1"),
    ("negative", [("starts", (0, 5), 1)], "COM-2"),
    ("negative", [("stops", (0, 0), 1)], "COM-2 COM-4"),
    ("negative", [("starts", (0, 5), 3), ("stops", (0, 5), 3)], "COM-3 COM-4"),
    ("quarters", [("online", (1, 63), -1), ("stops", (1, 63), 1), ("stops", (1, 64), -1)],
     "COM-3 DIS-1"),
    ("quarters", [("online", (1, 83), 1), ("starts", (1, 83), 1), ("starts", (1, 84), -1)],
     "COM-4 DIS-1 FUE-1"),
    # output and ramps
    ("flexible", [("output_mw", (0, 17), 0.001)], "DIS-1 BAL-1 FUE-1"),
    ("fuels", [("output_mw", (1, 17), -0.001)], "DIS-1 BAL-1"),
    ("fuels", [("output_mw", (1, 3), 0.001)], "DIS-1 BAL-1 FUE-1"),
    ("quarters", [("output_mw", (0, 1), 0.001)], "RMP-1 BAL-1 FUE-1"),
    ("quarters", [("output_mw", (0, 57), -0.001)], "RMP-2 BAL-1"),
    # fuel and its supply
    ("flexible", [("fuel_mmbtu_per_h", (0, 3), -0.01)], "FUE-1"),
    ("negative", [("fuel_mmbtu_per_h", (0, 11), 0.01)], "FUE-1"),
    ("negative", [("fuel_mmbtu_per_h", (0, 11), -0.01)], "FUE-1"),
    ("fuels", [("withdrawn_mmbtu_per_h", (LNG, 17), 200.0)], "SUP-1 STK-1 STK-3"),
    ("fuels", [("fuel_mmbtu_per_h", (0, 3), 0.01)], "SUP-2 SUP-3"),
    ("fuels", [("fuel_mmbtu_per_h", (0, 17), 0.01)], "SUP-3"),
    ("fuels", [("fuel_mmbtu_per_h", (1, 17), 0.01)], "SUP-4"),
    ("fuels", [("content_mmbtu", (TANK, 0), 0.01)], "STK-1"),
    ("fuels", [("refill_mmbtu_per_h", (TANK, 71), 0.01)], "STK-1"),
    ("fuels", [("content_mmbtu", (LNG, ALL), -0.01)], "STK-2"),
    ("fuels", [("content_mmbtu", (TANK, ALL), 500.0)], "STK-2"),
    ("fuels", [("refill_mmbtu_per_h", (LNG, 3), 14.01)], "STK-3 STK-1"),
    ("fuels", [("withdrawn_mmbtu_per_h", (LNG, 17), 0.01)], "STK-3 STK-1"),
    # maintenance
    ("island", [("in_maintenance", (ENGINE, slice(0, WEEK)), -1)], "MNT-1"),
    ("island", [("in_maintenance", (ENGINE, slice(0, WEEK)), 1)], "MNT-2 COM-1"),
    ("island", [("in_maintenance", (ENGINE, slice(2 * WEEK, 3 * WEEK)), 1)], "MNT-2"),
    ("island", [("in_maintenance", (ENGINE, 600), 1)], "MNT-3"),
    ("tied", [("in_maintenance", (0, ALL), 1)], "MNT-4 COM-1"),
    # batteries
    ("island", [("charge_mw", (0, 1), 8.01)], "BAT-1 BAL-1 BAT-2"),
    ("island", [("soc_mwh", (0, 100), 0.001)], "BAT-2"),
    ("years", [("soc_mwh", (0, 168), 0.001)], "BAT-2"),
    ("years", [("soc_mwh", (0, slice(168, 408)), 0.1)], "BAT-2"),
    ("island", [("soc_mwh", (0, ALL), -15.01)], "BAT-3 RES-5"),
    ("island", [("soc_mwh", (0, ALL), 40.0)], "BAT-3"),
    ("island", [("discharge_mw", (0, 17), 0.01)], "BAT-4 BAL-1 BAT-2 RES-4"),
    # grid
    ("tied", [("import_mw", 36, 0.001)], "GRD-1 BAL-1 RES-2"),
    ("tied", [("import_mw", 12, 0.001)], "GRD-1 BAL-1"),
    ("tied", [("export_mw", 47, 0.001)], "GRD-1 BAL-1"),
    ("tied", [("export_mw", 36, 0.001), ("import_mw", 36, -0.001)], "GRD-4 BAL-1"),
    # demand
    ("large", [("output_mw", (7, 5000), 0.001)], "BAL-1 FUE-1"),
    ("years", [("modules", 1, 1)], "BAL-1 BAT-3 RES-5"),
    ("flexible", [("curtailed_mw", (0, 17), 0.001)], "FLX-1 FLX-2 BAL-1"),
    ("flexible", [("curtailed_mw", (1, 3), 0.001)], "FLX-2 BAL-1"),
    ("tied", [("unserved_mw", 3, 0.001)], "UNS-1 BAL-1"),
    ("flexible", [("unserved_mw", 3, 100.0)], "UNS-2 BAL-1"),
    # operating security
    ("island", [("cover_mw", (0, 200), -12.0)], "RES-1"),
    ("tied", [("curtailed_mw", (0, 36), 0.001)], "RES-2 BAL-1"),
    ("island", [("cover_mw", (0, 17), -6.0)], "RES-3"),
    ("island", [("cover_mw", (0, 0), 0.001)], "RES-4"),
    ("one_step", [("cover_mw", (0, 0), 0.001)], "RES-5"),
    # emissions
    ("island", [("fuel_mmbtu_per_h", (ENGINE, 50), 1.0)], "EMI-1"),
    ("years", [("starts", (0, 200), 1)], "COM-2 EMI-1"),
    ("island", [("units", ENGINE, 1)], "EMI-2 MNT-1"),
]  # fmt: skip


def corrupted(plan: Plan, changes: list[Any]) -> Plan:
    for field, place, added in changes:
        values = np.array(getattr(plan, field))
        values = values.astype(int) if values.dtype == bool else values
        values[place] += added
        new = values if values.ndim else values.item()
        plan = dataclasses.replace(plan, **{field: bool(new) if field == "has_grid" else new})
    return plan


@pytest.mark.parametrize(("scene", "changes", "broken"), CORRUPTIONS)
def test_a_changed_number_is_caught_and_the_equations_are_named(
    scenes: dict[str, tuple[Case, Plan]], scene: str, changes: list[Any], broken: str
) -> None:
    case, plan = scenes[scene]
    findings = verify_plan(case, corrupted(plan, changes)).findings
    assert {finding.equation for finding in findings} == set(broken.split())


def test_every_equation_has_its_corruption(scenes: dict[str, tuple[Case, Plan]]) -> None:
    known = {
        rows.equation
        for case, plan in scenes.values()
        for family in FAMILIES
        for rows in family(case, plan)
    }
    assert known == {equation for _, _, broken in CORRUPTIONS for equation in broken.split()}
