"""The rows of every rule, as the LP that they alone make of its scene.

`pytest tests/rules/test_golden.py --update-golden` writes the files anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from pyomo.repn.tests.lp_diff import lp_diff
from rules.kit import scenes
from rules.variants import VARIANTS

from optmix.rules.assemble import build_site_model
from optmix.rules.registry import rules

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "rules"
STATED = tuple(name for name, scene in scenes().items() if scene.rows)
CHARGED = ("sb6.study-fee", "sb6.security", "sb6.ciac", "ercot.transmission-charge")


def alone(name: str) -> Any:
    """Return the model with nothing but the rows and the cost of one rule."""
    if name in VARIANTS:
        return only(VARIANTS[name].rule_id, build_site_model(VARIANTS[name].case))
    return only(name, build_site_model(scenes()[name].with_rule()))


def only(name: str, model: Any) -> Any:
    """Leave nothing but the rows and the cost of one rule."""
    for constraint in model.component_objects(pyo.Constraint):
        if constraint.parent_block() is not model.rules[name]:
            constraint.deactivate()
    model.annual_cost_kusd.set_value(model.cost_kusd["rules"])
    return model


@pytest.mark.parametrize("name", [*STATED, *CHARGED, *VARIANTS])
def test_a_rule_makes_these_rows_and_costs(
    name: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    file, golden = tmp_path / "written.lp", FOLDER / f"{name}.lp"
    alone(name).write(str(file), io_options={"symbolic_solver_labels": True})
    written = file.read_text()
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(written)
    assert golden.is_file(), f"{golden.name} is missing; --update-golden writes it"
    assert lp_diff(golden.read_text(), written, golden.name, "written now") == ([], [])


@pytest.mark.parametrize("name", rules())
def test_a_rule_states_the_families_of_its_scene(name: str) -> None:
    block = build_site_model(scenes()[name].with_rule()).rules[name]
    stated = [found.local_name for found in block.component_objects(pyo.Constraint) if len(found)]
    assert tuple(stated) == scenes()[name].rows


@pytest.mark.parametrize("name", VARIANTS)
def test_other_parameters_state_other_families(name: str) -> None:
    variant = VARIANTS[name]
    block = build_site_model(variant.case).rules[variant.rule_id]
    stated = [found.local_name for found in block.component_objects(pyo.Constraint) if len(found)]
    assert tuple(stated) == variant.families


def test_golden_files_belong_to_a_rule_with_rows_or_costs() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {*STATED, *CHARGED, *VARIANTS}
