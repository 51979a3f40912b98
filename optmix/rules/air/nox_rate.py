"""NOx rates of generating units under the standard permit of Texas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import NonNegative, Positive

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["AirNoxRate", "AirNoxRateParams"]

BORDER_DEG_EAST = -98.5
"""Longitude of San Antonio, on the line of counties that parts the east from the west."""


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


class AirNoxRate(Rule[AirNoxRateParams]):
    """A type of gas unit whose rate exceeds the limit of its class is not built.

    A variant with catalytic reduction is another type, or the same one with
    ``emission_controls = true``. The higher limits of units that run 300 h a year or less are not
    used: nothing in the model would keep these hours.
    """

    id = "air.nox-rate"
    title = "NOx rate of each unit"
    cite = "TCEQ standard permit for electric generating units"
    evidence = (
        Evidence("P", "TCEQ registration 177263", "0.14 lb/MWh for large units"),
        Evidence("U", "TCEQ standard permit, table of limits", "limits of small units by region"),
        Evidence("D", "region", "west of 98.5 degrees west, unless the site says otherwise"),
    )
    params = AirNoxRateParams

    def applies(self, case: Case, params: AirNoxRateParams) -> Applicability:
        """Test for gas units on offer."""
        if not _gas_units(case):
            return Applicability.no("no gas unit is on offer")
        too_high = [u.name for u in _gas_units(case) if _left_lb_per_mwh(u, case, params) < 0]
        told = f"; above their limit: {', '.join(too_high)}" if too_high else ""
        return Applicability.yes(f"gas units are on offer in the {_region(case, params)}{told}")

    def words(self, params: AirNoxRateParams) -> str:
        """Say what the limits are."""
        return (
            f"Gas units above {params.large_above_mw:g} MW emit at most "
            f"{params.limit_large_lb_per_mwh:g} lb NOx/MWh, smaller ones "
            f"{params.limit_small_east_lb_per_mwh:g} in the east of Texas and "
            f"{params.limit_small_west_lb_per_mwh:g} in the west."
        )

    def build(self, block: RuleBlock, m: Model, params: AirNoxRateParams) -> None:
        """Leave out the types that emit too much."""
        case = block.case
        units = [u.name for u in _gas_units(case) if _left_lb_per_mwh(u, case, params) < 0]

        def not_built(g: str) -> Expr:
            return m.n_units[g] <= 0

        block.rows("not_built", units, not_built)

    def check(self, plan: Plan, case: Case, params: AirNoxRateParams) -> RuleCheck:
        """Compare the rate of each type that is built with its limit."""
        count = {u.name: n for u, n in zip(case.units, plan.units.tolist(), strict=True)}
        slacks, rows = [], []
        for unit in _gas_units(case):
            left = _left_lb_per_mwh(unit, case, params) if count[unit.name] > 0 else np.inf
            what = "a type is built whose NOx rate is above its limit"
            limit = _limit_lb_per_mwh(unit, case, params)
            slacks.append(Slack(what, "lb/MWh", left, 0.0, subject=unit.name))
            rate = unit.lb_per_mwh.get("nox", 0.0)
            rows += [
                EvidenceRow(what=f"{unit.name}: rate", value=rate, unit="lb/MWh"),
                EvidenceRow(what=f"{unit.name}: limit", value=limit, unit="lb/MWh"),
            ]
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


def _left_lb_per_mwh(unit: UnitType, case: Case, params: AirNoxRateParams) -> float:
    return _limit_lb_per_mwh(unit, case, params) - unit.lb_per_mwh.get("nox", 0.0)
