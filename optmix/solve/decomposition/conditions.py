"""What a reliability target asks of sizes, in the master: planes, and fleets that are refused."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import highspy
import numpy as np

from optmix.solve.target_rows import STEP, TargetRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.target_rows import Row

__all__ = ["KINDS", "Conditions"]

KINDS = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)


@dataclass
class Conditions:
    """Rows on sizes that are added to a program in HiGHS as they are learnt.

    Attributes
    ----------
    highs
        The program.
    column_of
        Column of a size.
    rows
        What they say.
    is_whole
        Whether sizes, and so the switches that follow them, are integer at present.
    guesses
        Rows that fleets are only guessed to keep, and their least sums. They hold for a while at a
        time, so that they never enter a bound.
    """

    highs: highspy.Highs
    column_of: Callable[[Key], int]
    rows: TargetRows
    is_whole: bool = False
    guesses: dict[int, float] = field(default_factory=dict)
    _do_guesses_hold: bool = False
    _switches: dict[Key, int] = field(default_factory=dict)

    def add_planes(self, planes: Iterable[Plane]) -> None:
        """Add weighted sums that sizes must reach."""
        for plane in planes:
            self._add(self.rows.plane(plane))

    def add_refusals(self, refusals: Iterable[Refusal]) -> None:
        """Add fleets that miss the target: some size must be larger."""
        for refusal in refusals:
            for row in self.rows.refusal(refusal):
                self._add(row)

    def add_sum(self, weights: Mapping[Key, float]) -> int:
        """Add a weighted sum of sizes, free until it is held, and return its row."""
        columns = np.array([self.column_of(key) for key in weights], dtype=np.int32)
        row = int(self.highs.getNumRow())
        self.highs.addRow(-np.inf, np.inf, len(columns), columns, np.array([*weights.values()]))
        return row

    def hold_sum(self, row: int, least: float, most: float) -> None:
        """Hold a sum between limits, which may be infinite."""
        self.highs.changeRowBounds(row, least, most)

    def price_of_sum(self, row: int) -> float:
        """Return what one more of a sum that is held costs in the relaxed program just solved."""
        return float(self.highs.getSolution().row_dual[row])

    def add_guess(self, plane: Plane) -> None:
        """Add a plane that fleets are only guessed to lie above, to hold where guesses hold."""
        row = self.rows.plane(plane)
        self.guesses[int(self.highs.getNumRow())] = row.least
        self._add(row)
        if not self._do_guesses_hold:
            self._let_guesses(hold=False)

    @contextmanager
    def with_guesses(self) -> Iterator[None]:
        """Let guesses hold for a while."""
        self._let_guesses(hold=True)
        try:
            yield
        finally:
            self._let_guesses(hold=False)

    def _let_guesses(self, *, hold: bool) -> None:
        self._do_guesses_hold = hold
        for row, least in self.guesses.items():
            lower = least if hold else -highspy.kHighsInf
            self.highs.changeRowBounds(row, lower, highspy.kHighsInf)

    def set_integer(self, *, is_whole: bool) -> None:
        """Let switches be integer, or not."""
        self.is_whole = is_whole
        for column in self._switches.values():
            self.highs.changeColIntegrality(column, KINDS[int(is_whole)])

    def _add(self, row: Row) -> None:
        columns = np.array([self._column(key) for key, _ in row.terms], dtype=np.int32)
        weights = np.array([weight for _, weight in row.terms], dtype=float)
        self.highs.addRow(row.least, highspy.kHighsInf, len(columns), columns, weights)

    def _column(self, key: Key) -> int:
        if key[0] != STEP:
            return self.column_of(key)
        if key not in self._switches:
            none = np.array([], dtype=np.int32)
            self._switches[key] = int(self.highs.getNumCol())
            self.highs.addCol(0.0, 0.0, 1.0, 0, none, none.astype(float))
            self.highs.changeColIntegrality(self._switches[key], KINDS[int(self.is_whole)])
        return self._switches[key]
