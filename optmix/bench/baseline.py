"""Compare a race with an earlier one, and tell a regression from noise."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from optmix.bench.statistics import time_s

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.bench.row import Row

__all__ = ["Comparison", "compare", "p_slower"]

RATIO: Final = 1.2
"""A contestant is slower if its times grew by this factor on geometric average, and surely so."""

SIGNIFICANCE: Final = 0.05
SHIFT_S: Final = 1.0
"""Added to every time, so that the start of a solver does not decide."""

LEAST_PAIRS: Final = 5
"""With fewer pairs no outcome is rarer than ``SIGNIFICANCE``."""

EXACT_UP_TO: Final = 14
N_RANDOM: Final = 20_000

Verdict = Literal["slower", "faster", "same", "too few runs"]


@dataclass(frozen=True)
class Comparison:
    """One contestant now and before.

    Attributes
    ----------
    contestant
        Solver, profile and method.
    n_pairs
        Runs of the same task in both races, solved in at least one.
    ratio
        Geometric mean of the times now over those before; none without pairs.
    p_value
        Chance of so large a ratio, or one so small where it is below 1, if nothing changed.
    lost
        Instances solved before in half of the limit, and not now.
    verdict
        What that amounts to.
    """

    contestant: str
    n_pairs: int
    ratio: float | None
    p_value: float | None
    lost: tuple[str, ...]
    verdict: Verdict

    @property
    def is_regression(self) -> bool:
        """Whether it is slower beyond noise, or lost an instance that it solved with ease."""
        return self.verdict == "slower" or bool(self.lost)


def compare(now: Iterable[Row], before: Iterable[Row]) -> list[Comparison]:
    """Return for each contestant of both races how its times changed.

    Parameters
    ----------
    now, before
        Rows of this race and of the baseline. Only tasks of both count.
    """
    old = {(row.contestant, row.task): row for row in before if row.status not in _UNRUN}
    pairs: dict[str, list[tuple[Row, Row]]] = {}
    for row in now:
        twin = old.get((row.contestant, row.task))
        if twin is not None and row.status not in _UNRUN:
            pairs.setdefault(row.contestant, []).append((row, twin))
    return [_comparison(name, found) for name, found in pairs.items()]


_UNRUN: Final = frozenset({"missing", "refused"})


def _comparison(contestant: str, pairs: Sequence[tuple[Row, Row]]) -> Comparison:
    solved = [(new, old) for new, old in pairs if new.is_solved or old.is_solved]
    logs = np.array(
        [
            math.log((time_s(new, 2.0) + SHIFT_S) / (time_s(old, 2.0) + SHIFT_S))
            for new, old in solved
        ]
    )
    lost = {
        new.instance
        for new, old in solved
        if not new.is_solved and time_s(old) <= old.time_limit_s / 2
    }
    ratio = float(np.exp(logs.mean())) if len(logs) else None
    p_value = p_slower(np.sign(logs.sum()) * logs) if len(logs) else None
    return Comparison(
        contestant=contestant,
        n_pairs=len(solved),
        ratio=ratio,
        p_value=p_value,
        lost=tuple(sorted(lost)),
        verdict=_verdict(len(solved), ratio, p_value),
    )


def _verdict(n_pairs: int, ratio: float | None, p_value: float | None) -> Verdict:
    if ratio is None or p_value is None or 1 / RATIO < ratio < RATIO:
        return "same"
    if n_pairs < LEAST_PAIRS:
        return "too few runs"
    if p_value > SIGNIFICANCE:
        return "same"
    return "slower" if ratio > 1 else "faster"


def p_slower(logs: Sequence[float] | np.ndarray) -> float:
    """Return how likely so large a mean is if every sign were the toss of a coin.

    A permutation test of paired logarithms of times: it assumes nothing of their distribution.
    Exact for few pairs, else from random tosses that are the same in every run.

    Examples
    --------
    >>> p_slower([0.5, 0.6, 0.4, 0.7, 0.5])
    0.03125
    >>> p_slower([0.5, -0.5])
    0.75
    """
    values = np.asarray(logs, dtype=np.float64)
    n = len(values)
    if n <= EXACT_UP_TO:
        signs = np.array(list(itertools.product((1.0, -1.0), repeat=n)))
    else:
        signs = np.random.default_rng(0).choice((1.0, -1.0), size=(N_RANDOM, n))
        signs[0] = 1.0
    sums = signs @ values
    return float(np.mean(sums >= values.sum() - 1e-12 * np.abs(values).sum()))
