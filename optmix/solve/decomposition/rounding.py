r"""Rows that whole units imply and relaxed ones break: power and reserve, rounded.

Adding up the rows of a step leaves one row in which units online, batteries and what else can serve
stand against demand. Units are whole, so that row can be rounded: with :math:`a_j` whole multiples
and :math:`s \ge 0`,

.. math:: \sum_j a_j x_j + s \ge b \quad\Rightarrow\quad
    \sum_j \left(f \lfloor a_j \rfloor + \min(f, a_j - \lfloor a_j \rfloor)\right) x_j + s
    \ge f \lceil b \rceil, \qquad f = b - \lfloor b \rfloor .

It cuts off relaxed operation only, never a plan, whatever the sizes; about half of the distance
between the two goes (Nemhauser and Wolsey, Math. Program. 46, 1990).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array, vstack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.solve.decomposition.block import Block

__all__ = ["rounded_rows"]

LEAST_FRACTION: Final = 0.02
"""A right side this near to a whole number gives a row that rounding hardly tightens."""

EXACT: Final = 1e-9
"""A multiple this near to a whole number is that number; coefficients are rounded up, so a row
stays valid."""


@dataclass(frozen=True, eq=False)
class _Cover:
    """Rows of one kind: whole quantities and continuous ones that together cover a right side.

    Attributes
    ----------
    whole
        Columns and coefficients of whole quantities, each of shape (steps,).
    rest
        Columns and coefficients of continuous quantities that are not negative.
    side_mw
        What is to be covered. Shape (steps,).
    """

    whole: list[tuple[Ints, Floats]]
    rest: list[tuple[Ints, Floats]]
    side_mw: Floats


def rounded_rows(case: Case, block: Block) -> tuple[csr_array, Floats]:
    """Return rounded rows of a window, and their lower sides.

    Shape
    -----
    Matrix: (rows, columns of the program). Sides: (rows,).
    """
    steps = block.layout.steps
    found = [
        _rounded(cover, unit.pmax_mw[steps], block.program.n_columns)
        for name, cover in _covers(case, block)
        for unit in case.units
        if name in ("", unit.name)
    ]
    if not found:
        return csr_array((0, block.program.n_columns)), np.zeros(0)
    return csr_array(vstack([rows for rows, _ in found])), np.concatenate([s for _, s in found])


def _covers(case: Case, block: Block) -> Iterator[tuple[str, _Cover]]:
    """Yield power, and reserve for the loss of the grid and of a unit of each type.

    With each comes the type whose capability it is to be divided by, or nothing for all of them.
    """
    steps, columns = block.layout.steps, block.layout.columns
    n = len(steps)
    ones = np.ones(n)

    def each(name: str) -> list[tuple[Ints, Floats]]:
        return [(row, ones) for row in columns[name]]

    def always(column: int, mw: Floats) -> tuple[Ints, Floats]:
        return np.full(n, column, dtype=np.int64), mw

    def sized(name: str, mw: list[Floats]) -> list[tuple[Ints, Floats]]:
        return [always(c, value) for c, value in zip(columns[name], mw, strict=True)]

    short_of_power, short_of_reserve = (block.n_own + k * n + np.arange(n) for k in (0, 1))
    capability = [unit.pmax_mw[steps] for unit in case.units]
    units = list(zip(columns["online"], capability, strict=True))
    served = [*each("curtailed_mw"), *each("unserved_mw"), (short_of_power, ones)]
    demand = case.demand_mw[steps]
    yield "", _Cover(units, [*each("discharge_mw"), *each("import_mw"), *served], demand)
    if not columns["reserve_mw"].size:
        return
    # Of a fast tier reserve counts what is left of it, and power what is taken: all of it.
    is_fast = np.array([tier.is_fast for tier in case.tiers], dtype=bool)
    fast = sum((tier.limit_mw[steps] for tier in case.tiers if tier.is_fast), np.zeros(n))
    served = [(c, one) for (c, one), f in zip(each("curtailed_mw"), is_fast, strict=True) if not f]
    served += [*each("unserved_mw"), (short_of_power, ones), (short_of_reserve, ones)]
    units += sized("n_modules", [battery.module_mw * ones for battery in case.batteries])
    if case.security.loss_of_grid:
        yield "", _Cover(units, served, demand - fast)
    if case.security.loss_of_unit:
        if case.grid is not None:
            served += sized("withdrawal_mw", [case.grid.availability[steps]])
        for unit, mw, present in zip(case.units, capability, columns["is_present"], strict=True):
            yield unit.name, _Cover([*units, always(present, -mw)], served, demand - fast)


def _rounded(cover: _Cover, divisor_mw: Floats, n_columns: int) -> tuple[csr_array, Floats]:
    """Divide the rows by one unit's capability and round them."""
    with np.errstate(divide="ignore", invalid="ignore"):
        side = cover.side_mw / divisor_mw
        fraction = side - np.floor(side)
        is_used = (divisor_mw > 0) & (side > 0) & (fraction > LEAST_FRACTION)
        rows = np.flatnonzero(is_used)
        entries = [
            (columns, _round_coefficient(value / divisor_mw, fraction))
            for columns, value in cover.whole
        ]
        entries += [(columns, value / divisor_mw) for columns, value in cover.rest]
    place = np.concatenate([np.arange(len(rows))] * len(entries))
    column = np.concatenate([columns[rows] for columns, _ in entries])
    value = np.concatenate([values[rows] for _, values in entries])
    known = column >= 0
    matrix = csr_array((value[known], (place[known], column[known])), shape=(len(rows), n_columns))
    return matrix, (fraction * np.ceil(side))[rows]


def _round_coefficient(multiple: Floats, fraction: Floats) -> Floats:
    whole = np.floor(multiple + EXACT)
    return np.asarray(fraction * whole + np.minimum(fraction, np.maximum(multiple - whole, 0.0)))
