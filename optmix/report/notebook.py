"""A result as a notebook shows it: the answer in a small table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from optmix.report.availability import nines_text, range_digits, wide_range
from optmix.report.html.indices import index_figure
from optmix.report.html.numbers import Numbers, span
from optmix.report.summary import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.schema.result import Result

__all__ = ["result_html"]


def result_html(result: Result) -> str:
    """Return the answer of a result as a piece of HTML.

    Parameters
    ----------
    result
        A result, with a plan or without.
    """
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in _rows(result))
    title = f"<strong>{escape(result.name)}</strong>: {HEADLINES[result.status][0]}"
    return f"<table><caption>{title}</caption><tbody>{rows}</tbody></table>"


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    if result.mix is None:
        yield "reason", escape(result.reason)
        return
    shown = Numbers(result)
    yield "annual cost", shown("/objective_usd", "USD/yr")
    yield "proven gap", shown("/gap", "%", 3, 100.0)
    yield "cost of energy", shown("/lcoe_usd_per_mwh", "USD/MWh", 2)
    for name, count in result.mix.units.items():
        if count:
            yield escape(name), shown(f"/mix/units/{name}", "units")
    for name, count in result.mix.battery.items():
        if count:
            yield escape(name), shown(f"/mix/battery/{name}", "modules")
    if result.mix.installed_mw:
        yield "thermal units, net ISO rating", shown("/mix/installed_mw", "MW", 2)
    if result.mix.battery_mw:
        yield "battery power", shown("/mix/battery_mw", "MW", 2)
        yield "battery energy", shown("/mix/battery_mwh", "MWh", 1)
    if result.mix.grid_withdrawal_mw:
        yield "grid withdrawal", shown("/mix/grid_withdrawal_mw", "MW", 2)
    yield from _reliability_rows(result, shown)


def _reliability_rows(result: Result, shown: Numbers) -> Iterator[tuple[str, str]]:
    found = result.reliability
    if found.lole_h is not None:
        yield "loss of load", index_figure("lole_h", dict(found), "/reliability")
    if found.availability is not None and found.has_failure_data is not False:
        yield "available", f"{_available(result, shown)} {nines_text(found)}".strip()


def _available(result: Result, shown: Numbers) -> str:
    ends = wide_range(result.reliability)
    if ends is None:
        return shown("/reliability/availability", "% of the time,", 5, 100.0)
    return span(ends, "% of the time,", range_digits(*ends), scale=100.0)
