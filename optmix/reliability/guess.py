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

from optmix.reliability.lifting import lifted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optmix.data.case import Case
    from optmix.reliability.lifting import Box
    from optmix.reliability.refusing import Proof

__all__ = ["Guess"]


class Guess:
    """Guesses about the fleets of one site.

    Parameters
    ----------
    case
        The site.
    proof
        Its tables and its target.
    estimate
        Returns the loss of a fleet with storage, in the figure of the target.
    """

    def __init__(self, case: Case, proof: Proof, estimate: Callable[[Box], float]) -> None:
        self._case, self._proof, self._estimate = case, proof, estimate
        self._share: float | None = None

    def refused(self, box: Box) -> Iterator[Box]:
        """Yield boxes of fleets that are guessed to miss the target, if this fleet is."""
        if self._share is None and any(box.modules):
            self._share = self._share_of(box, self._estimate(box))
        if self._misses(box):
            yield from lifted(box, self._case, self._misses)

    def disappointed(self, box: Box) -> bool:
        """Learn that a fleet misses the target; return whether it is guessed to from now on."""
        if self._share is not None and any(box.modules):
            limit = self._proof.limit_of(box)
            self._share = min(self._share, self._share_of(box, limit))
        return self._misses(box)

    def _share_of(self, box: Box, loss: float) -> float:
        """Return the largest share at which a fleet loses more than this; 0 if there is none."""
        most = max(box.modules)
        low, high = -1, most
        if self._loss(box, 1.0) > loss:
            return 1.0
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._loss(box, middle / most) > loss else (low, middle)
        return max(low, 0) / most

    def _misses(self, box: Box) -> bool:
        return self._loss(box, self._share or 0.0) > self._proof.limit_of(box)

    def _loss(self, box: Box, share: float) -> float:
        there = tuple(int(share * modules + 1e-9) for modules in box.modules)
        return self._proof.loss_by_tables(replace(box, modules=there))
