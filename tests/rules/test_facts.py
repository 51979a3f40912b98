"""Facts of a site that several rules ask for: given once they hold for all, without two values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from model.cases import make_axis, make_case, make_grid, make_unit
from rules.kit import outcome_of, three_days, under
from unit.verify.plans import make_plan

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.errors import SchemaError
from optmix.rules.facts import fact_names
from optmix.rules.in_force import ready_case, rules_in_force
from optmix.rules.registry import rules
from optmix.schema.load import load_site
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case

TEXAS = {"rules.pack": "tx-2026-10"}


def site(*choices: RuleChoice, **parts: Any) -> Case:
    return three_days(rules=RuleTable("tx-2026-10", choices), **parts)


def found(case: Case) -> dict[str, Any]:
    return {each.rule.id: each for each in rules_in_force(case)}


def test_a_parameter_of_one_name_is_a_fact_of_all_rules_or_of_none() -> None:
    facts = {name for rule in rules().values() for name in fact_names(rule.params)}
    assert facts == {"metering", "requested_mw", "energization_date"}
    for rule in rules().values():
        assert facts & set(rule.params.model_fields) == fact_names(rule.params)


def test_demand_that_is_asked_for_holds_for_thresholds_of_all_rules() -> None:
    """80 MW are built at first, and 300 MW are asked for."""
    asked = RuleChoice("sb6.applicability", {"requested_mw": 300.0})
    large = RuleChoice("sb6.study-fee", {"large_fee_usd": 300_000.0})
    by_id = found(site(asked, large, demand_mw=70.0))
    assert "USD 300,000" in by_id["sb6.study-fee"].applicability.reason
    assert by_id["ercot.ride-through"].applies
    assert by_id["sb6.study-fee"].set_by["requested_mw"] == "site"
    without = found(site(large, demand_mw=80.0))
    assert "USD 100,000" in without["sb6.study-fee"].applicability.reason
    assert without["sb6.study-fee"].set_by["requested_mw"] == "default"


def test_a_day_of_connection_holds_for_all_rules() -> None:
    early = RuleChoice("tx.batch-timeline", {"energization_date": dt.date(2025, 12, 31)})
    by_id = found(site(early))
    reason = by_id["sb6.firm-load-shed"].applicability.reason
    assert reason == "energized on 2025-12-31, by 2025-12-31"


@pytest.mark.parametrize(
    ("name", "first", "second", "values"),
    [
        ("metering", "ercot.withdrawal-limit", "ercot.controllable-load", ("wlpun", "pclr")),
        ("requested_mw", "sb6.applicability", "ercot.ride-through", (90.0, 75)),
        (
            "energization_date",
            "tx.batch-timeline",
            "sb6.firm-load-shed",
            ("2026-01-01", "2026-02-01"),
        ),
    ],
)
def test_two_values_of_one_fact_are_refused(
    name: str, first: str, second: str, values: tuple[Any, Any]
) -> None:
    given = {f'rules."{first}".{name}': values[0], f'rules."{second}".{name}': values[1]}
    with pytest.raises(SchemaError) as caught:
        ready_case(load_site("@texas/grid-300mw-fortnight", TEXAS | given))
    (problem,) = caught.value.problems
    assert problem.what.startswith(f"{name} is {values[1]} for ")
    assert first in problem.what
    assert second in problem.what
    assert second in problem.where
    assert "one fact" in problem.hint
    same = {**given, f'rules."{second}".{name}': values[0]}
    assert ready_case(load_site("@texas/grid-300mw-fortnight", TEXAS | same))


def test_a_fact_that_is_not_valid_is_told_once_and_where_it_is_given() -> None:
    wrong = RuleChoice("tx.batch-timeline", {"energization_date": 7}, "site.toml:3")
    with pytest.raises(SchemaError) as caught:
        rules_in_force(site(wrong))
    assert [problem.where for problem in caught.value.problems] == ["site.toml:3"]


@pytest.mark.parametrize(
    ("rule_id", "other"),
    [
        ("sb6.demand-reduction", {"is_in_other_service": True}),
        ("sb6.demand-reduction", {"is_price_responsive": True}),
        ("ercot.controllable-load", {"metering": "pclr"}),
    ],
)
def test_what_demand_reduction_excludes_is_no_choice_beside_it(
    rule_id: str, other: dict[str, Any]
) -> None:
    tables = {"sb6.demand-reduction": {"opt_in": True}}
    tables[rule_id] = {**tables.get(rule_id, {}), **other}
    choices = [RuleChoice(name, params, f"{name} in site.toml") for name, params in tables.items()]
    with pytest.raises(SchemaError, match="opts in to a service that this excludes"):
        rules_in_force(site(*choices))


def test_under_review_nothing_is_exported() -> None:
    """180 days from the second of January end in July."""
    axis = replace(make_axis((4,)), month_label=("2025-07",))
    case = make_case(
        axis,
        demand_mw=80.0,
        units=(make_unit(axis, name="old", n_max=9, pmin_mw=0.0),),
        grid=make_grid(
            axis,
            withdrawal_max_mw=90.0,
            export_max_mw=50.0,
            energization_date=dt.date(2025, 1, 3),
        ),
    )
    params = {"existing_units": ("old",), "events_per_year": 0}
    plan = make_plan(case, [0], withdrawal_mw=90.0, export_mw=np.array([0.0, 0.0, 5.0, 0.0]))
    ruled = under(case, "sb6.net-metering-review", params)
    assert "export under review" in broken(ruled, plan)
    free = under(case, "sb6.net-metering-review", {**params, "study_day": 0})
    assert "export under review" not in broken(free, plan)


def broken(case: Case, plan: Any) -> list[str]:
    verification = verify_plan(case, plan)
    assert outcome_of(verification, "sb6.net-metering-review").applies
    return [each.what for each in verification.findings]
