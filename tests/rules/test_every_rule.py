"""What holds of every rule, on the scene that each has."""

from __future__ import annotations

import inspect
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pyomo.environ as pyo
import pytest
from pyomo.core import value
from rules.kit import applicability, decomposed, outcome_of, scenes, twins, under
from rules.test_golden import CHARGED

from optmix.rules.assemble import build_site_model
from optmix.rules.in_force import applying
from optmix.rules.registry import find_rule, rules
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules"
IDS = tuple(scenes())
ASKING = tuple(name for name, scene in scenes().items() if scene.asks)
TABLE = [
    pytest.param(name, *row, id=f"{name}-{number}")
    for name, scene in scenes().items()
    for number, row in enumerate(scene.applies)
]


def test_every_rule_has_a_scene() -> None:
    assert set(IDS) == set(rules())


@pytest.mark.parametrize("name", rules())
def test_every_rule_is_cited_and_documented(name: str) -> None:
    rule = find_rule(name)
    assert rule.cite.strip()
    assert rule.title.strip()
    assert rule.evidence
    assert rule.grades
    for field in type(rule.params()).model_fields.values():
        assert field.description


def drawn_page(name: str) -> str:
    """Return what the built page of a rule holds: what is written by hand, and from the code."""
    spec = spec_from_file_location("rule_pages", DOCS.parent / "_ext" / "rule_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    by_hand = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    return f"{by_hand}\n{module.rule_page(find_rule(name))}"


@pytest.mark.parametrize("name", rules())
def test_the_page_of_a_rule_says_where_it_is_written_and_what_it_asks(name: str) -> None:
    rule, page = find_rule(name), drawn_page(name)
    assert page.startswith(f"# {rule.title}")
    docstring = (inspect.getdoc(type(rule)) or "").splitlines()[0]
    assert len(docstring.split()) > 3
    for told in (rule.cite, rule.words(rule.params()), docstring.split(":math:")[0]):
        assert told in page
    for piece in rule.evidence:
        assert f"| {piece.grade}: " in page
        assert piece.source in page
        assert piece.says in page
    for key in rule.params.model_fields:
        assert f"| `{key}` |" in page


@pytest.mark.parametrize("name", rules())
def test_what_is_not_law_is_never_told_as_law(name: str) -> None:
    rule = find_rule(name)
    told = " ".join((rule.words(rule.params()), rule.confidence, *map(str, rule.evidence)))
    assert "the statute says" not in told.lower()
    for grade, words in (("U", "unverified"), ("D", "modelling default, not law")):
        assert (grade in rule.grades) == (words in rule.confidence)


@pytest.mark.parametrize(("name", "case", "params", "expected", "reason"), TABLE)
def test_it_applies_where_it_should(
    name: str, case: object, params: dict[str, object], expected: object, reason: str
) -> None:
    found = applicability(case, name, params)  # type: ignore[arg-type]
    assert found.applies is expected
    assert reason in found.reason


@pytest.mark.parametrize("name", IDS)
def test_it_says_whether_it_changes_the_model(name: str) -> None:
    """Where it asks nothing there is nothing; where it bites it asks for something."""
    scene = scenes()[name]
    sites = [scene.with_rule(), *(under(case, name, params) for case, params, *_ in scene.applies)]
    asks = [(case, asks_of(case)) for case in sites if applying(case)]
    assert asks[0][1] == (bool(scene.rows) or name in CHARGED)
    for case in [case for case, is_asking in asks if not is_asking]:
        model = build_site_model(case)
        assert not any(map(len, model.rules[name].component_objects(pyo.Constraint)))
        assert value(model.cost_kusd["rules"]) == 0.0
        assert not len(model.rule_shared)


def asks_of(case: Case) -> bool:
    (each,) = applying(case)
    return each.rule.asks(case, each.params)


@pytest.mark.parametrize("name", IDS)
def test_the_table_knows_sites_on_both_sides(name: str) -> None:
    sides = {row[2] for row in scenes()[name].applies}
    assert True in sides
    assert False in sides or name == "minimum-onsite"


@pytest.mark.parametrize("name", IDS)
def test_it_changes_the_plan_as_its_words_say(name: str) -> None:
    assert scenes()[name].changes(*twins(name))


@pytest.mark.parametrize("name", IDS)
def test_it_never_lowers_the_cost(name: str) -> None:
    """But for what it pays to the site."""
    with_it, without = twins(name)
    paid = max(0.0, -with_it.verification.costs_usd["rules"])
    assert with_it.cost_usd + paid >= without.cost_usd * (1 - 1e-6)


@pytest.mark.parametrize("name", IDS)
def test_it_lowers_the_cost_only_where_it_says_that_it_pays(name: str) -> None:
    with_it, without = twins(name)
    lowers = with_it.cost_usd < without.cost_usd * (1 - 1e-6)
    assert lowers == find_rule(name).pays


@pytest.mark.parametrize("name", IDS)
def test_a_plan_made_with_it_keeps_it(name: str) -> None:
    found = outcome_of(twins(name)[0].verification, name)
    rule = find_rule(name)
    kept = "pass" if rule.has_limits else "info"
    assert found.status == ("checklist" if rule.is_checklist else kept)
    assert found.applies
    assert (found.margin is not None) == scenes()[name].asks
    assert found.margin is None or found.margin >= -1e-3


@pytest.mark.parametrize("name", ASKING)
def test_a_plan_made_without_it_breaks_it(name: str) -> None:
    scene, (_, without) = scenes()[name], twins(name)
    verification = verify_plan(scene.with_rule(), without.plan)
    assert outcome_of(verification, name).status == "fail"
    assert {finding.equation for finding in verification.findings} == {name}
    margin = outcome_of(verification, name).margin
    assert margin is not None
    assert margin < 0


@pytest.mark.parametrize("name", IDS)
def test_switched_off_it_asks_nothing(name: str) -> None:
    scene, (_, without) = scenes()[name], twins(name)
    off = scene.with_rule(enabled=False, reason="a test")
    verification = verify_plan(off, without.plan)
    found = outcome_of(verification, name)
    assert verification.findings == ()
    assert (found.applies, found.status) == (False, "not applicable")
    assert found.reason == "switched off: a test"
    assert verification.costs_usd["rules"] == 0.0


@pytest.mark.parametrize("name", ASKING)
def test_both_methods_agree_on_it(name: str) -> None:
    whole = twins(name)[0]
    proposal = decomposed(whole.case)
    assert proposal.plan is not None
    verification = verify_plan(whole.case, proposal.plan)
    assert verification.findings == ()
    assert verification.objective_usd >= whole.cost_usd * (1 - 1e-6)
    assert proposal.bound_usd is not None
    assert proposal.bound_usd <= whole.cost_usd * (1 + 1e-6)
    assert proposal.bound_usd >= whole.cost_usd * (1 - 1e-2)
    assert verification.objective_usd <= whole.cost_usd * (1 + 5e-3)
