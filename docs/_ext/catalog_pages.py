"""Draw the page of the catalog: every technology, every figure, every source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.report.details import technology_details
from optmix.report.listings import technology_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

PAGE = "catalog/index"


def catalog() -> str:
    """Return the overview and a section for each technology, in Markdown."""
    rows = technology_rows()
    columns = ("rating_mw", "energy_mwh", "heat_rate_mmbtu_per_mwh", "capex_usd_per_kw")
    overview = [
        (f"`{row['id']}`", row["model"], row["kind"], *(_shown(row[name]) for name in columns))
        for row in rows
    ]
    head = ("Id", "Model", "Kind", "MW", "MWh", "MMBtu/MWh (HHV)", "USD/kW")
    sections = [_section(technology_details(row["id"])) for row in rows]
    return "\n\n".join([_table(head, overview), *sections])


def _section(details: dict[str, Any]) -> str:
    figures = details["figures"]
    sources = list(dict.fromkeys(each["source"] for each in figures if each["source"]))
    number = {source: n for n, source in enumerate(sources, start=1)}
    rows = [
        (
            f"`{each['name']}`",
            _shown(each["value"]),
            each["unit"] or "",
            each["confidence"] or "",
            str(number.get(each["source"], "default")),
        )
        for each in figures
    ]
    about = ", ".join(filter(None, (details["vendor"], details["kind"], details["fuel"])))
    listed = "\n".join(f"{n}. {_escaped(source)}" for source, n in number.items())
    notes = "\n".join(f"- `{e['name']}`: {_escaped(e['note'])}" for e in figures if e["note"])
    head = ("Figure", "Value", "Unit", "Confidence", "Source")
    parts = [f"## {details['id']}", f"{details['model']} ({about})", _table(head, rows)]
    return "\n\n".join(filter(None, [*parts, listed, notes]))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, float):
        return f"{value:,.6g}"
    return "" if value is None else str(value)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("$", "\\$")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def add_to_page(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the catalog to its page as Sphinx reads it."""
    if docname == PAGE:
        source[0] += f"\n\n{catalog()}\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
