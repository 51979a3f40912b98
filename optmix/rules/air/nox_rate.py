"""NOx rates of generating units under the standard permit of Texas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from optmix.data.timeline import LONGEST_H
from optmix.rules.measures import unit_hours
from optmix.rules.relief import more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["AirNoxRate", "AirNoxRateParams"]

BORDER_DEG_EAST = -98.5
"""Longitude of San Antonio, on the line of counties that parts the east from the west."""


Lane = Literal["any hours", "few hours", "not built"]

TOLD: Final[dict[Lane, str]] = {
    "few hours": "for few hours alone",
    "not built": "above their limit",
}
"""How types are told that are not free."""

LIMITS: Final = (
    "limit_large_lb_per_mwh",
    "limit_small_east_lb_per_mwh",
    "limit_small_west_lb_per_mwh",
    "limit_few_hours_lb_per_mwh",
)
"""Parameters that limit rates."""


class AirNoxRateParams(Params):
    """Parameters of ``air.nox-rate``."""

    region: Literal["east", "west"] | None = None
    """Part of Texas; by default told from the longitude, and the stricter east where unknown."""
    large_above_mw: Positive = 10.0
    """Rating above which a unit is large."""
    limit_large_lb_per_mwh: NonNegative = 0.14
    """Limit of large units that run more than 300 h a year."""
    limit_small_east_lb_per_mwh: NonNegative = 0.14
    """Limit of small units in the east."""
    limit_small_west_lb_per_mwh: NonNegative = 3.11
    """Limit of small units in the west."""
    limit_few_hours_lb_per_mwh: NonNegative = 0.38
    """Limit of units that run few hours a year; sources say 0.38 to 0.47."""
    few_h_per_yr: NonNegative = 300.0
    """Hours a year that are few."""


class AirNoxRate(Rule[AirNoxRateParams]):
    r"""A type of gas unit is built by its rate: freely, for few hours a year, or not at all.

    A rate within the limit of its class leaves a type free. One within that of few hours alone is
    for units that stand still most of the time, over each operating year:

    .. math:: \sum_t \Delta\, u_{g,t} \le H\, n_g

    A variant with catalytic reduction is another type, or the same one with
    ``emission_controls = true``.
    """

    id = "air.nox-rate"
    title = "NOx rate of each unit"
    cite = "TCEQ standard permit for electric generating units"
    evidence = (
        Evidence("P", "TCEQ registration 177263", "0.14 lb/MWh for large units"),
        Evidence("U", "TCEQ standard permit, table of limits", "limits of small units by region"),
        Evidence("U", "limit_few_hours_lb_per_mwh", "0.38 to 0.47 up to 300 h a year"),
        Evidence("D", "hours", "of all units of a type together, over an operating year"),
        Evidence("D", "region", "west of 98.5 degrees west, unless the site says otherwise"),
    )
    params = AirNoxRateParams

    def applies(self, case: Case, params: AirNoxRateParams) -> Applicability:
        """Test for gas units on offer."""
        if not _gas_units(case):
            return Applicability.no("no gas unit is on offer")
        told = [
            f"; {words}: {', '.join(found)}"
            for lane, words in TOLD.items()
            if (found := [u.name for u in _gas_units(case) if _lane(u, case, params) == lane])
        ]
        return Applicability.yes(
            f"gas units are on offer in the {_region(case, params)}{''.join(told)}"
        )

    def words(self, params: AirNoxRateParams) -> str:
        """Say what the limits are."""
        return (
            f"Gas units above {params.large_above_mw:g} MW emit at most "
            f"{params.limit_large_lb_per_mwh:g} lb NOx/MWh, smaller ones "
            f"{params.limit_small_east_lb_per_mwh:g} in the east of Texas and "
            f"{params.limit_small_west_lb_per_mwh:g} in the west; or "
            f"{params.limit_few_hours_lb_per_mwh:g} if they run at most {params.few_h_per_yr:g} h "
            "a year."
        )

    def asks(self, case: Case, params: AirNoxRateParams) -> bool:
        """Ask nothing where every type is free."""
        return any(_lane(unit, case, params) != "any hours" for unit in _gas_units(case))

    def build(self, block: RuleBlock, m: Model, params: AirNoxRateParams) -> None:
        """Leave out the types that emit too much, and keep others to few hours."""
        case = block.case
        lanes = {u.name: _lane(u, case, params) for u in _gas_units(case)}

        def not_built(g: str) -> Expr:
            return m.n_units[g] <= 0

        block.rows("not_built", [g for g, lane in lanes.items() if lane == "not built"], not_built)
        for g in (g for g, lane in lanes.items() if lane == "few hours"):

            def online_h(t: int, g: str = g) -> Expr:
                return m.step_h * m.online[g, t]

            for year in m.YEARS:
                block.annual_sum(g, online_h, params.few_h_per_yr, year, of_each=g)

    def reliefs(self, case: Case, params: AirNoxRateParams) -> Iterator[Relief]:
        """Yield what may give way."""
        worst = max((unit.lb_per_mwh.get("nox", 0.0) for unit in _gas_units(case)), default=0.0)
        for name in LIMITS:
            yield from more(name, getattr(params, name), worst, "lb/MWh")
        yield from more("few_h_per_yr", params.few_h_per_yr, LONGEST_H, "h")

    def check(self, plan: Plan, case: Case, params: AirNoxRateParams) -> RuleCheck:
        """Compare the rate of each type that is built with its limit, and count its hours."""
        slacks, rows = [], []
        gas = {unit.name for unit in _gas_units(case)}
        for row, unit in enumerate(case.units):
            if unit.name not in gas:
                continue
            count, lane = float(plan.units[row]), _lane(unit, case, params)
            few, limit = lane == "few hours", _limit_lb_per_mwh(unit, case, params)
            most = max(limit, params.limit_few_hours_lb_per_mwh) if few else limit
            rate = unit.lb_per_mwh.get("nox", 0.0)
            left = most - rate if count > 0 else np.inf
            what = "a type is built whose NOx rate is above its limit"
            slacks.append(Slack(what, "lb/MWh", left, 0.0, subject=unit.name))
            rows += [
                EvidenceRow(what=f"{unit.name}: rate", value=rate, unit="lb/MWh"),
                EvidenceRow(what=f"{unit.name}: limit", value=most, unit="lb/MWh"),
            ]
            if few and count > 0:
                hours, one = unit_hours(case, plan.online[row]), params.few_h_per_yr
                what = "a type runs longer than its NOx rate allows"
                slack = count * one - hours
                size, year = count * one, case.axis.year
                slacks.append(Slack(what, "h", slack, size, one, unit.name, part_of_step=year))
                each = float(hours.max()) / count
                rows.append(
                    EvidenceRow(what=f"{unit.name}: hours of each", value=each, unit="h/yr")
                )
        return RuleCheck(tuple(slacks), tuple(rows))


def _gas_units(case: Case) -> list[UnitType]:
    return [unit for unit in case.units if unit.fuel == "natural_gas" and unit.n_max > 0]


def _region(case: Case, params: AirNoxRateParams) -> str:
    if params.region is not None:
        return params.region
    is_west = case.longitude is not None and case.longitude < BORDER_DEG_EAST
    return "west" if is_west else "east"


def _limit_lb_per_mwh(unit: UnitType, case: Case, params: AirNoxRateParams) -> float:
    if unit.rating_mw > params.large_above_mw:
        return params.limit_large_lb_per_mwh
    if _region(case, params) == "west":
        return params.limit_small_west_lb_per_mwh
    return params.limit_small_east_lb_per_mwh


def _lane(unit: UnitType, case: Case, params: AirNoxRateParams) -> Lane:
    rate = unit.lb_per_mwh.get("nox", 0.0)
    if rate <= _limit_lb_per_mwh(unit, case, params):
        return "any hours"
    return "few hours" if rate <= params.limit_few_hours_lb_per_mwh else "not built"
