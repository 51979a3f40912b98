"""What each rule costs: the cost of the plan less that of the best plan without the rule.

A rule that pays for nothing only takes plans away or makes them dearer. So without it no plan costs
more than before, and without several such rules none costs more than without any one of them. One
bound without all the rules that do not bind therefore bounds the price of each of them; they are
left out one by one only where that bound is too weak. A solve ends as soon as its bound proves that
the price is zero within the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from optmix.explain.levers import REASON
from optmix.explain.records import RulePrice
from optmix.rules.in_force import rules_in_force
from optmix.rules.rule import Rule
from optmix.rules.without import without_rules
from optmix.solve.method import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.explain.session import Session
    from optmix.explain.subject import Subject
    from optmix.schema.result import Result, RuleOutcome
    from optmix.solve.progress import Progress

__all__ = ["TIGHT", "prices_of_rules"]

TIGHT: Final = 1e-6
"""Share of a limit below which nothing is left."""

LONG_SOLVES: Final = 8.0
"""Prices of a long horizon together take no longer than so many solves of the site itself."""

LEAST_S: Final = 30.0
"""Time that each solve of a long horizon gets all the same."""

NOTHING_ASKED: Final = "asks nothing of the plan"
ALONE: Final = "from a solve without it"
TOGETHER: Final = "from one solve without {count} rules that do not bind"


@dataclass
class _Pricing:
    """The prices of one explanation.

    Attributes
    ----------
    session, subject
        Clock and solves; the solved site.
    began_s
        When the first price was looked for.
    """

    session: Session
    subject: Subject
    began_s: float

    @property
    def cost(self) -> float:
        """What the plan costs."""
        cost = self.subject.result.objective_usd
        return float("nan") if cost is None else cost

    @property
    def tolerance(self) -> float:
        """Differences up to this are zero within the gap."""
        return (self.subject.result.gap_target or 0.0) * abs(self.cost)

    def without(self, outcomes: Sequence[RuleOutcome], n_left: int) -> Result:
        """Return what is found without some rules, until they are proved to cost nothing."""
        own = sum(each.cost_usd for each in outcomes)

        def is_enough(progress: Progress) -> bool:
            bound = progress.bound_usd
            return bound is not None and self.cost - own - bound <= self.tolerance

        ids = [each.id for each in outcomes]
        told = f"without the rule {ids[0]}" if len(ids) == 1 else f"without {len(ids)} rules"
        return self.session.solved(
            without_rules(self.subject.site, ids, reason=REASON),
            told,
            gap=self.subject.result.gap_target,
            at_most_s=self._at_most_s(n_left),
            is_enough=is_enough,
        )

    def _at_most_s(self, n_left: int) -> float | None:
        """Share the time for long horizons evenly among the solves that are left."""
        own_s = self.subject.result.seconds.get("total")
        if own_s is None or not is_long(self.subject.case.axis):
            return None
        left_s = LONG_SOLVES * own_s - (self.session.elapsed_s - self.began_s)
        return max(LEAST_S, left_s / n_left)


def prices_of_rules(
    session: Session, subject: Subject, outcomes: Sequence[RuleOutcome]
) -> Iterator[RulePrice]:
    """Yield what each of some rules of a solved site costs, with what its price lies between.

    Parameters
    ----------
    session
        Clock and solves.
    subject
        The solved site.
    outcomes
        How the rules stand, each of which applies.

    Raises
    ------
    StoppedError
        Time was up first.

    Notes
    -----
    Units: USD per year.
    """
    rules = {each.rule.id: each.rule for each in rules_in_force(subject.case)}
    asking = [each for each in outcomes if not _asks_nothing(rules[each.id], each)]
    for each in outcomes:
        if each not in asking:
            yield _plain(each, 0.0, 0.0, 0.0, NOTHING_ASKED)
    pricing = _Pricing(session, subject, session.elapsed_s)
    together = [each for each in asking if not rules[each.id].pays and _is_idle(pricing, each)]
    alone = [each for each in asking if each not in together]
    if len(together) > 1:
        found = pricing.without(together, 1 + len(alone))
        if _proves_idle(pricing, together, found):
            note = TOGETHER.format(count=len(together))
            for each in together:
                yield _priced(pricing, each, None, found.bound_usd, note)
            together = []
    alone += together
    for n_done, each in enumerate(alone):
        found = pricing.without([each], len(alone) - n_done)
        pays = rules[each.id].pays
        yield _priced(pricing, each, found.objective_usd, found.bound_usd, ALONE, pays=pays)


def _asks_nothing(rule: Rule[Any], outcome: RuleOutcome) -> bool:
    """Return whether the model is the same with a rule and without it."""
    return outcome.status == "checklist" or type(rule).build is Rule.build


def _is_idle(pricing: _Pricing, outcome: RuleOutcome) -> bool:
    """Return whether a rule is likely to cost nothing: it leaves something, and takes little."""
    return not _binds(outcome) and outcome.cost_usd <= pricing.tolerance / 2


def _binds(outcome: RuleOutcome) -> bool:
    return outcome.binding_hours > 0 or (outcome.margin is not None and outcome.margin <= TIGHT)


def _proves_idle(pricing: _Pricing, together: Sequence[RuleOutcome], found: Result) -> bool:
    """Return whether one bound shows that none of some rules costs more than the gap."""
    own = sum(each.cost_usd for each in together)
    bound = found.bound_usd
    return bound is not None and pricing.cost - own - bound <= pricing.tolerance


def _priced(
    pricing: _Pricing,
    outcome: RuleOutcome,
    other_cost: float | None,
    other_bound: float | None,
    note: str,
    *,
    pays: bool = False,
) -> RulePrice:
    """Return the price of a rule from what is known of the site without it."""
    # The plan is one without the rule too, and then costs less by what the rule itself takes.
    best = pricing.cost - outcome.cost_usd
    if other_cost is not None:
        best = min(best, other_cost)
    bound = pricing.subject.result.bound_usd
    low = None if bound is None else bound - best
    if not pays:
        low = max(low or 0.0, 0.0)
    high = None if other_bound is None else max(pricing.cost - min(other_bound, best), low or 0.0)
    # Without another plan, the price is known only where the plan itself is proved good enough.
    own = outcome.cost_usd
    is_known = other_cost is not None or (high is not None and high - own <= pricing.tolerance)
    price = pricing.cost - best if is_known else None
    return _plain(outcome, price, low, high, note)


def _plain(
    outcome: RuleOutcome, price: float | None, low: float | None, high: float | None, note: str
) -> RulePrice:
    return RulePrice(
        id=outcome.id,
        price_usd=price,
        low_usd=low,
        high_usd=high,
        margin=outcome.margin,
        unit=outcome.unit,
        binding_hours=outcome.binding_hours,
        binds=_binds(outcome),
        note=note,
    )
