"""The master: sizes and everything else that links windows, with the cuts learnt so far."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from optmix.errors import InfeasibleError, SolverError
from optmix.model.concept import Window
from optmix.rules.assemble import build_site_model
from optmix.solve.decomposition.conditions import KINDS, Conditions
from optmix.solve.decomposition.linking import BUDGETS, Key, common_columns
from optmix.solve.decomposition.workers import StoppedError
from optmix.solve.handoff import hand_off
from optmix.solve.highs_model import new_highs, to_highs
from optmix.solve.target_rows import TargetRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal
    from optmix.solve.decomposition.cuts import Cut
    from optmix.solve.handoff import Handoff

__all__ = ["Master", "Point"]

MARGIN = 1e-6
"""Share of a bound that is given away: the feasibility tolerance of the solver of the master."""

ENDED_WELL = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)

MOST_GUESSES = 30
"""So many planes lead from one point to fleets that may meet a target."""

INFEASIBLE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True, eq=False)
class Point:
    """Values of all linking quantities, and what they cost without operation.

    Attributes
    ----------
    values
        One a linking quantity, in the order of ``Master.keys``; NaN leaves it to the windows.
    cost
        Thousand USD.
    """

    values: Floats
    cost: float


class Master:
    """Sizes and linking quantities of a case, and planes that bound the cost of each window.

    Parameters
    ----------
    case
        The site as numbers.
    windows
        What it is cut into; each has a cost that cuts bound from below.
    seconds_left
        Asked before each run of the solver; when they are over, :class:`StoppedError` is raised.

    Attributes
    ----------
    conditions
        What a target asks of sizes.
    refuse, guess
        Asked about points with whole sizes: for fleets that are proven to miss a target, and for a
        plane that fleets are guessed to lie above.
    is_proving
        Whether proofs are sought, as :meth:`solve` says.
    hope
        Bound that the latest point goes with: with guesses, higher than what is proven.

    Raises
    ------
    InfeasibleError
        The numbers alone rule out every choice of sizes.
    """

    def __init__(
        self, case: Case, windows: list[Window], seconds_left: Callable[[], float] = lambda: np.inf
    ) -> None:
        self._seconds_left = seconds_left
        handoff = hand_off(build_site_model(case, Window.design(case.axis)))
        program = handoff.program
        self._highs = new_highs()
        self._highs.passModel(to_highs(program.relaxed()))
        self._offset = program.offset
        self._n_design = program.n_columns
        self.rule_fleet: dict[Any, tuple[str, float]] = handoff.model.rule_fleet
        columns = common_columns(handoff) | self._add_allotments(handoff, windows)
        self.keys: list[Key] = list(columns)
        self.place = {key: place for place, key in enumerate(self.keys)}
        self._columns = np.array(list(columns.values()), dtype=np.int32)
        self._cost = np.append(program.cost, np.zeros(self._n_columns - self._n_design))
        self._cost = self._cost[self._columns]
        self._lower, self.upper = self._bounds()
        self.is_linked = np.array([key[0] not in BUDGETS for key in self.keys])
        self._first_theta = self._n_columns
        self.n_windows = len(windows)
        self.n_cuts = 0
        for _ in windows:
            self._add_column(1.0, -highspy.kHighsInf, highspy.kHighsInf)
        self.conditions = Conditions(self._highs, self._column_of, TargetRows(case))
        self.refuse: Callable[[Floats], list[Refusal]] = lambda _: []
        self.guess: Callable[[Floats], Plane | None] = lambda _: None
        self.is_proving = False
        self.hope = -np.inf

    @property
    def _n_columns(self) -> int:
        return int(self._highs.getNumCol())

    def _column_of(self, key: Key) -> int:
        return int(self._columns[self.place[key]])

    def _add_column(self, cost: float, lower: float, upper: float) -> int:
        """Add a column that is in no row yet, and return its number."""
        none = np.array([], dtype=np.int32)
        self._highs.addCol(cost, lower, upper, 0, none, none.astype(float))
        return self._n_columns - 1

    def _add_allotments(self, handoff: Handoff, windows: list[Window]) -> dict[Key, int]:
        """Split each annual budget into a part for each window of its year."""
        columns: dict[Key, int] = {}
        for name in BUDGETS:
            for index, variable in handoff.model.component(name).items():
                total = handoff.find(variable)
                users = [k for k, w in enumerate(windows) if w.years[0] == index[1]]
                parts = []
                for number in users:
                    parts.append(self._add_column(0.0, 0.0, variable.ub))
                    columns[name, (index, number)] = parts[-1]
                row = np.array([*parts, *([total] if total >= 0 else [])], dtype=np.int32)
                value = np.array([*([1.0] * len(parts)), *([-1.0] if total >= 0 else [])])
                most = 0.0 if total >= 0 else variable.ub
                self._highs.addRow(-highspy.kHighsInf, most, len(row), row, value)
        return columns

    def _bounds(self) -> tuple[Floats, Floats]:
        lp = self._highs.getLp()
        return (
            np.array(lp.col_lower_)[self._columns].copy(),
            np.array(lp.col_upper_)[self._columns].copy(),
        )

    def named(self, *names: str) -> NDArray[np.bool_]:
        """Return which linking quantities belong to the variables named."""
        return np.array([key[0] in names for key in self.keys], dtype=np.bool_)

    def set_weights(self, weights: Floats) -> None:
        """Set how much the cost of each window counts."""
        columns = np.arange(self.n_windows, dtype=np.int32) + np.int32(self._first_theta)
        self._highs.changeColsCost(len(columns), columns, np.asarray(weights, dtype=float))

    def set_integer(self, *names: str) -> None:
        """Let the named linking quantities be integer, and no others."""
        for column, is_integer in zip(self._columns, self.named(*names), strict=True):
            self._highs.changeColIntegrality(int(column), KINDS[int(is_integer)])
        self.conditions.set_integer(is_whole="n_units" in names)

    def hold(self, values: Floats, is_held: NDArray[np.bool_]) -> None:
        """Hold some linking quantities at values, and release all others."""
        self.hold_between(values, values, is_held)

    def hold_between(self, least: Floats, most: Floats, is_held: NDArray[np.bool_]) -> None:
        """Hold some linking quantities between values, and release all others."""
        lower = np.where(is_held, np.maximum(least, self._lower), self._lower)
        upper = np.where(is_held, np.minimum(most, self.upper), self.upper)
        self._highs.changeColsBounds(len(self._columns), self._columns, lower, upper)

    @contextmanager
    def tied(self, ties: Iterable[tuple[int, int, float]]) -> Iterator[None]:
        """Let a first quantity be at least a multiple of a second, for a while."""
        rows = []
        for place, other, rate in ties:
            rows.append(int(self._highs.getNumRow()))
            columns = self._columns[[place, other]].astype(np.int32)
            self._highs.addRow(0.0, highspy.kHighsInf, 2, columns, np.array([1.0, -rate]))
        try:
            yield
        finally:
            for row in rows:
                self._highs.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)

    def limits(self) -> tuple[Floats, Floats]:
        """Return the least and the most that each linking quantity may be."""
        return self._lower.copy(), self.upper.copy()

    @contextmanager
    def for_a_while(self, cuts: Iterable[tuple[int, Ints, Cut]]) -> Iterator[None]:
        """Add planes that hold only for what is held just now, and forget them again."""
        first, n_cuts = int(self._highs.getNumRow()), self.n_cuts
        self.add_cuts(cuts)
        self.n_cuts = n_cuts
        try:
            yield
        finally:
            for row in range(first, int(self._highs.getNumRow())):
                self._highs.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)

    def release(self) -> None:
        """Hold nothing any more."""
        self._highs.changeColsBounds(len(self._columns), self._columns, self._lower, self.upper)

    def add_cuts(self, cuts: Iterable[tuple[int, Ints, Cut]]) -> None:
        """Add the planes of windows, by their numbers and the places of what they speak of."""
        for number, places, cut in cuts:
            theta = np.array([self._first_theta + number], dtype=np.int32)
            columns = self._columns[places]
            self._add_plane(cut.intercept, columns, cut.slope, theta)
            if cut.need is not None:
                intercept, slope = cut.need
                largest = float(np.max(np.abs(slope), initial=0.0)) or 1.0
                none = np.array([], dtype=np.int32)
                self._add_plane(intercept / largest, columns, slope / largest, none)

    def _add_plane(
        self,
        intercept: float,
        columns: NDArray[np.int32],
        slope: Floats,
        theta: NDArray[np.int32],
    ) -> None:
        """Add ``theta - slope @ columns >= intercept``."""
        used = slope != 0
        index = np.concatenate([columns[used], theta]).astype(np.int32)
        value = np.concatenate([-slope[used], np.ones(len(theta))])
        added = self._highs.addRow(intercept, highspy.kHighsInf, len(index), index, value)
        if added == highspy.HighsStatus.kError:
            raise SolverError(
                "HiGHS refuses a cut of a window; the costs of the site are too far apart"
            )
        self.n_cuts += 1

    def solve(self, gap: float) -> tuple[float, Point]:
        """Return a lower bound and the best point, in thousand USD.

        With whole sizes, fleets that miss a target are left out as they turn up: from the point
        those that are guessed to miss it, from the bound those that are proven to. Only while
        proving are proofs sought, and guesses left aside.

        Raises
        ------
        InfeasibleError
            No sizes satisfy what is known of the windows.
        SolverError
            The master could not be solved.
        """
        self._highs.setOptionValue("mip_rel_gap", gap)
        bound, point = self._solve_once()
        if not self.conditions.is_whole:
            return bound, point
        if self.is_proving:
            while found := self.refuse(point.values):
                self.conditions.add_refusals(found)
                bound, point = self._solve_once()
            return bound, point
        # That no fleet is left beside those guessed to miss the target proves nothing.
        with suppress(InfeasibleError), self.conditions.with_guesses():
            point = self._besides_guesses(point)
        return bound, point

    def refuse_next(self, gap: float) -> tuple[float, bool]:
        """Return a lower bound with whole sizes, and whether its fleet was refused.

        Guesses are left aside.
        """
        self._highs.setOptionValue("mip_rel_gap", gap)
        bound, point = self._solve_once()
        found = self.refuse(point.values)
        self.conditions.add_refusals(found)
        return bound, bool(found)

    def _besides_guesses(self, point: Point) -> Point:
        if self.conditions.guesses:
            _, point = self._solve_once()
        for _ in range(MOST_GUESSES):
            plane = self.guess(point.values)
            if plane is None:
                break
            self.conditions.add_guess(plane)
            _, point = self._solve_once()
        return point

    def _solve_once(self) -> tuple[float, Point]:
        status = self._run()
        # Perhaps a basis that leads nowhere, or a point that misses a row once presolve is undone.
        for presolve in ("choose", "off"):
            if status in ENDED_WELL or (presolve == "off" and status in INFEASIBLE):
                break
            self._highs.clearSolver()
            self._highs.setOptionValue("presolve", presolve)
            status = self._run()
        self._highs.setOptionValue("presolve", "choose")
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise StoppedError
        if status in INFEASIBLE:
            raise InfeasibleError("no sizes on offer can serve every step of every window")
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"the master problem ended with {status}")
        info = self._highs.getInfo()
        is_mip = any(
            kind != highspy.HighsVarType.kContinuous for kind in self._highs.getLp().integrality_
        )
        bound = float(info.mip_dual_bound if is_mip else info.objective_function_value)
        x = np.asarray(self._highs.getSolution().col_value)
        self.hope = bound - MARGIN * max(1.0, abs(bound))
        return self.hope, self._point(x[self._columns])

    def _run(self) -> highspy.HighsModelStatus:
        # The clock of HiGHS goes on from one run to the next.
        limit = self._highs.getRunTime() + self._seconds_left()
        self._highs.setOptionValue("time_limit", limit)
        self._highs.run()
        return self._highs.getModelStatus()

    def priced(self, values: Mapping[Key, float]) -> Point:
        """Return the point of given values, 0 where none is given."""
        x = np.zeros(len(self.keys))
        for key, value in values.items():
            x[self.place[key]] = value
        return self._point(x)

    def at(self, values: Floats) -> Point:
        """Return the point of given values."""
        return Point(values, float(self._cost @ np.nan_to_num(values)) + self._offset)

    def rounded(self, values: Floats, is_whole: NDArray[np.bool_]) -> Point:
        """Return the point with some quantities rounded, and no type present without units.

        Presence without units is often free for the master, but windows may ask for it.
        """
        whole = np.where(is_whole, np.round(values), values)
        for name, unit in self.keys:
            if name == "is_present" and ("n_units", unit) in self.place:
                place = self.place[name, unit]
                is_built = whole[self.place["n_units", unit]] > 0
                whole[place] = min(whole[place], is_built) if is_whole[place] else whole[place]
        return self.at(whole)

    def _point(self, x: Floats) -> Point:
        return self.at(np.where(self.is_linked, x, np.nan))

    def between(self, a: Point, b: Point, share: float) -> Point:
        """Return the point that lies a share of the way from one to the other."""
        values = a.values + share * (b.values - a.values)
        return Point(values, a.cost + share * (b.cost - a.cost))
