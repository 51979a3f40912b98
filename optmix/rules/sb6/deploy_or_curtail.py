"""Deploy backup or curtail in an energy emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.events import Draw, event_hours, event_mask, first_steps
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.measures import has_on_site_units, withdrawal_available_mw
from optmix.rules.readiness import (
    MINUTES_PER_HOUR,
    ready_before,
    ready_before_mw,
    whole_site_mw,
)
from optmix.rules.relief import drawn_events, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import Count, Fraction, NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["SbSixDeployOrCurtail", "SbSixDeployOrCurtailParams"]

SHOWN_EVENTS = 5
"""How many events the report spells out."""


class SbSixDeployOrCurtailParams(Params):
    """Parameters of ``sb6.deploy-or-curtail``."""

    notice_h: NonNegative = 0.5
    """Time between the direction and its hour: only units that start so fast are counted on."""
    import_cap_frac: Fraction = 0.0
    """Share of the contracted withdrawal that may still be imported."""
    events_per_year: Count = 2
    """Emergencies drawn in each operating year, where the site gives none."""
    max_event_h: Positive = 8.0
    """Length of a drawn emergency."""
    seed: Count = 0
    """Seed of the draw."""


class SbSixDeployOrCurtail(Rule[SbSixDeployOrCurtailParams]):
    r"""In an emergency the site lives on its own generation, or with less load.

    In its hours :math:`imp_t \le \phi W avail_t`. Where an emergency begins, what was ready in the
    step :math:`b` before it carries the load: units online, units that start within the notice,
    batteries with their cover, and all flexible tiers:

    .. math:: \sum_g \overline p_{g,t} u_{g,b}
        + \sum_{g\ quick} \overline p_{g,t} (n_g - u_{g,b} - m_{g,b})
        + \sum_s (d_{s,b} - c_{s,b} + r_{s,b}) + \sum_j k^{max}_{j,t} + \phi W avail_t
        \ge D_t + \sum_s aux_s

    That counts on no unit that was started because the hour was known long before.
    """

    id = "sb6.deploy-or-curtail"
    title = "Deploy backup or curtail in an emergency"
    cite = "PURA 37.0561 (e)"
    evidence = (
        Evidence(
            "S",
            "PURA 37.0561 (e)",
            "the grid operator may direct backup to be deployed or load to be curtailed in an "
            "emergency, after market tools",
        ),
        Evidence("D", "notice, number, length and hours of emergencies", "scenarios of ours"),
        Evidence("D", "size of the fleet", "taken to hold however much backup is built"),
    )
    params = SbSixDeployOrCurtailParams
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixDeployOrCurtailParams) -> Applicability:
        """Test tie, units and emergencies."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it imports nothing")
        if not has_on_site_units(case):
            return Applicability.no("no generating unit is on offer that could be deployed")
        hours = event_hours(case, _mask(case, params))
        if hours == 0:
            return Applicability.no("no emergency falls into the horizon")
        source = "given" if "emergency" in case.events else "drawn"
        return Applicability.yes(f"{hours:,.6g} hours of emergency are {source}")

    def words(self, params: SbSixDeployOrCurtailParams) -> str:
        """Say what is asked."""
        return (
            f"In an emergency, import is at most {params.import_cap_frac:.0%} of the contracted "
            f"withdrawal, reached within {params.notice_h * MINUTES_PER_HOUR:g} minutes."
        )

    def build(self, block: RuleBlock, m: Model, params: SbSixDeployOrCurtailParams) -> None:
        """Cap import in the hours, and ask for readiness before them."""
        case, mask = block.case, _mask(block.case, params)
        times = set(m.TIMES)
        firsts = [t for t in first_steps(case, mask) if {t, m.before[t]} <= times]

        def ready_at_once(t: int) -> Expr:
            share = params.import_cap_frac * m.availability[t]
            imported = sum(share * m.withdrawal_mw[k] for k in m.TIES)
            return ready_before(m, case.units, t, params.notice_h) + imported >= m.demand_mw[t]

        cap_import(block, m, self.import_cap(case, params))
        block.rows("ready_at_once", firsts, ready_at_once, needs_supply=True)

    def import_cap(self, case: Case, params: SbSixDeployOrCurtailParams) -> ImportCap:
        """Return what may still be imported in an emergency."""
        available = case.grid.availability if case.grid else 0.0
        share = params.import_cap_frac * available
        return ImportCap.in_steps(_mask(case, params), share=share)

    def reliefs(self, case: Case, params: SbSixDeployOrCurtailParams) -> Iterator[Relief]:
        """Yield what may give way."""
        yield from more("import_cap_frac", params.import_cap_frac, 1.0)
        slowest_h = max(unit.start_min for unit in case.units) / MINUTES_PER_HOUR
        yield from more("notice_h", params.notice_h, slowest_h, "h")
        yield from drawn_events(case, "emergency", params, "max_event_h")

    def check(self, plan: Plan, case: Case, params: SbSixDeployOrCurtailParams) -> RuleCheck:
        """Compare import with its cap, and what was ready with the load."""
        mask = _mask(case, params)
        cap = params.import_cap_frac * withdrawal_available_mw(case, plan)
        ready = np.full(case.axis.n_steps, np.inf)
        firsts, what = first_steps(case, mask), "import in an emergency above its cap"
        for t in firsts:
            ready[t] = ready_before_mw(plan, case, case.units, t, params.notice_h)
            ready[t] += cap[t] - case.demand_mw[t]
        return RuleCheck(
            slacks=(
                *cap_slacks(plan, case, self.import_cap(case, params), what),
                Slack(
                    "what was ready before an emergency does not carry its first hour",
                    "MW",
                    ready,
                    whole_site_mw(plan, case),
                    sum((unit.pmax_mw for unit in case.units), np.zeros(case.axis.n_steps)),
                ),
            ),
            rows=(
                EvidenceRow(
                    what="ready within", value=params.notice_h * MINUTES_PER_HOUR, unit="min"
                ),
                *_rows(plan, case, mask, firsts),
            ),
        )


def _mask(case: Case, params: SbSixDeployOrCurtailParams) -> NDArray[np.bool_]:
    draw = Draw(params.events_per_year, params.max_event_h, params.seed)
    return event_mask(case, "emergency", draw)


def _rows(
    plan: Plan, case: Case, mask: NDArray[np.bool_], firsts: list[int]
) -> tuple[EvidenceRow, ...]:
    rows = [EvidenceRow(what="hours of emergency", value=event_hours(case, mask), unit="h")]
    for t in firsts[:SHOWN_EVENTS]:
        before, stamp = case.axis.before(t), str(case.axis.start_utc[t])[:16]
        at = f"emergency at {stamp} UTC"
        told = {
            "import before": plan.import_mw[before],
            "import": plan.import_mw[t],
            "curtailed": plan.curtailed_mw[:, t].sum(),
            "batteries": (plan.discharge_mw - plan.charge_mw)[:, t].sum(),
        }
        built = np.flatnonzero(plan.units).tolist()
        told |= {case.units[row].name: plan.output_mw[row, t] for row in built}
        rows += [
            EvidenceRow(what=f"{at}: {what}", value=float(mw), unit="MW")
            for what, mw in told.items()
        ]
    return tuple(rows)
