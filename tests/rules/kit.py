"""Scenes: for each rule a small site on which it bites, and what it then changes.

A scene is all that a rule needs to be tested: the tests of this folder go over all scenes, and one
of them fails for a rule without a scene.
"""

from __future__ import annotations

import importlib
import pkgutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import rules.scenes
from model.cases import changed, make_axis, make_case, make_grid, make_unit
from model.programs import solve_model

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.rules.assemble import build_site_model
from optmix.rules.in_force import rules_in_force
from optmix.solve.decomposition.control import solve_decomposed
from optmix.solve.extract import extract_plan
from optmix.solve.layout import Layout
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.units import USD_PER_KUSD
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import RuleOutcome
    from optmix.solve.proposal import Proposal
    from optmix.verify.check import Verification

GAP = 1e-4


@dataclass(frozen=True, eq=False)
class Solved:
    """A plan that is optimal for a case, and what the verifier says of it."""

    case: Case
    plan: Plan
    verification: Verification

    @property
    def cost_usd(self) -> float:
        return self.verification.objective_usd


@dataclass(frozen=True, eq=False)
class Scene:
    """What shows that one rule works.

    Attributes
    ----------
    id
        The rule.
    case
        A site without rules, at least three days long.
    params
        Parameters with which the rule bites there.
    changes
        What differs between the plan with the rule and the one without, as its words say.
    applies
        Site, parameters, whether the rule applies, and a part of the reason.
    rows
        Families of rows that it states on the site.
    asks
        Whether there are plans that break it.
    """

    id: str
    case: Case
    changes: Callable[[Solved, Solved], bool]
    applies: Sequence[tuple[Case, Mapping[str, Any], bool, str]]
    params: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    asks: bool = True

    def with_rule(self, **more: Any) -> Case:
        """Return the site with the rule and nothing else in force."""
        return under(self.case, self.id, {**self.params, **more})


def under(case: Case, rule_id: str, params: Mapping[str, Any]) -> Case:
    """Return a site with one rule in force."""
    return changed(case, rules=RuleTable(choices=(RuleChoice(rule_id, dict(params)),)))


def three_days(**parts: Any) -> Case:
    """Return a tied site: three days of July in steps of three hours, 100 to 120 MW.

    Import is cheaper than the twelve engines of 12 MW, which serve nothing unless made to.
    """
    days = np.repeat(np.arange(3), 8)
    july = replace(make_axis((24,), step_h=3.0, day=days), month_label=("2025-07",))
    axis = parts.pop("axis", july)
    demand = 100.0 + 20.0 * (np.arange(axis.n_steps) % 8 >= 4)
    grid = make_grid(axis, withdrawal_max_mw=150.0, import_price_usd_per_mwh=25.0)
    return make_case(axis, **{"demand_mw": demand, "units": (engine(axis),), "grid": grid} | parts)


def engine(axis: Any, **figures: Any) -> Any:
    """Return twelve engines of 12 MW that start within minutes."""
    plain = {
        "n_max": 12,
        "rating_mw": 12.0,
        "net_rating_mw": 12.0,
        "pmax_mw": 12.0,
        "pmin_mw": 4.0,
        "segment_alpha_mmbtu_per_h": (10.0,),
        "lb_per_mwh": {"nox": 0.1, "co": 0.2},
    }
    return make_unit(axis, **plain | figures)


def hours(case: Case, *steps: int) -> Any:
    """Return a mask of the given steps."""
    mask = np.zeros(case.axis.n_steps, dtype=np.bool_)
    mask[list(steps)] = True
    return mask


def solved(case: Case) -> Solved:
    """Return the optimal plan of a case; the verifier accepts it and counts the same cost."""
    handoff, outcome = solve_model(build_site_model(case))
    assert outcome.values is not None, outcome.reason
    assert outcome.objective is not None
    plan = extract_plan(case, Layout.of(handoff), outcome.values)
    verification = verify_plan(case, plan)
    assert verification.findings == ()
    counted = verification.objective_usd / USD_PER_KUSD
    assert abs(counted - outcome.objective) <= 1e-6 * abs(outcome.objective)
    return Solved(case, plan, verification)


def decomposed(case: Case) -> Proposal:
    """Return what the decomposition proposes, with windows of a day."""
    pool = partial(ThreadPoolExecutor, max_workers=1)
    profile = ready_profile("highs")
    request = Request(profile, GAP, time_limit_s=900.0, workers=1, make_executor=pool)
    return solve_decomposed(case, request, window_days=1)


def outcome_of(verification: Verification, rule_id: str) -> RuleOutcome:
    """Return how one rule stands."""
    return next(each for each in verification.rules if each.id == rule_id)


def applicability(case: Case, rule_id: str, params: Mapping[str, Any]) -> Any:
    """Return whether a rule applies to a site."""
    (found,) = rules_in_force(under(case, rule_id, params))
    return found.applicability


@cache
def scenes() -> dict[str, Scene]:
    """Return every scene by the id of its rule."""
    names = [each.name for each in pkgutil.iter_modules(rules.scenes.__path__)]
    found = [importlib.import_module(f"rules.scenes.{name}").SCENE for name in names]
    return {scene.id: scene for scene in found}


@cache
def twins(rule_id: str) -> tuple[Solved, Solved]:
    """Return the site of a rule with it and without it."""
    scene = scenes()[rule_id]
    return solved(scene.with_rule()), solved(scene.case)
