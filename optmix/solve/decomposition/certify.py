"""From where a solve stands to what it proposes: the plan, and the certificate of its gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.schema.result import Certificate
from optmix.solve.highs_model import new_highs
from optmix.solve.outcome import Status
from optmix.solve.proposal import Proposal
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from optmix.solve.decomposition.standing import Standing
    from optmix.solve.request import Request

__all__ = ["make_proposal", "solver_name"]

RELAXED = (
    "master with integer sizes over cuts of all windows; each cut is computed from the duals of a "
    "window's relaxed operation with every variable at its better bound"
)
LIFTED = "; fleets near the best one lifted by windows solved with whole units"


def make_proposal(
    standing: Standing, reason: str, n_windows: int, workers: int, n_cuts: int
) -> Proposal:
    """Return the best plan, if there is one, with the certificate of its gap."""
    has_plan = standing.plan is not None
    status = Status.NO_PLAN
    if has_plan:
        status = Status.OPTIMAL if standing.is_proven else Status.FEASIBLE
    bound_usd = _usd(standing.bound)
    return Proposal(
        status=status,
        reason=reason,
        solver=solver_name(standing.request),
        plan=standing.plan,
        objective_usd=_usd(standing.cost),
        bound_usd=bound_usd,
        certificate=Certificate(
            how=RELAXED + LIFTED if standing.bound > standing.relaxed_bound else RELAXED,
            bound_usd=bound_usd,
            objective_usd=_usd(standing.cost),
            gap=standing.gap if has_plan and bound_usd is not None else None,
            relaxed_bound_usd=_usd(standing.relaxed_bound),
            rounds=standing.rounds,
            windows=n_windows,
            cuts=n_cuts,
            fleets=standing.fleets,
            workers=workers,
            seconds=dict(standing.seconds),
        ),
    )


def solver_name(request: Request) -> str:
    """Return solver, profile and version."""
    return f"{request.profile.spec} (HiGHS {new_highs().version()})"


def _usd(kusd: float) -> float | None:
    return kusd * USD_PER_KUSD if abs(kusd) < float("inf") else None
