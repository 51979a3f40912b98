"""What the templates of the report show, as plain values and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.data.cost_lines import COST_LINES
from optmix.data.mix_io import mix_to_frame
from optmix.report.availability import availability_ends, nines_text, range_digits, wide_range
from optmix.report.certificate import bound_text, search_text
from optmix.report.explain_file import explanation_of
from optmix.report.figures.costs import COST_NAMES, shown_costs
from optmix.report.html.comparison import comparison
from optmix.report.html.emissions import emission_rows, rate_rows
from optmix.report.html.indices import index_figure
from optmix.report.html.inputs import input_rows, source_rows
from optmix.report.html.numbers import Numbers, number, span
from optmix.report.indices import NO_FAILURE_DATA, apart, index_of, indices
from optmix.report.mix_option import mix_option
from optmix.report.summary import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from optmix.report.files import Report
    from optmix.schema.result import ReliabilitySummary, Result

__all__ = ["page_context"]

Row = dict[str, Any]


MIDDLES = frozenset(
    {"lole_days", "eue_ppm", "energy_availability", "lolf_per_yr", "mean_duration_h"}
)
"""Indices whose own intervals a result does not hold."""


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
        "span": span,
        "indices": list(indices(result.reliability)),
        "reliability": dict(result.reliability),
        "index_figure": index_figure,
        "middles": MIDDLES,
        "is_apart": apart(index_of("lole_h"), dict(result.reliability)) is not None,
        "mix_option": mix_option(result),
        "one_fewer_option": mix_option(result, fewer=1),
        "mix": list(_mix_rows(report)),
        "costs": list(_cost_rows(result)),
        "can_fail": result.reliability.has_failure_data is not False,
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
        "other": comparison(report, other) if other else None,
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
    return span(ends, "%", range_digits(*ends), scale=100.0)


def _energy_row(name: str) -> Row:
    return {"name": name.replace("_", " ").replace(".", ": "), "at": f"/energy_mwh/{name}"}
