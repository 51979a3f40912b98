"""Levers that only trying tells about: minimum loads, rules and their figures, reliability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optmix.explain.levers import Lever, named
from optmix.rules.in_force import applying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.rules.in_force import RuleInForce
    from optmix.schema.site import Site

__all__ = ["figures_of_rules", "other_levers", "rule_levers"]


TARGETS: Final = {
    "availability": ("", 1e-6),
    "lole_h_per_yr": ("h/yr", 8760.0),
    "eue_mwh_per_yr": ("MWh/yr", 1e9),
    "eue_ppm": ("ppm", 1e6),
}
"""Unit and loosest value of each way to state a reliability target."""


def other_levers(site: Site) -> Iterator[Lever]:
    """Yield levers on minimum loads and on the reliability target."""
    for unit in site.unit:
        if unit.min_load_frac > 0 and unit.n_max > 0:
            field = named("unit", unit.name, "min_load_frac")
            yield Lever(field, f"min_load_frac of {unit.name}", unit.min_load_frac, 0.0)
    if site.reliability.target == "none":
        return
    for name, (unit_of, loosest) in TARGETS.items():
        value = getattr(site.reliability, name)
        if value is not None:
            yield Lever(f"reliability.{name}", f"reliability.{name}", value, loosest, unit_of)


def rule_levers(case: Case) -> Iterator[Lever]:
    """Yield the rules that may leave a site without a plan, each to be left out."""
    for each in applying(case):
        if not each.rule.no_relief and each.rule.asks(case, each.params):
            yield Lever(each.rule.id, f"the rule {each.rule.id}", None, loosest=False, is_rule=True)


def figures_of_rules(case: Case, ids: set[str]) -> Iterator[Lever]:
    """Yield the figures of some rules that say how much these ask for."""
    for each in applying(case):
        if each.rule.id in ids:
            yield from _figures(case, each)


def _figures(case: Case, each: RuleInForce) -> Iterator[Lever]:
    rule_id = each.rule.id
    for relief in each.rule.reliefs(case, each.params):
        yield Lever(
            named("rules", rule_id, relief.name),
            f"{relief.name} of {rule_id}",
            relief.value,
            relief.loosest,
            relief.unit,
            relief.is_whole,
            written=relief.written,
        )
