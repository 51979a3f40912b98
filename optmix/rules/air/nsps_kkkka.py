"""Federal NOx standards of new turbines, by size and by how much they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.rules.measures import full_load_mmbtu_per_h
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
from optmix.schema.base import Fraction, NonNegative, Positive
from optmix.schema.fault import Fault
from optmix.units import HOURS_PER_YEAR, MMBTU_PER_MWH, NOX_LB_PER_MMBTU_PER_PPM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["AirNspsKkkka", "AirNspsKkkkaParams", "lb_per_mwh_of_ppm"]

TURBINES: Final = ("aero-turbine", "industrial-turbine", "frame-turbine", "combined-cycle")
"""Kinds of machines that are turbines."""


class AirNspsKkkkaParams(Params):
    """Parameters of ``air.nsps-kkkka``."""

    utilisation_break_frac: Fraction = 0.45
    """Share of a year at full load above which a turbine is highly utilised."""
    small_up_to_mmbtu_per_h: Positive = 50.0
    """Heat input at full load (HHV) up to which a turbine is small."""
    medium_up_to_mmbtu_per_h: Positive = 850.0
    """Heat input at full load (HHV) up to which a turbine is medium, and above which large."""
    efficient_from_frac: Fraction = 0.38
    """Efficiency at full load (HHV) from which on a large turbine is efficient."""
    large_high_ppm: NonNegative = 5.0
    """Limit of large turbines above the break."""
    large_low_ppm: NonNegative = 25.0
    """Limit of large and efficient turbines up to the break."""
    large_low_inefficient_ppm: NonNegative = 9.0
    """Limit of other large turbines up to the break."""
    medium_high_ppm: NonNegative = 15.0
    """Limit of medium turbines above the break."""
    medium_low_ppm: NonNegative = 25.0
    """Limit of medium turbines up to the break."""
    small_ppm: NonNegative = 25.0
    """Limit of small turbines."""
    temporary_ppm: NonNegative = 25.0
    """Limit of turbines that stay for 24 months or less."""
    temporary_units: UnitNames = ()
    """Types that stay for 24 months or less."""


@dataclass(frozen=True)
class _Standard:
    """Class of a turbine, and its limits above and up to the break of utilisation."""

    name: str
    high_ppm: float
    low_ppm: float


class AirNspsKkkka(Rule[AirNspsKkkkaParams]):
    r"""A turbine type is built by its rate: freely, with little use, or not at all.

    A rate within the limit of high utilisation leaves a type free. One within that of low
    utilisation alone is for turbines that run little, over each operating year:

    .. math:: \sum_t \Delta\, p_{g,t} \le \upsilon\, 8760\, P_g n_g

    A variant with other burners or catalytic reduction is another type. Parts per million are
    taken to pounds per MWh by the heat rate at full load, and rates are told to a tenth of a ppm.
    """

    id = "air.nsps-kkkka"
    title = "Federal NOx standards of new turbines"
    cite = "40 CFR 60, subpart KKKKa"
    evidence = (
        Evidence(
            "S", "40 CFR 60, subpart KKKKa", "limits by size and utilisation, from 2026-01-15"
        ),
        Evidence("U", "efficient_from_frac", "which large turbines have 25 ppm and which 9 ppm"),
        Evidence(
            "D", "utilisation", "net output over an operating year, all units of a type alike"
        ),
    )
    params = AirNspsKkkkaParams

    def applies(self, case: Case, params: AirNspsKkkkaParams) -> Applicability:
        """Test for gas turbines on offer."""
        turbines = _turbines(case)
        if not turbines:
            return Applicability.no("no gas turbine is on offer")
        told = [f"{u.name} ({_lane(u, params)})" for u in turbines]
        return Applicability.yes(f"turbines are on offer: {', '.join(told)}")

    def words(self, params: AirNspsKkkkaParams) -> str:
        """Say what the limits are."""
        p = params
        return (
            f"Large turbines emit at most {p.large_high_ppm:g} ppm NOx above "
            f"{p.utilisation_break_frac:.0%} of a year at full load, else {p.large_low_ppm:g} or "
            f"{p.large_low_inefficient_ppm:g}; medium ones {p.medium_high_ppm:g}, else "
            f"{p.medium_low_ppm:g}; small ones {p.small_ppm:g}; temporary ones {p.temporary_ppm:g}."
        )

    def asks(self, case: Case, params: AirNspsKkkkaParams) -> bool:
        """Ask nothing where every turbine is free."""
        return any(_lane(unit, params) != "any utilisation" for unit in _turbines(case))

    def faults(self, params: AirNspsKkkkaParams) -> Iterator[Fault]:
        """Refuse classes that overlap."""
        small, medium = params.small_up_to_mmbtu_per_h, params.medium_up_to_mmbtu_per_h
        if small > medium:
            yield Fault(
                ("small_up_to_mmbtu_per_h",),
                f"small_up_to_mmbtu_per_h is {small:g}, above medium_up_to_mmbtu_per_h",
                f"up to {medium:g}",
                "small turbines end where medium ones begin",
            )

    def build(self, block: RuleBlock, m: Model, params: AirNspsKkkkaParams) -> None:
        """Leave out the types that emit too much, and keep others to little use."""
        turbines = {u.name: u for u in _turbines(block.case)}
        dirty = [g for g, u in turbines.items() if _lane(u, params) == "not built"]

        def not_built(g: str) -> Expr:
            return m.n_units[g] <= 0

        block.rows("not_built", dirty, not_built)
        for g, unit in turbines.items():
            if _lane(unit, params) != "low utilisation":
                continue
            for year in m.YEARS:
                block.annual_sum(
                    g,
                    lambda t, g=g: m.step_h * m.output_mw[g, t],  # type: ignore[misc]
                    _most_mwh_per_unit(unit, params),
                    year,
                    of_each=g,
                )

    def reliefs(self, case: Case, params: AirNspsKkkkaParams) -> Iterator[Relief]:
        """Yield what may give way."""
        worst = max((_ppm(unit) for unit in _turbines(case)), default=0.0)
        for name in (name for name in type(params).model_fields if name.endswith("_ppm")):
            yield from more(name, getattr(params, name), worst, "ppm")
        yield from more("utilisation_break_frac", params.utilisation_break_frac, 1.0)

    def check(self, plan: Plan, case: Case, params: AirNspsKkkkaParams) -> RuleCheck:
        """Compare the rate of each turbine that is built, and its use."""
        count = {u.name: n for u, n in zip(case.units, plan.units.tolist(), strict=True)}
        annual = _annual_mwh(case, plan)
        slacks: list[Slack] = []
        rows: list[EvidenceRow] = []
        for unit in _turbines(case):
            n, standard = count[unit.name], _standard(unit, params)
            most_ppm = max(standard.low_ppm, standard.high_ppm)
            left = lb_per_mwh_of_ppm(most_ppm - _ppm(unit), unit) if n > 0 else np.inf
            what = "a turbine is built whose NOx rate is above the limit of its class"
            slacks.append(Slack(what, "lb/MWh", left, 0.0, subject=unit.name))
            used, one = annual[unit.name], _most_mwh_per_unit(unit, params)
            if n > 0 and _lane(unit, params) == "low utilisation":
                what = "a turbine runs more than its NOx rate allows"
                most, year = n * one, case.axis.year
                slacks.append(
                    Slack(what, "MWh", most - used, most, one, unit.name, part_of_step=year)
                )
            rows += _rows(unit, standard, _lane(unit, params), _use(unit, n, used))
        return RuleCheck(tuple(slacks), tuple(rows))


def lb_per_mwh_of_ppm(ppm: float, unit: UnitType) -> float:
    """Return the NOx rate of a gas unit by output, from parts per million at 15 % oxygen."""
    heat_rate = full_load_mmbtu_per_h(unit) / unit.net_rating_mw
    return ppm * NOX_LB_PER_MMBTU_PER_PPM * heat_rate


def _turbines(case: Case) -> list[UnitType]:
    return [
        unit
        for unit in case.units
        if unit.kind in TURBINES and unit.fuel == "natural_gas" and unit.n_max > 0
    ]


def _ppm(unit: UnitType) -> float:
    """Return the NOx rate to a tenth of a ppm: rates by output are stated no closer."""
    rate = unit.lb_per_mwh.get("nox", 0.0)
    return round(rate / lb_per_mwh_of_ppm(1.0, unit), 1)


def _standard(unit: UnitType, params: AirNspsKkkkaParams) -> _Standard:
    heat = full_load_mmbtu_per_h(unit)
    if unit.name in params.temporary_units:
        return _Standard("temporary", params.temporary_ppm, params.temporary_ppm)
    if heat <= params.small_up_to_mmbtu_per_h:
        return _Standard("small", params.small_ppm, params.small_ppm)
    if heat <= params.medium_up_to_mmbtu_per_h:
        return _Standard("medium", params.medium_high_ppm, params.medium_low_ppm)
    if unit.net_rating_mw * MMBTU_PER_MWH / heat >= params.efficient_from_frac:
        return _Standard("large, efficient", params.large_high_ppm, params.large_low_ppm)
    return _Standard("large", params.large_high_ppm, params.large_low_inefficient_ppm)


def _lane(unit: UnitType, params: AirNspsKkkkaParams) -> str:
    standard, ppm = _standard(unit, params), _ppm(unit)
    if ppm <= standard.high_ppm:
        return "any utilisation"
    return "low utilisation" if ppm <= standard.low_ppm else "not built"


def _most_mwh_per_unit(unit: UnitType, params: AirNspsKkkkaParams) -> float:
    return params.utilisation_break_frac * HOURS_PER_YEAR * unit.net_rating_mw


def _annual_mwh(case: Case, plan: Plan) -> dict[str, Floats]:
    """Return the output of each type in each operating year, scaled to a year. Shape (Y,)."""
    axis = case.axis
    return {
        unit.name: np.bincount(axis.year, weights=plan.output_mw[row], minlength=axis.n_years)
        * (axis.annual_factor * axis.step_h)
        for row, unit in enumerate(case.units)
    }


def _use(unit: UnitType, count: int, annual_mwh: Floats) -> float:
    return float(annual_mwh.max()) / (max(count, 1) * HOURS_PER_YEAR * unit.net_rating_mw)


def _rows(unit: UnitType, standard: _Standard, lane: str, use: float) -> list[EvidenceRow]:
    limits = f"{standard.high_ppm:g} ppm, {standard.low_ppm:g} with little use"
    return [
        EvidenceRow(what=f"{unit.name}: rate", value=_ppm(unit), unit="ppm"),
        EvidenceRow(what=f"{unit.name}: limits of {standard.name}", value=limits),
        EvidenceRow(what=f"{unit.name}: lane", value=lane),
        EvidenceRow(what=f"{unit.name}: share of a year at full load", value=use),
    ]
