"""The tie to the grid.

GRD-1  ``imp[t] <= W * avail[t]``; ``exp[t] <= X * avail[t]``, both nothing without a tie
GRD-4  no step both imports and exports

The demand charge (GRD-2) and the coincident charge (GRD-3) bill what the plan imports; they are
worked out with the costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.verify.rows import Rows
from optmix.verify.tolerances import POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["grid", "withdrawal_available_mw"]


def withdrawal_available_mw(case: Case, plan: Plan) -> Floats:
    """Return what may be imported in each step. Shape (T,)."""
    if case.grid is None or not plan.has_grid:
        return np.zeros(case.axis.n_steps)
    return np.asarray(plan.withdrawal_mw * case.grid.availability)


def grid(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of GRD-1 and GRD-4."""
    importable = withdrawal_available_mw(case, plan)
    yield Rows.at_most(
        "GRD-1",
        "import above the contracted withdrawal that is available",
        "MW",
        plan.import_mw,
        importable,
        allowance(POWER_FLOOR_MW, plan.withdrawal_mw),
    )
    exportable: Floats | float = 0.0
    if case.grid is not None and plan.has_grid:
        exportable = case.grid.export_max_mw * case.grid.availability
    yield Rows.at_most(
        "GRD-1",
        "export above what the tie allows",
        "MW",
        plan.export_mw,
        exportable,
        allowance(POWER_FLOOR_MW, exportable),
    )
    yield Rows.at_most(
        "GRD-4",
        "import and export in the same step",
        "MW",
        np.minimum(plan.import_mw, plan.export_mw),
        0.0,
        # The model forbids it by a choice of one or the other, which a solver may round: one unit
        # of that choice is the whole tie.
        allowance(POWER_FLOOR_MW, plan.withdrawal_mw, np.maximum(plan.withdrawal_mw, exportable)),
    )
