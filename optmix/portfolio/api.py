"""Solve a portfolio: read it, do what is not done yet, and add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.portfolio import crew as crews
from optmix.portfolio.ledger import locked_out
from optmix.portfolio.parcel import Options, versions
from optmix.portfolio.read import read_portfolio
from optmix.portfolio.records import PortfolioResult
from optmix.portfolio.roll_up import ranked, totals_of, write_roll_up
from optmix.portfolio.run import Session, solve_each
from optmix.portfolio.shared.allot import solve_shared
from optmix.portfolio.shelf import Shelf
from optmix.solve.interrupt import Interrupt

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from optmix.portfolio.crew import Crew
    from optmix.portfolio.progress import PortfolioProgress
    from optmix.portfolio.read import Campuses
    from optmix.schema.portfolio import PortfolioSolve

__all__ = ["solve_portfolio"]


def solve_portfolio(  # noqa: PLR0913 - options by keyword, each with a default
    path: str | Path,
    out: str | Path,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    method: str | None = None,
    solver: str | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    resume: bool = True,
    fail_fast: bool = False,
    on_progress: Callable[[PortfolioProgress], None] | None = None,
    interrupt: Interrupt | None = None,
) -> PortfolioResult:
    """Solve all sites of a portfolio, and write what came of them into a folder.

    Parameters
    ----------
    path
        ``portfolio.toml``, a folder of sites, a table, or ``@portfolio/name``, one that ships with
        optmix.
    out
        Where the results go. What an earlier run has finished there is not done again.
    gap, time_limit_s, method, solver, seed
        How each site is solved, as for :func:`optmix.solve`; over what the portfolio says, which is
        over what the site says.
    workers
        Sites that are solved at once; by default one on each core that this process may use.
    scheduler
        Address of a Dask cluster whose workers are to solve them.
    executor
        Solves them instead: anything with the interface of
        :class:`concurrent.futures.Executor`. Each site still gets a process of its own.
    resume
        Whether results of an earlier run count.
    fail_fast
        Whether the first site that fails ends the run.
    on_progress
        Hears of each site that is done.
    interrupt
        Ends the run from outside; what is finished is kept.

    Returns
    -------
    PortfolioResult
        With a row for each site. Sites that failed are rows, not errors.

    Raises
    ------
    InputError
        The portfolio cannot be read, or OUT cannot be used.
    SolverError
        The cluster has no workers.

    Notes
    -----
    Units: USD per year.

    Examples
    --------
    >>> import optmix as om
    >>> result = om.solve_portfolio("campuses.csv", "out", gap=0.005)  # doctest: +SKIP
    >>> result.totals.n_solved  # doctest: +SKIP
    200
    """
    asked = Options(gap, time_limit_s, method, solver, seed)
    campuses = read_portfolio(path)
    out = Path(out)
    with locked_out(out), _crew(workers, scheduler, executor) as crew:
        session = Session(
            crew=crew,
            shelf=Shelf(out),
            options=_options(campuses.solve, asked),
            interrupt=interrupt or Interrupt(),
            resume=resume,
            fail_fast=fail_fast,
            on_progress=on_progress or _nobody,
        )
        result = _result(campuses, session)
        write_roll_up(out, result)
    return result


def _result(campuses: Campuses, session: Session) -> PortfolioResult:
    allocation = None
    if campuses.shared.is_empty:
        settled = solve_each(campuses.rows, session)
    else:
        settled, allocation = solve_shared(campuses, session)
    outcomes = ranked(settled)
    return PortfolioResult(
        name=campuses.name,
        description=campuses.description,
        is_complete=all(item.status != "not run" for item in outcomes),
        totals=totals_of(outcomes),
        sites=outcomes,
        shared=allocation,
        seconds=session.elapsed_s,
        n_resumed=session.n_resumed,
        versions=versions(),
    )


def _nobody(_: PortfolioProgress) -> None:
    """Hear nothing."""


def _options(written: PortfolioSolve, given: Options) -> Options:
    asked = {name: value for name, value in vars(given).items() if value is not None}
    return replace(Options(**written.model_dump()), **asked)


def _crew(
    workers: int | None, scheduler: str | None, executor: Executor | None
) -> AbstractContextManager[Crew]:
    if executor is not None:
        return crews.given(executor, workers)
    return crews.cluster(scheduler) if scheduler else crews.local(workers)
