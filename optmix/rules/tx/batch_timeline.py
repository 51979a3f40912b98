"""When a tie comes, and how far it may be used in its first years."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.calendar import days_meant
from optmix.rules.facts import EnergizationDate, energized_on
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.measures import withdrawal_available_mw
from optmix.rules.relief import Relief
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.calendar import Days
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["TxBatchTimeline", "TxBatchTimelineParams", "limit_mw"]

PLACES_PER_YEAR = 12 * 31
"""Days of a year whose months all had 31."""


class TxBatchTimelineParams(Params):
    """Parameters of ``tx.batch-timeline``."""

    energization_date: EnergizationDate = None
    """First day of import; by default ``grid.energization_date`` of the site."""
    withdrawal_by_year_mw: tuple[NonNegative, ...] = ()
    """Most import in the first, second, … year from then on; the last holds for all later ones."""


class TxBatchTimeline(Rule[TxBatchTimelineParams]):
    r"""No import before energization, and no more than granted in each year after it.

    Where the loss of a unit is guarded against, the tie helps by what is granted, too:

    .. math:: imp_t \le L_t, \qquad \rho_t + L_t - imp_t \ge \overline{p}_{g,t}\, y_g
    """

    id = "tx.batch-timeline"
    title = "Timeline of a batch study"
    cite = "PGRR115; PGRR145"
    evidence = (
        Evidence("S", "PGRR115, PGRR145", "large loads are studied in batches and granted by year"),
        Evidence("D", "energization_date, withdrawal_by_year_mw", "what the user expects of it"),
    )
    params = TxBatchTimelineParams

    def applies(self, case: Case, params: TxBatchTimelineParams) -> Applicability:
        """Test the tie, and for dates and limits."""
        if case.grid is None:
            return Applicability.no("the site is islanded: nothing is energized")
        date = energized_on(case, params.energization_date)
        if date is None and not params.withdrawal_by_year_mw:
            return Applicability.no("no energization_date is given, and no withdrawal by year")
        if not np.isfinite(limit_mw(case, params)).any():
            return Applicability.no("no step of the horizon is limited")
        return Applicability.yes(f"energized on {date}" if date else "energized from the start")

    def words(self, params: TxBatchTimelineParams) -> str:
        """Say what is granted."""
        date = params.energization_date
        shown = "the site's date" if date is None else str(date)
        by_year = ", ".join(f"{mw:,.6g}" for mw in params.withdrawal_by_year_mw)
        then = f"; from then on at most {by_year} MW, year by year" if by_year else ""
        return f"There is no import before {shown} of energization{then}."

    def build(self, block: RuleBlock, m: Model, params: TxBatchTimelineParams) -> None:
        """Limit import and, before energization, export."""
        limit = limit_mw(block.case, params)

        def not_yet_exported(k: str, t: int) -> Expr:
            return m.export_mw[k, t] <= 0.0

        cap_import(block, m, self.import_cap(block.case, params))
        none = [(k, t) for k in m.EXPORTS for t in m.TIMES if limit[t] == 0]
        block.rows("not_yet_exported", none, not_yet_exported)

    def import_cap(self, case: Case, params: TxBatchTimelineParams) -> ImportCap:
        """Return what is granted by then."""
        limit = limit_mw(case, params)
        return ImportCap(limit, np.zeros_like(limit))

    def reliefs(self, case: Case, params: TxBatchTimelineParams) -> Iterator[Relief]:
        """Yield what may give way."""
        granted, date = params.withdrawal_by_year_mw, energized_on(case, params.energization_date)
        most = case.grid.withdrawal_max_mw if case.grid else 0.0
        if granted and min(granted) < most:

            def at_least(mw: float) -> tuple[float, ...]:
                return tuple(max(mw, of_year) for of_year in granted)

            yield Relief("withdrawal_by_year_mw", min(granted), most, "MW", written=at_least)
        first = days_meant(case).min().astype(object).toordinal()
        if date is not None and first < date.toordinal():
            yield Relief("energization_date", date.toordinal(), first, "day", True, _iso_day)

    def check(self, plan: Plan, case: Case, params: TxBatchTimelineParams) -> RuleCheck:
        """Compare import with what is granted."""
        limit = limit_mw(case, params)
        granted = np.where(np.isfinite(limit), limit, 0.0)
        size = granted + plan.withdrawal_mw
        exported = np.where(limit == 0, -plan.export_mw, np.inf)
        what = "import above what is granted by then"
        slacks = (
            *cap_slacks(plan, case, self.import_cap(case, params), what),
            Slack("export before energization", "MW", exported, size, is_ban=True),
        )
        return RuleCheck(slacks, _rows(plan, case, params))


def limit_mw(case: Case, params: TxBatchTimelineParams) -> Floats:
    """Return the most import of each step, infinite where there is no limit. Shape (T,)."""
    limit, granted = np.full(case.axis.n_steps, np.inf), params.withdrawal_by_year_mw
    date = energized_on(case, params.energization_date)
    if date is None:
        return np.full(case.axis.n_steps, granted[0]) if granted else limit
    days = days_meant(case)
    first = np.datetime64(date, "D")
    if granted:
        years = np.clip(_years_since(days, first), 0, len(granted) - 1)
        limit = np.asarray(granted)[years]
    return np.where(days < first, 0.0, limit)


def _years_since(days: Days, first: np.datetime64) -> NDArray[np.int64]:
    """Return the whole calendar years from a day to each of others."""
    from_first = _place(days) - _place(np.asarray(first))
    return np.asarray(from_first // PLACES_PER_YEAR)


def _place(days: Days) -> NDArray[np.int64]:
    """Return numbers of days by a calendar whose months all have 31 days."""
    months = days.astype("datetime64[M]")
    return np.asarray(months.astype(np.int64) * 31 + (days - months).astype(np.int64))


def _iso_day(ordinal: float) -> str:
    return dt.date.fromordinal(round(ordinal)).isoformat()


def _rows(plan: Plan, case: Case, params: TxBatchTimelineParams) -> tuple[EvidenceRow, ...]:
    date, limit = energized_on(case, params.energization_date), limit_mw(case, params)
    rows = [EvidenceRow(what="energization", value="from the start" if date is None else str(date))]
    available = withdrawal_available_mw(case, plan)
    for granted in np.unique(limit[np.isfinite(limit)]).tolist():
        in_it = limit == granted
        at = f"granted {granted:,.6g} MW"
        hours = float(in_it.sum()) * case.axis.step_h
        most, contracted = plan.import_mw[in_it].max(), available[in_it].max()
        rows += [
            EvidenceRow(what=f"{at}: hours", value=hours, unit="h"),
            EvidenceRow(what=f"{at}: largest import", value=float(most), unit="MW"),
            EvidenceRow(what=f"{at}: contracted", value=float(contracted), unit="MW"),
        ]
    return tuple(rows)
