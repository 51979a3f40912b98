r"""Which fleets miss a target, guessed in a moment, and what to build instead.

A proof that a fleet with storage misses a target takes seconds, and a search for sizes asks about
hundreds of fleets. Tables answer at once if a module counts as a unit that never runs out of energy
but of which only a share is there. The share is taken from one fleet whose loss is estimated with
its storage as it is, and lowered whenever a fleet that was let pass turns out to miss the target.

Near one fleet the fleets that just meet the target lie nearly on a plane. Its weights are those of
Garver's and Chernoff's bound,

.. math:: \text{LOLE} \le \sum_t h_t e^{\theta L_t}
   \prod_k \left((1 - q_k) e^{-\theta c_k} + q_k\right)^{n_k},

at the :math:`\theta` where it is least, and it is laid through the first fleet that meets the
target as units of the smallest type are added, so that it asks for little more than it must.

A guess leads a search. It proves nothing, and no bound may rest on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.adequacy import Adequacy
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.fleet import Fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.lifting import Box

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.reliability.refusing import Proof
    from optmix.reliability.system import System

__all__ = ["Guess"]

HIGH_LOAD = 0.9
"""Capacity and outages are taken where load is above this quantile: there loss is."""

THETAS_PER_MW = (1e-4, 2.0)
"""Exponents of the bound that are looked at."""

ROUGH = 0.1
"""Relative reach of an estimate, and width of a bound, that only lead a search."""

WHOLE = 1e-9
"""Share of a module below which a share of all is a whole number of them."""


class Guess:
    """Guesses about the fleets of one site, with maintenance where most can be spared.

    Parameters
    ----------
    case
        The site.
    proof
        Knows its target.
    """

    def __init__(self, case: Case, proof: Proof) -> None:
        self._case, self._proof = case, proof
        self._share: float | None = None
        self._known: dict[Box, float] = {}
        self._known_to_miss: set[Box] = set()

    def plane(self, box: Box) -> tuple[Floats, float] | None:
        """Return weights and least sum of fleets guessed to meet the target; none if this does.

        Shape
        -----
        weights (unit types and products,).
        """
        if self._share is None and any(box.modules):
            self._share = self._share_of(box, self._estimate(box))
            enough = self._enough(box, self._weights(box))
            # A share tells most of fleets that lose about as much as the one it was taken from.
            self._share = self._share_of(enough, self._estimate(enough))
        if not self._misses(box):
            return None
        weights = self._weights(box)
        enough = self._enough(box, weights)
        counts = np.array([*enough.units, *enough.modules])
        return weights, float(weights @ counts)

    def _enough(self, box: Box, weights: Floats) -> Box:
        """Return the first fleet with more units of a small type that is not guessed to miss.

        If all that are on offer do not suffice, units of the next larger type come on top.
        """
        largest = Box.largest(self._case)
        for axis in np.argsort(weights[: len(box.units)], kind="stable").tolist():
            low, high = box[axis] - 1, max(largest[axis], box[axis])
            if self._misses(box.with_count(axis, high)):
                box = box.with_count(axis, high)
                continue
            while high - low > 1:
                middle = (low + high) // 2
                misses = self._misses(box.with_count(axis, middle))
                low, high = (middle, high) if misses else (low, middle)
            return box.with_count(axis, high)
        return box

    def _weights(self, box: Box) -> Floats:
        """Return what one unit and one module add to the exponent of the bound."""
        system = self._system(replace(box, units=tuple(1 for _ in box.units)))
        load, hours = system.load_mw, system.hours_per_year
        at = load >= np.quantile(load, HIGH_LOAD)
        capacity = np.array([unit.capacity_mw[at].mean() for unit in system.units])
        outage = np.array([unit.outage_frac[at].mean() for unit in system.units])
        capacity, outage = capacity[: len(box.units)], outage[: len(box.units)]
        firm = np.array([(self._share or 0.0) * item.module_mw for item in self._case.batteries])

        def exponents(theta: float) -> Floats:
            units = -np.log((1.0 - outage) * np.exp(-theta * capacity) + outage)
            return np.concatenate([units, theta * firm])

        counts = np.array([*box.units, *box.modules], dtype=np.float64)
        top = load.max()

        def bound(theta: float) -> float:
            of_load = np.log(hours @ np.exp(theta * (load - top))) + theta * top
            return float(of_load - exponents(theta) @ counts)

        thetas = np.geomspace(*THETAS_PER_MW, 60)
        return exponents(float(thetas[np.argmin([bound(theta) for theta in thetas])]))

    def disappointed(self, box: Box) -> None:
        """Learn that a fleet misses the target in its best weeks."""
        self._known_to_miss.add(box)
        if self._share is not None and any(box.modules):
            limit = self._proof.limit_of(box)
            self._share = min(self._share, self._share_of(box, limit))

    def _share_of(self, box: Box, loss: float) -> float:
        """Return the largest share at which a fleet loses more than this; 0 if there is none."""
        most = max(box.modules)
        low, high = -1, most + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._loss(box, middle / most) > loss else (low, middle)
        return max(low, 0) / most

    def _misses(self, box: Box) -> bool:
        if any(box <= other for other in self._known_to_miss):
            return True
        return self._loss(box, self._share or 0.0) > self._proof.limit_of(box)

    def _loss(self, box: Box, share: float) -> float:
        """Return the loss with a share of the modules, as units that never run out."""
        there = replace(box, modules=tuple(int(share * n + WHOLE) for n in box.modules))
        if there not in self._known:
            loss = Adequacy(with_storage_as_units(self._system(there)), ROUGH).loss()
            self._known[there] = loss.lole_high_h if self._proof.is_hours else loss.eue_high_mwh
        return self._known[there]

    def _estimate(self, box: Box) -> float:
        """Return about what a fleet loses, its storage as it is."""
        found = assess_with_storage(self._system(box), ROUGH, method="estimate")
        return found.lole_h.value if self._proof.is_hours else found.eue_mwh.value

    def _system(self, box: Box) -> System:
        units = {unit.name: n for unit, n in zip(self._case.units, box.units, strict=True)}
        modules = {item.name: n for item, n in zip(self._case.batteries, box.modules, strict=True)}
        return system_of(self._case, Fleet(units, modules, box.withdrawal_mw)).built()
