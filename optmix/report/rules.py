"""Rules for a terminal: how a plan stands to them, one of them in full, and packs compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from optmix.schema.result import RuleOutcome

__all__ = [
    "outcome_table",
    "pack_details",
    "pack_view",
    "rule_details",
    "rule_rows",
    "rule_table",
    "rule_view",
]

Row = dict[str, Any]

STYLES = {"pass": "green", "fail": "bold red", "checklist": "yellow"}


def rule_rows() -> list[Row]:
    """Return every rule: id, title, grades of its evidence, and the packs that name it."""
    from optmix.rules.packs import load_pack, pack_names
    from optmix.rules.registry import rules

    named = {pack: load_pack(pack).parameters_of() for pack in pack_names()}
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "evidence": list(rule.grades),
            "packs": [pack for pack, listed in named.items() if rule.id in listed],
            "cite": rule.cite,
        }
        for rule in rules().values()
    ]


def rule_table(rows: Sequence[Row]) -> RenderableType:
    """Return the rules as a table."""
    from rich.console import Group
    from rich.text import Text

    from optmix.rules.rule import GRADES

    table = _table("Rule", "About", "Evidence", "Packs")
    for row in rows:
        evidence, packs = ", ".join(row["evidence"]), ", ".join(row["packs"])
        table.add_row(row["id"], row["title"], evidence, packs)
    legend = "; ".join(f"{grade} {words}" for grade, words in GRADES.items())
    return Group(table, Text(f"Evidence: {legend}."))


def rule_details(rule_id: str) -> Row:
    """Return a rule with its sources and parameters.

    Raises
    ------
    UnknownNameError
        There is no such rule.
    """
    from optmix.rules.registry import find_rule
    from optmix.rules.rule import GRADES
    from optmix.schema.unit_suffix import unit_of

    rule = find_rule(rule_id)
    defaults = rule.params().model_dump(mode="json")
    return {
        "id": rule.id,
        "title": rule.title,
        "cite": rule.cite,
        "words": rule.words(rule.params()),
        "is_checklist": rule.is_checklist,
        "needs": list(rule.needs),
        "confidence": rule.confidence,
        "evidence": [
            {"grade": e.grade, "means": GRADES[e.grade], "source": e.source, "says": e.says}
            for e in rule.evidence
        ],
        "parameters": [
            {
                "name": name,
                "default": defaults[name],
                "unit": unit_of(name),
                "meaning": field.description,
            }
            for name, field in rule.params.model_fields.items()
        ],
    }


def rule_view(details: Row) -> RenderableType:
    """Return a rule for a terminal."""
    from rich.console import Group
    from rich.text import Text

    evidence = _table("Evidence", "Where", "What it says")
    for piece in details["evidence"]:
        evidence.add_row(piece["means"], piece["source"], piece["says"])
    parameters = _table("Parameter", "Default", "Unit", "Meaning")
    for item in details["parameters"]:
        parameters.add_row(
            item["name"], _shown(item["default"]), item["unit"] or "", item["meaning"]
        )
    notes = [f"Only where {rule} applies." for rule in details["needs"]]
    if details["is_checklist"]:
        notes.append("A checklist: something to do outside the model.")
    return Group(
        Text.assemble((details["id"], "bold"), f": {details['title']} ({details['cite']})"),
        Text(details["words"]),
        *map(Text, notes),
        evidence,
        *([parameters] if details["parameters"] else []),
    )


def pack_details(name: str, against: str | None = None) -> Row:
    """Return a pack with its rules, or where it differs from another one.

    Raises
    ------
    UnknownNameError
        There is no such pack.
    """
    from optmix.rules.packs import differences, load_pack

    pack = load_pack(name)
    told: Row = {
        "name": name,
        "title": pack.title,
        "as_of": pack.as_of.isoformat(),
        "note": pack.note,
        "rules": [rule.model_dump(mode="json") for rule in pack.rule],
    }
    if against is not None:
        told |= {"against": against, "differences": differences(name, against)}
    return told


def pack_view(details: Row) -> RenderableType:
    """Return a pack, or two packs compared, for a terminal."""
    from rich.console import Group
    from rich.text import Text

    head = Text.assemble(
        (details["name"], "bold"), f": {details['title']} (as of {details['as_of']})"
    )
    if "against" in details:
        return Group(head, _comparison(details))
    table = _table("Rule", "Figures that the pack states")
    for rule in details["rules"]:
        changed = ", ".join(f"{key} = {_shown(v)}" for key, v in rule["parameters"].items())
        table.add_row(rule["id"], changed)
    return Group(head, *([Text(details["note"])] if details["note"] else []), table)


def _comparison(details: Row) -> RenderableType:
    from rich.text import Text

    if not details["differences"]:
        return Text(f"The same rules with the same parameters as {details['against']}.")
    sides = (details["name"], details["against"])
    table = _table("Rule", "Parameter", *sides)
    for row in details["differences"]:
        values = [_shown(row[side]) for side in sides]
        table.add_row(row["rule"], row["parameter"] or "", *values)
    return table


def outcome_table(outcomes: Sequence[RuleOutcome]) -> RenderableType:
    """Return how a plan stands to the rules of its site; those that do not apply in one line."""
    from rich.console import Group
    from rich.text import Text

    from optmix.rules.rule import GRADES

    table = _table("Rule", "Status", "Margin", "Binds", "Evidence", "Asks for")
    for each in outcomes:
        if not each.applies:
            continue
        margin = "" if each.margin is None else f"{each.margin:,.4g} {each.unit}"
        binds = f"{each.binding_hours:,.6g} h" if each.binding_hours else ""
        status = Text(each.status, style=STYLES.get(each.status, ""))
        grades = ", ".join(grade for grade, words in GRADES.items() if words in each.confidence)
        table.add_row(each.id, status, margin, binds, grades, each.words)
    idle = [f"{each.id} ({each.reason})" for each in outcomes if not each.applies]
    unsure = [each.id for each in outcomes if each.applies and "unverified" in each.confidence]
    parts: list[RenderableType] = [table]
    if unsure:
        parts.append(Text(f"Rules     rest in part on unverified sources: {', '.join(unsure)}"))
    if idle:
        parts.append(Text(f"Rules     not applicable: {'; '.join(idle)}"))
    return Group(*parts)


def _table(*titles: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, no_wrap=number == 0)
    return table


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, int | float):
        return f"{value:,.6g}"
    return "none" if value is None else str(value)
