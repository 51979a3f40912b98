"""A reliability target inside the sizing: does a fleet meet it, and which fleets cannot.

A fleet meets the target where the upper end of its loss is within it. A fleet is refused where a
lower bound exceeds the target under every schedule of maintenance and every way of running storage.
That bound holds for every smaller fleet as well, so one refusal rules out a whole box of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.assess import assess_system
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.firm import FirmNeed, given_away_mw
from optmix.reliability.fleet import Fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.guess import Guess
from optmix.reliability.lifting import Box, lifted
from optmix.reliability.likely import Likely
from optmix.reliability.planes import Plane, planes
from optmix.reliability.refusal import refusal_of
from optmix.reliability.refusing import Proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.data.reliability import LossLimit
    from optmix.reliability.assess import AssessMethod
    from optmix.reliability.bounds import Target
    from optmix.reliability.refusal import Refusal
    from optmix.reliability.result import ReliabilityResult

__all__ = ["SizingTarget", "Verdict"]

MOST_REFUSALS = 4
"""Proofs for one fleet, where the caller does not ask for another number."""


@dataclass(frozen=True)
class Verdict:
    """Whether a fleet meets the target with its maintenance, and its assessment."""

    meets: bool
    result: ReliabilityResult


@dataclass(eq=False)
class SizingTarget:
    """The reliability target of a site, with what is known so far of its fleets."""

    case: Case
    limit: LossLimit
    _proof: Proof = field(init=False, repr=False)
    _verdicts: dict[tuple[Box, bytes, AssessMethod], Verdict] = field(
        default_factory=dict, repr=False
    )
    _refused: list[tuple[Box, Refusal]] = field(default_factory=list, repr=False)
    _met: list[Box] = field(default_factory=list, repr=False)
    _decided: dict[tuple[Box, bytes], bool] = field(default_factory=dict, repr=False)
    _guess: Guess = field(init=False, repr=False)
    _need: FirmNeed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare what all fleets share."""
        self._proof = Proof(self.case, self.limit)
        self._guess = Guess(self.case, self._proof)
        self._need = FirmNeed(self.case, self._proof)

    @classmethod
    def of(cls, case: Case) -> SizingTarget | None:
        """Return the target of a site; none where it has none."""
        limit = case.failures.target
        return None if limit is None else cls(case, limit)

    def assess(
        self, fleet: Fleet, maintenance: Ints | None = None, method: AssessMethod = "auto"
    ) -> Verdict:
        """Return whether a fleet meets the target.

        Parameters
        ----------
        fleet
            What is built.
        maintenance
            Units of each type in planned maintenance in each week, shape (G, K); by default they
            are spread over the weeks with most to spare.
        method
            As for :func:`optmix.assess`; ``estimate`` where minutes for a proven interval are too
            long.

        Returns
        -------
        Verdict
            ``meets`` only where the upper end of the interval is within the target;
            ``result.kind`` says whether that interval is proven.
        """
        box = Box.of(fleet, self.case)
        key = box, b"" if maintenance is None else maintenance.tobytes(), method
        if key not in self._verdicts:
            steps = None if maintenance is None else maintenance[:, self.case.axis.week]
            system = system_of(self.case, fleet, steps).built()
            limit = self.allowed(system.demand_mwh, system.hours)
            accuracy = self.case.failures.accuracy_frac
            result = assess_system(system, method, accuracy=accuracy)
            meets = _within(result, limit)
            self._verdicts[key] = Verdict(meets, result)
            if meets and result.kind != "confidence":
                self._met.append(box)
        return self._verdicts[key]

    def meets(self, fleet: Fleet, maintenance: Ints) -> bool:
        """Return whether a fleet meets the target, without assessing it further than that takes.

        Parameters
        ----------
        fleet
            What is built.
        maintenance
            Units of each type in planned maintenance in each week, shape (G, K).
        """
        key = Box.of(fleet, self.case), maintenance.tobytes()
        if key not in self._decided:
            found, limit = self._looked_at(fleet, maintenance)
            self._decided[key] = _within(found, limit)
        return self._decided[key]

    def guess(self, fleet: Fleet) -> Plane | None:
        """Return a plane that fleets are guessed to lie above; none if this fleet may do."""
        found = self._guess.plane(Box.of(fleet, self.case))
        if found is None:
            return None
        weights, least = found[0].tolist(), found[1]
        names = [unit.name for unit in self.case.units]
        products = [item.name for item in self.case.batteries]
        return Plane(
            dict(zip(names, weights, strict=False)),
            dict(zip(products, weights[len(names) :], strict=True)),
            least,
        )

    def disappointed(self, fleet: Fleet) -> None:
        """Learn that a fleet misses the target, so that guesses leave it out."""
        self._guess.disappointed(Box.of(fleet, self.case))

    def _looked_at(self, fleet: Fleet, maintenance: Ints) -> tuple[ReliabilityResult, Target]:
        system = system_of(self.case, fleet, maintenance[:, self.case.axis.week]).built()
        limit = self.allowed(system.demand_mwh, system.hours)
        accuracy = self.case.failures.accuracy_frac
        if not system.storage:
            return assess_system(system, accuracy=accuracy), limit
        return assess_with_storage(system, accuracy, target=limit), limit

    def allowed(self, demand_mwh: float, hours: float) -> Target:
        """Return the target in hours and energy of a year with this demand."""
        return self._proof.allowed(demand_mwh, hours)

    def best_weeks(self, fleet: Fleet) -> Ints:
        """Return the weeks of planned maintenance with the least loss of load. Shape (G, K).

        With storage, the loss that is least is a bound; see
        :meth:`optmix.reliability.refusing.Proof.best_weeks`.
        """
        return self._proof.best_weeks(Box.of(fleet, self.case))

    def listen(self, heartbeat: Callable[[], None]) -> None:
        """Call a function again and again during proofs; what it raises ends them."""
        self._proof.heartbeat = heartbeat

    def refuse(self, fleet: Fleet) -> Refusal | None:
        """Return a proof that neither a fleet nor any smaller one meets the target.

        Returns
        -------
        Refusal or None
            None where it is not proven to miss. Otherwise the proof, carried as far upwards as it
            goes.
        """
        found = self.refuse_all(fleet, most=1)
        return found[0] if found else None

    def refuse_all(self, fleet: Fleet, most: int = MOST_REFUSALS) -> list[Refusal]:
        """Return several proofs for one fleet, each carried furthest in another type.

        Parameters
        ----------
        fleet
            What is built.
        most
            Most proofs.
        """
        box = Box.of(fleet, self.case)
        known = [refusal for large, refusal in self._refused if box <= large]
        if known and most == 1:
            return known[:1]
        if any(small <= box for small in self._met):
            return []
        if any(box.modules):
            lacks = [refusal_of(lack, self.case, self._proof) for lack in self._need.boxes(box)]
            if lacks:
                return lacks
        if not self._proof.refuses(box):
            return []
        found = []
        box = self._proof.with_fewer_modules(box)
        test = Likely(self.case, self._proof, box)
        for large in lifted(box, self.case, test, most):
            refusal = refusal_of(large, self.case, self._proof)
            if all(large != other for other, _ in self._refused):
                self._refused.append((large, refusal))
            found.append(refusal)
        return found

    def least_power_mw(
        self,
        units: dict[str, int],
        stored_mwh: tuple[float, float],
        goal_mw: float,
        is_small: tuple[bool, ...] | None = None,
    ) -> float:
        """Return power that units must have together, at their most output, to meet the target.

        Parameters
        ----------
        units
            Units of each type that fleets have at least; whatever they have beyond counts as power
            that never fails.
        stored_mwh
            Least and most energy that they store.
        goal_mw
            What is to be shown to be too little.
        is_small
            Types that fleets may have more of, where that is not all: their units in repair and in
            maintenance are then told, as far as power tells them.

        Returns
        -------
        float
            0 where that cannot be shown.
        """
        is_firm = np.array(is_small or [True] * len(units))
        box = Box.of(Fleet(units, {}, Box.largest(self.case).withdrawal_mw), self.case)
        if is_small is not None:
            box = replace(box, units=tuple(np.where(is_firm, 0, box.units).tolist()))
        none = tuple(item.n_min for item in self.case.batteries)
        there_mw = float(self._proof.small.most_mw @ np.array(box.units))
        beyond_mw = self._need.beyond_mw(
            replace(
                box,
                modules=none,
                least_modules=none,
                firm_mw=max(0.0, goal_mw - there_mw),
                is_firm=tuple(is_firm.tolist()),
                tells_out=is_small is not None,
                stored_mwh=stored_mwh,
            )
        )
        return 0.0 if beyond_mw is None else there_mw + beyond_mw

    @property
    def unit_mw(self) -> dict[str, float]:
        """Most output of one unit of each type."""
        names = [unit.name for unit in self.case.units]
        return dict(zip(names, self._proof.small.most_mw.tolist(), strict=True))

    @property
    def given_away_mw(self) -> dict[str, float]:
        """About what is given away where a unit counts as power that never fails."""
        return {
            unit.name: given_away_mw(unit, self._proof.small.most_mw) for unit in self.case.units
        }

    @property
    def deep_mwh(self) -> float:
        """Energy that gives power enough for all but rare shortages."""
        return self._need.deep_mwh(float(self._proof.small.most_mw.max()))

    @property
    def module_mwh(self) -> dict[str, float]:
        """Usable energy of one module of each product."""
        names = [item.name for item in self.case.batteries]
        return dict(zip(names, self._proof.small.module_mwh.tolist(), strict=True))

    def why_impossible(self) -> str | None:
        """Return in words why no fleet on offer meets the target; none where that is not proven."""
        box, unit = Box.largest(self.case), self._proof.unit
        limit = self._proof.limit_of(box)
        cause = self._proof.cause_beyond()
        if cause is not None:
            return (
                f'the common cause "{cause[0]}" alone brings at least {cause[1]:.3g} {unit} to any '
                f"fleet on offer, more than the target of {limit:.3g} {unit}"
            )
        if not self._proof.refuses(box):
            return None
        return (
            f"the largest fleet on offer has at least {self._proof.loss(box):.3g} {unit}, more "
            f"than the target of {limit:.3g} {unit}"
        )

    def planes(self, unit_cost: dict[str, float], module_cost: dict[str, float]) -> list[Plane]:
        """Return conditions that every fleet within the target fulfils.

        Parameters
        ----------
        unit_cost, module_cost
            Weights by type and by product, 0 or more; what is not named weighs nothing.
        """
        return planes(self.case, self._proof, unit_cost, module_cost)


def _within(result: ReliabilityResult, limit: Target) -> bool:
    """Return whether the upper ends are within the target."""
    return (limit.lole_h is None or result.lole_h.high <= limit.lole_h) and (
        limit.eue_mwh is None or result.eue_mwh.high <= limit.eue_mwh
    )
