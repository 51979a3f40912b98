"""One shipped thing in full: a technology with its sources, an instance, or a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.resources import resolve

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = [
    "instance_details",
    "instance_view",
    "solver_details",
    "solver_view",
    "technology_details",
    "technology_view",
]

Details = dict[str, Any]


def technology_details(technology_id: str) -> Details:
    """Return a technology with unit, source and confidence of every figure.

    Raises
    ------
    UnknownNameError
        The catalog has no technology of that id.
    """
    from optmix.schema.catalog import load_technology
    from optmix.schema.unit_suffix import unit_of

    technology = load_technology(technology_id)
    figures = []
    for name, field in type(technology).model_fields.items():
        value = getattr(technology, name)
        if name in _TEXTS or value is None:
            continue
        # A figure that the file does not give has the default of the schema, not a source.
        is_given = name in technology.model_fields_set
        sources = technology.source
        source = sources.get(name, sources.get("default")) if is_given else None
        figures.append(
            {
                "name": name,
                "value": list(value) if isinstance(value, tuple) else value,
                "unit": unit_of(name),
                "meaning": field.description,
                "source": source.ref if source else None,
                "confidence": source.confidence if source else None,
                "note": source.note if source and name in sources else "",
            }
        )
    texts = {name: getattr(technology, name, None) for name in ("model", "vendor", "kind", "fuel")}
    return {"id": technology_id, **texts, "figures": figures}


_TEXTS = frozenset({"model", "vendor", "kind", "fuel", "source", "name"})


def technology_view(details: Details) -> RenderableType:
    """Return a technology for a terminal: its figures, then the sources they refer to."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    figures = details["figures"]
    number = {source: n for n, source in enumerate(_distinct(figures, "source"), start=1)}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Figure", no_wrap=True)
    table.add_column("Value", justify="right")
    table.add_column("Unit", no_wrap=True)
    table.add_column("Confidence", no_wrap=True)
    table.add_column("Source", justify="right")
    for figure in figures:
        source = f"[{number[figure['source']]}]" if figure["source"] else "default"
        cells = (_shown(figure["value"]), figure["unit"] or "", figure["confidence"] or "", source)
        table.add_row(figure["name"], *map(Text, cells))
    about = ", ".join(filter(None, (details["vendor"], details["kind"], details["fuel"])))
    return Group(
        Text.assemble((details["id"], "bold"), f": {details['model']} ({about})"),
        table,
        *(Text(f"[{n}] {source}") for source, n in number.items()),
        "",
        *(Text(f"{figure['name']}: {figure['note']}") for figure in figures if figure["note"]),
    )


def _distinct(figures: list[Details], key: str) -> list[str]:
    return list(dict.fromkeys(figure[key] for figure in figures if figure[key]))


def instance_details(name: str) -> Details:
    """Return what an instance says, and the files it consists of.

    Raises
    ------
    UnknownNameError
        No instance of that name is shipped.
    """
    from optmix.schema.document import read_document

    path = resolve(name)
    values = read_document(path).values
    files = sorted(found.name for found in path.parent.iterdir() if found.is_file())
    return {"name": name, "path": str(path), "files": files, "site": values}


def instance_view(details: Details) -> RenderableType:
    """Return an instance as text for a terminal: its story, or else the site file."""
    from pathlib import Path

    from rich.console import Group
    from rich.text import Text

    path = Path(details["path"])
    readme = path.with_name("README.md")
    shown = readme if readme.is_file() else path
    head = Text.assemble((details["name"], "bold"), f": {details['site'].get('description', '')}")
    where = Text(f"{path.parent}: {', '.join(details['files'])}\n")
    return Group(head, where, Text(shown.read_text(encoding="utf-8")))


def solver_details(spec: str) -> Details:
    """Return a solver and its profiles, or the one that is named: ``highs``, ``highs:fast``.

    Raises
    ------
    UnknownNameError
        There is no such solver or profile.
    """
    from optmix.solve.installed import availability
    from optmix.solve.profiles import load_profile

    profile = load_profile(spec)
    found = availability(profile.solver_name)
    solver = profile.solver.model_dump(mode="json")
    if ":" in spec:
        solver["profile"] = {profile.name: solver["profile"][profile.name]}
    return {
        "name": found.name,
        "version": found.version,
        "usable": found.usable,
        "why_not": found.why_not,
        **solver,
    }


def solver_view(details: Details) -> RenderableType:
    """Return a solver for a terminal."""
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(
        "Profile", "Gap", "Options", "What it is for", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for name, profile in details["profile"].items():
        options = ", ".join(f"{key}={value}" for key, value in profile["options"].items())
        table.add_row(
            f"{details['name']}:{name}", f"{profile['gap']:.4g}", options, profile["purpose"]
        )
    state = f"installed: {details['version']}" if details["usable"] else details["why_not"]
    bad = [
        Text(f"Version {item['version']} is refused: {item['reason']} ({item['link']})")
        for item in details["bad_version"]
    ]
    title = Text.assemble(
        (details["title"], "bold"), f" ({details['licence']}): {details['purpose']}"
    )
    return Group(title, Text(state), *bad, table)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
