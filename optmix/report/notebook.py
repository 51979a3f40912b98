"""A result as a notebook shows it: the answer in a small table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from optmix.report.html.numbers import Numbers
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
    if result.mix.grid_withdrawal_mw:
        yield "grid withdrawal", shown("/mix/grid_withdrawal_mw", "MW", 2)
    if result.reliability.lole_h is not None:
        yield "loss of load", shown("/reliability/lole_h", "h/yr", ".4g")
