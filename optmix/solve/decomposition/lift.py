"""The bound of one fleet, lifted by windows solved with whole units.

With the sizes held, a window is solved in integers while everything else that it shares is free, at
the prices of its cut. What HiGHS proves of that is a cut of the same slopes that lies higher. It
holds for these sizes only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import highspy
import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.linking import COUNTS, SIZES
from optmix.solve.decomposition.tasks import kept_window
from optmix.solve.highs_model import apply_options, new_highs, to_highs

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.solve.decomposition.cuts import Cut
    from optmix.solve.decomposition.operate import Care
    from optmix.solve.decomposition.search import Search, Trial
    from optmix.solve.decomposition.tasks import Kept, PackedRecipe

__all__ = ["lifted_bound", "lifted_cuts"]

MARGIN = 1e-6
"""Share of a bound that is given away: the feasibility tolerance of HiGHS's MIP solver."""

INFEASIBLE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


def lifted_bound(search: Search, trial: Trial, care: Care) -> float:
    """Return what a plan with the sizes of a trial costs at least; infinite if there is none."""
    master = search.master
    is_size = master.named(*SIZES)
    found = search.workers.run(
        lifted_cuts, search.packed, search.numbers, trial.point.values, is_size, care
    )
    if any(cut is None for _, cut in found):
        return np.inf
    cuts = [(number, places, cut) for number, (places, cut) in enumerate(found)]
    try:
        with master.for_a_while(cuts):
            master.hold(trial.point.values, is_size)
            master.set_integer(*COUNTS)
            return master.solve(care.gap)[0]
    except InfeasibleError:
        return np.inf
    finally:
        master.release()
        master.set_integer()


def lifted_cuts(
    packed: PackedRecipe, numbers: list[int], point: Floats, is_size: Floats, care: Care
) -> list[tuple[Ints, Cut | None]]:
    """Return a lifted cut of each window for the sizes of a point; None if they allow no plan."""
    cuts = []
    for number in numbers:
        window = kept_window(packed, number)
        places = window.link_place
        cuts.append((places, _lifted(window, point[places], is_size[places], care)))
    return cuts


def _lifted(window: Kept, values: Floats, is_size: Floats, care: Care) -> Cut | None:
    block = window.block
    cut = window.cutter.cut(values, tight=True)
    slope = np.where(is_size, 0.0, cut.slope)
    program = block.program
    cost = program.cost.copy()
    cost[block.link] -= slope
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    held = block.link[is_size]
    lower[held] = upper[held] = values[is_size]
    # A plan misses nothing, so its window may not either.
    upper[block.n_own :] = 0.0
    highs = new_highs()
    apply_options(highs, {**window.recipe.options, **care.options()})
    highs.passModel(to_highs(replace(program, cost=cost, col_lower=lower, col_upper=upper)))
    highs.run()
    if highs.getModelStatus() in INFEASIBLE:
        return None
    bound = float(highs.getInfo().mip_dual_bound)
    # The prices of what is shared may be far larger than what is left of the cost.
    bound -= MARGIN * max(1.0, abs(bound), abs(cut.cost), abs(cut.intercept))
    # Where the search was cut short the cut itself may be better.
    at_sizes = cut.intercept + float((cut.slope - slope)[is_size] @ values[is_size])
    return replace(cut, intercept=max(bound, at_sizes), slope=slope, need=None)
