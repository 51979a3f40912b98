"""One window of the elastic year: relaxed operation at the cost of what is missing."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csc_array, hstack

from optmix.solve.decomposition.cuts import Cutter
from optmix.solve.decomposition.linking import Key, linking_columns
from optmix.solve.elastic import compile_gives
from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.elastic import Give
    from optmix.solve.handoff import Handoff

__all__ = ["GIVE", "Part", "make_part"]

GIVE: Final = "give"
"""Name of gives among the linking quantities."""

MOST: Final = 1e6
"""No row misses more; planes are exact to a rounding of this."""


@dataclass(frozen=True, eq=False)
class Part:
    """A window with its solver.

    Attributes
    ----------
    cutter
        Its cost is what is missing.
    places
        Places of its linking quantities in the values of the master.
    """

    cutter: Cutter
    places: NDArray[np.int64]


def make_part(
    case: Case, gives: Sequence[Give], window: Window, number: int, place: dict[Key, int]
) -> Part:
    """Build the relaxed operation of a window, at the cost of what is missing.

    Parameters
    ----------
    case, gives
        The site with the limits loose, and the limits.
    window, number
        The window, and its number among all.
    place
        Place of each linking quantity in the values of the master.
    """
    handoff, variables = compile_gives(case, gives, costs=False, window=window)
    columns = {key: c for key, c in linking_columns(handoff, number).items() if key in place}
    columns |= {(GIVE, k): handoff.column(variable) for k, variable in enumerate(variables)}
    link = np.fromiter(columns.values(), dtype=np.int32, count=len(columns))
    program = _with_shortfall(handoff, link)
    places = np.array([place[key] for key in columns], dtype=np.int64)
    part = Part(Cutter(program, link, handoff.program.n_columns), places)
    del handoff, variables
    # A Pyomo model is full of cycles, so only the collector frees it.
    gc.collect()
    return part


def _with_shortfall(handoff: Handoff, link: NDArray[np.int32]) -> LinearProgram:
    """Return a window in which whatever asks for supply, or gives way, may be missed at a price."""
    program = handoff.program
    own = np.ones(program.n_columns)
    own[link] = 0.0
    is_shared = abs(program.matrix).sign() @ own == 0
    rows = _elastic_rows(handoff, is_shared)
    is_shared[rows] = False
    lower = np.where(is_shared, -np.inf, program.row_lower)
    upper = np.where(is_shared, np.inf, program.row_upper)
    # Missing power is added; a row with only an upper side is relieved by taking away.
    sign = np.where(np.isfinite(lower[rows]), 1.0, -1.0)
    n = len(rows)
    extra = csc_array((sign, (rows, np.arange(n))), shape=(program.n_rows, n))
    matrix = csc_array(hstack([program.matrix, extra]))
    most = np.full(n, MOST)
    return LinearProgram(
        cost=np.concatenate([np.zeros(program.n_columns), np.ones(n)]),
        offset=0.0,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
        row_lower=lower,
        row_upper=upper,
        col_lower=np.concatenate([program.col_lower, np.zeros(n)]),
        col_upper=np.concatenate([program.col_upper, most]),
        is_integer=np.zeros(program.n_columns + n, dtype=np.bool_),
    )


def _elastic_rows(handoff: Handoff, is_shared: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows that only more supply can keep, and those in which a limit gives way."""
    m = handoff.model
    asking: list[Any] = [
        *(row for row in m.balance_rows.power_balance.values() if row.active),
        *m.reserve_rows.on_site_reserve.values(),
        *m.reserve_rows.load_step.values(),
        *m.rule_supply,
    ]
    rows = [handoff.row(row) for row in asking]
    gives = [handoff.row(row) for row in m.give_rows.values()]
    return np.array([*rows, *(row for row in gives if not is_shared[row])], dtype=np.int64)
