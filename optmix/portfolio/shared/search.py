"""Find the allocation of least cost, and prove how near it is to the best.

First prices: sites are solved under prices of what is shared, which give plans and cuts, until the
prices no longer change what is proven. Then shares: the master of all cuts says which amounts could
still cost less than the best allocation, and the sites that nothing is known of there are solved
with those amounts. Every amount that is looked at becomes a box, so the second step ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from optmix.portfolio.shared.evaluate import Question
from optmix.portfolio.shared.masters import best_combination, best_prices, lower_bound
from optmix.portfolio.shared.variant import can_hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optmix.portfolio.shared.evaluate import Evaluator
    from optmix.portfolio.shared.limits import Limit
    from optmix.portfolio.shared.pool import Member, Plan

__all__ = ["Found", "Search"]

MOST_PRICES: Final = 12
"""So many prices are tried before amounts are."""

MOST_STALLS: Final = 20
"""After so many rounds of amounts in a row that bring next to nothing the search is given up."""

STALL_SHARE: Final = 0.99
"""A round that leaves more than this share of the gap brings next to nothing."""

WIDER_SHARE: Final = 0.4
"""Share of the gap that the width of a box may cost."""

PRICE_SHARE: Final = 0.3
"""Prices are good enough once they could prove no more than this share of the gap."""


@dataclass
class Found:
    """An allocation and its proof, as far as they are known.

    Attributes
    ----------
    plans
        One plan for each site; none where no plans are known that keep within the limits.
    cost_usd, bound_usd
        What they cost, and what no allocation can undercut; a bound of infinity proves that there
        is none.
    prices
        Price of one more of each limit, USD per year.
    """

    plans: list[Plan] | None = None
    cost_usd: float = math.inf
    bound_usd: float = -math.inf
    prices: tuple[float, ...] = ()

    @property
    def gap(self) -> float:
        """Distance of cost and bound as a share of the cost."""
        if not math.isfinite(self.cost_usd):
            return math.inf
        return max(0.0, self.cost_usd - self.bound_usd) / max(1.0, abs(self.cost_usd))


@dataclass
class Search:
    """One search over members of a portfolio.

    Attributes
    ----------
    members, limits
        Who shares what.
    evaluator
        Solves sites.
    gap
        When to stop.
    tell
        Hears of cost and bound.
    """

    members: Sequence[Member]
    limits: Sequence[Limit]
    evaluator: Evaluator
    gap: float
    tell: Callable[[Found, int], None]
    n_rounds: int = 0
    _tried: set[tuple[float, ...]] = field(default_factory=set)

    def begin(self) -> None:
        """Learn what each site costs with all that it wants, and with as little as it can take."""
        free = (0.0,) * len(self.limits)
        self.evaluator.ask([Question(member, "price", free) for member in self.members])
        self.evaluator.ask(
            [
                Question(member, "box", self._bare(member))
                for member in self.members
                if any(share.is_count for share in member.shares)
            ]
        )

    @staticmethod
    def _bare(member: Member) -> tuple[float, ...]:
        return tuple(share.least if share.is_count else math.inf for share in member.shares)

    def run(self, caps: Sequence[float]) -> Found:
        """Return the best allocation within the caps; what is known of sites is kept."""
        found = Found(prices=(0.0,) * len(caps))
        self._bracket(found, caps)
        for _ in range(MOST_PRICES):
            if self._is_over(found) or not self._try_prices(found, caps):
                break
        n_stalls = 0
        while n_stalls < MOST_STALLS:
            before = found.gap
            amounts = self._bracket(found, caps)
            if self._is_over(found) or amounts is None:
                break
            if not self.evaluator.ask(self._open_questions(found, amounts)):
                break
            n_stalls = n_stalls + 1 if found.gap > STALL_SHARE * before else 0
        self._bracket(found, caps)
        return found

    def _is_over(self, found: Found) -> bool:
        is_stopped = self.evaluator.session.interrupt.is_set()
        return is_stopped or found.gap <= self.gap or found.bound_usd == math.inf

    def _bracket(self, found: Found, caps: Sequence[float]) -> tuple[tuple[float, ...], ...] | None:
        """Update cost and bound; return amounts at which the bound would be the cost."""
        self.n_rounds += 1
        plans = best_combination(self.members, caps)
        cost = sum(plan.cost_usd for plan in plans) if plans is not None else math.inf
        if plans is not None and cost < found.cost_usd:
            found.plans, found.cost_usd = plans, cost
        bound = lower_bound(self.members, caps)
        found.bound_usd = math.inf if bound is None else max(found.bound_usd, bound.cost_usd)
        found.bound_usd = min(found.bound_usd, found.cost_usd)
        self.tell(found, self.evaluator.n_asked)
        return bound.amounts if bound is not None and bound.amounts else None

    def _try_prices(self, found: Found, caps: Sequence[float]) -> bool:
        """Solve every site under better prices; return whether prices may get better still."""
        prices, at_best = best_prices(self.members, caps, self._ceilings())
        slack = PRICE_SHARE * self.gap * abs(at_best)
        if self._proven_at(found.prices, caps) >= at_best - slack:
            found.prices = prices if prices in self._tried else found.prices
            return False
        # Halfway to the best prices so far, which damps their swings; then all the way.
        middle = tuple(0.5 * (old + new) for old, new in zip(found.prices, prices, strict=True))
        for trial in (middle, prices) if any(found.prices) else (prices,):
            if trial in self._tried:
                continue
            self._tried.add(trial)
            self.evaluator.ask([Question(member, "price", trial) for member in self.members])
            if self._proven_at(trial, caps) > self._proven_at(found.prices, caps):
                found.prices = trial
            self._bracket(found, caps)
            return True
        return False

    def _ceilings(self) -> list[float]:
        """Return prices that no limit can be worth: all that the sites could lose."""
        most = sum(max(abs(plan.cost_usd) for plan in member.plans) for member in self.members)
        return [max(1.0, most / limit.step) for limit in self.limits]

    def _proven_at(self, prices: Sequence[float], caps: Sequence[float]) -> float:
        """Return the bound that prices alone prove."""
        total = -sum(price * cap for price, cap in zip(prices, caps, strict=True))
        for member in self.members:
            wanted = tuple(share.price(prices) for share in member.shares)
            total += max(
                (cut.bound_usd for cut in member.cuts if cut.prices == wanted), default=-math.inf
            )
        return total

    def _open_questions(self, found: Found, amounts: Sequence[Sequence[float]]) -> list[Question]:
        """Return what to ask about amounts: of sites whose cost there is not known to the gap."""
        questions = []
        for member, raw in zip(self.members, amounts, strict=True):
            site = member.row.site
            assert site is not None  # noqa: S101 - members are sites that can be solved
            own = tuple(
                float(round(amount)) if share.is_count else amount
                for share, amount in zip(member.shares, raw, strict=True)
            )
            best = member.best_cost(own)
            unknown = best - member.least_cost(own)  # infinite where no plan is known
            if math.isfinite(best) and unknown <= 0.5 * self.gap * abs(best):
                continue
            held = tuple(
                amount if can_hold(site, share) else math.inf
                for share, amount in zip(member.shares, own, strict=True)
            )
            if all(math.isinf(amount) for amount in held):
                continue
            questions.append(Question(member, "box", held))
            wider = self._wider(member, held, found)
            if wider != held:
                questions.append(Question(member, "box", wider))
        return questions

    def _wider(self, member: Member, amounts: Sequence[float], found: Found) -> tuple[float, ...]:
        """Return a box that has amounts that are no counts in its inside, where its bound holds.

        It is wider by what costs a small share of the gap at the present prices.
        """
        spare = WIDER_SHARE * self.gap * min(plan.cost_usd for plan in member.plans)
        return tuple(
            amount
            if share.is_count
            else amount + max(spare / max(share.price(found.prices), 1e-9), 0.0)
            for share, amount in zip(member.shares, amounts, strict=True)
        )
