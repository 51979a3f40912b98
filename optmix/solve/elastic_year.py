"""Least gives of a long horizon: sizes and budgets in a master, what is missing in its windows.

The program of `optmix.solve.elastic`, cut as the decomposition cuts a year, and without any cost.
What gives way is a linking quantity like the sizes: the master chooses as little of it as it can,
and each window in which something is missing answers with a plane that sizes, budgets and gives
must keep. Planes hold for every choice, so what one limit taught serves all others.

Operation is relaxed, so what is enough here may be too little; it is never too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import highspy
import numpy as np

from optmix.model.concept import Window
from optmix.solve.decomposition.linking import BUDGETS, SIZES, Key, common_columns
from optmix.solve.decomposition.windows import WINDOW_DAYS, cut_windows
from optmix.solve.elastic import GAP, LESS_THAN_ONE, Least, compile_gives
from optmix.solve.elastic_window import GIVE, make_part
from optmix.solve.highs_model import new_highs, to_highs
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.solve.elastic import Give
    from optmix.solve.elastic_window import Part
    from optmix.solve.handoff import Handoff

__all__ = ["YearGives"]

MOST_MISSED: Final = 1e-3
"""Less than this, in the units of the rows, is the rounding of the solver."""

ENOUGH_PLANES: Final = 8
"""So many windows with something missing are enough for one round."""

ROUNDS: Final = 200

MASTER_S: Final = 60.0
"""Time for each solve of the master, which takes parts of a second."""

INFEASIBLE: Final = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)

INTEGER, CONTINUOUS = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous


class YearGives:
    """Limits of a long horizon that may give way.

    Parameters
    ----------
    case
        The site with those limits loose.
    gives
        The limits, as for `optmix.solve.elastic.least_gives`.
    window_days
        Length of the windows aimed at.

    Raises
    ------
    InfeasibleError
        The numbers alone rule out every choice of sizes.
    """

    def __init__(
        self, case: Case, gives: Sequence[Give], *, window_days: int = WINDOW_DAYS
    ) -> None:
        self._case, self._gives = case, tuple(gives)
        self._windows = cut_windows(case, window_days)
        self._parts: dict[int, Part] = {}
        peaks = [float(case.demand_mw[w.first : w.stop].max()) for w in self._windows]
        self._order = sorted(range(len(peaks)), key=lambda number: -peaks[number])
        self._master = _Master(case, self._gives, self._windows)

    @property
    def names(self) -> set[str]:
        """Names of the gives."""
        return {give.name for give in self._gives}

    def least(self, names: Collection[str], go_on: Callable[[str], None]) -> Least:
        """Return how little some of the limits must give way, all others holding.

        Parameters
        ----------
        names
            Names of the gives. What counts is their weighted sum.
        go_on
            Told what is done before each round; it may raise to end the work.
        """
        self._master.free(names)
        values = self._master.solve()
        for _ in range(ROUNDS):
            if values is None:
                return Least(self._master.status, {})
            if not self._add_planes(values, go_on):
                break
            values = self._master.solve()
        if values is None:
            return Least(self._master.status, {})
        return Least(Status.FEASIBLE, self._master.amounts(values))

    def _add_planes(self, values: Floats, go_on: Callable[[str], None]) -> bool:
        """Ask the windows, those in which something was missing last first, for planes."""
        short: list[int] = []
        for number in self._order:
            if len(short) >= ENOUGH_PLANES:
                break
            go_on(f"window {number}")
            part = self._part(number)
            cut = part.cutter.cut(values[part.places])
            if cut.shortfall > MOST_MISSED:
                self._master.add_plane(cut.intercept, part.places, cut.slope)
                short.append(number)
        self._order = short + [number for number in self._order if number not in short]
        return bool(short)

    def _part(self, number: int) -> Part:
        if number not in self._parts:
            window = self._windows[number]
            self._parts[number] = make_part(
                self._case, self._gives, window, number, self._master.place
            )
        return self._parts[number]


class _Master:
    """Sizes, budgets and gives with the planes of windows; the gives are as small as can be.

    ``status`` says how the last solve ended.
    """

    def __init__(self, case: Case, gives: Sequence[Give], windows: list[Window]) -> None:
        handoff, variables = compile_gives(
            case, gives, costs=False, window=Window.design(case.axis)
        )
        self._gives = gives
        self.status = Status.NO_PLAN
        self._highs = new_highs()
        self._highs.setOptionValue("time_limit", MASTER_S)
        self._highs.passModel(to_highs(handoff.program.relaxed()))
        columns = common_columns(handoff)
        columns |= {(GIVE, k): handoff.column(variable) for k, variable in enumerate(variables)}
        columns |= self._split_budgets(handoff, windows)
        self.place = {key: place for place, key in enumerate(columns)}
        self._columns = np.array(list(columns.values()), dtype=np.int32)
        for key, column in columns.items():
            is_whole = key[0] in SIZES or (key[0] == GIVE and gives[key[1]].is_whole)
            self._highs.changeColIntegrality(column, INTEGER if is_whole else CONTINUOUS)

    def _split_budgets(self, handoff: Handoff, windows: list[Window]) -> dict[Key, int]:
        """Give each window of a year a part of each budget of that year."""
        columns: dict[Key, int] = {}
        for name in BUDGETS:
            for index, variable in handoff.model.component(name).items():
                total, parts = handoff.find(variable), []
                for number, window in enumerate(windows):
                    if window.years[0] == index[1]:
                        parts.append(self._add_column(variable.ub))
                        columns[name, (index, number)] = parts[-1]
                taken = [] if total < 0 else [total]
                row = np.array([*parts, *taken], dtype=np.int32)
                weight = np.array([1.0] * len(parts) + [-1.0] * len(taken))
                most = 0.0 if taken else variable.ub
                self._highs.addRow(-highspy.kHighsInf, most, len(row), row, weight)
        return columns

    def _add_column(self, upper: float) -> int:
        none = np.array([], dtype=np.int32)
        self._highs.addCol(0.0, 0.0, upper, 0, none, none.astype(float))
        return int(self._highs.getNumCol()) - 1

    def free(self, names: Collection[str]) -> None:
        """Let the named gives be anything they may, and hold all others at zero."""
        free = [give for give in self._gives if give.name in names]
        for k, give in enumerate(self._gives):
            column = int(self._columns[self.place[GIVE, k]])
            self._highs.changeColBounds(column, 0.0, give.most if give in free else 0.0)
        is_count = len(free) == 1 and free[0].is_whole
        self._highs.setOptionValue("mip_rel_gap", 0.0 if is_count else GAP)
        gap = LESS_THAN_ONE * free[0].weight if is_count else 1e-9
        self._highs.setOptionValue("mip_abs_gap", gap)

    def solve(self) -> Floats | None:
        """Return values of the linking quantities; where there are none, the status says why."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + MASTER_S)
        self._highs.run()
        found = self._highs.getModelStatus()
        if found != highspy.HighsModelStatus.kOptimal:
            self.status = Status.INFEASIBLE if found in INFEASIBLE else Status.NO_PLAN
            return None
        self.status = Status.FEASIBLE
        x = np.asarray(self._highs.getSolution().col_value)
        return np.asarray(x[self._columns], dtype=np.float64)

    def amounts(self, values: Floats) -> dict[str, float]:
        """Return by how much each limit gives way."""
        return {
            give.name: max(0.0, float(values[self.place[GIVE, k]]))
            for k, give in enumerate(self._gives)
        }

    def add_plane(self, intercept: float, places: NDArray[np.int64], slope: Floats) -> None:
        """Ask that ``intercept + slope @ linking`` be no more than zero."""
        largest = float(np.abs(slope).max(initial=0.0)) or 1.0
        used = slope != 0
        columns = self._columns[places[used]].astype(np.int32)
        self._highs.addRow(
            intercept / largest,
            highspy.kHighsInf,
            len(columns),
            columns,
            np.asarray(-slope[used] / largest),
        )
