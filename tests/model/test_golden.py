"""Every equation and every cost line, as the LP that it alone makes of the case `everything`.

A file shows what a reader of `docs/model` would write down by hand: all rows of one equation, and
the bounds of the variables in them. A change of an equation is a change of its file.
`pytest tests/model/test_golden.py --update-golden` writes the files anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from model.everything import everything
from pyomo.repn.tests.lp_diff import lp_diff

from optmix.data.cost_lines import COST_LINES
from optmix.model.assemble import CONCEPTS, build_model

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "lp"
EQUATIONS = [(concept.name, e.name) for concept in CONCEPTS for e in concept.equations]


def one_equation(concept: str, equation: str) -> Any:
    """Return the model with the rows of one equation and nothing to minimise."""
    model = build_model(everything())
    kept = model.component(f"{concept}_rows").component(equation)
    for constraint in model.component_objects(pyo.Constraint):
        if constraint is not kept:
            constraint.deactivate()
    model.annual_cost_kusd.set_value(0.0)
    return model


def one_cost_line(line: str) -> Any:
    """Return the model with one line of cost to minimise and no rows."""
    model = build_model(everything())
    for constraint in model.component_objects(pyo.Constraint):
        constraint.deactivate()
    model.annual_cost_kusd.set_value(model.cost_kusd[line])
    return model


def compare(model: Any, name: str, folder: Path, config: pytest.Config) -> None:
    file, golden = folder / "written.lp", FOLDER / name
    model.write(str(file), io_options={"symbolic_solver_labels": True})
    written = file.read_text()
    if config.getoption("--update-golden"):
        golden.write_text(written)
    assert golden.is_file(), f"{name} is missing; --update-golden writes it"
    assert lp_diff(golden.read_text(), written, name, "written now") == ([], [])


@pytest.mark.parametrize(("concept", "equation"), EQUATIONS)
def test_equation_makes_these_rows(
    concept: str, equation: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    name = f"{concept}.{equation}.lp"
    compare(one_equation(concept, equation), name, tmp_path, pytestconfig)


@pytest.mark.parametrize("line", COST_LINES)
def test_cost_line_has_these_terms(line: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    compare(one_cost_line(line), f"cost.{line}.lp", tmp_path, pytestconfig)


def test_golden_files_belong_to_an_equation_or_a_cost_line() -> None:
    expected = {f"{concept}.{equation}.lp" for concept, equation in EQUATIONS}
    expected |= {f"cost.{line}.lp" for line in COST_LINES}

    assert {file.name for file in FOLDER.iterdir()} == expected


@pytest.mark.parametrize(("concept", "equation"), EQUATIONS)
def test_golden_file_shows_rows(concept: str, equation: str) -> None:
    """No file may pass because its equation does not occur in the case."""
    assert f"{equation}(" in (FOLDER / f"{concept}.{equation}.lp").read_text()
