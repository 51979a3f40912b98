"""Where the variables of a model stand among the columns of its program.

A Pyomo model of a window takes some fifty times the memory of its arrays. The layout holds all that
is needed to read a plan from a solution, so that the model can go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from optmix.data.arrays import Floats, Ints
    from optmix.solve.handoff import Handoff

__all__ = ["STEP_VARIABLES", "Layout"]

STEP_VARIABLES: Final[dict[str, str | None]] = {
    "online": "UNITS",
    "started": "UNITS",
    "stopped": "UNITS",
    "output_mw": "UNITS",
    "fuel_mmbtu_per_h": "UNITS",
    "charge_mw": "STORAGE",
    "discharge_mw": "STORAGE",
    "soc_mwh": "STORAGE",
    "cover_mw": "STORAGE",
    "import_mw": "TIES",
    "export_mw": "EXPORTS",
    "is_exporting": "EXPORTS",
    "curtailed_mw": "TIERS",
    "unserved_mw": "UNSERVED",
    "withdrawn_mmbtu_per_h": "STOCKS",
    "refill_mmbtu_per_h": "STOCKS",
    "content_mmbtu": "STOCKS",
    "reserve_mw": None,
}
"""Variables of the model that every step has, and the set of what they belong to, if any."""

SIZE_VARIABLES: Final = ("n_units", "is_present", "n_modules", "withdrawal_mw")

NO_COLUMN: Final = -1


@dataclass(frozen=True, eq=False)
class Layout:
    """Columns of the variables that make a plan.

    Attributes
    ----------
    steps
        Steps of the case that the program models, in the order of the arrays.
    columns
        Columns by variable, -1 where the program has none. Shape (members, steps) for a variable
        of every step, (members,) for a size, (members, weeks) for maintenance.
    idle
        What a variable without a column is taken to be. Same shapes.
    maintained, weeks
        Units and weeks of ``in_maintenance``.
    whole_switches
        Types whose starts and stops are integers of their own.
    """

    steps: Ints
    columns: dict[str, Ints]
    idle: dict[str, Floats]
    maintained: tuple[str, ...]
    weeks: tuple[int, ...]
    whole_switches: frozenset[str]

    @classmethod
    def of(cls, handoff: Handoff) -> Self:
        """Return the layout of a handed-off model."""
        m = handoff.model
        steps = m.window.steps
        columns: dict[str, Ints] = {}
        idle: dict[str, Floats] = {}
        nothing = np.zeros(handoff.program.n_columns)

        def keep(name: str, members: Sequence[Any], shape: tuple[int, ...]) -> None:
            found = [handoff.find(member) for member in members]
            columns[name] = np.array(found, dtype=np.int64).reshape(shape)
            values = [
                0.0 if column != NO_COLUMN else float(handoff.values(member, nothing)[0])
                for column, member in zip(found, members, strict=True)
            ]
            idle[name] = np.array(values).reshape(shape)

        for name, over in STEP_VARIABLES.items():
            variable = m.component(name)
            owners = [()] if over is None else [(owner,) for owner in m.component(over)]
            if not len(variable):
                owners = []
            members = [variable[*owner, t] for owner in owners for t in steps]
            keep(name, members, (len(owners), len(steps)))
        for name in SIZE_VARIABLES:
            keep(name, list(m.component(name).values()), (-1,))
        maintained, weeks = tuple(m.MAINTAINED), tuple(m.WEEKS)
        keep("in_maintenance", list(m.in_maintenance.values()), (len(maintained), len(weeks)))
        return cls(
            steps=np.array(steps, dtype=np.int64),
            columns=columns,
            idle=idle,
            maintained=maintained,
            weeks=weeks,
            whole_switches=m.switches_whole,
        )

    def values(self, name: str, x: ArrayLike) -> Floats:
        """Return the values of a variable in a solution, in the shape of its columns."""
        columns, plan = self.columns[name], np.asarray(x, dtype=np.float64)
        if not columns.size or not len(plan):
            return self.idle[name].copy()
        return np.where(columns == NO_COLUMN, self.idle[name], plan[columns])

    def by_step(self) -> list[Ints]:
        """Return the columns of all variables of every step. Shapes (members, steps)."""
        return [self.columns[name] for name in STEP_VARIABLES]
