"""Which rules are in force: packs, what a site changes of them, and rules of other packages."""

from __future__ import annotations

import datetime as dt
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from model.cases import changed, make_unit
from rules.kit import scenes, solved, three_days, under
from unit.verify.plans import make_plan

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.errors import OptmixError, SchemaError, UnknownNameError
from optmix.rules import packs, registry
from optmix.rules.in_force import applying, ids_named, ready_case, rules_in_force
from optmix.rules.outcome import unchecked_outcomes
from optmix.rules.packs import differences, load_pack, pack_names
from optmix.rules.rule import Applicability, Evidence, Params, Rule, RuleCheck, Slack
from optmix.rules.without import without_rules
from optmix.schema.load import load_site
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

PACK = {"rules.pack": "tx-2026-10"}


def in_force(case: Case) -> dict[str, Any]:
    return {each.rule.id: each for each in rules_in_force(case)}


OF_PLANNERS = {
    "sb6.applicability": {"existing_mw"},
    "ercot.withdrawal-limit": {"export_limit_mw"},
    "ercot.controllable-load": {"low_power_mw"},
    "ercot.ride-through": {"computing_frac", "ups_mw"},
    "sb6.firm-load-shed": {"remote_disconnect_usd"},
}
"""Figures of a site or its planner, which no law sets."""


def is_figure(default: object) -> bool:
    """Return whether a default is a number, a day, or a list that is not empty."""
    many = isinstance(default, tuple) and bool(default)
    return many or (isinstance(default, int | float | dt.date) and not isinstance(default, bool))


@pytest.mark.parametrize("name", [name for name in pack_names() if name != "none"])
def test_a_dated_pack_states_every_figure_of_its_rules(name: str) -> None:
    """So that it keeps them when defaults change."""
    for rule_id, stated in load_pack(name).parameters_of().items():
        fields = registry.find_rule(rule_id).params.model_fields
        figures = {key for key, field in fields.items() if is_figure(field.default)}
        assert figures - {"seed"} - OF_PLANNERS.get(rule_id, set()) - set(stated) == set(), rule_id


def test_a_figure_of_an_older_law_is_a_difference_of_packs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not only those that differ today, but caps and rates of any other order."""
    older = load_pack("tx-2026-03-proposed").model_copy(deep=True)
    for rule in older.rule:
        if rule.id == "air.site-tpy":
            rule.parameters["minor_source_tpy"] = 240.0
    known = {"new": load_pack("tx-2026-10"), "old": older}
    monkeypatch.setattr(packs, "load_pack", known.__getitem__)
    rows = {(row["rule"], row["parameter"]): row for row in differences("new", "old")}
    found = rows["air.site-tpy", "minor_source_tpy"]
    assert (found["new"], found["old"]) == (250.0, 240.0)


def test_caps_and_rates_of_a_pack_are_those_that_hold() -> None:
    given = (
        RuleChoice("air.site-tpy", {"minor_source_tpy": 240.0}),
        RuleChoice("ercot.transmission-charge", {"rate_4cp_usd_per_mw_yr": 1.0}),
    )
    found = in_force(three_days(rules=RuleTable(choices=given)))
    told = {name: each.rule.words(each.params) for name, each in found.items()}
    assert "within 240 short tons" in told["air.site-tpy"]
    assert "USD 1 per MW" in told["ercot.transmission-charge"]
    assert "Jun, Jul, Aug, Sep" in told["ercot.transmission-charge"]


@pytest.fixture
def provided(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let a package be installed that brings a pack."""
    module = ModuleType(PACKAGE)
    monkeypatch.setitem(sys.modules, PACKAGE, module)

    def install(name: str, value: object) -> None:
        vars(module)["FILE"] = value
        entry = EntryPoint(name, f"{PACKAGE}:FILE", packs.ENTRY_POINTS)
        monkeypatch.setattr(packs, "entry_points", lambda **_: [entry])
        packs._files.cache_clear()

    yield install
    packs._files.cache_clear()
    packs._read.cache_clear()


PACKAGE = "packs_of_others"

UTAH = """\
title = "Utah"
as_of = 2026-10-01

[[rule]]
id = "minimum-onsite"
[rule.parameters]
frac = 0.7
"""


def test_another_package_brings_a_dated_pack(provided: Any, tmp_path: Path) -> None:
    file = tmp_path / "utah.toml"
    file.write_text(UTAH, encoding="utf-8")
    provided("ut-2026-10", file)
    assert "ut-2026-10" in pack_names()
    site = load_site("@tutorial/one-engine", {"rules.pack": "ut-2026-10"})
    assert in_force(ready_case(site))["minimum-onsite"].params.frac == 0.7


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("tx-2026-10", Path(__file__), 'two rule packs have the name "tx-2026-10"'),
        ("ut-2026-10", "utah.toml", "leads to no file of a rule pack: 'utah.toml'"),
    ],
)
def test_what_is_wrong_with_a_pack_of_another_package_is_told(
    provided: Any, name: str, value: object, said: str
) -> None:
    provided(name, value)
    with pytest.raises(OptmixError, match=said):
        pack_names()


def test_a_pack_that_there_is_not_is_told_with_its_place() -> None:
    site = load_site("@tutorial/one-engine", {"rules.pack": "tx-2026-11"})
    with pytest.raises(UnknownNameError, match='there is no rule pack "tx-2026-11"') as caught:
        ready_case(site)
    (problem,) = caught.value.problems
    assert problem.where == "--set rules.pack"
    assert '"tx-2026-10"' in problem.hint


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_names_rules_that_exist_with_valid_parameters(name: str) -> None:
    pack = load_pack(name)
    assert len(pack.parameters_of()) == len(pack.rule)
    for rule_id, parameters in pack.parameters_of().items():
        registry.find_rule(rule_id).params.model_validate(parameters)


def test_without_a_pack_nothing_is_in_force() -> None:
    case = three_days()
    assert rules_in_force(case) == ()
    assert ids_named(RuleTable()) == ()


def test_parameters_come_from_default_pack_and_site() -> None:
    own = RuleChoice("sb6.study-fee", {"large_from_mw": 100.0})
    case = three_days(rules=RuleTable("tx-2026-03-proposed", (own,)))
    fee = in_force(case)["sb6.study-fee"]
    assert fee.set_by == {
        "study_fee_usd": "pack",
        "large_fee_usd": "pack",
        "large_from_mw": "site",
        "requested_mw": "default",
        "life_yr": "pack",
    }
    assert (fee.params.large_fee_usd, fee.params.large_from_mw) == (300_000.0, 100.0)


def test_the_newest_pack_of_texas_states_the_defaults_of_its_rules() -> None:
    """So pages of rules tell the law of today; older packs keep the figures of their day."""
    for rule_id, stated in load_pack("tx-2026-10").parameters_of().items():
        rule = registry.find_rule(rule_id)
        assert rule.params.model_validate(stated) == rule.params()
        assert stated or rule_id == "tx.batch-timeline"


def test_packs_differ_in_figures_and_sources() -> None:
    found = differences("tx-2026-10", "tx-2026-03-proposed")
    rows = {(row["rule"], row["parameter"]): row for row in found}
    fee = rows["sb6.study-fee", "large_fee_usd"]
    assert (fee["tx-2026-10"], fee["tx-2026-03-proposed"]) == (None, 300_000.0)
    told = rows["sb6.study-fee", "evidence"]
    assert "25.194, final (secondary source)" in told["tx-2026-10"]
    assert "25.194, as proposed (unverified)" in told["tx-2026-03-proposed"]
    assert differences("tx-2026-10", "tx-2026-10") == []


def test_sources_of_a_pack_travel_into_the_result() -> None:
    confidence = {}
    for pack in ("tx-2026-10", "tx-2026-03-proposed"):
        outcomes = unchecked_outcomes(three_days(rules=RuleTable(pack)))
        confidence[pack] = {each.id: each.confidence for each in outcomes}
    assert "unverified" not in confidence["tx-2026-10"]["sb6.security"]
    told = confidence["tx-2026-03-proposed"]["sb6.security"]
    assert "unverified: 16 TAC 25.194, as proposed" in told
    same = registry.find_rule("sb6.disclosure").confidence
    assert {each["sb6.disclosure"] for each in confidence.values()} == {same}


def test_a_site_adds_a_rule_that_its_pack_does_not_name() -> None:
    case = three_days(rules=RuleTable("tx-2026-10", (RuleChoice("minimum-onsite", {}),)))
    assert list(in_force(case))[-1] == "minimum-onsite"


def test_all_of_sb6_hangs_on_one_test() -> None:
    case = three_days(demand_mw=74.0, rules=RuleTable("tx-2026-10"))
    says_no_itself = {"sb6.ciac", "sb6.demand-reduction", "sb6.net-metering-review"}
    for name, each in in_force(case).items():
        if name.startswith("sb6."):
            assert not each.applies
            told = "74 MW is below 75 MW" in each.applicability.reason
            assert told or name in says_no_itself


def test_with_the_test_switched_off_rules_decide_for_themselves() -> None:
    off = RuleChoice("sb6.applicability", {"enabled": False, "reason": "agreed otherwise"})
    case = three_days(demand_mw=74.0, rules=RuleTable("tx-2026-10", (off,)))
    found = in_force(case)
    assert found["sb6.applicability"].applicability.reason == "switched off: agreed otherwise"
    assert found["sb6.study-fee"].applies


def test_every_mistake_is_told_at_once() -> None:
    faulty = RuleChoice(
        "air.site-tpy", {"lane": "x", "cap": 1}, "site.toml:12", {"cap": "site.toml:13"}
    )
    choices = (RuleChoice("sb6.study-fees", {}, "site.toml:9"), faulty)
    with pytest.raises(SchemaError) as caught:
        rules_in_force(three_days(rules=RuleTable(choices=choices)))
    told = [(problem.where, problem.what) for problem in caught.value.problems]
    assert told[0] == ("site.toml:9", 'there is no rule "sb6.study-fees"')
    assert {where for where, _ in told[1:]} == {"site.toml:12", "site.toml:13"}
    assert '"sb6.study-fee"' in caught.value.problems[0].hint


def test_a_warning_of_a_rule_reaches_the_user() -> None:
    site = load_site("@tutorial/one-engine", PACK)
    assert ready_case(site).warnings == ()
    tied = load_site(
        "@texas/grid-300mw-fortnight",
        {'rules."sb6.applicability".requested_mw': 75.0, **PACK},
    )
    (exactly,) = [text for text in ready_case(tied).warnings if "exactly 75 MW" in text]
    assert exactly.startswith("sb6.applicability: ")


def test_rules_are_left_out_for_one_run() -> None:
    site = load_site("@tutorial/one-engine", {**PACK, 'rules."air.site-tpy".cap_tpy': 80.0})
    less = without_rules(site, ["air.site-tpy"], reason="a trial")
    found = in_force(ready_case(less))["air.site-tpy"]
    assert found.applicability.reason == "switched off: a trial"
    assert found.params.cap_tpy == 80.0
    assert less.origin is site.origin


def test_only_rules_in_force_can_be_left_out() -> None:
    site = load_site("@tutorial/one-engine", PACK)
    with pytest.raises(UnknownNameError) as caught:
        without_rules(site, ["air.site-tpi", "minimum-onsite"], reason="x", where="--no-rule")
    assert [problem.where for problem in caught.value.problems] == ["--no-rule"] * 2
    assert '"air.site-tpy"' in caught.value.problems[0].hint


# --- Rules of other packages --------------------------------------------------------------------


class NoUnitsParams(Params):
    """How many may be built."""

    most: int = 3
    """Units in all."""


class NoUnits(Rule[NoUnitsParams]):
    """A rule that somebody else wrote."""

    id = "example.few-units"
    title = "Few units"
    cite = "an example"
    evidence = (Evidence("D", "an example", "nothing"),)
    params = NoUnitsParams

    def applies(self, case: Case, params: NoUnitsParams) -> Applicability:  # noqa: ARG002
        return Applicability.yes("always")

    def words(self, params: NoUnitsParams) -> str:
        return f"At most {params.most} units."

    def build(self, block: Any, m: Any, params: NoUnitsParams) -> None:
        block.rows("few", [0], lambda _: sum(m.n_units.values()) <= params.most)

    def check(self, plan: Plan, case: Case, params: NoUnitsParams) -> RuleCheck:  # noqa: ARG002
        left = params.most - float(plan.units.sum())
        return RuleCheck((Slack("too many units", "units", left, params.most),))


class NoWords(Rule[NoUnitsParams]):
    """A rule that is not finished."""

    id = "example.no-words"
    title = "No words"
    evidence = (Evidence("D", "an example", "nothing"),)
    params = NoUnitsParams

    def applies(self, case: Case, params: NoUnitsParams) -> Applicability:  # noqa: ARG002
        return Applicability.yes("always")


class PlainId(NoUnits):
    """A key of the table of rules rather than a rule."""

    id = "pack"


class Again(NoUnits):
    """The same id a second time."""


NOTHING = "no rule"


OTHERS = "rules_of_others"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let packages be installed that bring what this module has."""
    module = ModuleType(OTHERS)
    vars(module).update(NoUnits=NoUnits, Again=Again, NOTHING=NOTHING)
    vars(module).update(NoWords=NoWords, PlainId=PlainId)
    monkeypatch.setitem(sys.modules, OTHERS, module)

    def install(*names: str) -> None:
        found = [EntryPoint(name, f"{OTHERS}:{name}", registry.ENTRY_POINTS) for name in names]
        monkeypatch.setattr(registry, "entry_points", lambda **_: found)
        registry.rules.cache_clear()

    yield install
    registry.rules.cache_clear()


def test_a_rule_of_another_package_works_like_any_other(installed: Any) -> None:
    installed("NoUnits")
    case = three_days(grid=None, units=(scenes()["air.nox-rate"].case.units))
    case = under(case, NoUnits.id, {"most": 10})
    assert [each.rule.id for each in applying(case)] == [NoUnits.id]
    assert solved(case).plan.units.sum() == 10
    over = make_plan(case, [11, 0, 0])
    broken = [f for f in verify_plan(case, over).findings if f.equation == NoUnits.id]
    assert [(f.excess, f.unit) for f in broken] == [(1.0, "units")]


def test_a_rule_of_another_package_may_count_in_any_unit(
    installed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(self: NoUnits, plan: Plan, case: Case, params: NoUnitsParams) -> RuleCheck:  # noqa: ARG001
        left = params.most - float(plan.units.sum())
        return RuleCheck((Slack("too many lorries", "lorries/day", left, params.most),))

    monkeypatch.setattr(NoUnits, "check", check)
    installed("NoUnits")
    case = three_days(grid=None, units=(scenes()["air.nox-rate"].case.units))
    case = under(case, NoUnits.id, {"most": 10})
    (kept,) = verify_plan(case, make_plan(case, [10, 0, 0])).rules
    assert (kept.status, kept.margin, kept.unit) == ("pass", 0.0, "lorries/day")
    (broken,) = verify_plan(case, make_plan(case, [11, 0, 0])).rules
    assert (broken.status, broken.margin) == ("fail", -1.0)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("NoUnits", "Again"), 'two rules have the id "example.few-units"'),
        (("NOTHING",), "leads to no rule"),
        (("Absent",), "cannot be loaded"),
        (
            ("NoWords",),
            "of the package rules_of_others:NoWords cannot be used: NoWords lacks cite, words",
        ),
        (("PlainId",), 'its id "pack" has neither a dot nor a hyphen'),
    ],
)
def test_what_is_wrong_with_another_package_is_told(
    installed: Any, names: tuple[str, ...], said: str
) -> None:
    installed(*names)
    with pytest.raises(OptmixError, match=said):
        registry.rules()


@pytest.mark.parametrize(
    ("rule_id", "key"),
    [
        ("air.emergency-hours", "emergency_units"),
        ("air.nsps-kkkka", "temporary_units"),
        ("sb6.backup-definition", "backup_units"),
        ("sb6.net-metering-review", "existing_units"),
    ],
)
def test_a_rule_refuses_units_that_the_site_has_not(rule_id: str, key: str) -> None:
    site = load_site("@tutorial/one-engine", {f'rules."{rule_id}".{key}': ["Engine"]})
    with pytest.raises(SchemaError, match=f'{key} names "Engine", which the site has not') as error:
        ready_case(site)
    assert error.value.problems[0].allowed == "engine-5mw"


def test_whole_numbers_of_a_list_stay_whole() -> None:
    hours = {'rules."ercot.transmission-charge".candidate_hours': [14, 15, 16]}
    case = ready_case(load_site("@texas/grid-300mw-fortnight", hours))
    assert in_force(case)["ercot.transmission-charge"].params.candidate_hours == (14, 15, 16)


@pytest.mark.parametrize(
    ("rule_id", "name", "given", "said"),
    [
        ("air.site-tpy", "pollutants", [], "pollutants"),
        ("air.site-tpy", "pollutants", ["nox", "nox"], '"nox" is named twice'),
        ("air.nsps-kkkka", "small_up_to_mmbtu_per_h", 900.0, "above medium_up_to_mmbtu_per_h"),
        ("minimum-billing", "first_up_to_mw", 80.0, "above second_up_to_mw"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(
    rule_id: str, name: str, given: Any, said: str
) -> None:
    site = load_site("@tutorial/one-engine", {f'rules."{rule_id}".{name}': given})
    with pytest.raises(SchemaError, match=said) as caught:
        ready_case(site)
    (problem,) = caught.value.problems
    assert name in problem.where
    assert problem.allowed
    assert problem.hint


@pytest.mark.parametrize(
    ("rule_id", "params", "item"),
    [
        ("sb6.firm-load-shed", {}, "equipment for curtailment"),
        ("sb6.net-metering-review", {"existing_units": ("unit",)}, "approval of net metering"),
    ],
)
def test_a_pass_says_what_is_left_to_show(rule_id: str, params: dict[str, Any], item: str) -> None:
    unit = make_unit(three_days().axis, name="unit", n_max=1)
    case = under(three_days(units=(unit,)), rule_id, params)
    (found,) = verify_plan(case, make_plan(case, [0])).rules
    assert item in found.to_show[0]
    assert f"To be shown by the planner: {item}" in found.words
    row = found.evidence_rows[-1]
    assert (row.what, row.value) == (found.to_show[0], "to be shown by the planner")
    (idle,) = unchecked_outcomes(under(changed(case, grid=None), rule_id, params))
    assert (idle.status, idle.to_show) == ("not applicable", ())


def test_grades_and_sources_are_fields_of_a_result() -> None:
    (found,) = unchecked_outcomes(under(three_days(), "sb6.applicability", {}))
    assert found.grades == ("P", "S", "D")
    assert [each.grade for each in found.sources] == ["P", "S", "D", "D"]
    assert found.sources[0].source == "PURA 37.0561 (c)"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("sb6.backup-definition.frac", "a number from 0 to 1"),
        ("tx.batch-timeline.withdrawal_by_year_mw", "a number from 0 to 1,000,000,000"),
    ],
)
def test_what_is_no_number_is_told_what_the_rule_allows(
    key: str, allowed: str, value: float
) -> None:
    rule_id, _, name = key.rpartition(".")
    given = [value] if name.endswith("_mw") else value
    site = load_site("@tutorial/one-engine", {f'rules."{rule_id}".{name}': given})
    with pytest.raises(SchemaError, match="not a finite number") as caught:
        ready_case(site)
    assert caught.value.problems[0].allowed.startswith(allowed)
