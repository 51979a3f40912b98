"""Why a plan looks as it does: limits, prices of rules, one more and one fewer, runners-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optmix.errors import InputError
from optmix.explain.infeasible import limits_of
from optmix.explain.least_change import SMALLEST_FRAC
from optmix.explain.levers import apply, changed_site, loosened, named
from optmix.explain.limits import limit_uses
from optmix.explain.prices import prices_of_rules
from optmix.explain.records import Explanation, LimitUse, RulePrice, RunnerUp, Step
from optmix.explain.rule_notes import notes_of_rules
from optmix.explain.session import StoppedError
from optmix.rules.in_force import ready_case
from optmix.solve.elastic import least_gives
from optmix.solve.method import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from optmix.explain.levers import Lever
    from optmix.explain.session import Session
    from optmix.explain.subject import Subject
    from optmix.schema.result import MixSummary, Result
    from optmix.schema.site import Site

__all__ = ["explain_plan"]

LONG_LP_S: Final = 120.0
"""Time for each relaxed program of a long horizon."""

LONG_STEP_GAP: Final = 0.005
LONG_STEP_S: Final = 30.0
"""Gap of one more and one fewer of a long horizon, and the time that each gets all the same: no
more than the solve of the site took."""


def explain_plan(
    session: Session, subject: Subject, *, rule: str | None = None, within: float = 0.02
) -> Explanation:
    """Return why a plan looks as it does.

    Parameters
    ----------
    session
        Clock and solves.
    subject
        A solved site.
    rule
        Only the price of this rule is looked for.
    within
        Mixes that cost up to this share more are runners-up.
    """
    result = subject.result
    limits: list[LimitUse] = []
    prices: list[RulePrice] = []
    steps: list[Step] = []
    mixes: list[Result] = []
    notes = list(notes_of_rules(result.rules, rule))
    is_complete = True
    try:
        asked = [each for each in result.rules if each.applies and rule in (None, each.id)]
        prices.extend(prices_of_rules(session, subject, asked))
        if rule is None:
            levers = limits_of(subject.site, subject.case)
            long = LONG_LP_S if is_long(subject.case.axis) else None
            limits.extend(limit_uses(session, subject, levers, long))
            for step, found in _steps(session, subject):
                steps.append(step)
                mixes += [found] if found.mix is not None else []
    except StoppedError:
        is_complete = False
        notes.append("Stopped before everything was tried.")
    if rule is None and limits and all(each.worth_usd is None for each in limits):
        notes.append("Marginal values were not found in the time for them.")
    return Explanation(
        name=subject.site.name,
        status=result.status,
        reason=result.reason,
        objective_usd=result.objective_usd,
        gap=result.gap,
        is_complete=is_complete,
        limits=tuple(limits),
        rules=tuple(sorted(prices, key=lambda each: -(each.price_usd or 0.0))),
        steps=tuple(steps),
        runners_up=tuple(_runners_up(result, mixes, within)),
        notes=tuple(notes),
        seconds=session.elapsed_s,
    )


def _steps(session: Session, subject: Subject) -> Iterator[tuple[Step, Result]]:
    """Yield one more and one fewer of each type, as far as the site offers them."""
    mix = subject.result.mix
    if mix is None:
        return
    offers = [("unit", item, mix.units) for item in subject.case.units]
    more: list[tuple[str, object, dict[str, int]]] = [*offers]
    more += [("battery", item, mix.battery) for item in subject.case.batteries]
    for table, item, counts in more:
        name: str = item.name  # type: ignore[attr-defined]
        count = counts.get(name, 0)
        changes: tuple[Literal[-1, 1], ...] = (-1, 1)
        for change in changes:
            wanted = count + change
            if item.n_min <= wanted <= item.n_max:  # type: ignore[attr-defined]
                yield _step(session, subject, table, name, wanted, change)


def _step(
    session: Session,
    subject: Subject,
    table: str,
    name: str,
    count: int,
    change: Literal[-1, 1],
) -> tuple[Step, Result]:
    fixed = {named(table, name, "n_min"): count, named(table, name, "n_max"): count}
    site = changed_site(subject.site, fixed)
    gap, at_most_s = subject.result.gap_target, None
    if is_long(subject.case.axis):
        gap = max(gap or 0.0, LONG_STEP_GAP)
        at_most_s = max(LONG_STEP_S, subject.result.seconds.get("total", 0.0))
    found = session.solved(
        site, f"{count} of {name}", gap=gap, at_most_s=at_most_s, start=subject.result
    )
    cost, best = found.objective_usd, subject.result.objective_usd
    step = Step(
        name=name,
        count=count,
        change=change,
        status=found.status,
        cost_usd=cost,
        difference_usd=_less(cost, best),
        low_usd=_less(found.bound_usd, best),
        high_usd=_less(cost, subject.result.bound_usd),
        why_not=_why_not(session, site, fixed) if found.status == "infeasible" else "",
    )
    return step, found


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _why_not(session: Session, site: Site, fixed: dict[str, int]) -> str:
    """Say which limits would have to give way, least of all, for a plan to exist."""
    case = ready_case(site)
    if is_long(case.axis):
        return ""
    levers = [each for each in limits_of(site, case) if each.field not in fixed]
    soft = [each for each in levers if each.is_number and each.relations is not None]
    try:
        loose = ready_case(loosened(site, soft))
    except InputError:
        return ""
    gives = [each.give(1.0 / max(abs(each.now), 1.0)) for each in soft]
    found = least_gives(loose, gives, time_limit_s=session.left_s, interrupt=session.interrupt)
    told = [each.setting(each.moved(amount)).what for each, amount in _moved(soft, found.amounts)]
    if not told:
        told = [
            lever.setting(needed=False).what
            for lever in levers
            if lever.is_rule and session.allows_plan(apply(site, [(lever, False)]), lever.what)
        ][:1]
    return "; ".join(told)


def _moved(levers: Sequence[Lever], amounts: Mapping[str, float]) -> Iterator[tuple[Lever, float]]:
    for lever in levers:
        amount = amounts.get(lever.field, 0.0)
        if amount > SMALLEST_FRAC * max(abs(lever.now), 1.0):
            yield lever, amount


def _runners_up(best: Result, found: Sequence[Result], within: float) -> Iterator[RunnerUp]:
    """Yield the distinct mixes near the best one, cheapest first."""
    if best.mix is None or best.objective_usd is None:
        return
    seen = [_counts(best.mix)]
    for each in sorted(found, key=lambda result: result.objective_usd or 0.0):
        if each.mix is None or each.objective_usd is None or _counts(each.mix) in seen:
            continue
        above = (each.objective_usd - best.objective_usd) / abs(best.objective_usd or 1.0)
        if above <= within:
            seen.append(_counts(each.mix))
            grid = {"grid": each.mix.grid_withdrawal_mw} if each.mix.grid_withdrawal_mw else {}
            mix = {**_counts(each.mix), **grid}
            yield RunnerUp(mix=mix, cost_usd=each.objective_usd, above_frac=above)


def _counts(mix: MixSummary) -> dict[str, float]:
    return {name: count for name, count in {**mix.units, **mix.battery}.items() if count}
