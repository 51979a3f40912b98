"""Rule packs: dated lists of rules with the parameters of their day.

A later order of the regulator is a new pack, never an edit of an old one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from optmix.errors import OptmixError, Problem, UnknownNameError, did_you_mean
from optmix.schema.base import Day, Label, Name, Record
from optmix.schema.document import read_document
from optmix.schema.targets import Parameter
from optmix.schema.validation import validated

__all__ = ["Pack", "PackRule", "differences", "load_pack", "pack_names"]

FOLDER = Path(__file__).parent / "pack_files"


class PackRule(Record):
    """One rule of a pack."""

    id: Name
    """Id of the rule."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    """Parameters that differ from the defaults of the rule."""


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
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_pack(name: str) -> Pack:
    """Return a pack.

    Raises
    ------
    UnknownNameError
        There is no such pack.
    """
    if name not in pack_names():
        raise UnknownNameError(
            Problem(
                what=f'there is no rule pack "{name}"',
                allowed=", ".join(pack_names()),
                hint=did_you_mean(name, pack_names()),
            )
        )
    pack, faults = validated(Pack, read_document(FOLDER / f"{name}.toml").values)
    if pack is None:
        raise OptmixError(f"{name}.toml: {'; '.join(fault.what for fault in faults)}")
    return pack


def differences(name: str, other: str) -> list[dict[str, Any]]:
    """Return where two packs differ: rules of only one, and parameters with two values.

    Returns
    -------
    list of dict
        Each with ``rule``, ``parameter`` (none for the rule as a whole) and the two values by the
        names of the packs; none where a pack lacks it.
    """
    from optmix.rules.registry import find_rule

    one, two = load_pack(name).parameters_of(), load_pack(other).parameters_of()
    found: list[dict[str, Any]] = []
    for rule in dict.fromkeys((*one, *two)):
        if rule not in one or rule not in two:
            sides = {side: "in force" if rule in has else None for side, has in _sides(name, other)}
            found.append({"rule": rule, "parameter": None, **sides})
            continue
        defaults = find_rule(rule).params().model_dump(mode="json")
        left, right = defaults | one[rule], defaults | two[rule]
        found += [
            {"rule": rule, "parameter": key, name: left[key], other: right[key]}
            for key in defaults
            if left[key] != right[key]
        ]
    return found


def _sides(name: str, other: str) -> list[tuple[str, dict[str, Any]]]:
    return [(side, load_pack(side).parameters_of()) for side in (name, other)]
