"""Rule packs: dated lists of rules with the figures and the sources of their day.

A later order of the regulator is a new pack, never an edit of an old one. A pack therefore states
its figures itself: defaults of rules may change later, and it stays as it was.

Other packages add packs by the entry-point group ``optmix.packs``: each entry point has the name
of a pack, and leads to the path of its TOML file.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pydantic import Field

from optmix.errors import OptmixError, Problem, UnknownNameError, did_you_mean
from optmix.rules.rule import Evidence, Grade, Rule
from optmix.schema.base import Day, Label, Name, Record
from optmix.schema.document import read_document
from optmix.schema.targets import Parameter
from optmix.schema.validation import validated

__all__ = [
    "ENTRY_POINTS",
    "Pack",
    "PackEvidence",
    "PackRule",
    "differences",
    "load_pack",
    "pack_names",
]

ENTRY_POINTS = "optmix.packs"
"""Group of entry points by which other packages add packs."""

FOLDER = Path(__file__).parent / "pack_files"


class PackEvidence(Record):
    """One source of a rule on the day of a pack; see `optmix.rules.rule.Evidence`."""

    grade: Grade
    """How far it can be trusted."""
    source: Label
    """Where it is written."""
    says: Label
    """What it says, in words of ours."""


class PackRule(Record):
    """One rule of a pack."""

    id: Name
    """Id of the rule."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    """Figures of that day; the defaults of the rule hold for all others."""
    evidence: tuple[PackEvidence, ...] = ()
    """Sources of that day, in place of those of the rule; empty where these are the same."""


class Pack(Record):
    """A file of rules in force on a day."""

    title: Label
    """What it is."""
    as_of: Day
    """Day of the research behind it."""
    note: str = ""
    """What its user should know."""
    rule: tuple[PackRule, ...] = ()
    """The rules, in the order of reports."""

    def evidence_of(self, rule: Rule[Any]) -> tuple[Evidence, ...]:
        """Return the sources of a rule: those of the pack, if it has its own."""
        own = next((each.evidence for each in self.rule if each.id == rule.id), ())
        found = tuple(Evidence(each.grade, each.source, each.says) for each in own)
        return found or rule.evidence

    def parameters_of(self) -> dict[str, dict[str, Any]]:
        """Return the parameters that the pack sets, by rule."""
        return {rule.id: dict(rule.parameters) for rule in self.rule}


def pack_names() -> tuple[str, ...]:
    """Return the names of all packs.

    Examples
    --------
    >>> pack_names()
    ('aep-ohio-2026-10', 'none', 'tx-2026-03-proposed', 'tx-2026-10')
    """
    return tuple(sorted(_files()))


def load_pack(name: str, where: str = "") -> Pack:
    """Return a pack.

    Parameters
    ----------
    name
        Its name.
    where
        Where the user named it, for messages.

    Raises
    ------
    UnknownNameError
        There is no such pack.
    OptmixError
        A pack of another package cannot be read.
    """
    if name not in pack_names():
        raise UnknownNameError(
            Problem(
                what=f'there is no rule pack "{name}"',
                where=where,
                allowed=", ".join(f'"{known}"' for known in pack_names()),
                hint=did_you_mean(name, pack_names()) or "a pack of another package is installed",
            )
        )
    return _read(name)


@cache
def _read(name: str) -> Pack:
    file = _files()[name]
    pack, faults = validated(Pack, read_document(file).values)
    if pack is None:
        raise OptmixError(f"{file.name}: {'; '.join(fault.what for fault in faults)}")
    return pack


@cache
def _files() -> dict[str, Path]:
    """Return the file of every pack."""
    found = {path.stem: path for path in FOLDER.glob("*.toml")}
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        if entry.name in found:
            raise OptmixError(
                f'two rule packs have the name "{entry.name}", one of them from {entry.value}; '
                "rename it, or uninstall the package that it came with"
            )
        try:
            file = entry.load()
        except (ImportError, AttributeError) as reason:
            raise OptmixError(
                f'the package behind the rule pack "{entry.name}" cannot be loaded: {reason}'
            ) from reason
        if not (isinstance(file, Path) and file.is_file()):
            raise OptmixError(
                f'the entry point "{entry.name}" leads to no file of a rule pack: {file!r}'
            )
        found[entry.name] = file
    return found


def differences(name: str, other: str) -> list[dict[str, Any]]:
    """Return where two packs differ: rules of only one, figures with two values, and sources.

    Returns
    -------
    list of dict
        Each with ``rule``, ``parameter`` (none for the rule as a whole, ``evidence`` for its
        sources) and the two values by the names of the packs; none where a pack lacks it.
    """
    one, two = load_pack(name).parameters_of(), load_pack(other).parameters_of()
    found: list[dict[str, Any]] = []
    for rule in dict.fromkeys((*one, *two)):
        if rule not in one or rule not in two:
            sides = {side: "in force" if rule in has else None for side, has in _sides(name, other)}
            found.append({"rule": rule, "parameter": None, **sides})
            continue
        left, right = _values(name, rule), _values(other, rule)
        found += [
            {"rule": rule, "parameter": key, name: left[key], other: right[key]}
            for key in left
            if left[key] != right[key]
        ]
    return found


def _values(name: str, rule_id: str) -> dict[str, Any]:
    """Return the parameters of a rule in a pack, and its sources under ``evidence``."""
    from optmix.rules.registry import find_rule

    rule, pack = find_rule(rule_id), load_pack(name)
    params = rule.params.model_validate(pack.parameters_of()[rule_id])
    told = "; ".join(map(str, pack.evidence_of(rule)))
    return {**params.model_dump(mode="json"), "evidence": told}


def _sides(name: str, other: str) -> list[tuple[str, dict[str, Any]]]:
    return [(side, load_pack(side).parameters_of()) for side in (name, other)]
