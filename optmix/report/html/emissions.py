"""Emissions beside every limit that counts them: caps of the site, thresholds of permits, rates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol, get_args

from markupsafe import Markup

from optmix.report.html.numbers import MISSING, number
from optmix.schema.operation import Pollutant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optmix.report.files import Report
    from optmix.report.html.numbers import Numbers
    from optmix.schema.result import RuleOutcome

__all__ = ["TONS", "emission_rows", "emitted", "rate_rows"]

Row = dict[str, Any]


class Emitting(Protocol):
    """What emits: a result, or the outcome of a site of a portfolio."""

    @property
    def emissions(self) -> dict[str, float]:
        """Annual emissions by pollutant."""

    @property
    def emissions_unknown(self) -> dict[str, tuple[str, ...]]:
        """Unit types without a figure, by pollutant."""


TONS = "short ton/yr"

POTENTIAL, EMITTED = "the potential", "what is emitted"

CAPPED_BY_SITE = "the site itself"


def emission_rows(report: Report, shown: Numbers) -> list[Row]:
    """Return a row for each pollutant and limit, and one for each pollutant without a limit.

    Parameters
    ----------
    report
        What was solved.
    shown
        Figures of its result.

    Notes
    -----
    Units: short tons per year. A limit counts the potential of the fleet, or what is emitted in
    the operating year that emits most.
    """
    rows: list[Row] = []
    for pollutant in get_args(Pollutant):
        name = f"{pollutant}_tpy"
        if name not in report.result.emissions:
            continue
        common = {
            "pollutant": pollutant.upper(),
            "emitted": emitted(report.result, name, shown),
            "potential": _at_least(
                number(_potential_tpy(report, pollutant), TONS, 2), report.result, name
            ),
        }
        limits = [*_caps(report, pollutant), *_thresholds(report, shown, pollutant)]
        if name in report.result.emissions_unknown:
            limits = [limit | {"margin": MISSING} for limit in limits]
        rows += [common | limit for limit in limits] or [common | {"limit": None}]
    return rows


def emitted(result: Emitting, name: str, shown: Numbers, digits: int = 2, at: str = "") -> Markup:
    """Return what is emitted of a pollutant in a year, as far as it is known, as HTML.

    Parameters
    ----------
    result
        A result, or the outcome of a site.
    name
        The pollutant, as in ``emissions``.
    shown
        Figures of the file of the result.
    digits
        Decimals that are shown.
    at
        Place of the result in that file.
    """
    return _at_least(shown(f"{at}/emissions/{name}", TONS, digits), result, name)


def _at_least(figure: Markup, result: Emitting, name: str) -> Markup:
    """Say of a figure of a pollutant what is not in it."""
    unknown = result.emissions_unknown.get(name)
    if not unknown:
        return figure
    without = Markup("<small>{}: no figure</small>").format(", ".join(unknown))
    return (Markup("at least ") + figure if result.emissions[name] else MISSING) + without


def _caps(report: Report, pollutant: Pollutant) -> Iterator[Row]:
    """Yield the cap that the site gives a pollutant by itself."""
    for budget in report.case.emissions:
        if budget.pollutant != pollutant or not math.isfinite(budget.cap_tpy):
            continue
        if budget.is_potential:
            counted = _potential_tpy(report, pollutant)
        else:
            counted = _most_emitted_tpy(report, pollutant)
        yield {
            "limit": number(budget.cap_tpy, TONS, 1),
            "counts": POTENTIAL if budget.is_potential else EMITTED,
            "margin": number(budget.cap_tpy - counted, TONS, 2),
            "by": CAPPED_BY_SITE,
            "rule": None,
            "confidence": "",
        }


def _thresholds(report: Report, shown: Numbers, pollutant: Pollutant) -> Iterator[Row]:
    """Yield the threshold of each rule that counts a pollutant, as its evidence tells both."""
    for place, rule in enumerate(report.result.rules):
        basis = rule.params.get("basis")
        what = {"pte": "potential", "actual": "emitted"}.get(str(basis))
        at = _places(rule, place)
        counted, cap = at.get(f"{pollutant}: {what}"), at.get("cap")
        if counted is None or cap is None:
            continue
        yield {
            "limit": shown(cap, TONS, 1),
            "counts": POTENTIAL if basis == "pte" else EMITTED,
            "margin": _margin(rule, place, pollutant, shown, (cap, counted)),
            "by": rule.id,
            "rule": place,
            "confidence": rule.confidence,
        }


def _margin(
    rule: RuleOutcome, place: int, pollutant: str, shown: Numbers, ends: tuple[str, str]
) -> Markup:
    """Return what is left of a pollutant; of a result without margins the difference itself."""
    for n, each in enumerate(rule.margins):
        if each.of == pollutant and each.unit == TONS:
            return shown(f"/rules/{place}/margins/{n}/margin", TONS, 2)
    cap, counted = map(shown.value, ends)
    return number(None if cap is None or counted is None else cap - counted, TONS, 2)


def rate_rows(report: Report, shown: Numbers) -> Iterator[Row]:
    """Yield the rate of NOx of each unit type that a rule limits, beside that limit.

    Parameters
    ----------
    report
        What was solved.
    shown
        Figures of its result.
    """
    built = report.result.mix.units if report.result.mix else {}
    known = {unit.name for unit in report.case.units if unit.has_rate("nox")}
    for place, rule in enumerate(report.result.rules):
        at = _places(rule, place)
        limits = {
            row.what.split(":")[0]: (row, f"/rules/{place}/evidence_rows/{n}/value")
            for n, row in enumerate(rule.evidence_rows)
            if row.what.partition(": ")[2].startswith("limit")
        }
        for unit, (limit, limit_at) in limits.items():
            rate = at.get(f"{unit}: rate")
            if rate is not None:
                yield {
                    "unit": unit,
                    "built": built.get(unit, 0),
                    "rate": shown(rate, _unit_of(rule, f"{unit}: rate"), 3)
                    if unit in known
                    else MISSING,
                    "limit": limit.value
                    if isinstance(limit.value, str)
                    else shown(limit_at, limit.unit, 3),
                    "by": rule.id,
                    "rule": place,
                    "confidence": rule.confidence,
                }


def _places(rule: RuleOutcome, place: int) -> Mapping[str, str]:
    """Return where ``result.json`` has each line of what shows how a plan stands to a rule."""
    return {
        row.what: f"/rules/{place}/evidence_rows/{n}/value"
        for n, row in enumerate(rule.evidence_rows)
    }


def _unit_of(rule: RuleOutcome, what: str) -> str:
    return next(row.unit for row in rule.evidence_rows if row.what == what)


def _potential_tpy(report: Report, pollutant: Pollutant) -> float:
    """Return what the fleet could emit at full load throughout a year."""
    from optmix.rules.measures import potential_tpy_of_one

    built = report.result.mix.units if report.result.mix else {}
    return math.fsum(
        potential_tpy_of_one(unit, pollutant) * built.get(unit.name, 0)
        for unit in report.case.units
    )


def _most_emitted_tpy(report: Report, pollutant: Pollutant) -> float:
    """Return what is emitted in the operating year that emits most; each is held to the cap."""
    from optmix.data.plan_io import frame_to_plan
    from optmix.rules.measures import emitted_tpy

    result, case = report.result, report.case
    if case.axis.n_years == 1 or result.mix is None or result.dispatch is None:
        return result.emissions[f"{pollutant}_tpy"]
    plan = frame_to_plan(result.dispatch, result.mix, case)
    return float(emitted_tpy(case, plan, pollutant).max())
