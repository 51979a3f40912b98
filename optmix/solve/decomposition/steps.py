"""The steps of a solve by decomposition: relaxed sizes, whole ones, a plan, and other fleets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.budgets import Budget, list_budgets, overdrawn, shared_out
from optmix.solve.decomposition.fleets import Fleets, Leaf
from optmix.solve.decomposition.lift import lifted_bound
from optmix.solve.decomposition.linking import COUNTS, SIZES
from optmix.solve.decomposition.master import Master
from optmix.solve.decomposition.mixes import Mixes
from optmix.solve.decomposition.operate import Care
from optmix.solve.decomposition.prices import guess_prices
from optmix.solve.decomposition.realise import polish, realise
from optmix.solve.decomposition.search import Search, Trial
from optmix.solve.decomposition.sizes_target import SizesTarget
from optmix.solve.decomposition.start import first_point, point_of_plan
from optmix.solve.decomposition.tasks import Recipe, pack
from optmix.solve.decomposition.whole import with_whole_maintenance
from optmix.solve.outcome import relative_gap
from optmix.solve.target_check import TargetCheck

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.master import Point
    from optmix.solve.decomposition.standing import Standing
    from optmix.solve.decomposition.workers import Workers

__all__ = ["Steps"]

EARLY_GAP: Final = 0.02
"""Once sizes serve every window, or are relaxed to this gap, a first plan is made, so that stopping
keeps something."""

RELAX_SHARE: Final = 0.5
SIZES_SHARE: Final = 0.1
TIGHT_SHARE: Final = 0.03
OPERATE_SHARE: Final = 0.25
"""Shares of the gap asked for that the steps aim at. A round of tight cuts at sizes that are known
is the cheapest of all ways to raise the bound."""

LIFTS: Final = 2
"""So often the bound of one fleet is lifted: at first only as far as is wanted."""

COARSE_GAP: Final = 3e-3
"""From such a gap on, cuts are not tightened: that costs more than it gains. A campus of 148 MW at
0.5 % took 196 s of CPU without and 291 s with it, for the same fleet."""

WEEKS_SHARE: Final = 0.5
"""Such a share for whole weeks of maintenance where a target leaves many fleets that cost alike."""

QUICK_GAP: Final = 0.01
"""Gap of the windows of that first plan."""

CAREFUL_SHARE: Final = 0.1
"""Share of the gap that windows aim at where the quick way was not good enough."""

POLISHED: Final = 3.0
"""A plan within so many times the gap is worth operating its windows more carefully."""

MOST_TRIES: Final = 8
"""So many fleets may turn out to miss a target before all fleets are visited in order."""

MOST_MOVES: Final = 5
"""So often whole weeks of maintenance may lead to another fleet."""

MOST_FLEETS: Final = 40
"""So many fleets are compared before the search is given up."""

LEAST_GAP: Final = 1e-4
"""A smaller gap is not aimed at: bounds are given away by 1e-6 of themselves, see `Master`."""

WINDOW_TIME_S: Final = 20.0
"""A window that takes longer gives what it has."""


@dataclass
class Steps:
    """The steps of one solve."""

    case: Case
    windows: list[Window]
    search: Search
    budgets: list[Budget]
    standing: Standing

    @classmethod
    def begin(
        cls, case: Case, windows: list[Window], workers: Workers, standing: Standing
    ) -> Steps:
        """Build the master and what the windows are made of."""
        with standing.phase("build", "building the master"):
            master = Master(case, windows, standing.seconds_left)
            request = standing.request
            options = {**request.profile.options, "random_seed": request.seed}
            packed = pack(Recipe(case, windows, master.keys, guess_prices(case), options))
            search = Search(case, windows, master, workers, packed, standing)
        if case.failures.target is not None:
            with standing.phase("target", "reliability of fleets"):
                check = TargetCheck.of(case, case.failures.target)
                check.target.listen(workers.stop_if_asked)
                search.target = SizesTarget(check, master)
        return cls(case, windows, search, list_budgets(case, master), standing)

    @property
    def master(self) -> Master:
        """The master of the search."""
        return self.search.master

    @property
    def bound(self) -> float:
        """The best bound."""
        return self.standing.bound

    @property
    def careful(self) -> Care:
        """Any operation is sought, to a small part of the gap."""
        return Care(CAREFUL_SHARE * self.gap, None, WINDOW_TIME_S)

    @property
    def gap(self) -> float:
        """The gap that the steps aim at: that asked for, unless rounding would hide it."""
        return max(self.standing.request.gap, LEAST_GAP)

    def run(self) -> None:
        """Take the steps one after the other until the gap is reached."""
        first = Care(QUICK_GAP, 0, WINDOW_TIME_S, rounds_up=True)
        with self.standing.phase("relax", "sizes relaxed"):
            start = self.search.evaluate(self.first_point())
            rough = self.search.relax(start, EARLY_GAP, lambda trial: trial.serves_all)
            self.search.raise_bound((), self.gap)
        if self.standing.plan is None:
            self.realise(rough, first)
        if self.standing.plan is None:
            with self.standing.phase("relax", "sizes relaxed"):
                rough = self.relax(rough, EARLY_GAP)
            self.realise(rough, first)
        if self.standing.is_proven:
            return
        with self.standing.phase("relax", "sizes relaxed"):
            relaxed = self.relax(rough, RELAX_SHARE * self.gap)
        for _ in range(MOST_TRIES if self.search.target else 1):
            best = self.whole_sizes(relaxed)
            if self.realise(best, Care(OPERATE_SHARE * self.gap, 0, WINDOW_TIME_S)):
                break
        if self.search.target is not None:
            self.refuse_fleets(self.search.target)
        if not self.standing.is_proven:
            self.master.is_proving = True
            self.compare_fleets()

    def first_point(self) -> Point:
        """Return the point at which the search begins."""
        start = self.standing.request.start
        if start is not None:
            return point_of_plan(self.case, self.master, start.plan)
        return self.search.sample(first_point(self.case, self.master))

    def refuse_fleets(self, target: SizesTarget) -> None:
        """Raise the bound by proofs that fleets miss the target, as they turn up."""
        with self.standing.phase("target", "mixes with too little power"):
            if self.case.batteries:
                Mixes(self.search, target.sizing).raise_bound(self.enough)
        with self.standing.phase("target", "fleets that miss the target"):
            while not self.standing.is_proven:
                if not self.search.refuse_next(COUNTS, SIZES_SHARE * self.gap):
                    break

    def whole_sizes(self, relaxed: Trial) -> Trial:
        """Return the best whole sizes that are known, from relaxed ones."""
        share = SIZES_SHARE * self.gap
        with self.standing.phase("sizes", "whole sizes"):
            best, *_ = self.search.integerise(SIZES, share, relaxed.point)
        with self.standing.phase("sizes", "whole sizes and weeks of maintenance"):
            self.search.is_tight = self.gap < COARSE_GAP
            tight = TIGHT_SHARE * self.gap
            best = self.search.settle(best.point, self.master.named(*SIZES), tight)
            best = self.with_budgets(best)
            return self.for_whole_weeks(
                best, WEEKS_SHARE * self.gap if self.search.target else share
            )

    def relax(self, start: Trial, gap: float) -> Trial:
        """Close the gap of relaxed sizes, linking budgets as they prove short."""
        best = self.search.relax(start, gap)
        while short := overdrawn(self.budgets, best.point, best.used):
            values = shared_out(short, best.point, best.used)
            for budget in short:
                self.master.is_linked[budget.places] = True
            best = self.search.relax(self.search.evaluate(self.master.at(values)), gap)
        return best

    def with_budgets(self, trial: Trial) -> Trial:
        """Return a trial of the same sizes that overdraws no budget."""
        is_size = self.master.named(*SIZES)
        while short := overdrawn(self.budgets, trial.point, trial.used):
            values = shared_out(short, trial.point, trial.used)
            for budget in short:
                self.master.is_linked[budget.places] = True
            trial = self.search.settle(self.master.at(values), is_size, SIZES_SHARE * self.gap)
        return trial

    def for_whole_weeks(self, best: Trial, gap: float) -> Trial:
        """Raise the bound by whole weeks of maintenance; leave a fleet that bears them badly."""
        is_size = self.master.named(*SIZES)
        for _ in range(MOST_MOVES):
            found = self.search.raise_bound(COUNTS, gap)
            hope = self.master.hope
            if self.search.bound_of(best.point, is_size, COUNTS) - hope <= 2 * gap * abs(hope):
                break
            whole = self.master.rounded(found.values, is_size)
            best = self.with_budgets(self.search.settle(whole, is_size, gap))
        return best

    def realise(self, trial: Trial, care: Care, *, polishes: bool = True) -> bool:
        """Make a plan of a trial, keep it if it is better, and say whether one could be made."""
        with self.standing.phase("operate", "integer operation"):
            share = SIZES_SHARE * self.gap
            whole = with_whole_maintenance(self.search, trial, share, may_grow=care.rounds_up)
            if whole is None:
                return False
            self.standing.fleets += 1
            found = realise(self.search, whole, self.budgets, care)
            if found is None:
                return False
            self.standing.take_plan(found.plan, found.cost)
            gap = relative_gap(found.cost, self.standing.bound)
            if polishes and self.gap < gap <= POLISHED * self.gap:
                found = polish(found, self.careful, lambda cost: self.below(cost) <= self.bound)
                self.standing.take_plan(found.plan, found.cost)
            return True

    def compare_fleets(self) -> None:
        """Visit fleets from the lowest bound up, until none can be better by more than the gap.

        A fleet is looked at more closely only while its bound is the lowest of all: a plan found
        meanwhile may make that needless.
        """
        fleets, n_fleets = Fleets(self.search, SIZES_SHARE * self.gap), 0
        for leaf in fleets.below(self.enough):
            n_fleets += leaf.looks == 0
            seen = self.looked_at(leaf)
            if seen.looks > LIFTS + 1:
                fleets.close(seen.bound)
            else:
                fleets.keep(seen)
            self.standing.raise_bound(fleets.bound, relaxed=False)
            if self.standing.is_proven or n_fleets >= MOST_FLEETS:
                break
        if np.isinf(fleets.bound) and self.standing.plan is None:
            raise InfeasibleError("no sizes on offer can be operated with whole units")
        # Boxes that were only looked at again count as well.
        self.standing.raise_bound(min(fleets.bound, self.standing.cost), relaxed=False)

    def looked_at(self, leaf: Leaf) -> Leaf:
        """Return a fleet after one more look: first a quick plan, then its bound, then a good plan.

        Lifting is cheaper than operating carefully, and often makes it needless.
        """
        trial, bound = leaf.trial, leaf.bound
        if leaf.looks == 0:
            trial = self.with_budgets(trial)
            # What windows told of the weeks tried so far may rule out all whole weeks.
            is_size = self.master.named(*SIZES)
            bound = max(bound, self.search.bound_of(trial.point, is_size, COUNTS))
            if bound < self.enough():
                self.realise(
                    trial, Care(OPERATE_SHARE * self.gap, 0, WINDOW_TIME_S), polishes=False
                )
        elif leaf.looks <= LIFTS and self.standing.plan is not None:
            care = Care(OPERATE_SHARE * self.gap, None, WINDOW_TIME_S)
            rise = self.enough() - bound if leaf.looks == 1 else np.inf
            with self.standing.phase("lift", "integer operation at free borders"):
                bound = max(bound, lifted_bound(self.search, trial, care, rise))
        elif leaf.looks > LIFTS:
            self.realise(trial, self.careful, polishes=False)
        return Leaf(trial, bound, leaf.looks + 1)

    def enough(self) -> float:
        """Return the cost from which on a fleet need not be tried."""
        return self.below(self.standing.cost)

    def below(self, cost: float) -> float:
        """Return the least bound that proves a cost within the gap; without a plan, none does."""
        return cost - self.gap * abs(cost) if np.isfinite(cost) else cost
