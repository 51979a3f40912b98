"""Solve a case by decomposition: a bound from the master, a plan from integer windows."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from optmix.errors import InfeasibleError, NoPlanError, SolverError
from optmix.solve.decomposition.certify import make_proposal, solver_name
from optmix.solve.decomposition.standing import Standing
from optmix.solve.decomposition.steps import Steps
from optmix.solve.decomposition.windows import WINDOW_DAYS, cut_windows
from optmix.solve.decomposition.workers import StoppedError, Workers, usable_cores
from optmix.solve.method import is_long
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.outcome import Status, relative_gap
from optmix.solve.proposal import Proposal

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.request import Request

__all__ = ["solve_decomposed"]


def solve_decomposed(case: Case, request: Request, *, window_days: int = WINDOW_DAYS) -> Proposal:
    """Solve a case window by window, with a certified bound.

    Parameters
    ----------
    case
        The site as numbers.
    request
        What is asked for, who listens and who may stop it.
    window_days
        Length of the windows aimed at.

    Returns
    -------
    Proposal
        Its plan, if there is one, has passed the verifier. A short horizon whose windows do not
        reach the gap is solved in one piece, too.

    Raises
    ------
    SolverError
        HiGHS failed, or the workers keep dying, before there was a plan.
    """
    standing = Standing(request)
    windows = cut_windows(case, window_days)
    lanes = min(request.workers or usable_cores(), len(windows))
    steps: Steps | None = None
    is_left_open = False
    try:
        with (
            request.phase("solve", f"{len(windows)} windows"),
            Workers(lanes, lambda: _must_stop(request), request.make_executor) as workers,
        ):
            steps = Steps.begin(case, windows, workers, standing)
            steps.run()
        reason = "proven within the gap" if standing.is_proven else "no better plan found"
        is_left_open = not standing.is_proven and not is_long(case.axis)
    except StoppedError:
        reason = "interrupted" if request.interrupt.is_set() else "time limit reached"
    except NoPlanError as stopped:
        reason = str(stopped)
    except InfeasibleError as proof:
        if standing.plan is None:
            return Proposal(Status.INFEASIBLE, str(proof), solver_name(request))
        reason = "no better plan found"
    except SolverError as failure:
        if standing.plan is None:
            raise
        reason = str(failure)
    n_cuts = steps.master.n_cuts if steps else 0
    told = make_proposal(standing, reason, len(windows), lanes, n_cuts)
    return _in_one_piece(case, request, told) if is_left_open else told


def _in_one_piece(case: Case, request: Request, told: Proposal) -> Proposal:
    """Solve a case whose windows left a gap, and keep the better plan and the better bound."""
    found = replace(solve_monolithic(case, request), method="monolithic")
    bound_usd = max((b for b in (found.bound_usd, told.bound_usd) if b is not None), default=None)
    found = replace(found, bound_usd=bound_usd)
    if told.plan is None or told.objective_usd is None:
        return found
    cost_usd, plan = told.objective_usd, told.plan
    if found.plan is not None and found.objective_usd is not None:
        cost_usd, plan = min((cost_usd, plan), (found.objective_usd, found.plan), key=itemgetter(0))
    is_proven = bound_usd is not None and relative_gap(cost_usd, bound_usd) <= request.gap
    return replace(
        found,
        plan=plan,
        objective_usd=cost_usd,
        status=Status.OPTIMAL if is_proven else Status.FEASIBLE,
        reason="proven within the gap" if is_proven else found.reason,
        is_refuted=False,
    )


def _must_stop(request: Request) -> bool:
    limit = request.time_limit_s
    return request.interrupt.is_set() or (limit is not None and request.elapsed_s >= limit)
