"""Steps in which a rule caps import: the cap, and what is left of it when a unit is lost.

RES-1 counts on all of the contracted withdrawal that is available and not used. Where a rule caps
import, the grid may help with no more than what is left of the cap:

    reserve on site + cap - import >= capability of the unit that is lost
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.measures import ready_mw
from optmix.rules.rule import Slack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

    Mask = NDArray[np.bool_]

__all__ = [
    "ImportCap",
    "cap_import",
    "cap_slacks",
    "guard_losses",
    "guard_losses_within",
    "import_after_loss_mw",
    "loss_slacks",
]


@dataclass(frozen=True, eq=False)
class ImportCap:
    """Most import of each step: a part in MW, and a share of the contracted withdrawal.

    Attributes
    ----------
    mw
        The part in MW, infinite where nothing is capped.
    share
        The share of the contracted withdrawal.

    Shape
    -----
    Both (T,).
    """

    mw: Floats
    share: Floats

    @classmethod
    def in_steps(cls, mask: Mask, mw: float = 0.0, share: Floats | float = 0.0) -> ImportCap:
        """Return a cap that holds in some steps alone, by default one that leaves nothing."""
        return cls(np.where(mask, mw, np.inf), np.broadcast_to(share, mask.shape))

    def times(self, m: Model) -> list[int]:
        """Return the steps of a model that are capped."""
        return [t for t in m.TIMES if np.isfinite(self.mw[t])]

    def of_plan_mw(self, plan: Plan) -> Floats:
        """Return the cap that holds with what a plan contracts. Shape (T,)."""
        return np.asarray(self.mw + self.share * plan.withdrawal_mw)


def cap_import(block: RuleBlock, m: Model, cap: ImportCap) -> None:
    """Cap import, and what may be imported more when a unit is lost, if the site guards that."""
    times = cap.times(m)

    def import_capped(k: str, t: int) -> Expr:
        return m.import_mw[k, t] <= _limit_mw(m, cap, k, t)

    block.rows("import_capped", [(k, t) for k in m.TIES for t in times], import_capped)
    if block.case.security.loss_of_unit:
        guard_losses(block, m, cap)


def guard_losses(block: RuleBlock, m: Model, cap: ImportCap, name: str = "loss_within_cap") -> None:
    """Keep the loss of any unit within a cap, in the steps in which it holds."""
    guard_losses_within(block, m, cap.times(m), partial(_limit_mw, m, cap), name)


def guard_losses_within(
    block: RuleBlock,
    m: Model,
    times: Iterable[int],
    limit_mw: Callable[[str, int], Expr],
    name: str = "loss_within_cap",
) -> None:
    """Keep the loss of any unit within a limit on import that may hold variables."""

    def loss_within_cap(g: str, t: int) -> Expr:
        spare = sum(limit_mw(k, t) - m.import_mw[k, t] for k in m.TIES)
        return block.reserve_mw(t) + spare >= m.pmax_mw[g][t] * m.is_present[g]

    over = [(g, t) for g in m.UNITS for t in times]
    block.rows(name, over, loss_within_cap, needs_supply=True)


def cap_slacks(
    plan: Plan, case: Case, cap: ImportCap, what: str, *, is_ban: bool = False
) -> Iterator[Slack]:
    """Yield what a plan leaves to a cap, and what it would after the loss of a unit.

    Parameters
    ----------
    plan, case, cap
        The plan, its site, and the cap.
    what
        What is wrong where import is above the cap, in words.
    is_ban
        Whether the cap leaves nothing at all.
    """
    most = cap.of_plan_mw(plan)
    size = np.where(np.isfinite(most), most, 0.0) + plan.withdrawal_mw
    yield Slack(what, "MW", most - plan.import_mw, size, is_ban=is_ban)
    if case.security.loss_of_unit and np.isfinite(most).any():
        yield from loss_slacks(plan, case, most, "the loss of one unit takes import above its cap")


def loss_slacks(plan: Plan, case: Case, most_mw: Floats, what: str) -> Iterator[Slack]:
    """Yield what is left of the most import after the loss of one unit, of each type built."""
    ready = ready_mw(case, plan)
    one = sum((unit.pmax_mw for unit in case.units), np.zeros(case.axis.n_steps))
    size = ready + plan.output_mw.sum(axis=0) + plan.withdrawal_mw
    left = ready + most_mw - plan.import_mw
    for unit, count in zip(case.units, plan.units.tolist(), strict=True):
        if count > 0:
            yield Slack(what, "MW", left - unit.pmax_mw, size, one, unit.name)


def import_after_loss_mw(plan: Plan, case: Case) -> Floats:
    """Return what is imported, or would be after the loss of a unit if that is more. Shape (T,)."""
    ready, most = ready_mw(case, plan), np.array(plan.import_mw, dtype=np.float64)
    for unit, count in zip(case.units, plan.units.tolist(), strict=True):
        if count > 0:
            most = np.maximum(most, plan.import_mw + unit.pmax_mw - ready)
    return most


def _limit_mw(m: Model, cap: ImportCap, k: str, t: int) -> Expr:
    share = float(cap.share[t])
    fixed = float(cap.mw[t])
    return fixed + share * m.withdrawal_mw[k] if share else fixed
