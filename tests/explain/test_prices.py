"""Prices of rules: how few solves they take, and what they lie between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from explain.sites import engine, plain

import optmix
from optmix.explain.levers import changed_site
from optmix.explain.prices import prices_of_rules
from optmix.explain.session import Session
from optmix.explain.subject import subject_of
from optmix.schema.load import make_site

if TYPE_CHECKING:
    from typing import Any

    from optmix.explain.records import RulePrice
    from optmix.explain.subject import Subject
    from optmix.schema.result import Result
    from optmix.schema.site import Site

GAP = 1e-4
DIRTY_USD_PER_KW = 100.0


class Counting(Session):
    """A session that keeps what it was asked to solve."""

    def solved(self, site: Site, detail: str, **options: Any) -> Result:
        self.asked = [*getattr(self, "asked", []), detail]
        return super().solved(site, detail, **options)


def priced(site: Site) -> tuple[Subject, dict[str, RulePrice], list[str]]:
    session = Counting(gap=GAP)
    subject = subject_of(site, session)
    session.asked = []
    applying = [each for each in subject.result.rules if each.applies]
    prices = {each.id: each for each in prices_of_rules(session, subject, applying)}
    assert set(prices) == {each.id for each in applying}
    return subject, prices, session.asked


def cost(site: Site) -> float:
    found = optmix.solve(site, gap=GAP).objective_usd
    assert found is not None
    return found


def test_rules_that_do_not_bind_are_priced_by_one_solve() -> None:
    rules = {
        "pack": "none",
        "minimum-onsite": {"frac": 0.7},
        "air.site-tpy": {"cap_tpy": 500.0},
        "air.nox-rate": {},
        "sb6.disclosure": {},
    }
    site = make_site(plain(rules=rules))
    subject, prices, asked = priced(site)
    assert asked == ["without 2 rules"]  # of the others, one is a checklist and one bans nothing
    assert prices["air.nox-rate"].note == "asks nothing of the plan"
    tolerance = GAP * (subject.result.objective_usd or 0.0)
    for each in prices.values():
        assert each.price_usd == 0.0
        assert each.low_usd == 0.0
        assert each.high_usd is not None
        assert each.high_usd <= tolerance


def test_a_plan_that_is_not_proven_is_no_better_known_than_its_gap() -> None:
    rules = {"pack": "none", "minimum-onsite": {"frac": 0.7}, "air.site-tpy": {"cap_tpy": 500.0}}
    session = Counting(gap=GAP)
    subject = subject_of(make_site(plain(rules=rules)), session)
    best = subject.result.objective_usd or 0.0
    rough = {"status": "feasible", "objective_usd": 1.01 * best, "gap": 0.02}
    session.asked = []
    subject = replace(subject, result=subject.result.model_copy(update=rough))
    prices = list(prices_of_rules(session, subject, subject.result.rules))
    assert session.asked == ["without 2 rules"]
    for each in prices:
        assert (each.price_usd, each.low_usd) == (0.0, 0.0)
        assert each.high_usd == pytest.approx(0.01 * best, rel=0.05)


def test_fees_within_the_gap_are_priced_at_what_they_take() -> None:
    # Each takes 0.2 % of the cost; together with what is not proven that is more than the gap.
    rules = {
        "pack": "none",
        "sb6.study-fee": {"study_fee_usd": 160_000.0, "life_yr": 20.0},
        "sb6.ciac": {"ciac_fixed_usd": 160_000.0, "life_yr": 20.0},
    }
    grid = {"withdrawal_max_mw": 10.0, "energy_price": 30.0}
    session = Counting(gap=GAP)
    subject = subject_of(make_site(plain(grid=grid, rules=rules)), session)
    best = subject.result.objective_usd or 0.0
    rough = {"status": "feasible", "objective_usd": 1.01 * best, "gap": 0.0101}
    session.asked = []
    subject = replace(subject, result=subject.result.model_copy(update=rough))
    prices = list(prices_of_rules(session, subject, subject.result.rules))
    assert session.asked == ["without 2 rules"]
    assert [each.price_usd for each in prices] == [pytest.approx(8_000.0)] * 2
    for each in prices:
        assert each.high_usd is not None
        assert each.high_usd - 8_000.0 > 0.0101 * 1.01 * best


def test_a_ban_of_what_is_not_built_is_found_to_have_a_price() -> None:
    # The plan keeps the limit with a margin, for it builds only what the limit leaves.
    dirty = engine(name="dirty", nox_lb_per_mwh=5.0, capex_usd_per_kw=DIRTY_USD_PER_KW)
    rules = {"pack": "none", "air.nox-rate": {}, "air.site-tpy": {"cap_tpy": 5000.0}}
    site = make_site(plain(unit=[engine(), dirty], rules=rules))
    _, prices, asked = priced(site)
    # The plan without both builds dirty engines, which breaks the ban alone and so prices it.
    assert asked == ["without 2 rules", "without the rule air.site-tpy"]
    ban = prices["air.nox-rate"]
    assert not ban.binds
    difference = cost(site) - cost(changed_site(site, {}, ["air.nox-rate"]))
    assert ban.price_usd == pytest.approx(difference, rel=1e-3)
    assert ban.low_usd is not None
    assert ban.high_usd is not None
    assert ban.low_usd <= difference <= ban.high_usd
    # Two engines of 5 MW: 900 USD/kW less, over 20 years without interest.
    assert difference == pytest.approx(2 * 5000.0 * 900.0 / 20.0, rel=1e-3)
    assert prices["air.site-tpy"].price_usd == 0.0


def test_rules_that_the_same_plan_breaks_are_priced_alone() -> None:
    # Dirty engines are cheaper by themselves and worse in every respect that is limited.
    dirty = engine(name="dirty", nox_lb_per_mwh=5.0, capex_usd_per_kw=DIRTY_USD_PER_KW)
    rules = {
        "pack": "none",
        "air.nox-rate": {},
        "air.site-tpy": {"cap_tpy": 60.0},
        "minimum-onsite": {"frac": 0.5},
    }
    site = make_site(plain(unit=[engine(), dirty], rules=rules))
    _, prices, asked = priced(site)
    assert sorted(asked) == [
        "without 3 rules",
        "without the rule air.nox-rate",
        "without the rule air.site-tpy",
        "without the rule minimum-onsite",
    ]
    # Either of the two is enough to keep them out, so neither costs anything alone.
    assert {each.price_usd for each in prices.values()} == {0.0}


def test_a_fee_costs_itself() -> None:
    # A contribution of 1,000 USD/kW over its life, without interest; import stays worth it.
    grid = {"withdrawal_max_mw": 10.0, "energy_price": 1.0}
    rules = {"pack": "none", "sb6.ciac": {"ciac_usd_per_mw": 1e6, "life_yr": 20.0}}
    site = make_site(plain(grid=grid, rules=rules))
    _, prices, asked = priced(site)
    fee = prices["sb6.ciac"]
    assert asked == ["without the rule sb6.ciac"]
    assert fee.price_usd == pytest.approx(10.0 * 1e6 / 20.0, rel=1e-3)
    assert fee.low_usd is not None
    assert fee.high_usd is not None
    assert fee.low_usd <= 10.0 * 1e6 / 20.0 * (1 + 1e-9)
    assert fee.high_usd >= 10.0 * 1e6 / 20.0 * (1 - 1e-9)


def test_a_solve_cut_short_without_a_cheaper_plan_leaves_the_price_open() -> None:
    class CutShort(Session):
        """A session that finds costly plans and weak bounds once the site itself is solved."""

        def solved(self, site: Site, detail: str, **options: Any) -> Result:
            found = super().solved(site, detail, **options)
            if detail == "the site itself":
                return found
            dear = 2.0 * (found.objective_usd or 0.0)
            weak = {"status": "feasible", "objective_usd": dear, "bound_usd": dear / 4}
            return found.model_copy(update=weak)

    session = CutShort(gap=GAP)
    rules = {"pack": "none", "minimum-onsite": {"frac": 1.9}}
    subject = subject_of(make_site(plain(rules=rules)), session)
    (price,) = prices_of_rules(session, subject, subject.result.rules)
    assert price.price_usd is None
    assert price.low_usd == 0.0
    assert price.high_usd is not None
    assert price.high_usd > 0.25 * (subject.result.objective_usd or 0.0)


def test_a_solve_ends_once_it_says_enough() -> None:
    session = Session(gap=GAP)
    heard: list[float] = []

    def is_enough(progress: Any) -> bool:
        heard.append(progress.elapsed_s)
        return True

    result = session.solved(make_site(plain()), "one", is_enough=is_enough)
    assert heard
    assert result.status == "no_plan"
    assert not session.interrupt.is_set()
    assert session.solved(make_site(plain()), "another").status == "optimal"
