"""Does a result say what its plan says? Its figures against those recomputed.

OUT-1  the mix is that of the plan
OUT-2  every cost line is that of the plan
OUT-3  the cost lines add up to the objective
OUT-4  the objective is that of the plan
OUT-5  the bound is not above the objective
OUT-6  ``gap = (objective - bound) / |objective|``
OUT-7  the levelised cost is that of the plan
OUT-8  every energy is that of the plan
OUT-9  every emission is that of the plan
OUT-12 the status is ``optimal`` if and only if ``gap <= gap_target``
OUT-13 objective, bound and gap of the certificate are those of the result
OUT-14 every rule stands as the plan stands to it
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.schema.result import Finding
from optmix.verify.tolerances import (
    COST_FLOOR_USD,
    COST_FRAC,
    EMISSION_FLOOR_TPY,
    ENERGY_FLOOR_MWH,
    EXACT,
    GAP_FLOOR,
    POWER_FLOOR_MW,
    ROW_FRAC,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import MixSummary, Result
    from optmix.verify.check import Verification

__all__ = ["agreement", "emission_key"]


def emission_key(pollutant: str) -> str:
    """Return the name of a pollutant's line in a result, for example ``nox_tpy``."""
    return f"{pollutant}_tpy"


def agreement(
    case: Case, plan: Plan, verification: Verification, result: Result
) -> tuple[Finding, ...]:
    """Return where a result differs from what its plan says.

    Parameters
    ----------
    case, plan
        The site as numbers, and the plan of the result.
    verification
        What the check of that plan recomputed.
    result
        The answer as reported.
    """
    findings = list(_mix(case, plan, result.mix))
    # A plan that cannot be evaluated has findings of its own, and no figures to compare with.
    if not math.isnan(verification.objective_usd):
        findings += _costs(verification, result)
        findings += _bound(result)
        findings += _status(result)
        findings += _certificate(result)
        findings += _amounts(verification, result)
        findings += _rules(verification, result)
    return tuple(findings)


def _compare(
    equation: str,
    subject: str,
    reported: float | None,
    expected: float | None,
    tolerance: float,
    unit: str,
) -> Iterator[Finding]:
    if reported is None or expected is None:
        off = 0.0 if reported is expected else math.inf
    else:
        off = abs(reported - expected)
    if not off <= tolerance:
        shown = "nothing" if expected is None else f"{expected:.10g} {unit}"
        yield Finding(
            equation=equation,
            what=f"result.json has {reported} for {subject}, the plan gives {shown}",
            subject=subject,
            excess=off if math.isfinite(off) else abs(expected or reported or 0.0),
            unit=unit,
        )


def _compare_all(
    equation: str,
    reported: Mapping[str, float],
    expected: Mapping[str, float],
    floor: float,
    unit: str,
) -> Iterator[Finding]:
    """Compare two tables; a line of only one of them differs too."""
    for name in {**expected, **reported}:
        figure = expected.get(name)
        tolerance = floor + ROW_FRAC * abs(figure or 0.0)
        yield from _compare(equation, name, reported.get(name), figure, tolerance, unit)


def _mix(case: Case, plan: Plan, mix: MixSummary | None) -> Iterator[Finding]:
    if mix is None:
        yield Finding(equation="OUT-1", what="result.json holds no mix", excess=1.0, unit="mixes")
        return
    units = {unit.name: int(n) for unit, n in zip(case.units, plan.units, strict=True)}
    modules = {item.name: int(b) for item, b in zip(case.batteries, plan.modules, strict=True)}
    yield from _compare_all("OUT-1", mix.units, units, EXACT, "units")
    yield from _compare_all("OUT-1", mix.battery, modules, EXACT, "modules")
    reported = {
        "battery_mw": mix.battery_mw,
        "battery_mwh": mix.battery_mwh,
        "grid_withdrawal_mw": mix.grid_withdrawal_mw,
        "installed_mw": mix.installed_mw,
    }
    expected = {
        "battery_mw": sum(item.module_mw * modules[item.name] for item in case.batteries),
        "battery_mwh": sum(item.module_mwh * modules[item.name] for item in case.batteries),
        "grid_withdrawal_mw": plan.withdrawal_mw,
        "installed_mw": sum(unit.net_rating_mw * units[unit.name] for unit in case.units),
    }
    yield from _compare_all("OUT-1", reported, expected, POWER_FLOOR_MW, "MW or MWh")


def _costs(verification: Verification, result: Result) -> Iterator[Finding]:
    objective, lines = verification.objective_usd, result.costs_usd
    yield from _compare_all("OUT-2", lines, verification.costs_usd, COST_FLOOR_USD, "USD/yr")
    tolerance = COST_FLOOR_USD + COST_FRAC * abs(objective)
    total = math.fsum(lines.values())
    if result.objective_usd is not None and not abs(total - result.objective_usd) <= tolerance:
        yield Finding(
            equation="OUT-3",
            what=f"the cost lines of result.json add up to {total:.10g} USD/yr, "
            f"its objective is {result.objective_usd:.10g}",
            excess=abs(total - result.objective_usd),
            unit="USD/yr",
        )
    yield from _compare(
        "OUT-4", "objective_usd", result.objective_usd, objective, tolerance, "USD/yr"
    )
    lcoe = verification.lcoe_usd_per_mwh
    served = verification.energy_mwh["served"]
    yield from _compare(
        "OUT-7",
        "lcoe_usd_per_mwh",
        result.lcoe_usd_per_mwh,
        lcoe,
        tolerance / served if lcoe is not None else EXACT,
        "USD/MWh",
    )


def _bound(result: Result) -> Iterator[Finding]:
    objective, bound = result.objective_usd, result.bound_usd
    if objective is None or bound is None:
        yield from _compare("OUT-6", "gap", result.gap, None, EXACT, "of the objective")
        return
    if not bound <= objective + COST_FLOOR_USD + COST_FRAC * abs(objective):
        yield Finding(
            equation="OUT-5",
            what=f"bound_usd {bound:.10g} lies above the objective {objective:.10g}",
            subject="bound_usd",
            excess=bound - objective,
            unit="USD/yr",
        )
    if objective == bound:
        gap: float | None = 0.0
    elif objective == 0:
        gap = None  # no finite share of nothing, and JSON has no infinity
    else:
        gap = (objective - bound) / abs(objective)
    yield from _compare("OUT-6", "gap", _finite(result.gap), gap, GAP_FLOOR, "of the objective")


def _finite(gap: float | None) -> float | None:
    return None if gap is not None and math.isinf(gap) else gap


def _status(result: Result) -> Iterator[Finding]:
    """Check the claim of optimality against the gap that was asked for.

    The gap itself is that of objective and bound, says OUT-6. A claim without a gap, or without
    the gap asked for, is not backed by anything.
    """
    gap, target = result.gap, result.gap_target
    is_within = gap is not None and target is not None and gap <= target + GAP_FLOOR
    if (result.status == "optimal") == is_within:
        return
    if gap is None:
        shown = "no gap is reported"
    elif target is None:
        shown = f"the gap is {gap:.10g} and gap_target is not given"
    else:
        shown = f"the gap is {gap:.10g} and {target:.10g} was asked for"
    yield Finding(
        equation="OUT-12",
        what=f'result.json has status "{result.status}", but {shown}',
        subject="status",
        excess=abs(gap - target) if gap is not None and target is not None else 1.0,
        unit="of the objective",
    )


def _certificate(result: Result) -> Iterator[Finding]:
    certificate = result.certificate
    if certificate is None:
        return
    for name in ("objective_usd", "bound_usd", "gap"):
        told, certified = getattr(result, name), getattr(certificate, name)
        if told != certified:
            yield Finding(
                equation="OUT-13",
                what=f"the certificate has {certified} for {name}, result.json has {told}",
                subject=name,
                excess=abs((told or 0.0) - (certified or 0.0)),
                unit="of the objective" if name == "gap" else "USD/yr",
            )


def _amounts(verification: Verification, result: Result) -> Iterator[Finding]:
    yield from _compare_all(
        "OUT-8", result.energy_mwh, verification.energy_mwh, ENERGY_FLOOR_MWH, "MWh/yr"
    )
    emitted = {emission_key(name): tons for name, tons in verification.emissions_tpy.items()}
    yield from _compare_all("OUT-9", result.emissions, emitted, EMISSION_FLOOR_TPY, "short ton/yr")


def _rules(verification: Verification, result: Result) -> Iterator[Finding]:
    reported = {each.id: each.status for each in result.rules}
    expected = {each.id: each.status for each in verification.rules}
    for rule in {**expected, **reported}:
        told, found = reported.get(rule, "no status"), expected.get(rule, "no such rule")
        if told != found:
            yield Finding(
                equation="OUT-14",
                what=f'result.json has "{told}" for {rule}, the plan gives "{found}"',
                subject=rule,
                excess=1.0,
                unit="rules",
            )
