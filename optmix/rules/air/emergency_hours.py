"""How long emergency engines may run where there is no emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.timeline import LONGEST_H
from optmix.rules.events import event_hours, event_mask
from optmix.rules.measures import unit_hours
from optmix.rules.relief import more
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
from optmix.schema.base import NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["AirEmergencyHours", "AirEmergencyHoursParams"]


class AirEmergencyHoursParams(Params):
    """Parameters of ``air.emergency-hours``."""

    non_emergency_h_per_yr: NonNegative = 50.0
    """Most hours a year that one engine runs to serve load where there is no emergency."""
    all_h_per_yr: NonNegative = 100.0
    """Most hours a year with maintenance and tests, which the plan does not hold."""
    emergency_units: UnitNames = ()
    """Types that are permitted as emergency engines; by default all standby diesels."""


class AirEmergencyHours(Rule[AirEmergencyHoursParams]):
    r"""Hours of firm load shed that the site gives are emergencies; all others are counted.

    .. math:: \sum_{t \notin E} \Delta\, u_{g,t} \le H\, n_g
    """

    id = "air.emergency-hours"
    title = "Hours of emergency engines"
    cite = "40 CFR 60.4211 (f); 40 CFR 63.6640 (f)"
    evidence = (
        Evidence("S", "40 CFR 60.4211 (f)", "100 h a year, of which 50 h may be no emergency"),
        Evidence("D", "emergencies", "given hours of firm load shed, and no others"),
        Evidence("D", "all units of a type", "share their hours"),
    )
    params = AirEmergencyHoursParams

    def applies(self, case: Case, params: AirEmergencyHoursParams) -> Applicability:
        """Test for emergency engines on offer."""
        names = [unit.name for unit in _engines(case, params)]
        if not names:
            return Applicability.no("no emergency engine is on offer")
        return Applicability.yes(f"emergency engines are on offer: {', '.join(names)}")

    def words(self, params: AirEmergencyHoursParams) -> str:
        """Say what the cap is."""
        return (
            f"Each emergency engine runs at most {params.non_emergency_h_per_yr:g} h a year where "
            f"there is no emergency, {params.all_h_per_yr:g} h with maintenance and tests."
        )

    def build(self, block: RuleBlock, m: Model, params: AirEmergencyHoursParams) -> None:
        """Cap the hours of each type in every year."""
        is_emergency = event_mask(block.case, "firm_load_shed")
        for unit in _engines(block.case, params):

            def counted(t: int, g: str = unit.name) -> Expr:
                return 0.0 if is_emergency[t] else m.step_h * m.online[g, t]

            for year in m.YEARS:
                most = params.non_emergency_h_per_yr
                block.annual_sum(unit.name, counted, most, year, of_each=unit.name)

    def reliefs(self, case: Case, params: AirEmergencyHoursParams) -> Iterator[Relief]:  # noqa: ARG002
        """Yield what may give way."""
        most_h = params.non_emergency_h_per_yr
        yield from more("non_emergency_h_per_yr", most_h, LONGEST_H, "h")

    def check(self, plan: Plan, case: Case, params: AirEmergencyHoursParams) -> RuleCheck:
        """Count the hours."""
        axis, is_emergency = case.axis, event_mask(case, "firm_load_shed")
        names = {unit.name for unit in _engines(case, params)}
        slacks = []
        rows = [
            EvidenceRow(what="hours of emergency", value=event_hours(case, is_emergency), unit="h")
        ]
        for row, unit in enumerate(case.units):
            count = float(plan.units[row])
            if unit.name not in names or count == 0:
                continue
            hours = unit_hours(case, plan.online[row] * ~is_emergency)
            most = params.non_emergency_h_per_yr * count
            what = "emergency engines run longer than they may without an emergency"
            one, year = params.non_emergency_h_per_yr, axis.year
            slacks.append(Slack(what, "h", most - hours, most, one, unit.name, part_of_step=year))
            each = float(hours.max()) / count
            rows.append(EvidenceRow(what=f"{unit.name}: hours of each", value=each, unit="h/yr"))
        left = params.all_h_per_yr - params.non_emergency_h_per_yr
        rows.append(EvidenceRow(what="left for maintenance and tests", value=left, unit="h/yr"))
        return RuleCheck(tuple(slacks), tuple(rows))


def _engines(case: Case, params: AirEmergencyHoursParams) -> list[UnitType]:
    named = params.emergency_units
    return [
        unit
        for unit in case.units
        if unit.n_max > 0 and (unit.name in named if named else unit.kind == "diesel-standby")
    ]
