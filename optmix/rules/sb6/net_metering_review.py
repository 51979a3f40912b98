"""Existing stand-alone generation behind the meter of a new load: its review and its release."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.rules.calendar import days_meant
from optmix.rules.events import Draw, event_hours, event_mask, first_steps
from optmix.rules.facts import EnergizationDate, energized_on
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.readiness import MINUTES_PER_HOUR, ready_before, ready_before_mw, whole_site_mw
from optmix.rules.relief import Relief, drawn_events, less, more
from optmix.rules.rule import (
    Applicability,
    Evidence,
    EvidenceRow,
    Params,
    Rule,
    RuleCheck,
    Slack,
    UnitNames,
)
from optmix.schema.base import Count, Flag, NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

    Mask = NDArray[np.bool_]

__all__ = ["SbSixNetMeteringReview", "SbSixNetMeteringReviewParams"]


class SbSixNetMeteringReviewParams(Params):
    """Parameters of ``sb6.net-metering-review``."""

    existing_units: UnitNames = ()
    """Types of generation that was registered as stand-alone on 1 September 2025."""
    release_min: NonNegative = 30.0
    """Minutes within which what is released is carried otherwise."""
    scope: Literal["full_load", "generation"] = "full_load"
    """``full_load`` keeps the whole load off the grid, ``generation`` what was released only."""
    is_paid: Flag = False
    """Whether the release is paid as demand response, by agreement outside the model."""
    review_yr: Positive = 5.0
    """Years between reviews of the conditions."""
    energization_date: EnergizationDate = None
    """Day of connection but for the review; by default ``grid.energization_date`` of the site."""
    study_day: Count = 120
    """Days of the study, before energization."""
    decision_day: Count = 60
    """Days until a decision, after the study."""
    events_per_year: Count = 2
    """Emergencies drawn in each operating year, where the site gives none."""
    max_event_h: Positive = 8.0
    """Length of a drawn emergency."""
    seed: Count = 0
    """Seed of the draw."""


class SbSixNetMeteringReview(Rule[SbSixNetMeteringReviewParams]):
    r"""In an emergency existing generation is for the grid, and the site does without.

    In its hours :math:`u_{g,t} \le 0` of the generation that is listed: its output is the grid's,
    and its headroom no reserve of the site.
    With the scope of the full load :math:`imp_t \le 0` as well. The rest of the load is carried by
    other units and batteries or curtailed, and was ready for that in the step before. New
    generation that comes with the load is outside of this.
    """

    id = "sb6.net-metering-review"
    title = "Review of net metering with existing generation"
    cite = "PURA 39.169; 16 TAC 25.205"
    evidence = (
        Evidence(
            "P", "PURA 39.169", "concerns generation registered as stand-alone on 1 September 2025"
        ),
        Evidence(
            "S", "16 TAC 25.205", "120 days of study, 60 days to decide, review of conditions"
        ),
        Evidence(
            "D", "scope, release_min", "the strictest condition that the grid operator may ask"
        ),
        Evidence("D", "number, length and hours of emergencies", "scenarios of ours"),
    )
    params = SbSixNetMeteringReviewParams
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixNetMeteringReviewParams) -> Applicability:
        """Test the tie, and for existing generation."""
        if case.grid is None:
            return Applicability.no("the site is islanded: there is no net metering")
        listed = [unit.name for unit in _existing(case, params)]
        if not listed:
            return Applicability.no(
                "no unit on offer is listed in existing_units: new generation is outside"
            )
        return Applicability.yes(f"existing generation: {', '.join(listed)}")

    def words(self, params: SbSixNetMeteringReviewParams) -> str:
        """Say what is asked."""
        listed = ", ".join(params.existing_units) or "existing stand-alone generation"
        whole = ", and nothing is imported" if params.scope == "full_load" else ""
        delay = params.study_day + params.decision_day
        return (
            f"In an emergency all output of {listed} is released to the grid within "
            f"{params.release_min:g} minutes{whole}; the review adds {delay} days to energization."
        )

    def to_show(self, params: SbSixNetMeteringReviewParams) -> tuple[str, ...]:  # noqa: ARG002
        """Return the approval, of which the conditions are a scenario until then."""
        return ("approval of net metering with existing generation, and its conditions",)

    def build(self, block: RuleBlock, m: Model, params: SbSixNetMeteringReviewParams) -> None:
        """Do without what is released, and be ready for it; wait for the review."""
        case, mask = block.case, _mask(block.case, params)
        hours, times = [t for t in m.TIMES if mask[t]], set(m.TIMES)
        firsts = [t for t in first_steps(case, mask) if {t, m.before[t]} <= times]
        is_full, own = params.scope == "full_load", _others(case, params)

        def released(g: str, t: int) -> Expr:
            return m.online[g, t] <= 0

        def not_yet_exported(k: str, t: int) -> Expr:
            return m.export_mw[k, t] <= 0.0

        def ready_at_once(t: int) -> Expr:
            ready = ready_before(m, own, t, params.release_min / MINUTES_PER_HOUR)
            if not is_full:
                ready += sum(m.availability[t] * m.withdrawal_mw[k] for k in m.TIES)
            return ready >= m.demand_mw[t]

        listed = [(unit.name, t) for unit in _existing(case, params) for t in hours]
        block.rows("released", listed, released)
        cap_import(block, m, self.import_cap(case, params))
        in_review = _in_review(case, params)
        waiting = [(k, t) for k in m.EXPORTS for t in m.TIMES if in_review[t]]
        block.rows("not_yet_exported", waiting, not_yet_exported)
        block.rows("ready_at_once", firsts, ready_at_once, needs_supply=True)

    def import_cap(self, case: Case, params: SbSixNetMeteringReviewParams) -> ImportCap:
        """Return that nothing is imported under review, nor where the full load is released."""
        in_review = _in_review(case, params)
        is_full = params.scope == "full_load"
        return ImportCap.in_steps(in_review | _mask(case, params) if is_full else in_review)

    def reliefs(self, case: Case, params: SbSixNetMeteringReviewParams) -> Iterator[Relief]:
        """Yield what may give way."""
        if params.scope == "full_load":
            yield Relief("scope", "full_load", "generation")
        slowest_min = max(unit.start_min for unit in case.units)
        yield from more("release_min", params.release_min, slowest_min, "min")
        if _in_review(case, params).any():
            for name in ("study_day", "decision_day"):
                yield from less(name, getattr(params, name), 0, "day", is_whole=True)
        yield from drawn_events(case, "emergency", params, "max_event_h")

    def check(self, plan: Plan, case: Case, params: SbSixNetMeteringReviewParams) -> RuleCheck:
        """Look at what is released, imported and ready."""
        mask = _mask(case, params)
        kept = np.where(mask, -_online_mw(plan, case, params), np.inf)
        one = sum((unit.pmax_mw for unit in case.units), np.zeros(case.axis.n_steps))
        ready, size = _readiness(plan, case, params, mask), whole_site_mw(plan, case)
        what = "what was ready before an emergency does not carry its first hour"
        imported = "import while released or under review"
        slacks = (
            Slack(what, "MW", ready, size, one),
            Slack("generation on site that is released", "MW", kept, size, one, is_ban=True),
            *cap_slacks(plan, case, self.import_cap(case, params), imported, is_ban=True),
        )
        exported = np.where(_in_review(case, params), -plan.export_mw, np.inf)
        slacks += (Slack("export under review", "MW", exported, size, is_ban=True),)
        return RuleCheck(slacks, _rows(plan, case, params))


def _existing(case: Case, params: SbSixNetMeteringReviewParams) -> list[UnitType]:
    return [unit for unit in case.units if unit.name in params.existing_units and unit.n_max > 0]


def _others(case: Case, params: SbSixNetMeteringReviewParams) -> list[UnitType]:
    return [unit for unit in case.units if unit.name not in params.existing_units]


def _mask(case: Case, params: SbSixNetMeteringReviewParams) -> Mask:
    draw = Draw(params.events_per_year, params.max_event_h, params.seed)
    return event_mask(case, "emergency", draw)


def _in_review(case: Case, params: SbSixNetMeteringReviewParams) -> Mask:
    """Return whether a step lies before the end of the review. Shape (T,)."""
    date = energized_on(case, params.energization_date)
    if date is None:
        return np.zeros(case.axis.n_steps, dtype=np.bool_)
    end = date + dt.timedelta(days=params.study_day + params.decision_day)
    return np.asarray(days_meant(case) < np.datetime64(end, "D"))


def _online_mw(plan: Plan, case: Case, params: SbSixNetMeteringReviewParams) -> Floats:
    """Return what existing generation that runs for the site could give. Shape (T,)."""
    listed = {unit.name for unit in _existing(case, params)}
    rows = [row for row, unit in enumerate(case.units) if unit.name in listed]
    able = (case.units[row].pmax_mw * plan.online[row] for row in rows)
    return np.asarray(sum(able, np.zeros(case.axis.n_steps)))


def _readiness(plan: Plan, case: Case, params: SbSixNetMeteringReviewParams, mask: Mask) -> Floats:
    """Return what is left where an emergency begins, and infinity elsewhere. Shape (T,)."""
    left, notice_h = np.full(case.axis.n_steps, np.inf), params.release_min / MINUTES_PER_HOUR
    for t in first_steps(case, mask):
        left[t] = ready_before_mw(plan, case, _others(case, params), t, notice_h)
        left[t] -= case.demand_mw[t]
        if params.scope == "generation" and case.grid is not None:
            left[t] += case.grid.availability[t] * plan.withdrawal_mw
    return left


def _rows(plan: Plan, case: Case, params: SbSixNetMeteringReviewParams) -> tuple[EvidenceRow, ...]:
    mask = _mask(case, params)
    counts = dict(zip((unit.name for unit in case.units), plan.units.tolist(), strict=True))
    released = sum(unit.net_rating_mw * counts[unit.name] for unit in _existing(case, params))
    is_full = params.scope == "full_load"
    needed = case.demand_mw if is_full else np.minimum(case.demand_mw, released)
    replaced = float(needed[mask].max()) if mask.any() else 0.0
    others = (case.demand_mw - plan.import_mw - plan.curtailed_mw.sum(axis=0))[mask].sum()
    curtailed = plan.curtailed_mw[:, mask].sum()
    step_h = case.axis.step_h
    paid = "by agreement" if params.is_paid else "not paid"
    return (
        EvidenceRow(what="hours of emergency", value=event_hours(case, mask), unit="h"),
        EvidenceRow(what="existing generation released", value=float(released), unit="MW"),
        EvidenceRow(what="released within", value=params.release_min, unit="min"),
        EvidenceRow(what="backup or curtailment needed", value=replaced, unit="MW"),
        EvidenceRow(what="carried on site", value=step_h * float(others), unit="MWh"),
        EvidenceRow(what="curtailed", value=step_h * float(curtailed), unit="MWh"),
        EvidenceRow(what="release", value=paid),
        EvidenceRow(what="conditions reviewed every", value=params.review_yr, unit="yr"),
    )
