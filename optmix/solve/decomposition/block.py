"""One window as a program of its own: what the windows share is given, what is missing is priced.

Three changes make the model of a window answer at every point, alone:

- Shortfall of power and of reserve is allowed at a price above any cost of building, so that every
  point has an optimum.
- Energy and fuel stored at the borders to the neighbours are bought and sold at one price, the same
  on both sides, so that these terms cancel over the cyclic year.
- Costs and rows of shared quantities alone are left to the master.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, lil_array, vstack

from optmix.rules.assemble import build_site_model
from optmix.solve.decomposition.linking import BUDGETS, linking_columns
from optmix.solve.handoff import hand_off
from optmix.solve.layout import Layout
from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.decomposition.prices import Prices
    from optmix.solve.handoff import Handoff

__all__ = ["Block", "build_block"]


@dataclass(frozen=True, eq=False)
class Block:
    """A window as arrays.

    Attributes
    ----------
    window
        The steps it covers.
    program
        Cost of the core and rows of all its steps, thousand USD. Its last columns are shortfall:
        of power in each step, of reserve where it is asked for, of load steps where they are.
    n_own
        Columns before those of shortfall.
    keys, link
        Linking quantities and their columns.
    layout
        Where the variables of a plan are.
    meter
        What the window uses of each linking quantity that is a budget; rows of zeros for others.
        Shape (linking quantities, columns).
    """

    window: Window
    program: LinearProgram
    n_own: int
    keys: list[Key]
    link: NDArray[np.int32]
    layout: Layout
    meter: csr_array


def build_block(
    case: Case, window: Window, number: int, prices: Prices, linked: Container[Key]
) -> Block:
    """Build the program of a window, by its number among the windows of a solve.

    What the master does not know of is the window's own.
    """
    handoff = hand_off(build_site_model(case, window))
    columns = {k: c for k, c in linking_columns(handoff, number).items() if k in linked}
    link = np.fromiter(columns.values(), dtype=np.int32, count=len(columns))
    program = _alone(handoff, link)
    program = replace(program, cost=_with_border_prices(handoff, program.cost, prices))
    block = Block(
        window=window,
        program=_elastic(handoff, program, case, prices.shortfall_kusd_per_mwh),
        n_own=program.n_columns,
        keys=list(columns),
        link=link,
        layout=Layout.of(handoff),
        meter=_meter(handoff, columns),
    )
    del handoff
    # A Pyomo model is full of cycles, so only the collector frees it.
    gc.collect()
    return block


def _alone(handoff: Handoff, link: NDArray[np.int32]) -> LinearProgram:
    """Leave out the costs and rows that concern linking quantities alone."""
    program = handoff.program
    cost = program.cost.copy()
    cost[link] = 0.0
    own = np.ones(program.n_columns)
    own[link] = 0.0
    is_shared = abs(program.matrix).sign() @ own == 0
    # A rule may ask in a step for what sizes alone can give; the master knows of no step.
    is_shared[[handoff.row(row) for row in handoff.model.rule_supply]] = False
    return replace(
        program,
        cost=cost,
        offset=0.0,
        row_lower=np.where(is_shared, -np.inf, program.row_lower),
        row_upper=np.where(is_shared, np.inf, program.row_upper),
    )


def _with_border_prices(handoff: Handoff, cost: Floats, prices: Prices) -> Floats:
    """Buy what is stored before the core, and sell what is stored at its end."""
    m = handoff.model
    window, axis = m.window, m.window.axis
    if not window.lead:
        return cost
    cost = cost.copy()
    year = axis.year[window.first]
    weight = float((axis.probability * axis.annual_factor)[year])
    stored = [(m.soc_mwh, s, price) for s, price in prices.soc_kusd_per_mwh.items()]
    stored += [(m.content_mmbtu, r, price) for r, price in prices.content_kusd_per_mmbtu.items()]
    for variable, name, price in stored:
        for t, sign in ((axis.before(window.first), 1.0), (window.stop - 1, -1.0)):
            column = handoff.find(variable[name, t])
            if column >= 0:
                cost[column] += sign * weight * price
    return cost


def _meter(handoff: Handoff, columns: dict[Key, int]) -> csr_array:
    """Read what is used of a budget off the row that keeps it within its allotment."""
    m, matrix = handoff.model, csr_array(handoff.program.matrix)
    rows_of = {
        "discharge_allotment_mwh": m.battery_rows.discharge_within_allotment,
        "curtailment_allotment_mwh": m.demand_rows.curtailment_within_allotment,
        "emission_allotment_lb": m.emissions_rows.actual_within_allotment,
        "rule_allotment": m.rule_meter,
    }
    lines = []
    for (name, index), column in columns.items():
        line = lil_array((1, handoff.program.n_columns))
        if name in BUDGETS:
            row = handoff.row(rows_of[name][index[0]])
            line = lil_array(matrix[[row]])
            allotted = line[0, column]
            line[0, column] = 0.0
            line = line / -allotted
        lines.append(csr_array(line))
    return csr_array(vstack(lines)) if lines else csr_array((0, handoff.program.n_columns))


def _elastic(
    handoff: Handoff, program: LinearProgram, case: Case, price_kusd_per_mwh: float
) -> LinearProgram:
    """Add a column of shortfall to each row of power and of reserve."""
    m = handoff.model
    balance = list(m.balance_rows.power_balance.values())
    reserve: list[Any] = [
        *m.reserve_rows.on_site_reserve.values(),
        *m.reserve_rows.load_step.values(),
        *m.rule_supply,
    ]
    rows = np.array([handoff.row(row) for row in [*balance, *reserve]], dtype=np.int64)
    # A row with an upper side is relieved by taking away, one with only a lower side by adding;
    # missing power is added.
    sign = np.where(np.isfinite(program.row_upper[rows]), -1.0, 1.0)
    sign[: len(balance)] = 1.0
    n = len(rows)
    extra = csc_array((sign, (rows, np.arange(n))), shape=(program.n_rows, n))
    matrix = csc_array(hstack([program.matrix, extra]))
    hours = float(case.axis.hours_per_year[m.window.first])
    # A unit that is too large to run may be missed as a whole.
    largest = max((float(unit.pmax_mw.max()) for unit in case.units), default=0.0)
    most = 10.0 * float(case.demand_mw.max()) + case.security.swing_mw + largest + 1.0
    return LinearProgram(
        cost=np.concatenate([program.cost, np.full(n, price_kusd_per_mwh * hours)]),
        offset=0.0,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        col_lower=np.concatenate([program.col_lower, np.zeros(n)]),
        col_upper=np.concatenate([program.col_upper, np.full(n, most)]),
        is_integer=np.concatenate([program.is_integer, np.zeros(n, dtype=np.bool_)]),
    )
