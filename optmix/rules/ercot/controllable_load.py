"""Controllable loads: down to their low power when the grid is constrained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.events import Draw, event_hours, event_mask
from optmix.rules.facts import Metering
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.relief import drawn_events, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import Count, NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Model, RuleBlock

__all__ = ["ErcotControllableLoad", "ErcotControllableLoadParams"]


class ErcotControllableLoadParams(Params):
    """Parameters of ``ercot.controllable-load``."""

    metering: Metering = "standard"
    """``pclr``, a load that is connected as controllable, is what the rule is about."""
    low_power_mw: NonNegative = 0.0
    """Most that may be imported in a constrained hour."""
    events_per_year: Count = 11
    """Constraints drawn in each operating year, where the site gives none."""
    event_h: Positive = 4.0
    """Length of a drawn constraint; eleven of them make 44 hours a year."""
    seed: Count = 0
    """Seed of the draw."""


class ErcotControllableLoad(Rule[ErcotControllableLoadParams]):
    r"""In constrained hours :math:`imp_t \le P^{low}`; the rest is carried on site or curtailed."""

    id = "ercot.controllable-load"
    title = "Low power of a controllable load"
    cite = "controllable load resources at new connections (PCLR)"
    evidence = (
        Evidence("S", "PCLR", "a load that is dispatched down to its low power when constrained"),
        Evidence("S", "PCLR", "some 44 constrained hours a year"),
        Evidence("D", "low_power_mw, length and hours of constraints", "scenarios of ours"),
    )
    params = ErcotControllableLoadParams

    def applies(self, case: Case, params: ErcotControllableLoadParams) -> Applicability:
        """Test the kind of metering, and for constraints."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it imports nothing")
        if params.metering != "pclr":
            return Applicability.no(f'metering is "{params.metering}", not "pclr"')
        hours = event_hours(case, _mask(case, params))
        if hours == 0:
            return Applicability.no("no constraint falls into the horizon")
        source = "given" if "grid_constraint" in case.events else "drawn"
        return Applicability.yes(f"{hours:,.6g} constrained hours are {source}")

    def words(self, params: ErcotControllableLoadParams) -> str:
        """Say what is asked."""
        return f"In constrained hours import is at most {params.low_power_mw:,.6g} MW."

    def build(self, block: RuleBlock, m: Model, params: ErcotControllableLoadParams) -> None:
        """Limit import in the hours."""
        cap_import(block, m, self.import_cap(block.case, params))

    def import_cap(self, case: Case, params: ErcotControllableLoadParams) -> ImportCap:
        """Return low power, in constrained hours."""
        return ImportCap.in_steps(_mask(case, params), params.low_power_mw)

    def reliefs(self, case: Case, params: ErcotControllableLoadParams) -> Iterator[Relief]:
        """Yield what may give way."""
        most = case.grid.withdrawal_max_mw if case.grid else 0.0
        yield from more("low_power_mw", params.low_power_mw, most, "MW")
        yield from drawn_events(case, "grid_constraint", params, "event_h")

    def check(self, plan: Plan, case: Case, params: ErcotControllableLoadParams) -> RuleCheck:
        """Look at the hours, and at what carries the load in them."""
        mask = _mask(case, params)
        what = "import above low power in a constrained hour"
        slacks = cap_slacks(plan, case, self.import_cap(case, params), what)
        return RuleCheck(tuple(slacks), _rows(plan, case, mask))


def _mask(case: Case, params: ErcotControllableLoadParams) -> NDArray[np.bool_]:
    draw = Draw(params.events_per_year, params.event_h, params.seed)
    return event_mask(case, "grid_constraint", draw)


def _rows(plan: Plan, case: Case, mask: NDArray[np.bool_]) -> tuple[EvidenceRow, ...]:
    carries = {"import": plan.import_mw, "curtailment": plan.curtailed_mw.sum(axis=0)}
    carries |= {u.name: plan.output_mw[row] for row, u in enumerate(case.units)}
    net = plan.discharge_mw - plan.charge_mw
    carries |= {item.name: net[row] for row, item in enumerate(case.batteries)}
    served = [
        EvidenceRow(
            what=f"served in them by {name}",
            value=case.axis.step_h * float(mw[mask].sum()),
            unit="MWh",
        )
        for name, mw in carries.items()
    ]
    return (EvidenceRow(what="constrained hours", value=event_hours(case, mask), unit="h"), *served)
