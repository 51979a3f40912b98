"""The same case in other units, and what then does not fit.

Every quantity of a Case and of the model carries its unit at the end of its name. A physical
model keeps its meaning when the units of all quantities change together: megawatts to kilowatts,
hours to minutes. So if every number of a case is multiplied by the scale of its unit, then in each
row of the program the coefficients must change by the scale of the row over the scale of the
column, and nothing else may change. A coefficient that lacks a factor, the length of a step for
instance, changes otherwise and is found.

Units that turn into each other by a constant (hours and years, lb and tons, USD and thousand USD)
count as independent: `optmix.units` is scaled too, so that forgetting the constant is found.
"""

from __future__ import annotations

import re
import sys
from dataclasses import fields, is_dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.data.axis import Axis
from optmix.model.assemble import CONCEPTS, build_model
from optmix.solve.handoff import Handoff, hand_off

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from optmix.data.case import Case

Powers = dict[str, int]

SCALE = {"mw": 3.0, "h": 5.0, "mmbtu": 7.0, "usd": 11.0, "kusd": 13.0}
SCALE |= {"lb": 17.0, "ton": 19.0, "yr": 23.0}
"""By how much the number of each unit grows; primes, so that no two errors cancel."""

PARTS: dict[str, Powers] = {unit: {unit: 1} for unit in SCALE} | {
    "mwh": {"mw": 1, "h": 1},
    "tpy": {"ton": 1, "yr": -1},
    "year": {"yr": 1},
    "hours": {"h": 1},
    "month": {},
    "week": {},
    "step": {},
    "start": {},
}
"""Units as names spell them. Steps, weeks, months and starts are counted."""

BY_THE_YEAR = {
    "planned_outage_h": {"h": 1, "yr": -1},
    "budget_mwh": {"mw": 1, "h": 1, "yr": -1},
    "annual_factor": {"yr": -1},
    "month_factor": {"yr": -1},
}
"""What is meant for each year without the name saying so."""

ROW_UNITS: dict[str, Powers] = {
    "units": {},
    "unit-weeks": {},
    "MW": {"mw": 1},
    "MWh": {"mw": 1, "h": 1},
    "MMBtu/h (HHV)": {"mmbtu": 1, "h": -1},
    "MMBtu (HHV)": {"mmbtu": 1},
    "lb": {"lb": 1},
    "short tons per year": {"ton": 1, "yr": -1},
}
"""Units as the docstrings of equations state them."""

OBJECTIVE: Powers = {"kusd": 1, "yr": -1}

_UNIT_AT_END = re.compile(
    r"(?:^|_)({0}|cycles|outages)(?:_per_((?:{0})(?:_(?:{0}))*))?$".format("|".join(PARTS))
)


def powers(name: str) -> Powers:
    """Return the unit that a name ends with, as powers of the units in `SCALE`."""
    if name in BY_THE_YEAR:
        return BY_THE_YEAR[name]
    found = _UNIT_AT_END.search(name)
    if found is None:
        return {}
    total: Powers = dict(PARTS.get(found[1], {}))
    for unit in (found[2] or "").split("_"):
        for base, power in PARTS.get(unit, {}).items():
            total[base] = total.get(base, 0) - power
    return total


def scale_of(unit: Powers, scale: Mapping[str, float] = SCALE) -> float:
    return prod(scale.get(base, 1.0) ** power for base, power in unit.items())


def rescaled(part: Any, *, but: str = "", scale: Mapping[str, float] = SCALE) -> Any:
    """Return a case, or a part of one, in other units; ``but`` names a field to forget."""
    figures = {}
    for field in fields(part):
        factor = 1.0 if field.name == but else scale_of(powers(field.name), scale)
        figures[field.name] = _times(
            getattr(part, field.name), factor, lambda member: rescaled(member, but=but, scale=scale)
        )
    copy = type(part)(**figures)
    if isinstance(part, Axis):
        # Computed from the hours of a year, which have a unit of their own here.
        for name in ("annual_factor", "month_factor"):
            vars(copy)[name] = getattr(part, name) * scale_of(powers(name), scale)
    return copy


def _times(value: Any, factor: float, part: Callable[[Any], Any]) -> Any:
    if is_dataclass(value):
        return part(value)
    if isinstance(value, tuple):
        return tuple(_times(member, factor, part) for member in value)
    if isinstance(value, dict):
        return {key: member * factor for key, member in value.items()}
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64):
        return value * factor
    return value


def rescale_constants(monkeypatch: pytest.MonkeyPatch, *, but: str = "") -> None:
    """Put the conversion constants that the model uses into other units."""
    for name, module in list(sys.modules.items()):
        if name.startswith("optmix.model."):
            for constant in set(vars(module)) & CONSTANTS.keys() - {but}:
                number = getattr(module, constant) * scale_of(CONSTANTS[constant])
                monkeypatch.setattr(module, constant, number)


CONSTANTS: dict[str, Powers] = {
    "USD_PER_KUSD": {"usd": 1, "kusd": -1},
    "LB_PER_SHORT_TON": {"lb": 1, "ton": -1},
    "HOURS_PER_YEAR": {"h": 1, "yr": -1},
    "HOURS_PER_WEEK": {"h": 1},
}


def misfits(case: Case, monkeypatch: pytest.MonkeyPatch, *, but: str = "") -> set[str]:
    """Return the equations, variables and objective that do not scale as their units say."""
    before = hand_off(build_model(case))
    with monkeypatch.context() as patch:
        rescale_constants(patch, but=but)
        after = hand_off(build_model(rescaled(case, but=but)))
    if _names(before) != _names(after):
        return {"which rows and columns there are"}
    return _misfits(before, after)


def _names(handoff: Handoff) -> list[str]:
    return [part.name for part in (*handoff.rows, *handoff.columns)]


def _misfits(before: Handoff, after: Handoff) -> set[str]:
    variables = [column.parent_component().name for column in before.columns]
    equations = [row.parent_component().local_name for row in before.rows]
    column = np.array([scale_of(powers(name)) for name in variables])
    stated = _stated_units()
    row = np.array([scale_of(ROW_UNITS[stated[name]]) for name in equations])
    old, new = before.program, after.program
    wrong = ~np.isclose(
        new.matrix.toarray(), old.matrix.toarray() * row[:, None] / column, rtol=1e-9, atol=0.0
    )
    rows_wrong = wrong.any(axis=1)
    columns_wrong = np.zeros(len(variables), dtype=np.bool_)
    for side in ("row_lower", "row_upper"):
        rows_wrong |= ~np.isclose(getattr(new, side), getattr(old, side) * row, rtol=1e-9, atol=0)
    for side in ("col_lower", "col_upper"):
        columns_wrong |= ~np.isclose(
            getattr(new, side), getattr(old, side) * column, rtol=1e-9, atol=0.0
        )
    money = scale_of(OBJECTIVE)
    costs_wrong = ~np.isclose(new.cost, old.cost * money / column, rtol=1e-9, atol=0.0)
    found = {equations[i] for i in np.flatnonzero(rows_wrong)}
    found |= {f"bound of {variables[j]}" for j in np.flatnonzero(columns_wrong)}
    found |= {f"cost of {variables[j]}" for j in np.flatnonzero(costs_wrong)}
    if not np.isclose(new.offset, old.offset * money, rtol=1e-9, atol=0.0):
        found.add("constant of the objective")
    return found


def _stated_units() -> dict[str, str]:
    """Return the unit that the docstring of each equation states."""
    stated = {}
    for concept in CONCEPTS:
        for equation in concept.equations:
            found = re.search(r"Units: (.*)\.$", equation.rule.__doc__ or "", re.MULTILINE)
            assert found, f"{equation.name} states no unit"
            stated[equation.name] = found[1]
    return stated
