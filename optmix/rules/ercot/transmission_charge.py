"""The charge for transmission: on coincident peaks, or on a least billed demand."""

from __future__ import annotations

from calendar import month_abbr
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from optmix.rules.events import WINDOWS, event_mask
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import Fraction, NonNegative

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["ErcotTransmissionCharge", "ErcotTransmissionChargeParams", "billed_weight"]

Regime = Literal["4CP", "12CP", "minimum-billing"]

ONE_KW = 1e-3
"""In MW."""


class ErcotTransmissionChargeParams(Params):
    """Parameters of ``ercot.transmission-charge``."""

    regime: Regime = "4CP"
    """What is billed: import in four or in twelve coincident peaks, or a least demand."""
    rate_usd_per_mw_yr: NonNegative | None = None
    """Charge per billed MW; by default that of the regime."""
    rate_4cp_usd_per_mw_yr: NonNegative = 50_000.0
    """Charge of the regime ``4CP``, a round figure."""
    rate_12cp_usd_per_mw_yr: NonNegative = 66_150.0
    """Charge of the regime ``12CP``, the middle of 44,500 to 87,800."""
    rate_minimum_billing_usd_per_mw_yr: NonNegative = 50_000.0
    """Charge of the regime ``minimum-billing``."""
    candidate_months: tuple[Annotated[int, Field(ge=1, le=12, strict=True)], ...] = Field(
        default=WINDOWS["coincident_peak"].months, min_length=1
    )
    """Months whose peaks count with ``4CP``; ``12CP`` counts all."""
    catch_prob: Fraction = 0.8
    """Chance that the peak of a month falls into a candidate hour."""
    candidate_hours: tuple[Annotated[int, Field(ge=0, le=23, strict=True)], ...] = Field(
        default=WINDOWS["coincident_peak"].hours, min_length=1
    )
    """Local clock hours that are candidates, where the site gives no coincident peaks."""
    ratchet_frac: Fraction = 0.85
    """Share of the contracted withdrawal that ``minimum-billing`` bills at least."""


class ErcotTransmissionCharge(Rule[ErcotTransmissionChargeParams]):
    r"""Import is billed in hours that nobody knows beforehand.

    A month has the import of its candidate hours with the chance :math:`\pi` that its peak is one
    of them, and else that of its other hours; billed is the mean of the months. So a site gains by
    avoiding all candidate hours, and never by knowing which one it will be:

    .. math:: B = \frac{1}{|M|} \sum_{m \in M} \left( \frac{\pi}{|C_m|} \sum_{t \in C_m} imp_t
        + \frac{1 - \pi}{|\overline{C}_m|} \sum_{t \in \overline{C}_m} imp_t \right)

    With minimum billing :math:`B \ge \phi W` and :math:`B \ge imp_t` in every step, which is no
    less than any mean of coincident peaks.
    """

    id = "ercot.transmission-charge"
    title = "Charge for transmission"
    cite = "16 TAC 25.192; project 58000"
    evidence = (
        Evidence(
            "P", "SB6, section 6", "a study of how these costs are allocated, due end of 2026"
        ),
        Evidence("S", "four coincident peaks", "import in them is what is billed today"),
        Evidence("S", "project 58000", "twelve coincident peaks are proposed, decision due 2026"),
        Evidence("D", "catch_prob, candidate_hours", "how far a site can tell a peak beforehand"),
        Evidence("D", "rates, ratchet_frac", "a round figure, the middle of a range, an analog"),
    )
    params = ErcotTransmissionChargeParams
    no_relief = "it charges, and leaves every plan"

    def applies(self, case: Case, params: ErcotTransmissionChargeParams) -> Applicability:
        """Test the tie, what the site charges itself, and the calendar."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it imports nothing")
        if case.grid.coincident_charge_usd_per_mw_yr > 0:
            return Applicability.no("[grid.coincident_peak] of the site charges for it already")
        if params.regime != "minimum-billing" and not billed_weight(case, params).any():
            return Applicability.no(f"no month of {params.regime} falls into the horizon")
        return Applicability.yes(f'regime is "{params.regime}"')

    def words(self, params: ErcotTransmissionChargeParams) -> str:
        """Say what is billed."""
        rate = f"USD {_rate(params):,.0f} per MW and year"
        if params.regime == "minimum-billing":
            return (
                f"{rate} on the largest import, and on no less than {params.ratchet_frac:.0%} of "
                "the contracted withdrawal."
            )
        listed = ", ".join(month_abbr[month] for month in params.candidate_months)
        months = listed if params.regime == "4CP" else "all months"
        return (
            f"{rate} on import in the coincident peaks of {months}, which fall into a candidate "
            f"hour with a chance of {params.catch_prob:.0%}."
        )

    def build(self, block: RuleBlock, m: Model, params: ErcotTransmissionChargeParams) -> None:
        """Charge for import by the chance of each step, or for a least demand."""
        rate = _rate(params)
        if params.regime != "minimum-billing":
            weight = rate * billed_weight(block.case, params)
            steps = [t for t in m.CORE_TIMES if weight[t] > 0]
            block.add_cost_usd(
                sum(
                    float(weight[t]) * m.probability_of[t] * m.import_mw[k, t]
                    for k in m.TIES
                    for t in steps
                )
            )
            return
        tie = block.case.grid
        billed = block.shared_variable("billed_mw", tie.withdrawal_max_mw if tie else 0.0)

        def ratchet(k: str) -> Expr:
            return billed >= params.ratchet_frac * m.withdrawal_mw[k]

        def largest_import(k: str, t: int) -> Expr:
            return billed >= m.import_mw[k, t]

        block.rows("ratchet", list(m.TIES), ratchet)
        block.rows("largest_import", [(k, t) for k in m.TIES for t in m.TIMES], largest_import)
        block.add_cost_usd(rate * billed)

    def check(self, plan: Plan, case: Case, params: ErcotTransmissionChargeParams) -> RuleCheck:
        """Count what is billed."""
        if params.regime == "minimum-billing":
            least = params.ratchet_frac * plan.withdrawal_mw
            billed = max(least, float(plan.import_mw.max()))
            rows = [EvidenceRow(what="least billed demand", value=least, unit="MW")]
        else:
            chance = billed_weight(case, params) * case.axis.probability[case.axis.year]
            billed = float(chance @ plan.import_mw)
            rows = _rows(plan, case, params)
        cost = _rate(params) * billed
        first = EvidenceRow(what="billed demand", value=billed, unit="MW")
        return RuleCheck(rows=(first, *rows), cost_usd=cost)


def billed_weight(case: Case, params: ErcotTransmissionChargeParams) -> Floats:
    """Return the weight of each step in the billed import of its year. Shape (T,).

    Weights add up to 1 over a year that has any month concerned, and are 0 in any other.
    """
    axis, candidate = case.axis, _candidates(case, params)
    concerned = params.candidate_months if params.regime == "4CP" else tuple(range(1, 13))
    weight = np.zeros(axis.n_steps)
    for year in range(axis.n_years):
        steps = np.asarray(axis.steps_of_year(year))
        months = [
            month
            for month in np.unique(axis.month[steps]).tolist()
            if int(axis.month_label[month][5:7]) in concerned
        ]
        for month in months:
            inside = steps[axis.month[steps] == month]
            hit = candidate[inside]
            share = 1.0 if hit.all() else params.catch_prob if hit.any() else 0.0
            each = np.where(hit, share / max(hit.sum(), 1), (1 - share) / max((~hit).sum(), 1))
            weight[inside] = each / len(months)
    return weight


def _candidates(case: Case, params: ErcotTransmissionChargeParams) -> NDArray[np.bool_]:
    if "coincident_peak" in case.events:
        return event_mask(case, "coincident_peak")
    return np.isin(case.axis.local_hour, params.candidate_hours)


def _rate(params: ErcotTransmissionChargeParams) -> float:
    if params.rate_usd_per_mw_yr is not None:
        return params.rate_usd_per_mw_yr
    of_regime: dict[Regime, float] = {
        "4CP": params.rate_4cp_usd_per_mw_yr,
        "12CP": params.rate_12cp_usd_per_mw_yr,
        "minimum-billing": params.rate_minimum_billing_usd_per_mw_yr,
    }
    return of_regime[params.regime]


def _rows(plan: Plan, case: Case, params: ErcotTransmissionChargeParams) -> list[EvidenceRow]:
    hit = _candidates(case, params) & (billed_weight(case, params) > 0)
    avoided = hit & (plan.import_mw <= ONE_KW)
    source = "given" if "coincident_peak" in case.events else "by clock hour"
    step_h = case.axis.step_h
    return [
        EvidenceRow(what=f"candidate hours, {source}", value=float(hit.sum()) * step_h, unit="h"),
        EvidenceRow(what="of these without import", value=float(avoided.sum()) * step_h, unit="h"),
        EvidenceRow(
            what="chance that a peak is one of them", value=params.catch_prob, unit="share"
        ),
    ]
