"""The reliability of a solved site in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from optmix.report.availability import availability_text
from optmix.report.indices import NO_FAILURE_DATA, apart, index_of
from optmix.report.reliability import beside_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.schema.result import ReliabilitySummary

__all__ = ["reliability_lines"]

KINDS = {"exact": "exact", "certified": "proven", "confidence": "with confidence"}


def reliability_lines(found: ReliabilitySummary) -> Iterator[Text]:
    """Yield what a result says of reliability, one line each; nothing if it was not assessed."""
    if found.lole_h is None or found.availability is None:
        return
    is_known = found.has_failure_data is not False
    yield Text(f"Outages   {_indices(found) if is_known else NO_FAILURE_DATA}")
    if found.target:
        verdict, style = ("met", "green") if found.is_met else ("NOT met", "bold red")
        yield Text.assemble("Target    ", f"{found.target}: ", (verdict, style))
    for line in beside_lines(found, "with the units that the plan runs"):
        yield Text(f"          {line}", style="dim")
    for fewer in found.one_fewer:
        verdict = "meets the target still" if fewer.is_met else "misses the target"
        yield Text(
            f"          one {fewer.name} fewer: {fewer.lole_h:.3g} h a year, {verdict}", style="dim"
        )
    for warning in found.warnings if is_known else ():
        yield Text.assemble(("Warning   ", "yellow"), warning)


def _indices(found: ReliabilitySummary) -> str:
    kind = KINDS.get(found.interval_kind, found.interval_kind)
    return f"loss of load {_hours(found)} h a year ({kind}), {availability_text(found)}"


def _hours(found: ReliabilitySummary) -> str:
    ends = apart(index_of("lole_h"), dict(found))
    return " to ".join(f"{hours:.4g}" for hours in ends or [found.lole_h])
