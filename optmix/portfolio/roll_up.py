"""All sites together: ranks, totals, and the files ``summary.csv`` and ``portfolio.json``."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, TypeVar

from optmix.portfolio.ledger import write_atomically
from optmix.portfolio.records import SiteOutcome, Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from optmix.portfolio.records import PortfolioResult

__all__ = ["PORTFOLIO_JSON", "SUMMARY_FILE", "ranked", "totals_of", "write_roll_up"]

Number = TypeVar("Number", int, float)

SUMMARY_FILE, PORTFOLIO_JSON = "summary.csv", "portfolio.json"

FIGURES: Final = (
    *("objective_usd", "bound_usd", "gap", "lcoe_usd_per_mwh"),
    *("has_failure_data", "lole_h", "lole_low_h", "lole_high_h"),
)
"""Figures of a site that stand in the summary under their own names."""

SIZES: Final = ("installed_mw", "battery_mw", "battery_mwh", "grid_withdrawal_mw")
"""The same of its mix."""


def ranked(outcomes: Iterable[SiteOutcome]) -> tuple[SiteOutcome, ...]:
    """Return the same outcomes with their ranks, cheapest energy first; equal ones by name."""
    outcomes = tuple(outcomes)
    order = sorted(
        (item.lcoe_usd_per_mwh, item.name)
        for item in outcomes
        if item.is_solved and item.lcoe_usd_per_mwh is not None
    )
    ranks = {name: rank for rank, (_, name) in enumerate(order, start=1)}
    return tuple(item.model_copy(update={"rank": ranks.get(item.name)}) for item in outcomes)


def totals_of(outcomes: Sequence[SiteOutcome]) -> Totals:
    """Return sums over the solved sites.

    Units: USD per year, MW, MWh, short tons per year.
    """
    solved = [item for item in outcomes if item.is_solved]
    mixes = [item.mix for item in solved if item.mix is not None]
    return Totals(
        n_sites=len(outcomes),
        n_solved=len(solved),
        n_failed=len(outcomes) - len(solved),
        objective_usd=sum(item.objective_usd or 0.0 for item in solved),
        bound_usd=sum(item.bound_usd or 0.0 for item in solved),
        units=_summed(mix.units for mix in mixes),
        battery=_summed(mix.battery for mix in mixes),
        installed_mw=sum(mix.installed_mw for mix in mixes),
        battery_mw=sum(mix.battery_mw for mix in mixes),
        battery_mwh=sum(mix.battery_mwh for mix in mixes),
        grid_withdrawal_mw=sum(mix.grid_withdrawal_mw for mix in mixes),
        emissions=_summed(item.emissions for item in solved),
        emissions_unknown=_united(item.emissions_unknown for item in solved),
    )


def _united(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    names: dict[str, set[str]] = {}
    for table in tables:
        for pollutant, units in table.items():
            names.setdefault(pollutant, set()).update(units)
    return {pollutant: tuple(sorted(units)) for pollutant, units in sorted(names.items())}


def _summed(tables: Iterable[Mapping[str, Number]]) -> dict[str, Number]:
    total: dict[str, Number] = {}
    for table in tables:
        for name, amount in table.items():
            total[name] = total[name] + amount if name in total else amount
    return dict(sorted(total.items()))


def write_roll_up(out: Path, result: PortfolioResult) -> None:
    """Write both files."""
    write_atomically(out / SUMMARY_FILE, _summary(result))
    write_atomically(out / PORTFOLIO_JSON, result.to_json())


def _summary(result: PortfolioResult) -> str:
    changed = list(dict.fromkeys(key for item in result.sites for key in item.changes))
    pollutants = list(dict.fromkeys(key for item in result.sites for key in item.emissions))
    header = ["name", "status", "rank", *changed, *FIGURES, "units", "battery", *SIZES]
    header += [*pollutants, "seconds", "where", "problems", "input_sha256"]
    text = io.StringIO()
    rows = csv.DictWriter(text, header, restval="", lineterminator="\n")
    rows.writeheader()
    for item in result.sites:
        rows.writerow(_cells(item))
    return text.getvalue()


def _cells(item: SiteOutcome) -> dict[str, object]:
    cells: dict[str, object] = {
        "name": item.name,
        "status": item.status,
        "rank": item.rank,
        **{key: _harmless(value) for key, value in item.changes.items()},
        **{name: getattr(item, name) for name in FIGURES},
        **{key: tons for key, tons in item.emissions.items() if _is_told(item, key)},
        "seconds": round(item.seconds, 3),
        "where": item.where,
        "problems": " | ".join(" ".join(text.split()) for text in item.problems),
        "input_sha256": item.input_sha256,
    }
    if item.mix is not None:
        cells |= {name: getattr(item.mix, name) for name in SIZES}
        cells |= {"units": _counts(item.mix.units), "battery": _counts(item.mix.battery)}
    return cells


def _is_told(item: SiteOutcome, pollutant: str) -> bool:
    """Return whether an amount is more than the 0 that a missing figure counts as."""
    return item.emissions[pollutant] != 0.0 or pollutant not in item.emissions_unknown


def _counts(counts: dict[str, int]) -> str:
    """Return a mix as the command line takes it: ``g3520k=8,h=20``."""
    return ",".join(f"{name}={count}" for name, count in counts.items() if count)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text of the user for a formula."""
    is_number = text.lstrip("-+").replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} and not is_number else text
