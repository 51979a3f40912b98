"""From a verified plan to the Result that users read."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, get_args

from optmix._version import __version__
from optmix.data.fingerprint import input_sha256
from optmix.data.mix_io import mix_summary
from optmix.data.plan_io import plan_to_frame
from optmix.rules.outcome import unchecked_outcomes
from optmix.schema.operation import Pollutant
from optmix.schema.result import Certificate, ReliabilitySummary, Result
from optmix.solve.outcome import GAP_SLACK, Status, relative_gap

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.site import Site
    from optmix.solve.proposal import Proposal
    from optmix.solve.request import Request
    from optmix.verify.check import Verification

__all__ = ["make_result"]

PACKAGES = ("pyomo", "highspy", "numpy", "pandas")
"""Packages whose version may change an answer."""


def make_result(
    site: Site,
    case: Case,
    proposal: Proposal,
    verification: Verification | None,
    reliability: ReliabilitySummary,
    request: Request,
    method: str,
) -> Result:
    """Return the result of a solve.

    The objective is that of the verifier, which adds up what the plan really costs; the bound is
    the solver's, and never above the objective.
    """
    objective = verification.objective_usd if verification else None
    bound = proposal.bound_usd
    if objective is not None and bound is not None:
        bound = min(bound, objective)
    gap = relative_gap(objective, bound) if objective is not None and bound is not None else None
    plan = proposal.plan
    result = Result(
        name=site.name,
        status=_status(proposal.status, gap, request),
        objective_usd=objective,
        bound_usd=bound,
        gap=gap,
        gap_target=request.gap,
        method=method,
        solver=proposal.solver,
        seconds=dict(request.seconds) | {"total": request.elapsed_s},
        certificate=_certificate(proposal.certificate, objective, bound, gap),
        mix=mix_summary(plan, case) if plan is not None else None,
        costs_usd=dict(verification.costs_usd) if verification else {},
        lcoe_usd_per_mwh=verification.lcoe_usd_per_mwh if verification else None,
        energy_mwh=dict(verification.energy_mwh) if verification else {},
        emissions=_emissions(verification),
        emissions_unknown=_emissions_unknown(case, plan) if plan is not None else {},
        reliability=reliability,
        rules=verification.rules if verification else unchecked_outcomes(case),
        warnings=case.warnings,
        reason=proposal.reason,
        n_checks=verification.n_checks if verification else 0,
        versions=_versions(),
        input_sha256=input_sha256(site),
        seed=request.seed,
    )
    return result if plan is None else result.with_dispatch(plan_to_frame(plan, case))


def _status(status: Status, gap: float | None, request: Request) -> str:
    if gap is None:
        return str(status)
    return "optimal" if gap <= request.gap + GAP_SLACK else "feasible"


def _certificate(
    certificate: Certificate | None,
    objective: float | None,
    bound: float | None,
    gap: float | None,
) -> Certificate | None:
    """Return the certificate with the figures of the result, so that there are not two of each."""
    if certificate is None:
        return None
    relaxed = certificate.relaxed_bound_usd
    if relaxed is not None and bound is not None:
        relaxed = min(relaxed, bound)
    figures = {"objective_usd": objective, "bound_usd": bound, "gap": gap}
    return certificate.model_copy(update={**figures, "relaxed_bound_usd": relaxed})


def _emissions(verification: Verification | None) -> dict[str, float]:
    if verification is None:
        return {}
    return {f"{name}_tpy": tons for name, tons in verification.emissions_tpy.items()}


def _emissions_unknown(case: Case, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the types that are built and have no figure of a pollutant, by pollutant."""
    built = [unit for unit, n in zip(case.units, plan.units.tolist(), strict=True) if n > 0]
    found = {
        f"{pollutant}_tpy": tuple(unit.name for unit in built if not unit.has_rate(pollutant))
        for pollutant in get_args(Pollutant)
    }
    return {name: units for name, units in found.items() if units}


def _versions() -> dict[str, str]:
    versions = {"optmix": __version__, "python": platform.python_version()}
    return versions | {package: version(package) for package in PACKAGES}
