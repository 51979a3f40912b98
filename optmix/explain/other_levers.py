"""Levers that only trying tells about: minimum loads, rules and their figures, reliability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from optmix.explain.levers import Lever, named
from optmix.explain.supply_levers import most_emitted_tpy
from optmix.rules.air.site_tpy import LANES
from optmix.rules.in_force import applying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.rules.in_force import RuleInForce
    from optmix.schema.site import Site

__all__ = ["figures_of_rules", "other_levers", "rule_levers"]


@dataclass(frozen=True)
class _Figure:
    """A parameter that sets how much a rule asks for: its name, unit and loosest value."""

    name: str
    unit: str
    loosest: float


FIGURES: Final = {
    "air.nox-rate": (
        _Figure("limit_large_lb_per_mwh", "lb/MWh", 100.0),
        _Figure("limit_small_east_lb_per_mwh", "lb/MWh", 100.0),
        _Figure("limit_small_west_lb_per_mwh", "lb/MWh", 100.0),
        _Figure("few_h_per_yr", "h", 8784.0),
    ),
    "ercot.withdrawal-limit": (
        _Figure("withdrawal_limit_mw", "MW", 1e6),
        _Figure("export_limit_mw", "MW", 1e6),
    ),
    "minimum-onsite": (_Figure("frac", "", 0.0),),
    "sb6.backup-definition": (_Figure("frac", "", 0.0),),
    "sb6.deploy-or-curtail": (_Figure("import_cap_frac", "", 1.0),),
    "sb6.firm-load-shed": (_Figure("import_frac", "", 1.0),),
}
"""Parameters that make a rule ask for less, by its id."""

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
    """Yield the rules that ask something of a plan, each to be left out."""
    for each in applying(case):
        if not each.rule.is_checklist:
            yield Lever(each.rule.id, f"the rule {each.rule.id}", None, loosest=False, is_rule=True)


def figures_of_rules(case: Case, ids: set[str]) -> Iterator[Lever]:
    """Yield the figures of some rules that say how much these ask for."""
    for each in applying(case):
        if each.rule.id in ids:
            yield from _figures(case, each)


def _figures(case: Case, each: RuleInForce) -> Iterator[Lever]:
    params: Any = each.params
    rule_id = each.rule.id
    if rule_id == "air.site-tpy":
        value = (LANES[params.lane] if params.cap_tpy is None else params.cap_tpy) or 0.0
        loosest = value + max(most_emitted_tpy(case, q) for q in params.pollutants)
        yield _lever(rule_id, "cap_tpy", value, loosest, "short ton/yr")
        return
    for figure in FIGURES.get(rule_id, ()):
        value = getattr(params, figure.name)
        if value is not None and value != figure.loosest:
            yield _lever(rule_id, figure.name, value, figure.loosest, figure.unit)


def _lever(rule_id: str, name: str, value: float, loosest: float, unit: str) -> Lever:
    return Lever(named("rules", rule_id, name), f"{name} of {rule_id}", value, loosest, unit)
