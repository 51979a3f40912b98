"""What each rule costs: the cost of the plan less that of the best plan without the rule.

A rule that leaves the model as it is costs nothing, without any solve. One that pays for nothing
only takes plans away or makes them dearer. So without it no plan costs more than before, and
without several such rules none costs more than without any one of them. One bound without all the
rules that do not bind therefore bounds the price of each of them. Where that bound is too weak, the
plan found without them tells which of them it breaks. If that is one alone, the plan keeps all
others, and so the same solve has priced that one. A solve ends as soon as its bound proves that the
price is zero within the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optmix.data.plan_io import frame_to_plan
from optmix.explain.levers import REASON
from optmix.explain.records import RulePrice
from optmix.rules.in_force import rules_in_force
from optmix.rules.without import without_rules
from optmix.solve.method import is_long
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.case import Case
    from optmix.explain.session import Session
    from optmix.explain.subject import Subject
    from optmix.rules.in_force import RuleInForce
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
BREAKS_ONE: Final = "from a solve without {count} rules, whose plan breaks this one alone"


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
        """Differences up to this are zero within the gap: that asked for, or the one reached."""
        result = self.subject.result
        return max(result.gap_target or 0.0, result.gap or 0.0) * abs(self.cost)

    def are_idle(self, outcomes: Sequence[RuleOutcome], bound_usd: float | None) -> bool:
        """Return whether a bound without some rules shows that none costs more than the gap."""
        own = sum(each.cost_usd for each in outcomes)
        return bound_usd is not None and self.cost - own - bound_usd <= self.tolerance

    def without(self, outcomes: Sequence[RuleOutcome], n_left: int) -> Result:
        """Return what is found without some rules, until they are proved to cost nothing."""

        def is_enough(progress: Progress) -> bool:
            return self.are_idle(outcomes, progress.bound_usd)

        ids = [each.id for each in outcomes]
        told = f"without the rule {ids[0]}" if len(ids) == 1 else f"without {len(ids)} rules"
        return self.session.solved(
            without_rules(self.subject.site, ids, reason=REASON),
            told,
            gap=self.subject.result.gap_target,
            at_most_s=self._at_most_s(n_left),
            start=self.subject.result,
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
    in_force = {each.rule.id: each for each in rules_in_force(subject.case)}
    asking = [each for each in outcomes if _asks(in_force[each.id], subject.case)]
    for each in outcomes:
        if each not in asking:
            yield _plain(each, 0.0, 0.0, 0.0, NOTHING_ASKED)
    pricing = _Pricing(session, subject, session.elapsed_s)
    pays = {each.id: in_force[each.id].rule.pays for each in asking}
    together = [each for each in asking if not pays[each.id] and _is_idle(pricing, each)]
    alone = [each for each in asking if each not in together]
    for price in _priced_together(pricing, together, len(alone)):
        yield price
        together = [each for each in together if each.id != price.id]
    alone += together
    for n_done, each in enumerate(alone):
        found = pricing.without([each], len(alone) - n_done)
        cost, bound = found.objective_usd, found.bound_usd
        # A solve cut short that found nothing cheaper than the plan itself says nothing of a price.
        is_cheaper = cost is not None and cost < pricing.cost - each.cost_usd
        known = cost if is_cheaper or found.status == "optimal" else None
        yield _priced(pricing, each, known, bound, ALONE, pays=pays[each.id])


def _asks(each: RuleInForce, case: Case) -> bool:
    return not each.rule.is_checklist and each.rule.asks(case, each.params)


def _priced_together(
    pricing: _Pricing, together: Sequence[RuleOutcome], n_others: int
) -> Iterator[RulePrice]:
    """Yield the prices that solves without several rules tell, as far as they do."""
    left = list(together)
    while len(left) > 1:
        found = pricing.without(left, 1 + n_others)
        if pricing.are_idle(left, found.bound_usd):
            note = TOGETHER.format(count=len(left))
            for each in left:
                # Nothing beats the plan itself by more than the gap, with all of them left out.
                cost = pricing.cost - each.cost_usd
                yield _priced(pricing, each, cost, found.bound_usd, note)
            return
        broken = _broken_by(pricing, found, left)
        if len(broken) != 1:
            left = [each for each in left if each.id not in broken] if broken else []
            continue
        ((name, cost),) = broken.items()
        (one,) = (each for each in left if each.id == name)
        note = BREAKS_ONE.format(count=len(left))
        left.remove(one)
        yield _priced(pricing, one, cost, found.bound_usd, note)


def _broken_by(
    pricing: _Pricing, found: Result, outcomes: Sequence[RuleOutcome]
) -> dict[str, float]:
    """Return which of some rules a cheaper plan breaks, and its cost under all others of them."""
    if found.mix is None or found.dispatch is None or found.objective_usd is None:
        return {}
    if pricing.are_idle(outcomes, found.objective_usd):
        return {}
    case = pricing.subject.case
    told = verify_plan(case, frame_to_plan(found.dispatch, found.mix, case)).rules
    ids = {each.id for each in outcomes}
    own = {each.id: each.cost_usd for each in told if each.id in ids}
    whole = found.objective_usd + sum(own.values())
    return {
        each.id: whole - own[each.id] for each in told if each.id in ids and each.status == "fail"
    }


def _is_idle(pricing: _Pricing, outcome: RuleOutcome) -> bool:
    """Return whether a rule is likely to cost nothing: it leaves something, and takes little."""
    return not _binds(outcome) and outcome.cost_usd <= pricing.tolerance / 2


def _binds(outcome: RuleOutcome) -> bool:
    return outcome.binding_hours > 0 or (outcome.margin is not None and outcome.margin <= TIGHT)


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
