"""The reliability of a fleet on one screen: each index with its interval, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from optmix.report.indices import NO_FAILURE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from optmix.reliability import Fleet, Interval, ReliabilityResult
    from optmix.schema.result import ReliabilitySummary

__all__ = ["beside_lines", "reliability_summary"]

KINDS = {
    "exact": "exact up to rounding",
    "certified": "proven bounds",
    "confidence": "confidence interval",
}

SECONDS_PER_HOUR = 3600.0
LONG_H = 0.1
"""Below this a time is told in seconds."""


def reliability_summary(name: str, fleet: Fleet, found: ReliabilityResult) -> RenderableType:
    """Return the reliability of a fleet as text and a table for a terminal.

    Parameters
    ----------
    name
        Name of the site.
    fleet
        What is built.
    found
        Its reliability.
    """
    told = _table(found) if found.has_failure_data else Text(f"\n  {NO_FAILURE_DATA}\n")
    year = f"a year of {found.hours:,g} h, {found.demand_mwh:,.0f} MWh demanded"
    runs = "if no more units run than load needs"
    beside = [Text(f"  {line}") for line in (year, *beside_lines(found, runs))]
    how = Text(f"{KINDS[found.kind]}; {found.method}; {found.seconds:.2g} s", style="dim")
    return Group(Text(f"{name}: {_built(fleet)}", style="bold"), told, *beside, Text(), how)


def _table(found: ReliabilityResult) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("per year")
    table.add_column("value", justify="right")
    if found.kind != "exact":
        table.add_column("from", justify="right")
        table.add_column("to", justify="right")
    for label, interval, digits in _rows(found):
        ends = () if found.kind == "exact" else (interval.low, interval.high)
        table.add_row(label, *(_number(value, digits) for value in (interval.value, *ends)))
    return table


def _built(fleet: Fleet) -> str:
    counts = {**fleet.units, **fleet.modules}
    parts = [f"{n} {name}" for name, n in counts.items() if n]
    parts += [f"{fleet.withdrawal_mw:g} MW grid"] * (fleet.withdrawal_mw > 0)
    return ", ".join(parts) or "nothing built"


def _rows(found: ReliabilityResult) -> Iterator[tuple[str, Interval, int | None]]:
    """Yield label, interval and decimals of each index; without decimals, significant digits."""
    yield "loss of load, h", found.lole_h, None
    if found.lole_days is not None:
        yield "days with loss of load", found.lole_days, None
    yield "availability, % of time", found.availability.scaled(100.0), 7
    yield "unserved energy, MWh", found.eue_mwh, None
    yield "unserved energy, ppm of demand", found.eue_ppm, None
    if found.lolf_per_yr is not None:
        yield "events of loss of load", found.lolf_per_yr, None
    if found.mean_duration_h is not None:
        yield "mean duration of one, h", found.mean_duration_h, None


def _number(value: float, digits: int | None) -> str:
    return f"{value:.5g}" if digits is None else f"{value:.{digits}f}"


def beside_lines(found: ReliabilityResult | ReliabilitySummary, runs: str) -> Iterator[str]:
    """Yield what is reported beside the indices, and is no part of them.

    Parameters
    ----------
    found
        The reliability.
    runs
        Which units run, in words.
    """
    asked = found.n_plus_asked
    wanted = f"; the site asks for N+{asked}" if asked else ""
    if found.n_plus is None:
        yield f"N+k: load is not met even with all units{wanted}"
    elif found.n_plus == 0:
        yield f"without its largest unit the fleet does not meet load in every step{wanted}"
    else:
        yield f"N+{found.n_plus}: so many of the largest units may be out in every step{wanted}"
    if found.common_cause_floor_h:
        yield f"common causes alone force {_time(found.common_cause_floor_h)} a year"
    if found.transient_h:
        yield (
            f"trips that nothing covers until other units start: {_time(found.transient_h)} a "
            f"year {runs}; not counted above"
        )
    if found.relief_h:
        yield f"flexible demand is given up in {_time(found.relief_h)} a year"


def _time(hours: float) -> str:
    return f"{hours:.3g} h" if hours >= LONG_H else f"{hours * SECONDS_PER_HOUR:.3g} s"
