"""What the templates of the report show, as plain values and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.data.cost_lines import COST_LINES
from optmix.data.mix_io import mix_to_frame
from optmix.report.availability import availability_ends, nines_text, range_digits, wide_range
from optmix.report.certificate import bound_text, search_text
from optmix.report.explain_file import explanation_of
from optmix.report.failure_data import NO_FAILURE_DATA, has_failure_data
from optmix.report.figures.costs import COST_NAMES, shown_costs
from optmix.report.html.emissions import emission_rows, rate_rows
from optmix.report.html.inputs import input_rows, source_rows
from optmix.report.html.numbers import Numbers, number
from optmix.report.indices import indices
from optmix.report.mix_option import mix_option
from optmix.report.summary import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from optmix.report.files import Report
    from optmix.schema.result import ReliabilitySummary, Result

__all__ = ["page_context"]

Row = dict[str, Any]


def page_context(report: Report, other: Report | None) -> Row:
    """Return the values of the page's templates, but for charts.

    Parameters
    ----------
    report
        What was solved.
    other
        Another solve to compare it with.
    """
    result = report.result
    certificate, shown = result.certificate, Numbers(result)
    return {
        "name": result.name,
        "about": report.site.description,
        "result": result,
        "case": report.case,
        "explanation": explanation_of(report.explanation, result.status).model_dump(mode="json"),
        "is_explained": report.explanation is not None,
        "notes": report.notes,
        "headline": HEADLINES[result.status][0],
        "headline_of": {status: words for status, (words, _) in HEADLINES.items()},
        "n": shown,
        "number": number,
        "indices": list(indices(result.reliability)),
        "mix_option": mix_option(result),
        "one_fewer_option": mix_option(result, fewer=1),
        "mix": list(_mix_rows(report)),
        "costs": list(_cost_rows(result)),
        "can_fail": result.mix is not None and has_failure_data(result.mix, report.case),
        "no_failure_data": NO_FAILURE_DATA,
        "nines": nines_text(result.reliability),
        "available": _available(result.reliability),
        "availability_ends": availability_ends(result.reliability),
        "bound": bound_text(certificate) if certificate else None,
        "search": search_text(certificate) if certificate else None,
        "emissions": emission_rows(report, shown),
        "rates": list(rate_rows(report, shown)),
        "energy": [_energy_row(name) for name, mwh in result.energy_mwh.items() if mwh],
        "inputs": input_rows(report.site),
        "sources": source_rows(report.site),
        "other": _comparison(report, other) if other else None,
    }


def _mix_rows(report: Report) -> Iterator[Row]:
    """Yield what is built; counts and the contracted withdrawal are figures of the result."""
    if report.result.mix is None:
        return
    places = {"unit": "/mix/units/", "battery": "/mix/battery/"}
    models = {unit.name: unit.model for unit in report.site.unit}
    models |= {item.name: item.model for item in report.site.battery}
    for _, row in mix_to_frame(report.result.mix, report.case).iterrows():
        kind, name = str(row["kind"]), str(row["name"])
        if row["count"] > 0 or row["mw"] > 0:
            yield {
                "kind": kind,
                "name": name,
                "model": models.get(name, "contracted withdrawal"),
                "at": f"{places[kind]}{name}" if kind in places else None,
                "mw": float(row["mw"]),
                "mwh": float(row["mwh"]) or None,
            }


def _cost_rows(result: Result) -> Iterator[Row]:
    for line, usd in shown_costs(result).items():
        yield {
            "line": line,
            "name": COST_NAMES.get(line, line),
            "holds": COST_LINES.get(line, ""),
            "share": usd / result.objective_usd if result.objective_usd else None,
        }


def _available(found: ReliabilitySummary) -> Markup | None:
    """Return the range of availability as figures; none where one figure says it."""
    ends = wide_range(found)
    if ends is None:
        return None
    digits = range_digits(*ends)
    low, high = (number(end, "%", digits, scale=100.0) for end in ends)
    return low + " to " + high


def _energy_row(name: str) -> Row:
    return {"name": name.replace("_", " ").replace(".", ": "), "at": f"/energy_mwh/{name}"}


COMPARED: tuple[tuple[str, str, str, int | str, float], ...] = (
    ("annual cost", "/objective_usd", "USD/yr", 0, 1.0),
    ("lower bound", "/bound_usd", "USD/yr", 0, 1.0),
    ("gap", "/gap", "%", 3, 100.0),
    ("cost of energy", "/lcoe_usd_per_mwh", "USD/MWh", 2, 1.0),
    ("thermal units", "/mix/installed_mw", "MW", 2, 1.0),
    ("battery power", "/mix/battery_mw", "MW", 2, 1.0),
    ("battery energy", "/mix/battery_mwh", "MWh", 2, 1.0),
    ("grid withdrawal", "/mix/grid_withdrawal_mw", "MW", 2, 1.0),
    ("loss of load", "/reliability/lole_h", "h/yr", ".4g", 1.0),
    ("unserved energy", "/reliability/eue_mwh", "MWh/yr", ".4g", 1.0),
)
"""What is compared first: name, place in ``result.json``, unit, decimals, and scale."""


def _comparison(report: Report, other: Report) -> Row:
    """Return the figures of two solves side by side, with what the second has more."""
    mine, theirs = Numbers(report.result), Numbers(other.result, side="other:")
    return {
        "result": other.result,
        "rows": [
            {
                "name": name,
                # What a solve without a plan has not is said once, above the table.
                "mine": mine(at, unit, digits, scale) if report.result.mix else "",
                "theirs": theirs(at, unit, digits, scale) if other.result.mix else "",
                "more": _difference(mine.value(at), theirs.value(at), unit, digits, scale),
            }
            for name, at, unit, digits, scale in (*COMPARED, *_both(report.result, other.result))
            if mine.value(at) is not None or theirs.value(at) is not None
        ],
    }


def _both(*results: Result) -> Iterator[tuple[str, str, str, int | str, float]]:
    """Yield counts, cost lines and emissions that either of two results has."""
    groups = (
        ("/mix/units", "units", 0, [r.mix.units if r.mix else {} for r in results]),
        ("/mix/battery", "modules", 0, [r.mix.battery if r.mix else {} for r in results]),
        ("/costs_usd", "USD/yr", 0, [shown_costs(r) for r in results]),
        ("/emissions", "short tons/yr", 1, [r.emissions for r in results]),
    )
    for place, unit, digits, tables in groups:
        for name in dict.fromkeys(name for table in tables for name in table):
            if any(table.get(name) for table in tables):
                title = COST_NAMES.get(name, name.removesuffix("_tpy"))
                yield title, f"{place}/{name}", unit, digits, 1.0


def _difference(
    mine: float | None, theirs: float | None, unit: str, digits: int | str, scale: float
) -> str:
    if mine is None or theirs is None:
        return ""
    return number(theirs - mine, unit, digits, scale=scale)
