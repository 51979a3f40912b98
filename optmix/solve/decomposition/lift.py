"""The bound of one fleet, lifted by windows solved with whole units.

With the sizes held, a window is solved in integers while everything else that it shares is free, at
the prices of its cut. What HiGHS proves of that is a cut of the same slopes that lies higher. It
holds for these sizes only. The last part of a bound takes most of the time, so each window ends
once its bound has risen as far as is wanted, or hardly rises any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

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

__all__ = ["Stop", "lifted_bound", "lifted_cuts"]

MARGIN = 1e-6
"""Share of a bound that is given away: the feasibility tolerance of HiGHS's MIP solver."""

AMPLE: Final = 1.5
"""Windows rise by so much more than their share, for some cannot."""

STALLED_CALLS: Final = 5
STALLED_SHARE: Final = 0.02
"""A bound that rose by no more than this share of its whole rise, in so many calls, has stalled."""

INFEASIBLE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


def lifted_bound(search: Search, trial: Trial, care: Care, rise: float = np.inf) -> float:
    """Return what a plan with the sizes of a trial costs at least; infinite if there is none.

    Parameters
    ----------
    search, trial
        Master and windows, and the sizes.
    care
        How closely windows are solved.
    rise
        How far the bound is to rise in all, thousand USD; the work ends about there.
    """
    master = search.master
    is_size = master.named(*SIZES)
    each = AMPLE * max(rise, 0.0) / len(search.numbers)
    values = trial.point.values
    found = search.workers.run(
        lifted_cuts, search.packed, search.numbers, values, is_size, care, each
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
    packed: PackedRecipe,
    numbers: list[int],
    point: Floats,
    is_size: Floats,
    care: Care,
    rise: float,
) -> list[tuple[Ints, Cut | None]]:
    """Return a lifted cut of each window for the sizes of a point; None if they allow no plan."""
    cuts = []
    for number in numbers:
        window = kept_window(packed, number)
        places = window.link_place
        cuts.append((places, _lifted(window, point[places], is_size[places], care, rise)))
    return cuts


def _lifted(window: Kept, values: Floats, is_size: Floats, care: Care, rise: float) -> Cut | None:
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
    at_sizes = cut.intercept + float((cut.slope - slope)[is_size] @ values[is_size])
    if np.isfinite(rise):
        Stop(at_sizes, rise).listen_to(highs)
    highs.run()
    if highs.getModelStatus() in INFEASIBLE:
        return None
    bound = float(highs.getInfo().mip_dual_bound)
    # The prices of what is shared may be far larger than what is left of the cost.
    bound -= MARGIN * max(1.0, abs(bound), abs(cut.cost), abs(cut.intercept))
    # Where the search was cut short the cut itself may be better.
    return replace(cut, intercept=max(bound, at_sizes), slope=slope, need=None)


class Stop:
    """Ends a run once its bound has risen as far as is wanted, or hardly rises any more.

    HiGHS asks at the same points of every run, so the answer is the same every time.

    Parameters
    ----------
    start
        Where the bound stood before.
    rise
        How far it is wanted to rise.
    """

    def __init__(self, start: float, rise: float) -> None:
        self._start, self._rise = start, rise
        self._risen: list[float] = []

    def listen_to(self, highs: highspy.Highs) -> None:
        """Be asked by a solver whether it is to stop."""
        highs.setCallback(self, None)
        highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)

    def __call__(
        self, _kind: Any, _message: str, out: Any, back: Any, _user_data: object = None
    ) -> None:
        """Answer HiGHS, which calls back with what it knows."""
        risen = float(out.mip_dual_bound) - self._start
        self._risen.append(risen)
        back.user_interrupt = risen >= self._rise or self._is_stalled

    @property
    def _is_stalled(self) -> bool:
        if len(self._risen) <= STALLED_CALLS:
            return False
        before, now = self._risen[-1 - STALLED_CALLS], self._risen[-1]
        return now > 0 and now - before <= STALLED_SHARE * now
