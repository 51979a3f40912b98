"""The portfolio as one HTML file, ``index.html``, which links to the reports of its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import ValidationError

from optmix.errors import InputError, Problem
from optmix.portfolio.page_charts import portfolio_charts
from optmix.portfolio.records import PortfolioResult
from optmix.portfolio.roll_up import PORTFOLIO_JSON
from optmix.portfolio.shelf import SITES_FOLDER
from optmix.report.html.emissions import emitted
from optmix.report.html.frame import framed
from optmix.report.html.indices import index_figure
from optmix.report.html.numbers import Numbers, number
from optmix.report.html.write import write_html
from optmix.report.out_folder import REPORT_FILE, RESULT_FILE
from optmix.report.place_file import place_file
from optmix.report.read_out import read_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from optmix.portfolio.records import LimitOutcome, SiteOutcome

__all__ = ["INDEX_FILE", "portfolio_page", "read_result", "write_page", "write_site_reports"]

INDEX_FILE = "index.html"

SHARED_HEADLINES = {
    "optimal": "shared equipment allotted, proven within the gap asked for",
    "feasible": "shared equipment allotted, not proven to the gap asked for",
    "infeasible": "no allotment keeps within what is shared",
    "no_plan": "no allotment was found",
}

PRICE_UNITS = {
    "equipment": "USD/yr per unit",
    "battery_modules": "USD/yr per module",
    "capital": "USD/yr per USD",
    "emissions": "USD per short ton",
}


def read_result(out: Path) -> PortfolioResult:
    """Read ``portfolio.json`` of a folder.

    Parameters
    ----------
    out
        The folder of a portfolio.

    Raises
    ------
    InputError
        There is no such file, or it is broken.
    """
    path = out / PORTFOLIO_JSON
    try:
        return PortfolioResult.model_validate_json(path.read_bytes())
    except OSError as error:
        what = f"this file cannot be read: {error.strerror or error}"
        raise InputError(Problem(what, str(path), hint="restore the file")) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{path}: {'.'.join(map(str, first['loc']))}"
        hint = "run optmix portfolio again, which goes on from what is there"
        raise InputError(Problem(first["msg"], where, hint=hint)) from error


def write_page(out: Path, result: PortfolioResult) -> Path:
    """Write ``index.html``, whole or not at all; return where it is.

    Parameters
    ----------
    out
        The folder of the portfolio.
    result
        What came of it.

    Raises
    ------
    InputError
        It cannot be written there.
    """
    has_report = {
        item.name
        for item in result.sites
        if (out / SITES_FOLDER / item.name / REPORT_FILE).is_file()
    }
    page = portfolio_page(result, has_report)
    return place_file(out / INDEX_FILE, page.encode("utf-8"))


def write_site_reports(
    out: Path, result: PortfolioResult, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Write the report of each site that has none yet into its folder.

    A site that is solved again gets a new folder, so a report that is there is that of its plan.

    Parameters
    ----------
    out
        The folder of the portfolio.
    result
        What came of it.
    tell
        Hears the name of each site before its report is written.

    Raises
    ------
    InputError
        The files of a site are broken, or a report cannot be written.
    """
    for item in result.sites:
        folder = out / SITES_FOLDER / item.name
        if (folder / RESULT_FILE).is_file() and not (folder / REPORT_FILE).is_file():
            tell(item.name)
            write_html(folder, read_report(folder))


def portfolio_page(result: PortfolioResult, has_report: set[str]) -> str:
    """Return the text of ``index.html``.

    Parameters
    ----------
    result
        What came of the portfolio.
    has_report
        Names of the sites to whose reports the page links.

    Notes
    -----
    As a report it holds all it needs, and a content security policy that allows nothing else.
    """
    charts = portfolio_charts(result.sites)
    headline, mark = _headline(result)
    shown = Numbers(result)
    rows = [_row(at, item, has_report) for at, item in enumerate(result.sites)]
    return framed(
        "portfolio.html.j2",
        charts,
        scripts=("report.js", "sort.js"),
        name=result.name,
        about=result.description,
        headline=headline,
        mark=mark,
        result=result,
        shared=result.shared,
        n=shown,
        number=number,
        drawings=charts,
        ranking=sorted((row for row in rows if row["rank"]), key=lambda row: row["rank"]),
        failures=[row for row in rows if not row["rank"]],
        lcoe_usd_per_mwh=_lcoe_usd_per_mwh(result),
        gap=_gap(result),
        n_linked=len(has_report),
        emissions={
            name: emitted(result.totals, name, shown, 1, "/totals")
            for name in result.totals.emissions
        },
        settings=list(dict.fromkeys(field for item in result.sites for field in item.changes)),
        price_units=PRICE_UNITS,
        allotment=list(_allotment(result)),
        allotment_heads=["Site", *(f"{limit.name}#" for limit in _limits(result))],
    )


def _lcoe_usd_per_mwh(result: PortfolioResult) -> float | None:
    """Return the annual cost of all solved sites for each MWh that they serve."""
    served_mwh = sum(
        item.objective_usd / item.lcoe_usd_per_mwh
        for item in result.sites
        if item.objective_usd and item.lcoe_usd_per_mwh
    )
    return result.totals.objective_usd / served_mwh if served_mwh else None


def _headline(result: PortfolioResult) -> tuple[str, str]:
    """Return what came of it in a few words, and the class of its mark."""
    totals, allocation = result.totals, result.shared
    count = f"{totals.n_solved} of {totals.n_sites} sites have a plan"
    if not result.is_complete:
        return f"stopped before the end: {count}", "feasible"
    if allocation is not None:
        said = SHARED_HEADLINES[allocation.status]
        if totals.n_failed and totals.n_solved:
            return f"{said}; {count}", "feasible"
        return said, allocation.status
    if totals.n_failed:
        return count, "feasible" if totals.n_solved else "infeasible"
    if all(item.status == "optimal" for item in result.sites):
        return "every site has a plan, proven within the gap asked for", "optimal"
    return "every site has a plan, not each proven to the gap asked for", "feasible"


def _gap(result: PortfolioResult) -> float | None:
    """Return how far all solved plans together may be above the best ones, as a share."""
    cost, bound = result.totals.objective_usd, result.totals.bound_usd
    proven = all(item.bound_usd is not None for item in result.sites if item.is_solved)
    return (cost - bound) / cost if proven and cost > 0.0 else None


def _row(at: int, item: SiteOutcome, has_report: set[str]) -> dict[str, Any]:
    folder = f"{SITES_FOLDER}/{quote(item.name)}"
    return {
        "at": f"/sites/{at}",
        "rank": item.rank,
        "item": item,
        "loss_of_load": index_figure("lole_h", dict(item), f"/sites/{at}"),
        "link": f"{folder}/{REPORT_FILE}" if item.name in has_report else None,
        "built": list(_built(item)),
    }


def _built(item: SiteOutcome) -> Iterator[tuple[str, str, str]]:
    """Yield what is built: its name, its place in the result of the site, and its unit."""
    if item.mix is not None:
        for place, unit in (("units", "units"), ("battery", "modules")):
            for name, count in getattr(item.mix, place).items():
                if count:
                    yield name, f"mix/{place}/{name}", unit


def _limits(result: PortfolioResult) -> tuple[LimitOutcome, ...]:
    return result.shared.limits if result.shared else ()


def _allotment(result: PortfolioResult) -> Iterator[dict[str, Any]]:
    """Yield a row for each site that takes of what is shared."""
    limits = _limits(result)
    for item in result.sites:
        if any(item.name in limit.by_site for limit in limits):
            yield {
                "name": item.name,
                "cells": [
                    (f"/shared/limits/{at}/by_site/{item.name}", limit)
                    for at, limit in enumerate(limits)
                ],
            }
