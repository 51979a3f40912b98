"""What is known of one site: plans with what they take, and bounds on its cost by what it gets.

Amounts are in the order of the site's shares, costs in USD per year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.portfolio.rows import Row
    from optmix.portfolio.shared.limits import Share
    from optmix.schema.result import MixSummary

__all__ = ["Box", "Member", "Plan", "PriceCut"]

AMOUNT_SLACK = 1e-6
"""Share of an amount by which two of them may differ and still be equal."""


@dataclass(frozen=True)
class Plan:
    """A verified plan: what it costs without any price of scarcity, what it takes, and its mix."""

    cost_usd: float
    taken: tuple[float, ...]
    mix: MixSummary

    def fits(self, amounts: Sequence[float]) -> bool:
        """Return whether it takes no more than given amounts."""
        return all(
            own <= amount + AMOUNT_SLACK * max(1.0, abs(amount))
            for own, amount in zip(self.taken, amounts, strict=True)
        )


@dataclass(frozen=True)
class PriceCut:
    """Whatever a site takes, its cost and the price of what it takes are no less than a bound."""

    prices: tuple[float, ...]
    bound_usd: float


@dataclass(frozen=True)
class Box:
    """With no more than given amounts a site costs no less than a bound; infinite for no plan.

    An amount of infinity leaves a share free.
    """

    amounts: tuple[float, ...]
    bound_usd: float


@dataclass(eq=False)
class Member:
    """One site of the portfolio.

    Attributes
    ----------
    row, shares
        The site, and what it may take.
    plans, cuts, boxes
        What is known of it.
    """

    row: Row
    shares: tuple[Share, ...]
    plans: list[Plan] = field(default_factory=list)
    cuts: list[PriceCut] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def add_plan(self, plan: Plan) -> None:
        """Keep a plan, unless one that is known is as good in every respect."""
        if not any(old.cost_usd <= plan.cost_usd and old.fits(plan.taken) for old in self.plans):
            self.plans = [
                old
                for old in self.plans
                if not (plan.cost_usd <= old.cost_usd and plan.fits(old.taken))
            ]
            self.plans.append(plan)

    def least_cost(self, amounts: Sequence[float]) -> float:
        """Return what is proven of the cost with given amounts."""
        by_price = (
            cut.bound_usd
            - sum(price * amount for price, amount in zip(cut.prices, amounts, strict=True))
            for cut in self.cuts
        )
        by_box = (box.bound_usd for box in self.boxes if self.is_inside(amounts, box.amounts))
        return max((*by_price, *by_box), default=-math.inf)

    def best_cost(self, amounts: Sequence[float]) -> float:
        """Return the cost of the best plan that is known with given amounts."""
        return min((plan.cost_usd for plan in self.plans if plan.fits(amounts)), default=math.inf)

    def is_inside(self, amounts: Sequence[float], outer: Sequence[float]) -> bool:
        """Return whether amounts are within others; what is no count must be truly less."""
        return all(
            own <= other + (1 if share.is_count else -1) * AMOUNT_SLACK * max(1.0, abs(own))
            for share, own, other in zip(self.shares, amounts, outer, strict=True)
        )

    def within_limits(self, amounts: Sequence[float], n_limits: int) -> list[float]:
        """Return how much given amounts take of each limit."""
        total = [0.0] * n_limits
        for share, amount in zip(self.shares, amounts, strict=True):
            for place in share.limits:
                total[place] += amount
        return total
