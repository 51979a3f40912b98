"""What ships with optmix, as rows and as tables: instances, technologies, solvers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.resources import instance_names, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from optmix.schema.technology import BatteryTechnology, ThermalTechnology

__all__ = [
    "instance_rows",
    "instance_table",
    "listing_table",
    "solver_rows",
    "solver_table",
    "technology_rows",
    "technology_table",
]

Row = dict[str, Any]


def instance_rows() -> list[Row]:
    """Return the name and description of each shipped instance."""
    from optmix.schema.document import read_document

    rows = []
    for name in instance_names():
        values = read_document(resolve(f"@{name}")).values
        supply = "grid-tied" if "grid" in values else "islanded"
        description = values.get("description", "")
        rows.append({"name": f"@{name}", "supply": supply, "description": description})
    return rows


def instance_table(rows: Sequence[Row]) -> RenderableType:
    """Return the shipped instances as a table."""
    return listing_table(rows, {"name": "Instance", "supply": "Supply", "description": "About"})


def technology_rows() -> list[Row]:
    """Return the main figures of each technology of the catalog."""
    from optmix.schema.catalog import load_technology, technology_ids

    return [_technology_row(name, load_technology(name)) for name in technology_ids()]


def _technology_row(name: str, technology: ThermalTechnology | BatteryTechnology) -> Row:
    row: Row = {"id": name, "model": technology.model, "kind": technology.kind}
    if technology.kind == "battery":
        # What a module costs in all, so that it can be set beside an engine.
        hours = technology.module_mwh / technology.module_mw
        return {
            **row,
            "rating_mw": technology.module_mw,
            "energy_mwh": technology.module_mwh,
            "heat_rate_mmbtu_per_mwh": None,
            "capex_usd_per_kw": technology.capex_usd_per_kw + technology.capex_usd_per_kwh * hours,
        }
    return {
        **row,
        "rating_mw": technology.rating_mw,
        "energy_mwh": None,
        "heat_rate_mmbtu_per_mwh": technology.heat_rate_mmbtu_per_mwh[-1],
        "capex_usd_per_kw": technology.capex_usd_per_kw,
    }


def technology_table(rows: Sequence[Row]) -> RenderableType:
    """Return the catalog as a table."""
    titles = {
        "id": "Id",
        "model": "Model",
        "kind": "Kind",
        "rating_mw": "MW",
        "energy_mwh": "MWh",
        "heat_rate_mmbtu_per_mwh": "MMBtu/MWh (HHV)",
        "capex_usd_per_kw": "USD/kW",
    }
    return listing_table(rows, titles)


def solver_rows() -> list[Row]:
    """Return every solver that optmix can drive, and whether it is installed."""
    from optmix.solve.installed import available
    from optmix.solve.profiles import load_solver

    rows = []
    for found in available():
        solver = load_solver(found.name)
        rows.append(
            {
                "name": found.name,
                "version": found.version,
                "usable": found.usable,
                "why_not": found.why_not,
                "profiles": list(solver.profile),
                "purpose": solver.purpose,
            }
        )
    return rows


def solver_table(rows: Sequence[Row]) -> RenderableType:
    """Return the solvers as a table."""
    titles = {
        "name": "Solver",
        "version": "Installed",
        "profiles": "Profiles",
        "purpose": "What it is for",
    }
    shown = [
        {**row, "version": _state(row), "profiles": ", ".join(row["profiles"])} for row in rows
    ]
    return listing_table(shown, titles)


def _state(row: Row) -> str:
    if row["usable"] or not row["version"]:
        return row["version"] or "no"
    return f"{row['version']}, not usable"


def listing_table(rows: Sequence[Row], titles: dict[str, str]) -> RenderableType:
    """Return rows as a table: text to the left, numbers to the right.

    Parameters
    ----------
    rows
        The rows, alike in their keys.
    titles
        Heads of the columns to show, by key.
    """
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, (key, title) in enumerate(titles.items()):
        is_number = any(isinstance(row[key], float) for row in rows)
        table.add_column(title, justify="right" if is_number else "left", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(_shown(row[key]) for key in titles))
    return table


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    return "" if value is None else str(value)
