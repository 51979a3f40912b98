"""Draw the pages of the model from the code that builds it.

A page `docs/model/<concept>.md` holds its title and whatever is written by hand; this extension
adds the docstring of the concept's module and all its equations. `docs/model/index.md` gets a table
of every equation, and `docs/model/balance.md` the lines of the annual cost.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.data.cost_lines import COST_LINES
from optmix.model.assemble import CONCEPTS
from optmix.model.concept import Concept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from optmix.model.concept import Equation

FOLDER = "model"
BY_NAME = {concept.name: concept for concept in CONCEPTS}
WITH_COSTS = "balance"
"""The page that also shows the lines of the annual cost."""

_ROLE = re.compile(r":math:`([^`]*)`")


@dataclass(frozen=True)
class Statement:
    """An equation as its docstring states it, in Markdown."""

    id: str
    name: str
    title: str
    mathematics: str
    remarks: tuple[str, ...]
    over: str
    unit: str
    source: str


def statement(equation: Equation) -> Statement:
    """Read the docstring of an equation.

    Raises
    ------
    ValueError
        The docstring is not laid out as those of equations are.
    """
    title, *blocks = _blocks(inspect.getdoc(equation.rule) or "")
    formulas = [block for block in blocks if block.startswith(".. math::")]
    *remarks, facts = [block for block in blocks if block not in formulas]
    found = re.fullmatch(r"Over: (.*?)\.  Units: (.*?)\.(?:\nSource: (.*))?", facts, re.DOTALL)
    if found is None or len(formulas) != 1 or not title.startswith(f"{equation.id}  "):
        raise ValueError(f"{equation.name}: id, one formula, Over and Units are expected")
    return Statement(
        id=equation.id,
        name=equation.name,
        title=title.removeprefix(equation.id).strip().rstrip("."),
        mathematics=" ".join(formulas[0].removeprefix(".. math::").split()),
        remarks=tuple(_markdown(remark) for remark in remarks),
        over=" by ".join(f"`{name}`" for name in equation.over),
        unit=found[2],
        source=" ".join((found[3] or "").split()),
    )


def concept_page(concept: Concept) -> str:
    """Return what the page of a concept says, in Markdown."""
    module = sys.modules[concept.equations[0].rule.__module__]
    parts = [_introduction(inspect.getdoc(module) or "")]
    parts += _contribution("In the power balance", concept.injection_mw, Concept.injection_mw)
    parts += _contribution("In the annual cost", concept.cost_kusd, Concept.cost_kusd)
    parts.append("## Equations")
    for equation in concept.equations:
        stated = statement(equation)
        parts.append(f"### {stated.id}: {stated.title}")
        parts.append(f"$$\n{stated.mathematics}\n$$")
        parts += stated.remarks
        rows = f"`{concept.name}_rows.{stated.name}`"
        parts.append(f"Rows {rows}, one for each of {stated.over}, in {stated.unit}.")
        if stated.source:
            parts.append(f"Source: {stated.source}")
    if concept.name == WITH_COSTS:
        parts += ["## Lines of the annual cost", _table(("Line", "Holds"), _cost_lines())]
    return "\n\n".join(parts)


def equation_table() -> str:
    """Return a table of every equation, with links to their pages."""
    rows = []
    for concept in CONCEPTS:
        for equation in concept.equations:
            stated = statement(equation)
            page = f"[{concept.name}]({concept.name}.md)"
            rows.append((stated.id, stated.title, page, stated.over, stated.unit))
    return _table(("Id", "Equation", "Page", "Over", "Unit"), rows)


def _cost_lines() -> list[tuple[str, str]]:
    return [(f"`{line}`", text) for line, text in COST_LINES.items()]


def _introduction(docstring: str) -> str:
    """Return a module's docstring without the line that points here."""
    blocks = []
    for block in _blocks(docstring):
        if block.startswith(("Adds ", "Needs ")):
            # A long list of variables goes on in an indented line.
            lines = re.sub(r"\n +", "  ", block).splitlines()
            blocks += [_names(line) for line in lines]
        elif not block.startswith("Docs: "):
            blocks.append(_markdown(block))
    return "\n\n".join(blocks)


def _names(line: str) -> str:
    """Show what a concept adds or needs as a list of names."""
    head, rest = line.split(maxsplit=1)
    names = [name for name in re.split(r"\s{2,}|, ", rest) if name]
    return f"**{head}:** " + ", ".join(f"`{name}`" for name in names)


def _contribution(heading: str, function: object, default: object) -> list[str]:
    text = inspect.getdoc(function)
    return [f"## {heading}", _markdown(text)] if function is not default and text else []


def _blocks(docstring: str) -> list[str]:
    return [block for block in inspect.cleandoc(docstring).split("\n\n") if block.strip()]


def _markdown(text: str) -> str:
    return _ROLE.sub(r"$\1$", text)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines: list[tuple[str, ...]] = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def add_to_page(app: Sphinx, docname: str, source: list[str]) -> None:
    """Add what the code says to a page of the model as Sphinx reads it."""
    folder, _, page = docname.rpartition("/")
    if folder != FOLDER:
        return
    if page == "index":
        source[0] += f"\n\n## Every equation\n\n{equation_table()}\n"
    else:
        source[0] += f"\n\n{concept_page(BY_NAME[page])}\n"
    for module in {equation.rule.__module__ for c in CONCEPTS for equation in c.equations}:
        app.env.note_dependency(str(Path(sys.modules[module].__file__ or "").resolve()))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
