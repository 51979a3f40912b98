"""Which fleets miss a target, guessed in a moment: storage as a share of its power.

A proof that a fleet with storage misses a target takes seconds, and a search for sizes asks about
hundreds of fleets. Tables answer at once if a module counts as a unit that never runs out of energy
but of which only a share is there. The share is taken from one fleet whose loss is estimated with
its storage as it is, and lowered whenever a fleet that was let pass turns out to miss the target.
A guess leads a search. It proves nothing, and no bound may rest on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optmix.reliability.adequacy import Adequacy
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.fleet import Fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.lifting import lifted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.reliability.lifting import Box
    from optmix.reliability.refusing import Proof
    from optmix.reliability.system import System

__all__ = ["Guess"]

MOST_BOXES = 4
"""So many boxes for one fleet; each takes dozens of looks at tables."""

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

    def refused(self, box: Box) -> Iterator[Box]:
        """Yield boxes of fleets that are guessed to miss the target, if this fleet is."""
        if self._share is None and any(box.modules):
            self._share = self._share_of(box, self._estimate(box))
        if self._misses(box):
            yield from lifted(box, self._case, self._misses, MOST_BOXES)

    def disappointed(self, box: Box) -> bool:
        """Learn that a fleet misses the target; return whether it is guessed to from now on."""
        if self._share is not None and any(box.modules):
            limit = self._proof.limit_of(box)
            self._share = min(self._share, self._share_of(box, limit))
        return self._misses(box)

    def _share_of(self, box: Box, loss: float) -> float:
        """Return the largest share at which a fleet loses more than this; 0 if there is none."""
        most = max(box.modules)
        low, high = -1, most + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._loss(box, middle / most) > loss else (low, middle)
        return max(low, 0) / most

    def _misses(self, box: Box) -> bool:
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
