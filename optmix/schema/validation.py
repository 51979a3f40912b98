"""Make records of plain values, and collect every mistake on the way.

Where pydantic refuses a site, the tables of it that are valid by themselves are still checked, so
that one misspelt key does not hide the other mistakes of a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_origin

from pydantic import ValidationError

from optmix.schema.base import Record, record_in
from optmix.schema.check_site import is_rule_id, no_rule_id
from optmix.schema.checks import faults_of_record, faults_together
from optmix.schema.fault import Fault
from optmix.schema.messages import faults_of
from optmix.schema.origin import Location
from optmix.schema.site import Site
from optmix.schema.targets import Rules

__all__ = ["validated"]

R = TypeVar("R", bound=Record)


def validated(record: type[R], values: Mapping[str, Any]) -> tuple[R | None, list[Fault]]:
    """Make a record of plain values.

    Returns
    -------
    tuple
        The record, or none if there is any fault; and every fault found.
    """
    values, faults = _without_false_rules(values) if issubclass(record, Site) else (values, [])
    try:
        made = record.model_validate(values)
    except ValidationError as error:
        faults += faults_of(error, record, values)
        return None, faults + (_faults_of_parts(values) if issubclass(record, Site) else [])
    faults += faults_of_record(made)
    if isinstance(made, Site):
        faults += faults_together({name: getattr(made, name) for name in Site.model_fields})
    return (None if faults else made), faults


def _without_false_rules(values: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Fault]]:
    """Take out keys of ``[rules]`` that are no rules, which pydantic would read as such."""
    rules = values.get("rules")
    if not isinstance(rules, Mapping):
        return values, []
    false = [name for name in rules if not is_rule_id(name) and name not in Rules.model_fields]
    kept = {name: value for name, value in rules.items() if name not in false}
    faults = [no_rule_id(name, rules[name]).under(("rules",)) for name in false]
    return {**values, "rules": kept}, faults


def _faults_of_parts(values: Mapping[str, Any]) -> list[Fault]:
    """Check the tables of a site that are valid, though the site is not."""
    faults: list[Fault] = []
    parts: dict[str, Any] = {}
    for name, field in Site.model_fields.items():
        kind = record_in(field.annotation)
        if kind is None:
            continue
        if name not in values:
            if not field.is_required():
                parts[name] = field.default
            continue
        is_list = get_origin(field.annotation) is tuple
        if is_list != isinstance(values[name], list | tuple):
            continue
        items = values[name] if is_list else [values[name]]
        made = [_made(kind, item) for item in items]
        for number, part in enumerate(made):
            place: Location = (name, number) if is_list else (name,)
            faults += (fault.under(place) for fault in (faults_of_record(part) if part else ()))
        if all(made):
            parts[name] = tuple(made) if is_list else made[0]
    return faults + list(faults_together(parts))


def _made(kind: type[Record], value: object) -> Record | None:
    try:
        return kind.model_validate(value)
    except ValidationError:  # reported already, with the site as a whole
        return None
