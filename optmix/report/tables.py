"""What was solved as tables, with units in the names of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from optmix.data.cost_lines import COST_LINES
from optmix.data.mix_io import mix_to_frame
from optmix.report.indices import NO_FAILURE_DATA, unit_of_figure
from optmix.report.operation import operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.report.files import Report
    from optmix.report.operation import Operation
    from optmix.schema.result import Result

__all__ = ["report_tables"]

Row = dict[str, Any]


def report_tables(report: Report) -> dict[str, pd.DataFrame]:
    """Return every table of a report by its name.

    Parameters
    ----------
    report
        What was solved.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``answer`` and ``rules`` always; with a plan also ``mix``, ``costs``, ``energy``,
        ``emissions``, ``monthly``, ``dispatch`` and ``reliability``, and ``margins`` where rules
        have limits.
    """
    result = report.result
    tables = {"answer": pd.DataFrame(_answer(result))}
    if result.mix is not None and result.dispatch is not None:
        tables |= {
            "mix": mix_to_frame(result.mix, report.case),
            "costs": pd.DataFrame(_costs(result)),
            "energy": pd.DataFrame(
                [{"what": name, "mwh_per_yr": mwh} for name, mwh in result.energy_mwh.items()]
            ),
            "emissions": pd.DataFrame(_emissions(result)),
            "monthly": pd.concat([*map(_monthly, operations(result))], ignore_index=True),
            "dispatch": _dispatch(result.dispatch, report.case.axis.timezone),
            "reliability": pd.DataFrame(_reliability(result)),
        }
    rules = {"rules": pd.DataFrame(_rules(result)), "margins": pd.DataFrame(_margins(result))}
    return tables | {name: table for name, table in rules.items() if name == "rules" or len(table)}


def _answer(result: Result) -> Iterator[Row]:
    figures = (
        ("annual cost", result.objective_usd, "USD/yr"),
        ("lower bound", result.bound_usd, "USD/yr"),
        ("proven gap", result.gap, "share"),
        ("cost of energy served", result.lcoe_usd_per_mwh, "USD/MWh"),
    )
    words = (
        ("site", result.name),
        ("status", result.status),
        ("reason", result.reason),
        ("solver", result.solver),
        ("method", result.method),
        ("hash of the input", result.input_sha256),
        *(("warning", warning) for warning in result.warnings),
    )
    yield from ({"what": what, "value": value, "unit": ""} for what, value in words)
    yield from ({"what": what, "value": value, "unit": unit} for what, value, unit in figures)


def _costs(result: Result) -> Iterator[Row]:
    for line, usd in result.costs_usd.items():
        yield {"line": line, "usd_per_yr": usd, "holds": COST_LINES.get(line, "")}
    yield {"line": "all", "usd_per_yr": result.objective_usd, "holds": "the objective"}


def _emissions(result: Result) -> list[Row]:
    """Return what is emitted; empty where no unit that is built has a figure."""
    unknown = result.emissions_unknown
    return [
        {
            "pollutant": name.removesuffix("_tpy"),
            "short_tons_per_yr": tons if tons or name not in unknown else None,
            "not_counted": ", ".join(unknown.get(name, ())),
        }
        for name, tons in result.emissions.items()
    ]


def _monthly(operation: Operation) -> pd.DataFrame:
    """Return energy by source and use, and the highest demand, of each month of a year."""
    series = operation.supply_mw() | operation.uses_mw() | {"demand": operation.demand_mw()}
    table = pd.DataFrame(
        {f"{name}_mwh": values * operation.step_h for name, values in series.items()}
    )
    month = pd.Series(operation.table["time"].dt.strftime("%Y-%m").to_numpy(), name="month")
    monthly = table.groupby(month, sort=True).sum()
    peak = pd.Series(operation.demand_mw()).groupby(month.to_numpy()).max()
    monthly.insert(0, "peak_demand_mw", peak.reindex(monthly.index))
    monthly.insert(0, "year", operation.year)
    return monthly.reset_index()


def _dispatch(table: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Return the operation with the times of the local clock, which a workbook can hold.

    The offset beside them tells the hours of a clock apart that shows some of them twice.
    """
    local = table["time"].dt.tz_convert(timezone)
    naive = local.dt.tz_localize(None)
    offset_h = (naive - local.dt.tz_convert("UTC").dt.tz_localize(None)) / pd.Timedelta(hours=1)
    renamed = table.assign(time=naive).rename(columns={"time": f"time ({timezone})"})
    renamed.insert(1, "utc_offset_h", offset_h)
    return renamed


WITHOUT_FAILURES = ("has_failure_data", "n_plus", "n_plus_asked", "target", "is_met")
"""Fields that say something also where nothing can fail by the data."""


def _reliability(result: Result) -> list[Row]:
    found = result.reliability.model_dump(exclude={"one_fewer"})
    if result.reliability.has_failure_data is False:
        rows = [
            {"figure": name, "value": found[name], "unit": unit_of_figure(name)}
            for name in WITHOUT_FAILURES
        ]
        return [*rows, {"figure": "indices", "value": NO_FAILURE_DATA, "unit": ""}]
    rows = [
        {"figure": name, "value": value, "unit": unit_of_figure(name)}
        for name, value in found.items()
    ]
    for fewer in result.reliability.one_fewer:
        for name in ("lole_h", "eue_mwh", "is_met"):
            figure = f"one {fewer.name} fewer: {name}"
            unit = unit_of_figure(name)
            rows.append({"figure": figure, "value": getattr(fewer, name), "unit": unit})
    return rows


RULE_COLUMNS = (
    *("id", "title", "applies", "status", "margin", "unit", "margin_of", "binding_hours"),
    *("cost_usd", "price_usd", "reason", "words", "evidence", "confidence"),
)


def _rules(result: Result) -> list[Row]:
    return [{name: getattr(rule, name) for name in RULE_COLUMNS} for rule in result.rules]


def _margins(result: Result) -> list[Row]:
    return [{"id": rule.id, **each.model_dump()} for rule in result.rules for each in rule.margins]
