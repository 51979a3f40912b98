"""Two solves side by side: their figures, and the inputs in which they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from optmix.report.figures.costs import COST_NAMES, shown_costs
from optmix.report.html.emissions import TONS, emitted
from optmix.report.html.indices import index_figure
from optmix.report.html.inputs import all_rows
from optmix.report.html.numbers import Numbers, number, span
from optmix.report.indices import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from optmix.report.files import Report
    from optmix.schema.result import ReliabilitySummary, Result

__all__ = ["comparison"]

Row = dict[str, Any]


class Compared(NamedTuple):
    """A figure that two results have: its name, its place in ``result.json``, how it is shown."""

    name: str
    at: str
    unit: str
    digits: int = 0
    scale: float = 1.0
    unit_of_difference: str = ""


FIRST = (
    Compared("annual cost", "/objective_usd", "USD/yr"),
    Compared("lower bound", "/bound_usd", "USD/yr"),
    Compared("gap", "/gap", "%", 3, 100.0, "percentage points"),
    Compared("cost of energy", "/lcoe_usd_per_mwh", "USD/MWh", 2),
)
SIZES = (
    Compared("thermal units", "/mix/installed_mw", "MW", 2),
    Compared("battery power", "/mix/battery_mw", "MW", 2),
    Compared("battery energy", "/mix/battery_mwh", "MWh", 2),
    Compared("grid withdrawal", "/mix/grid_withdrawal_mw", "MW", 2),
)
INDICES = {"lole_h": "loss of load", "eue_mwh": "unserved energy"}


def comparison(report: Report, other: Report) -> Row:
    """Return the figures of two solves side by side, and the fields of their sites that differ.

    Parameters
    ----------
    report, other
        The two solves; differences are those of the second from the first.
    """
    sides = Numbers(report.result), Numbers(other.result, side="other:")
    solves = report.result, other.result
    figures = [*FIRST, *(each for each in SIZES if any(side.value(each.at) for side in sides))]
    figures += [*_counts(*solves), *_costs(*solves)]
    rows = [
        *(_row(each, sides) for each in figures),
        *(_index_row(name, *solves) for name in INDICES if any(each.mix for each in solves)),
        *_emissions(solves, sides),
    ]
    return {
        "result": other.result,
        "rows": [row for row in rows if row["mine"] or row["theirs"]],
        "changed": list(_changed(report, other)),
        "is_same_input": report.result.input_sha256 == other.result.input_sha256,
    }


def _row(each: Compared, sides: tuple[Numbers, Numbers]) -> Row:
    mine, theirs = (side.value(each.at) for side in sides)
    more: Markup | str = ""
    if mine is not None and theirs is not None:
        unit = each.unit_of_difference or each.unit
        more = number(theirs - mine, unit, each.digits, scale=each.scale)
    cells = (_cell(each, side) for side in sides)
    return dict(zip(("mine", "theirs"), cells, strict=True)) | {"name": each.name, "more": more}


def _cell(each: Compared, side: Numbers) -> Markup | str:
    """Return a figure; what a solve without a plan has not is said once, above the table."""
    if side.value("/mix/installed_mw") is None:
        return ""
    if each.at.startswith("/mix/") and side.value(each.at) is None:
        return "not on offer"
    return side(each.at, each.unit, each.digits, each.scale)


def _index_row(name: str, *solves: Result) -> Row:
    """Return a row of an index; what either end is not known of, differs by what lies between."""
    places = ("/reliability", "other:/reliability")
    cells = [
        index_figure(name, dict(each.reliability), at) if each.mix else ""
        for each, at in zip(solves, places, strict=True)
    ]
    more: Markup | str = ""
    ends = [_ends(name, each.reliability) for each in solves]
    if ends[0] and ends[1]:
        index = index_of(name)
        low, high = ends[1][0] - ends[0][1], ends[1][1] - ends[0][0]
        more = span((low, high), index.unit, index.digits)
    return {"name": INDICES[name], "mine": cells[0], "theirs": cells[1], "more": more}


def _ends(name: str, found: ReliabilitySummary) -> tuple[float, float] | None:
    """Return the ends of an index; none where nothing is known of it."""
    value, index = getattr(found, name), index_of(name)
    if value is None or found.has_failure_data is False:
        return None
    low, high = getattr(found, index.low), getattr(found, index.high)
    return (value, value) if low is None or high is None else (low, high)


def _counts(*solves: Result) -> Iterator[Compared]:
    """Yield the counts that either of two results has."""
    mixes = [each.mix for each in solves if each.mix]
    for place, unit in (("units", "units"), ("battery", "modules")):
        tables = [getattr(mix, place) for mix in mixes]
        for name in dict.fromkeys(name for table in tables for name, n in table.items() if n):
            yield Compared(name, f"/mix/{place}/{name}", unit)


def _costs(*solves: Result) -> Iterator[Compared]:
    """Yield the cost lines that either of two results has."""
    for line in dict.fromkeys(line for each in solves for line in shown_costs(each)):
        yield Compared(COST_NAMES.get(line, line), f"/costs_usd/{line}", "USD/yr")


def _emissions(solves: tuple[Result, Result], sides: tuple[Numbers, Numbers]) -> Iterator[Row]:
    """Yield the emissions that either of two results has; none is told less another unknown."""
    for name in dict.fromkeys(name for each in solves for name in each.emissions):
        cells = [
            emitted(each, name, side, 1) if name in each.emissions else ""
            for each, side in zip(solves, sides, strict=True)
        ]
        is_known = all(name in s.emissions and name not in s.emissions_unknown for s in solves)
        more = solves[1].emissions[name] - solves[0].emissions[name] if is_known else None
        yield {
            "name": name.removesuffix("_tpy").upper(),
            "mine": cells[0],
            "theirs": cells[1],
            "more": "" if more is None else number(more, TONS, 1),
        }


def _offered_once(mine: dict[str, Row], theirs: dict[str, Row]) -> Iterator[Row]:
    """Take out the fields of each unit and battery that one site lacks, and yield one row."""
    offers = [{_offer_of(name) for name in fields} - {""} for fields in (mine, theirs)]
    for offer in sorted(offers[0] ^ offers[1]):
        for fields in (mine, theirs):
            for name in [name for name in fields if _offer_of(name) == offer]:
                del fields[name]
        told = ("on offer" if offer in each else "not on offer" for each in offers)
        yield {"name": offer, "unit": ""} | dict(zip(("mine", "theirs"), told, strict=True))


def _offer_of(name: str) -> str:
    """Return the unit or battery that a field is of; empty where it is of neither."""
    kind, _, rest = name.partition(".")
    return f"{kind}.{rest.rpartition('.')[0]}" if kind in {"unit", "battery"} else ""


def _changed(report: Report, other: Report) -> Iterator[Row]:
    """Yield each field that the sites give differently, or that only one of them has."""
    mine, theirs = ({row["name"]: row for row in all_rows(each.site)} for each in (report, other))
    yield from _offered_once(mine, theirs)
    for name in dict.fromkeys((*mine, *theirs)):
        left, right = mine.get(name), theirs.get(name)
        if left != right:
            unit = (left or right or {})["unit"]
            yield {
                "name": name,
                "unit": unit,
                "mine": left["value"] if left else "not given",
                "theirs": right["value"] if right else "not given",
            }
