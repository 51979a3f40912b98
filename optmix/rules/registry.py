"""Every rule there is: those of optmix, and those that other packages bring.

Other packages add rules by the entry-point group ``optmix.rules``: each entry point leads to a
class derived from `optmix.rules.rule.Rule`.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from optmix.errors import OptmixError, Problem, UnknownNameError, did_you_mean
from optmix.rules.rule import Params, Rule
from optmix.schema.targets import RULE_ID_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENTRY_POINTS", "MODULES", "find_rule", "rule_ids", "rules"]

ENTRY_POINTS = "optmix.rules"
"""Group of entry points by which other packages add rules."""

SAID = ("id", "title", "cite", "evidence")
"""What every rule says of itself."""

MODULES = (
    "optmix.rules.sb6.applicability",
    "optmix.rules.sb6.disclosure",
    "optmix.rules.sb6.site_control",
    "optmix.rules.sb6.study_fee",
    "optmix.rules.sb6.security",
    "optmix.rules.sb6.ciac",
    "optmix.rules.sb6.backup_definition",
    "optmix.rules.sb6.deploy_or_curtail",
    "optmix.rules.sb6.firm_load_shed",
    "optmix.rules.sb6.demand_reduction",
    "optmix.rules.sb6.net_metering_review",
    "optmix.rules.ercot.transmission_charge",
    "optmix.rules.ercot.withdrawal_limit",
    "optmix.rules.ercot.controllable_load",
    "optmix.rules.ercot.ride_through",
    "optmix.rules.ercot.load_swing",
    "optmix.rules.tx.batch_timeline",
    "optmix.rules.air.nox_rate",
    "optmix.rules.air.site_tpy",
    "optmix.rules.air.nsps_kkkka",
    "optmix.rules.air.emergency_hours",
    "optmix.rules.general.minimum_onsite",
    "optmix.rules.general.fuel_security",
    "optmix.rules.general.minimum_billing",
)
"""Modules of this package that hold rules, in the order of lists."""


@cache
def rules() -> dict[str, Rule[Any]]:
    """Return every rule by its id.

    Raises
    ------
    OptmixError
        Two rules have the same id, or a rule of another package cannot be loaded.
    """
    found: dict[str, Rule[Any]] = {}
    for kind in (*_own(), *_provided()):
        rule = kind()
        if rule.id in found:
            first = type(found[rule.id]).__module__
            raise OptmixError(
                f'two rules have the id "{rule.id}": in {first} and in {kind.__module__}; '
                "rename one, or uninstall the package that it came with"
            )
        found[rule.id] = rule
    return found


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules."""
    return tuple(rules())


def find_rule(rule_id: str, where: str = "") -> Rule[Any]:
    """Return the rule of an id.

    Raises
    ------
    UnknownNameError
        There is no such rule.
    """
    known = rules()
    if rule_id not in known:
        raise UnknownNameError(unknown_rule(rule_id, where))
    return known[rule_id]


def unknown_rule(rule_id: str, where: str) -> Problem:
    """Say that there is no rule of an id."""
    return Problem(
        what=f'there is no rule "{rule_id}"',
        where=where,
        allowed="an id that `optmix list rules` names",
        hint=did_you_mean(rule_id, rule_ids()) or "a misspelt id would leave a rule out",
    )


def _own() -> Iterator[type[Rule[Any]]]:
    for name in MODULES:
        for _, kind in inspect.getmembers(import_module(name), inspect.isclass):
            if issubclass(kind, Rule) and kind.__module__ == name:
                yield kind


def _provided() -> Iterator[type[Rule[Any]]]:
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            kind = entry.load()
        except (ImportError, AttributeError) as reason:
            raise OptmixError(
                f'the package behind the rule "{entry.name}" cannot be loaded: {reason}'
            ) from reason
        if not (isinstance(kind, type) and issubclass(kind, Rule)):
            raise OptmixError(f'the entry point "{entry.name}" leads to no rule: {kind!r}')
        wrong = "; ".join(_wrong_with(kind))
        if wrong:
            package = entry.dist.name if entry.dist else entry.value
            raise OptmixError(
                f'the rule "{entry.name}" of the package {package} cannot be used: {wrong}; '
                "mend the package, or uninstall it"
            )
        yield kind


def _wrong_with(kind: type[Rule[Any]]) -> Iterator[str]:
    """Yield what a class lacks to be a rule."""
    said = [name for name in SAID if getattr(kind, name, None)]
    lacks = [*(name for name in SAID if name not in said), *sorted(kind.__abstractmethods__)]
    if lacks:
        yield f"{kind.__name__} lacks {', '.join(lacks)}"
    if "id" in said and not re.search(RULE_ID_PATTERN, kind.id):
        yield f'its id "{kind.id}" has neither a dot nor a hyphen, so no site could name it'
    params: Any = kind.params
    if not (isinstance(params, type) and issubclass(params, Params)):
        yield f"its params are no class derived from Params: {params!r}"
