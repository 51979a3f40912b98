"""The monolithic method: one model of all steps, handed to one solver."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from optmix.errors import InfeasibleError, NoPlanError
from optmix.rules.assemble import build_site_model
from optmix.solve.extract import extract_plan
from optmix.solve.handoff import hand_off
from optmix.solve.layout import Layout
from optmix.solve.outcome import Status
from optmix.solve.progress import Progress
from optmix.solve.proposal import Proposal
from optmix.solve.run import run_profile
from optmix.solve.target_check import TargetCheck
from optmix.solve.to_target import solve_to_target
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.solve.handoff import Handoff
    from optmix.solve.highs_run import SolverEvent
    from optmix.solve.outcome import Outcome
    from optmix.solve.request import Request
    from optmix.solve.to_target import Conditions

__all__ = ["compile_case", "solve_monolithic"]


def compile_case(case: Case, request: Request, conditions: Conditions | None = None) -> Handoff:
    """Build the model of all steps and hand it off to arrays.

    Raises
    ------
    InfeasibleError
        The numbers alone rule out every plan.
    NoPlanError
        The search is to stop first.
    """
    with request.phase("build"):
        model = build_site_model(case)
        if conditions is not None:
            conditions.add_to(model, case)
    with request.phase("handoff"):
        return hand_off(model)


def solve_monolithic(case: Case, request: Request) -> Proposal:
    """Solve a case in one piece.

    Parameters
    ----------
    case
        The site as numbers.
    request
        What is asked for.
    """
    spec = request.profile.spec
    try:
        if case.failures.target is None:
            return _solved(case, request, None)
        with request.phase("target"):
            check = TargetCheck.of(case, case.failures.target)
        return solve_to_target(case, check, partial(_solved, case, request))
    except InfeasibleError as reason:
        return Proposal(status=Status.INFEASIBLE, reason=str(reason), solver=spec)
    except NoPlanError as reason:
        return Proposal(status=Status.NO_PLAN, reason=str(reason), solver=spec)


def _solved(case: Case, request: Request, conditions: Conditions | None) -> Proposal:
    handoff = compile_case(case, request, conditions)
    layout = Layout.of(handoff)
    start = None
    if request.start is not None:
        start = request.start.values(case, layout, handoff.program.n_columns)
    outcome = _outcome(handoff, request, start)
    plan = None
    if outcome.has_plan and outcome.values is not None:
        plan = extract_plan(case, layout, outcome.values)
    return Proposal(
        status=outcome.status,
        reason=outcome.reason,
        solver=f"{request.profile.spec} ({outcome.solver} {outcome.version})",
        plan=plan,
        objective_usd=_usd(outcome.objective),
        bound_usd=_usd(outcome.bound),
        is_refuted=outcome.is_refuted,
    )


def _outcome(handoff: Handoff, request: Request, start: Floats | None) -> Outcome:
    """Run the solver."""

    def listen(event: SolverEvent) -> None:
        request.sink(_in_usd(event, request))

    with request.phase("solve", f"{handoff.program.n_rows} rows"):
        return run_profile(
            request.profile,
            handoff,
            request.limits(),
            is_first_stage=_sizes(handoff),
            start=start,
            on_event=listen,
            interrupt=request.interrupt,
        )


def _sizes(handoff: Handoff) -> NDArray[np.bool_]:
    """Return which columns are sizes, which fix the fleet that the rest operates."""
    model = handoff.model
    return handoff.mask(model.n_units, model.is_present, model.n_modules, model.has_tie)


def _usd(kusd: float | None) -> float | None:
    return None if kusd is None else kusd * USD_PER_KUSD


def _in_usd(event: SolverEvent, request: Request) -> Progress:
    return Progress(
        phase="solve",
        elapsed_s=request.elapsed_s,
        bound_usd=_usd(event.bound),
        incumbent_usd=_usd(event.incumbent),
        gap=event.gap,
    )
