"""Solve sites that share nothing: what is done already is found, the rest is worked on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from optmix.errors import InputError
from optmix.portfolio.crew import Job, work
from optmix.portfolio.parcel import key_of, pack
from optmix.portfolio.progress import Count
from optmix.portfolio.records import SiteOutcome, failed_row
from optmix.portfolio.rows import Row, located

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optmix.portfolio.crew import Crew
    from optmix.portfolio.parcel import Options, Parcel
    from optmix.portfolio.progress import PortfolioProgress
    from optmix.portfolio.shelf import Shelf
    from optmix.portfolio.task import Delivery
    from optmix.solve.interrupt import Interrupt

__all__ = ["Session", "solve_each"]


@dataclass
class Session:
    """One run of a portfolio.

    Attributes
    ----------
    crew
        Who works.
    shelf
        Where results are kept.
    options
        How each site is solved.
    interrupt
        Ends the run.
    resume
        Whether results of an earlier run count.
    fail_fast
        Whether the first site that fails ends the run.
    on_progress
        Hears of what is done.
    n_resumed
        Sites whose results an earlier run left.
    """

    crew: Crew
    shelf: Shelf
    options: Options
    interrupt: Interrupt
    resume: bool
    fail_fast: bool
    on_progress: Callable[[PortfolioProgress], None]
    n_resumed: int = 0
    began_s: float = field(default_factory=time.perf_counter)

    @property
    def elapsed_s(self) -> float:
        """Wall time since the run began."""
        return time.perf_counter() - self.began_s


def solve_each(rows: Sequence[Row], session: Session) -> list[SiteOutcome]:
    """Return what became of each row, in their order.

    Raises
    ------
    InputError
        Results cannot be written.
    """
    each = _Each(session, Count(len(rows), session.on_progress))
    return each.outcomes(rows)


@dataclass
class _Each:
    """The rows of one run, and what is known of them."""

    session: Session
    count: Count
    known: dict[str, SiteOutcome] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def outcomes(self, rows: Sequence[Row]) -> list[SiteOutcome]:
        """Deal with each row."""
        todo = [row for row in rows if not self._is_settled(row)]
        self._work_on(todo)
        return [self.known.get(row.name) or _not_run(row) for row in rows]

    def _is_settled(self, row: Row) -> bool:
        """Settle a row that needs no work; say whether that was all."""
        if row.site is None:
            self._settle(failed_row(row))
            return True
        try:
            key = key_of(row.site, self.session.options)
        except InputError as error:  # a series of the site is missing
            self._settle(failed_row(_refused(row, error)))
            return True
        self.keys[row.name] = key
        found = self.session.shelf.find(row, key) if self.session.resume else None
        if found is not None:
            self._settle(found, is_resumed=True)
        return found is not None

    def _work_on(self, rows: Sequence[Row]) -> None:
        by_name = {row.name: row for row in rows}
        jobs = [Job(row.name, partial(_packed, row, self.session.options)) for row in rows]
        if self._must_stop():
            return
        for job, delivery in work(jobs, self.session.crew, self.session.interrupt):
            row = by_name[job.name]
            delivery = _told_of(row, delivery)  # noqa: PLW2901 - the same, better told
            kept = self.session.shelf.keep(row, self.keys[row.name], delivery)
            self._settle(kept, is_worked=True)
            if self._must_stop():
                return

    def _must_stop(self) -> bool:
        return self.session.fail_fast and self.count.n_failed > 0

    def _settle(
        self, outcome: SiteOutcome, *, is_resumed: bool = False, is_worked: bool = False
    ) -> None:
        self.known[outcome.name] = outcome
        self.session.n_resumed += is_resumed
        detail = f"{outcome.name}: {outcome.status}"
        self.count.add(
            is_failed=not outcome.is_solved,
            is_resumed=is_resumed,
            is_worked=is_worked,
            detail=detail,
        )


def _packed(row: Row, options: Options) -> Parcel:
    assert row.site is not None  # noqa: S101 - rows without one are settled
    return pack(row.site, options)


def _refused(row: Row, error: InputError) -> Row:
    for problem in error.problems:
        row = row.refused(located(problem, row.where))
    return row


def _told_of(row: Row, delivery: Delivery) -> Delivery:
    """Say of each problem in which row it stands."""
    problems = tuple(located(problem, row.where) for problem in delivery.problems)
    return replace(delivery, problems=problems)


def _not_run(row: Row) -> SiteOutcome:
    return failed_row(row, exit_code=0).model_copy(update={"status": "not run"})
