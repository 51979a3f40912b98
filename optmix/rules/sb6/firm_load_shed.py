"""Curtailment of large loads in firm load shed, without notice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.finance import capital_recovery_factor
from optmix.rules.events import Draw, event_hours, event_mask
from optmix.rules.facts import EnergizationDate, energized_on
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.measures import ready_mw, withdrawal_available_mw
from optmix.rules.relief import drawn_events, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import Count, Day, Flag, Fraction, NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["SbSixFirmLoadShed", "SbSixFirmLoadShedParams"]


class SbSixFirmLoadShedParams(Params):
    """Parameters of ``sb6.firm-load-shed``."""

    import_frac: Fraction = 0.0
    """Share of the contracted withdrawal that may still be imported."""
    event_h: Positive = 4.0
    """Length of a drawn event; 72 for a stress like that of February 2021."""
    events_per_year: Count = 1
    """Events drawn in each operating year, where the site gives none."""
    seed: Count = 0
    """Seed of the draw."""
    is_transmission_voltage: Flag = True
    """Whether the site is connected at transmission voltage."""
    is_critical: Flag = False
    """Whether the load is critical, and so left out."""
    energization_date: EnergizationDate = None
    """Day of connection; by default ``grid.energization_date`` of the site."""
    energized_after: Day = dt.date(2025, 12, 31)
    """Loads that are connected after this day are concerned."""
    remote_disconnect_usd: NonNegative = 0.0
    """Capital of the equipment for curtailment."""
    life_yr: Positive = 30.0
    """Years over which that capital is paid off."""


class SbSixFirmLoadShed(Rule[SbSixFirmLoadShedParams]):
    r"""The tie may be cut at any moment: what is on site then carries the load.

    In the hours of an event :math:`imp_t \le \phi W avail_t` and :math:`exp_t = 0`. There is no
    notice, so in every step reserve on site covers what import could lose, as RES-2 asks:

    .. math:: \rho_t \ge imp_t - \phi W avail_t
    """

    id = "sb6.firm-load-shed"
    title = "Curtailment in firm load shed"
    cite = "PURA 39.170 (a)"
    evidence = (
        Evidence(
            "P",
            "PURA 39.170 (a)",
            "large loads at transmission voltage, connected after 31 December 2025 and not "
            "critical, can be curtailed in firm load shed; the equipment is there before",
        ),
        Evidence("D", "number, length and hours of events", "scenarios of ours"),
        Evidence("D", "no notice", "reserve as for the loss of the grid, in every step"),
    )
    params = SbSixFirmLoadShedParams
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixFirmLoadShedParams) -> Applicability:
        """Test tie, voltage, criticality and date."""
        if case.grid is None:
            return Applicability.no("the site is islanded: there is nothing to cut")
        if not params.is_transmission_voltage:
            return Applicability.no("the site is not connected at transmission voltage")
        if params.is_critical:
            return Applicability.no("the load is critical")
        date = energized_on(case, params.energization_date)
        if date is not None and date <= params.energized_after:
            return Applicability.no(f"energized on {date}, by {params.energized_after}")
        why = f"energized on {date}, after {params.energized_after}"
        if date is None:
            why = "no energization_date is given: taken to be connected later"
        hours = event_hours(case, _mask(case, params))
        return Applicability.yes(f"{why}; {_hours_told(hours)}")

    def words(self, params: SbSixFirmLoadShedParams) -> str:
        """Say what is asked."""
        return (
            f"In firm load shed import is at most {params.import_frac:.0%} of the contracted "
            "withdrawal, at once and without notice."
        )

    def to_show(self, params: SbSixFirmLoadShedParams) -> tuple[str, ...]:  # noqa: ARG002
        """Return the equipment, which the law wants before connection."""
        return ("equipment for curtailment, in place before connection",)

    def build(self, block: RuleBlock, m: Model, params: SbSixFirmLoadShedParams) -> None:
        """Cut the tie in the hours, and hold reserve in every step."""
        case, frac, mask = block.case, params.import_frac, _mask(block.case, params)

        def no_export(k: str, t: int) -> Expr:
            return m.export_mw[k, t] <= 0.0

        def ride_through(k: str, t: int) -> Expr:
            kept = frac * m.availability[t] * m.withdrawal_mw[k]
            return block.reserve_mw(t) >= m.import_mw[k, t] - kept

        cap_import(block, m, self.import_cap(case, params))
        block.rows("no_export", [(k, t) for k in m.EXPORTS for t in m.TIMES if mask[t]], no_export)
        if not case.security.loss_of_grid:  # where it is guarded against, RES-2 asks for more
            over = [(k, t) for k in m.TIES for t in m.TIMES]
            block.rows("ride_through", over, ride_through, needs_supply=True)
        annual = _annual_usd(case, params)
        block.add_cost_usd(sum(annual * m.has_tie[k] for k in m.TIES))

    def import_cap(self, case: Case, params: SbSixFirmLoadShedParams) -> ImportCap:
        """Return what may still be imported in an event."""
        available = case.grid.availability if case.grid else 0.0
        return ImportCap.in_steps(_mask(case, params), share=params.import_frac * available)

    def reliefs(self, case: Case, params: SbSixFirmLoadShedParams) -> Iterator[Relief]:
        """Yield what may give way."""
        yield from more("import_frac", params.import_frac, 1.0)
        yield from drawn_events(case, "firm_load_shed", params, "event_h")

    def check(self, plan: Plan, case: Case, params: SbSixFirmLoadShedParams) -> RuleCheck:
        """Look at the hours, and at the reserve of every step."""
        mask = _mask(case, params)
        kept = params.import_frac * withdrawal_available_mw(case, plan)
        ready = ready_mw(case, plan)
        what = "import while firm load is shed"
        exported = np.where(mask, -plan.export_mw, np.inf)
        one = sum((unit.pmax_mw for unit in case.units), np.zeros(case.axis.n_steps))
        size = ready + plan.output_mw.sum(axis=0) + plan.withdrawal_mw
        cost = _annual_usd(case, params) * float(plan.has_grid)
        return RuleCheck(
            slacks=(
                Slack(
                    "what is on site cannot replace the import at once",
                    "MW",
                    ready + kept - plan.import_mw,
                    size,
                    one,
                ),
                *cap_slacks(plan, case, self.import_cap(case, params), what),
                Slack(
                    "export while firm load is shed",
                    "MW",
                    exported,
                    plan.withdrawal_mw,
                    is_ban=True,
                ),
            ),
            rows=_rows(plan, case, mask),
            cost_usd=cost,
        )


def _mask(case: Case, params: SbSixFirmLoadShedParams) -> NDArray[np.bool_]:
    draw = Draw(params.events_per_year, params.event_h, params.seed)
    return event_mask(case, "firm_load_shed", draw)


def _hours_told(hours: float) -> str:
    if hours == 0:
        return "no event hours fall into the horizon: nothing to check but the reserve for one"
    return f"{hours:,.6g} event hours"


def _annual_usd(case: Case, params: SbSixFirmLoadShedParams) -> float:
    return params.remote_disconnect_usd * capital_recovery_factor(case.wacc, params.life_yr)


def _rows(plan: Plan, case: Case, mask: NDArray[np.bool_]) -> tuple[EvidenceRow, ...]:
    step_h = case.axis.step_h
    shed = step_h * float(plan.curtailed_mw[:, mask].sum())
    cover = float(plan.cover_mw.sum(axis=0).min()) if len(case.batteries) else 0.0
    bridge = case.security.bridge_h * 60.0
    return (
        EvidenceRow(what="hours of firm load shed", value=event_hours(case, mask), unit="h"),
        EvidenceRow(what="flexible demand shed in them", value=shed, unit="MWh"),
        EvidenceRow(what="least battery cover of any step", value=cover, unit="MW"),
        EvidenceRow(what="minutes that this cover lasts", value=bridge, unit="min"),
    )
