"""Solve a site: from what the user wrote to a verified answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from optmix.errors import InputError, OptmixError, Problem, SolverError, VerificationError
from optmix.rules.in_force import ready_case
from optmix.schema.result import ReliabilitySummary
from optmix.solve.answer import make_result
from optmix.solve.interrupt import Interrupt
from optmix.solve.method import choose_method
from optmix.solve.monolithic import compile_case, solve_monolithic
from optmix.solve.outcome import Status
from optmix.solve.profiles import DEFAULT_SOLVER
from optmix.solve.progress import NullSink
from optmix.solve.reliability_of_plan import reliability_of_plan
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.solve.start_plan import StartPlan
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from optmix.data.case import Case
    from optmix.schema.result import Finding, Result
    from optmix.schema.site import Site
    from optmix.solve.method import Method
    from optmix.solve.progress import Sink
    from optmix.solve.proposal import Proposal
    from optmix.verify.check import Verification

__all__ = ["solve", "write_model"]

T = TypeVar("T")

SHOWN_FINDINGS = 5
"""How many findings an error message spells out; the rest is counted."""

COST_TOLERANCE = 1e-6
"""Share of the cost by which two counts of it may differ: the feasibility tolerance of solvers."""


def solve(  # noqa: PLR0913 - options by keyword, each with a default
    site: Site,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    method: str | None = None,
    solver: str | None = None,
    seed: int | None = None,
    threads: int | None = None,
    workers: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    start: Result | None = None,
    sink: Sink | None = None,
    interrupt: Interrupt | None = None,
) -> Result:
    """Find the least-cost mix of a site, verify it, and say how far it is from the best.

    What is not given here is taken from the table ``[solve]`` of the site.

    Parameters
    ----------
    site
        A site as :func:`optmix.load_site` returns it.
    gap
        Relative optimality gap to stop at, for example 0.001.
    time_limit_s
        Wall time after which the best plan so far is returned.
    method
        ``monolithic``, one model of all hours; ``decomposition``, which cuts time into windows
        and needs HiGHS; or ``auto``, the latter with HiGHS, but for sites of a few days or
        of a single type of unit.
    solver
        Solver and profile, for example ``highs:fast``.
    seed, threads
        Passed to the solver.
    workers
        Processes that the decomposition uses; by default one on each core that this process may
        use. The answer is the same for any number.
    executor
        Runs the windows of the decomposition in place of processes on this machine: anything with
        the interface of :class:`concurrent.futures.Executor`, or a function that makes one for each
        worker. One for each is better, for a window then stays where it is in memory.
    start
        An earlier result with the same steps and choice of units, such as that of the site with
        another limit. The search begins at its plan, which is an answer already where it holds.
    sink
        Hears of progress.
    interrupt
        Ends the search from outside and keeps the best plan.

    Returns
    -------
    Result
        ``status``, ``objective_usd``, ``bound_usd``, ``gap`` and ``seconds`` can always be read;
        a site that has no plan is a status, not an error.

    Raises
    ------
    InputError
        The site or an option cannot be used.
    SolverError
        The solver is missing, banned, or failed.
    VerificationError
        The plan breaks a constraint, or is not what the solver says of it; this is a defect of
        optmix or of the solver.

    Notes
    -----
    Units: USD per year.

    Examples
    --------
    >>> import optmix as om
    >>> result = om.solve(om.load_site("@tutorial/one-engine"))
    >>> result.status
    'optimal'
    """
    profile = ready_profile(solver or site.solve.solver)
    request = Request(
        profile=profile,
        gap=_given(gap, _given(site.solve.gap, profile.gap)),
        time_limit_s=_given(time_limit_s, site.solve.time_limit_s),
        seed=_given(seed, int(site.solve.seed)),
        threads=_given(threads, site.solve.threads),
        workers=_workers(_given(workers, site.solve.workers)),
        make_executor=_maker(executor),
        sink=sink or NullSink(),
        interrupt=interrupt or Interrupt(),
    )
    with request.phase("load", must_run=True):
        case = ready_case(site)
        request.start = StartPlan.of(case, start)
    asked = method or site.solve.method
    where = "--method" if method else site.origin.where("solve", "method")
    chosen = choose_method(asked, case, profile, where=where)
    proposal = _proposal(chosen, case, request)
    if proposal.is_refuted:
        raise VerificationError(f"{proposal.solver}: {proposal.reason}")
    if proposal.status is Status.ERROR:
        raise SolverError(f"{proposal.solver}: {proposal.reason}")
    if proposal.status is Status.UNBOUNDED:
        raise OptmixError(f"{proposal.solver}: the cost has no lower limit: {proposal.reason}")
    verification, reliability = None, ReliabilitySummary()
    if proposal.plan is not None:
        with request.phase("verify", must_run=True):
            verification = verify_plan(case, proposal.plan)
        _insist(proposal, verification)
        with request.phase("reliability", must_run=True):
            reliability = reliability_of_plan(case, proposal.plan, request.seed)
    method_used = proposal.method or chosen
    return make_result(site, case, proposal, verification, reliability, request, method_used)


def write_model(site: Site, path: Path) -> None:
    """Write the monolithic model of a site to an ``.mps`` or ``.lp`` file.

    Raises
    ------
    InputError
        The site cannot be used.
    SolverError
        The file cannot be written.
    """
    request = Request(profile=ready_profile(DEFAULT_SOLVER), gap=0.0)
    compile_case(ready_case(site), request).write(path)


def _given(value: T | None, default: T) -> T:
    """Return what the caller gave, or the default."""
    return default if value is None else value


def _workers(asked: object) -> int | None:
    """Return the number of workers, if that many can work."""
    if asked is None:
        return None
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 1:
        what = f"{asked!r} processes cannot work"
        raise InputError(Problem(what=what, where="--workers", allowed="a whole number, 1 or more"))
    return asked


def _maker(executor: Any) -> Callable[[], Executor] | None:
    """Return what makes the executor of each worker; one that was given serves all of them."""
    if executor is None:
        return None
    if hasattr(executor, "submit") and not isinstance(executor, type):
        from optmix.solve.decomposition.shared_executor import SharedExecutor

        return partial(SharedExecutor, executor)
    if not callable(executor):
        what = f"{executor!r} runs nothing"
        allowed = "a concurrent.futures.Executor, or a function that makes one"
        raise InputError(Problem(what=what, where="executor", allowed=allowed))
    make: Callable[[], Executor] = executor
    return make


def _proposal(method: Method, case: Case, request: Request) -> Proposal:
    """Solve by a method."""
    if method == "monolithic":
        return solve_monolithic(case, request)
    from optmix.solve.decomposition.control import solve_decomposed

    return solve_decomposed(case, request)


def _insist(proposal: Proposal, verification: Verification) -> None:
    """Refuse a plan that breaks a constraint, or whose cost is not what the solver counted.

    The verified cost may lie below the solver's: a plan that is not proven optimal may count the
    fixed cost of a type of which it builds nothing.
    """
    if verification.findings:
        raise VerificationError(_refusal(proposal, verification.findings))
    cost = verification.objective_usd
    slack = COST_TOLERANCE * max(1.0, abs(cost))
    claims = {"cost": proposal.objective_usd, "lower bound": proposal.bound_usd}
    if proposal.objective_usd is not None and cost > proposal.objective_usd + slack:
        raise VerificationError(_disagreement(proposal, claims, cost))
    if proposal.bound_usd is not None and proposal.bound_usd > cost + slack:
        raise VerificationError(_disagreement(proposal, claims, cost))


def _disagreement(proposal: Proposal, claims: dict[str, float | None], cost: float) -> str:
    told = ", ".join(
        f"a {name} of {usd:,.2f} USD" for name, usd in claims.items() if usd is not None
    )
    return f"{proposal.solver} tells {told}, but its plan costs {cost:,.2f} USD"


def _refusal(proposal: Proposal, findings: tuple[Finding, ...]) -> str:
    shown = [
        f"{finding.equation} {finding.subject}: {finding.what} "
        f"(by {finding.excess:.4g} {finding.unit}, {finding.n_steps} steps)"
        for finding in findings[:SHOWN_FINDINGS]
    ]
    more = len(findings) - len(shown)
    if more:
        shown.append(f"and {more} more")
    return f"the plan of {proposal.solver} does not hold:\n  " + "\n  ".join(shown)
