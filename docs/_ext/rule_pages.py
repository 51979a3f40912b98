"""Draw the pages of the rules from the code.

A page `docs/rules/<id>.md` holds its title and whatever is written by hand; this extension adds
what the rule asks for, its sources with their grades, and its parameters. `docs/rules/index.md`
gets tables of all rules and packs.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optmix.rules.events import WINDOWS
from optmix.rules.packs import load_pack, pack_names
from optmix.rules.registry import rules
from optmix.rules.rule import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from optmix.rules.rule import Rule

FOLDER = "rules"

_ROLE = re.compile(r":math:`([^`]*)`")
_DISPLAY = re.compile(r"\.\. math::((?:.|\n)*?)(?:\n\n|$)")


def rule_page(rule: Rule[Any]) -> str:
    """Return what the page of a rule says, in Markdown."""
    evidence = [(f"{e.grade}: {GRADES[e.grade]}", e.source, e.says) for e in rule.evidence]
    params = [
        (f"`{name}`", _value(field.default), field.description or "")
        for name, field in rule.params.model_fields.items()
    ]
    packs = [f"`{name}`" for name in pack_names() if rule.id in load_pack(name).parameters_of()]
    kind = "A checklist: something to do outside the model. " if rule.is_checklist else ""
    parts = [
        f"`{rule.id}`. {kind}Cite: {rule.cite}.",
        rule.words(rule.params()),
        _markdown(inspect.getdoc(type(rule)) or ""),
        f"In the packs {', '.join(packs)}." if packs else "In no pack; a site names it itself.",
        "## Evidence",
        table(("Grade", "Where", "What it says"), evidence),
        *_of_other_days(rule),
        "## Parameters",
        table(("Parameter", "Default", "Meaning"), params),
    ]
    return "\n\n".join(parts)


def _of_other_days(rule: Rule[Any]) -> Iterator[str]:
    """Yield the sources of packs that have their own."""
    for name in pack_names():
        pieces = load_pack(name).evidence_of(rule)
        if rule.id in load_pack(name).parameters_of() and pieces != rule.evidence:
            rows = [(f"{e.grade}: {GRADES[e.grade]}", e.source, e.says) for e in pieces]
            yield f"In the pack `{name}`:"
            yield table(("Grade", "Where", "What it says"), rows)


def index_tables() -> str:
    """Return the tables of all rules, all packs and all windows of events."""
    listed = [
        (f"[{rule.id}]({rule.id}.md)", rule.title, ", ".join(rule.grades))
        for rule in rules().values()
    ]
    packs = [
        (f"`{name}`", pack.as_of.isoformat(), pack.title, str(len(pack.rule)))
        for name in pack_names()
        for pack in (load_pack(name),)
    ]
    windows = [
        (f"`{kind}`", _numbers(w.months), _numbers(w.hours), w.why) for kind, w in WINDOWS.items()
    ]
    parts = [
        "## Every rule",
        table(("Rule", "Title", "Evidence"), listed),
        "## Packs",
        table(("Pack", "As of", "Title", "Rules"), packs),
        "## Windows that events are drawn from",
        table(("Kind", "Months", "Clock hours", "Why"), windows),
    ]
    return "\n\n".join(parts)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _numbers(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values)) if len(values) < 24 else "any"  # noqa: PLR2004 - a day


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def _markdown(text: str) -> str:
    """Turn the mathematics of a docstring into that of Markdown."""
    shown = _DISPLAY.sub(lambda found: f"$$\n{' '.join(found[1].split())}\n$$\n\n", text)
    return _ROLE.sub(r"$\1$", shown)


def add_to_page(app: Sphinx, docname: str, source: list[str]) -> None:
    """Add what the code says to a page of the rules as Sphinx reads it."""
    folder, _, page = docname.rpartition("/")
    if folder != FOLDER:
        return
    text = index_tables() if page == "index" else rule_page(rules()[page])
    source[0] += f"\n\n{text}\n"
    for rule in rules().values():
        module = sys.modules[type(rule).__module__]
        app.env.note_dependency(str(Path(module.__file__ or "").resolve()))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
