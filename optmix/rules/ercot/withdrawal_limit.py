"""Withdrawal-limited loads: net metering that never draws more than the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.facts import Metering
from optmix.rules.import_cap import ImportCap, guard_losses, loss_slacks
from optmix.rules.in_force import import_caps
from optmix.rules.measures import withdrawal_available_mw
from optmix.rules.relief import Relief, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import Flag, NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["ErcotWithdrawalLimit", "ErcotWithdrawalLimitParams"]

ONE_KW = 1e-3
"""In MW."""


class ErcotWithdrawalLimitParams(Params):
    """Parameters of ``ercot.withdrawal-limit``."""

    metering: Metering = "standard"
    """``wlpun``, a withdrawal-limited private use network, is what the rule is about."""
    withdrawal_limit_mw: NonNegative | None = None
    """Most that may be withdrawn; by default what the plan contracts."""
    export_limit_mw: NonNegative = 0.0
    """Most that may be exported."""
    is_unit_loss_tested: Flag = True
    """Whether the limit must hold after the loss of any one unit, too."""


class ErcotWithdrawalLimit(Rule[ErcotWithdrawalLimitParams]):
    r"""The limit holds in every step, and after the loss of any unit that the site has.

    Where another rule caps import further, that is the limit after the loss, too. With the balance
    of the step, RES-1 says just that:

    .. math:: \rho_t + (W avail_t - imp_t) \ge \overline{p}_{g,t}\, y_g
    """

    id = "ercot.withdrawal-limit"
    title = "Withdrawal limit of a private use network"
    cite = "NPRR1325; PGRR145"
    evidence = (
        Evidence("S", "NPRR1325, PGRR145", "a network that never withdraws more than its limit"),
        Evidence("D", "loss of any one unit", "how the limit is to be kept is tested by this"),
    )
    params = ErcotWithdrawalLimitParams

    def applies(self, case: Case, params: ErcotWithdrawalLimitParams) -> Applicability:
        """Test the kind of metering."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it withdraws nothing")
        if params.metering != "wlpun":
            return Applicability.no(f'metering is "{params.metering}", not "wlpun"')
        return Applicability.yes('metering is "wlpun"')

    def words(self, params: ErcotWithdrawalLimitParams) -> str:
        """Say what is asked."""
        limit = params.withdrawal_limit_mw
        shown = "the contracted withdrawal" if limit is None else f"{limit:,.6g} MW"
        loss = ", also after the loss of any one unit" if params.is_unit_loss_tested else ""
        return (
            f"Import is at most {shown}{loss}; export is at most {params.export_limit_mw:,.6g} MW."
        )

    def build(self, block: RuleBlock, m: Model, params: ErcotWithdrawalLimitParams) -> None:
        """Limit withdrawal and export, and guard against the loss of a unit."""
        case, limit = block.case, params.withdrawal_limit_mw

        def contract_limited(k: str) -> Expr:
            return m.withdrawal_mw[k] <= limit

        def export_limited(k: str, t: int) -> Expr:
            return m.export_mw[k, t] <= params.export_limit_mw

        if limit is not None:
            block.rows("contract_limited", list(m.TIES), contract_limited)
        over = [(k, t) for k in m.EXPORTS for t in m.TIMES]
        block.rows("export_limited", over, export_limited)
        if params.is_unit_loss_tested and not case.security.loss_of_unit:  # RES-1 is the same
            contracted = ImportCap(np.zeros(case.axis.n_steps), np.asarray(m.availability))
            guard_losses(block, m, contracted, "loss_within_limit")
            for rule_id, cap in import_caps(case).items():
                guard_losses(block, m, cap, f"loss_within_cap[{rule_id}]")

    def reliefs(self, case: Case, params: ErcotWithdrawalLimitParams) -> Iterator[Relief]:
        """Yield what may give way."""
        most, exported = (
            (case.grid.withdrawal_max_mw, case.grid.export_max_mw) if case.grid else (0.0, 0.0)
        )
        yield from more("withdrawal_limit_mw", params.withdrawal_limit_mw, most, "MW")
        yield from more("export_limit_mw", params.export_limit_mw, exported, "MW")
        if params.is_unit_loss_tested and not case.security.loss_of_unit:
            yield Relief("is_unit_loss_tested", value=True, loosest=False)

    def check(self, plan: Plan, case: Case, params: ErcotWithdrawalLimitParams) -> RuleCheck:
        """Compare import, export, and what would be imported after a loss, with their limits."""
        available = withdrawal_available_mw(case, plan)
        if params.withdrawal_limit_mw is not None:
            available = np.minimum(available, params.withdrawal_limit_mw)
        left = available - plan.import_mw
        slacks = [
            Slack("import above the withdrawal limit", "MW", left, plan.withdrawal_mw),
            Slack(
                "export above its limit",
                "MW",
                params.export_limit_mw - plan.export_mw,
                params.export_limit_mw + plan.withdrawal_mw,
                is_ban=params.export_limit_mw == 0,
            ),
        ]
        if params.is_unit_loss_tested:
            caps = [cap.of_plan_mw(plan) for cap in import_caps(case).values()]
            most = np.minimum.reduce([available, *caps])
            what = "the loss of one unit takes import above the withdrawal limit"
            slacks += loss_slacks(plan, case, most, what)
        worst = min(float(np.min(slack.slack)) for slack in slacks)
        breaches = int((left < -ONE_KW).sum())
        return RuleCheck(
            tuple(slacks),
            (
                EvidenceRow(what="steps above the limit by a kilowatt or more", value=breaches),
                EvidenceRow(what="worst margin", value=worst, unit="MW"),
            ),
        )
