"""The search for sizes: rounds of points and cuts until bound and relaxed cost meet.

Points are stabilised: each round steps from the best point so far towards the master's, farther
after a success and less far after a failure. The master's own points lie far off until it has
learnt enough, and cuts made far off teach little.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.cuts import NO_SHORTFALL
from optmix.solve.decomposition.start import (
    even_maintenance,
    with_even_maintenance,
    with_maintenance_like,
)
from optmix.solve.decomposition.tasks import make_cuts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.master import Master, Point
    from optmix.solve.decomposition.sizes_target import SizesTarget
    from optmix.solve.decomposition.standing import Standing
    from optmix.solve.decomposition.tasks import PackedRecipe
    from optmix.solve.decomposition.workers import Workers

__all__ = ["MASTER_GAP", "Search", "Trial"]

FIRST_STEP: Final = 0.35
LEAST_STEP: Final = 0.1
"""How far a round steps from the best point towards the master's, at first and at least."""

FEW_WINDOWS: Final = 8
LEAST_TYPICAL: Final = 2
WINDOWS_PER_TYPICAL: Final = 20
SAMPLE_ROUNDS: Final = 25
SAMPLE_GAP: Final = 5e-3
"""The first rounds ask a part of many windows only, to find sizes of the right order cheaply."""

MASTER_GAP: Final = 1e-6
ROUNDS: Final = 200
NEAR: Final = 0.2
INTEGER_ROUNDS: Final = 50
INNER_ROUNDS: Final = 25


@dataclass(frozen=True, eq=False)
class Trial:
    """A point that was evaluated in all windows.

    Attributes
    ----------
    point
        The linking quantities.
    cost
        Their cost with relaxed operation, shortfall priced, thousand USD.
    shortfall
        Power and reserve missing over all windows.
    used
        What the windows use of each linking quantity that is a budget. One a linking quantity.
    slope
        How the cost of windows changes with each linking quantity, shared ones over all windows.
    bound
        What any plan costs at least that agrees with what was held.
    """

    point: Point
    cost: float
    shortfall: float
    used: Floats
    slope: Floats
    bound: float = -np.inf

    @property
    def serves_all(self) -> bool:
        """Whether nothing is missing in any window."""
        return self.shortfall <= NO_SHORTFALL


def _is_closed(cost: float, bound: float, gap: float) -> bool:
    return bool(np.isfinite(cost)) and cost - bound <= gap * abs(cost)


@dataclass
class _Step:
    """How far to step, learnt from how well the last steps went."""

    length: float = FIRST_STEP

    def learn(self, *, success: bool) -> None:
        self.length = min(1.0, 2 * self.length) if success else max(LEAST_STEP, self.length / 2)


@dataclass
class Search:
    """Rounds between the master and the windows of one solve.

    Attributes
    ----------
    is_tight
        Whether windows tighten their cuts by rounded rows: worth its time once the sizes are
        nearly known.
    near_rounds
        So many rounds more stay near the best point: at first the master knows too little to be let
        far away, and its bound does not count.
    target
        What fleets are held to besides serving demand.
    """

    case: Case
    windows: list[Window]
    master: Master
    workers: Workers
    packed: PackedRecipe
    standing: Standing
    is_tight: bool = False
    near_rounds: int = 2
    target: SizesTarget | None = None

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of all windows."""
        return list(range(len(self.windows)))

    def evaluate(
        self, point: Point, numbers: list[int] | None = None, weights: Floats | None = None
    ) -> Trial:
        """Ask windows, by default all, for cuts at a point, and let the master learn them."""
        numbers = self.numbers if numbers is None else numbers
        weights = np.ones(len(self.numbers)) if weights is None else weights
        found = self.workers.run(make_cuts, self.packed, numbers, point.values, self.is_tight)
        self.standing.rounds += 1
        cost, shortfall = point.cost, 0.0
        used, slope = np.zeros(len(point.values)), np.zeros(len(point.values))
        for number, (places, cut) in zip(numbers, found, strict=True):
            cost += weights[number] * cut.cost
            shortfall += cut.shortfall
            used[places] += cut.used
            slope[places] += cut.slope
        self.master.add_cuts(
            (number, places, cut) for number, (places, cut) in zip(numbers, found, strict=True)
        )
        return Trial(point, cost, shortfall, used, slope)

    def sample(self, start: Point) -> Point:
        """Return sizes of the right order, found with a few telling windows."""
        if len(self.windows) <= FEW_WINDOWS:
            return start
        numbers = self._telling_windows()
        weights = np.zeros(len(self.numbers))
        weights[numbers] = len(self.numbers) / len(numbers)
        self.master.set_weights(weights)
        step = _Step()
        best = self.evaluate(start, numbers, weights)
        # Other windows cost nothing yet, so all maintenance would go there.
        # That they cannot be kept, or that sizes cannot stay near, proves nothing of the case.
        ties = even_maintenance(self.case, self.master)
        with suppress(InfeasibleError), self.master.tied(ties):
            for _ in range(SAMPLE_ROUNDS):
                bound, ahead = self.master.solve(MASTER_GAP)
                if _is_closed(best.cost, bound, SAMPLE_GAP):
                    break
                target = self.master.between(best.point, ahead, step.length)
                trial = self.evaluate(target, numbers, weights)
                step.learn(success=trial.cost < best.cost)
                best = trial if trial.cost < best.cost else best
        self.master.set_weights(np.ones(len(self.numbers)))
        return with_even_maintenance(self.case, self.master, best.point)

    def _telling_windows(self) -> list[int]:
        """Return the windows of largest demand, of greatest heat, and typical ones.

        Of those open to maintenance, too, the one of largest demand.
        """
        demand = [self.case.demand_mw[w.first : w.stop] for w in self.windows]
        heat = [float(self.case.temp_c[w.first : w.stop].max()) for w in self.windows]
        by_mean = np.argsort([float(part.mean()) for part in demand], kind="stable")
        n_typical = max(LEAST_TYPICAL, len(self.windows) // WINDOWS_PER_TYPICAL)
        quantiles = (np.arange(n_typical) + 0.5) / n_typical
        typical = by_mean[(quantiles * len(self.windows)).astype(int)]
        highest = int(np.argmax([float(part.max()) for part in demand]))
        open_peak = [
            float(part.max()) * (not self.case.is_blackout_week[window.weeks].any())
            for part, window in zip(demand, self.windows, strict=True)
        ]
        return sorted({highest, int(np.argmax(open_peak)), int(np.argmax(heat)), *typical.tolist()})

    def relax(
        self, start: Trial, gap: float, is_enough: Callable[[Trial], bool] = lambda _: False
    ) -> Trial:
        """Close the gap of relaxed sizes from an evaluated point; return the best point.

        Stops before that at a point that is enough.
        """
        self.master.set_integer()
        best, step = start, _Step()
        is_near = self.master.named("n_units", "n_modules", "withdrawal_mw")
        for _ in range(ROUNDS):
            if is_enough(best):
                break
            ahead = self._near(best.point, is_near) if self.near_rounds > 0 else None
            if ahead is None:
                bound, ahead = self.master.solve(MASTER_GAP)
                self.standing.raise_bound(bound)
                if self.near_rounds <= 0 and _is_closed(best.cost, bound, gap):
                    break
            self.near_rounds -= 1
            trial = self.evaluate(self.master.between(best.point, ahead, step.length))
            step.learn(success=trial.cost < best.cost)
            best = trial if trial.cost < best.cost else best
        return best

    def _near(self, point: Point, is_near: NDArray[np.bool_]) -> Point | None:
        """Return the best point near another, if there is any."""
        reach = NEAR * np.abs(point.values) + 1.0
        self.master.hold_between(point.values - reach, point.values + reach, is_near)
        try:
            return self.master.solve(MASTER_GAP)[1]
        except InfeasibleError:
            return None
        finally:
            self.master.release()

    def integerise(self, names: tuple[str, ...], gap: float, model: Point) -> list[Trial]:
        """Close the gap with the named quantities integer; return what was tried, the best first.

        Where maintenance is not among them, its pattern is at first that of the model point.
        """
        is_whole = self.master.named(*names)
        trials: list[Trial] = []
        for _ in range(INTEGER_ROUNDS):
            self.master.set_integer(*names)
            bound, ahead = self.master.solve(0.5 * gap)
            self.standing.raise_bound(bound)
            best_cost = min((trial.cost for trial in trials), default=np.inf)
            if trials and _is_closed(best_cost, self.master.hope, gap):
                break
            target = self.master.rounded(ahead.values, is_whole)
            if "in_maintenance" not in names:
                target = with_maintenance_like(self.case, self.master, target, model)
            trials.append(self.settle(target, is_whole, gap / 2, best_cost))
        self.master.set_integer()
        return sorted(trials, key=lambda trial: trial.cost)

    def raise_bound(self, names: tuple[str, ...], gap: float) -> Point:
        """Raise the bound with the named quantities integer, and return the master's point."""
        self.master.set_integer(*names)
        bound, ahead = self.master.solve(gap)
        self.master.set_integer()
        self.standing.raise_bound(bound)
        return ahead

    def refuse_next(self, names: tuple[str, ...], gap: float) -> bool:
        """Raise the bound with the named quantities integer; say whether its fleet was refused."""
        self.master.set_integer(*names)
        bound, is_refused = self.master.refuse_next(gap)
        self.master.set_integer()
        self.standing.raise_bound(bound)
        return is_refused

    def bound_of(self, point: Point, is_held: NDArray[np.bool_], names: tuple[str, ...]) -> float:
        """Return what the master knows of some whole quantities that are held.

        They are held exactly, for what is only nearly whole would seem infeasible.
        """
        self.master.set_integer(*names)
        self.master.hold(self.master.rounded(point.values, is_held).values, is_held)
        try:
            return self.master.solve(MASTER_GAP)[0]
        except InfeasibleError:
            return np.inf
        finally:
            self.master.release()
            self.master.set_integer()

    def settle(
        self, point: Point, is_held: NDArray[np.bool_], gap: float, give_up_at: float = np.inf
    ) -> Trial:
        """Find the best of all other linking quantities for some that are held.

        Gives up once it is proved that the cost is above ``give_up_at``, or that something will
        always be missing.
        """
        self.master.set_integer()
        self.master.hold(point.values, is_held)
        step, target = _Step(1.0), point
        best, bound = self.evaluate(target), -np.inf
        try:
            for _ in range(INNER_ROUNDS):
                found, ahead = self.master.solve(MASTER_GAP)
                bound = max(bound, found)
                if bound > give_up_at or _is_closed(best.cost, bound, gap):
                    break
                target = self.master.between(best.point, ahead, step.length)
                trial = self.evaluate(target)
                step.learn(success=trial.cost < best.cost)
                best = trial if trial.cost < best.cost else best
        except InfeasibleError:  # not with what is held
            bound = np.inf
        finally:
            self.master.release()
        return replace(best, bound=bound)
