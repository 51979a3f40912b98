"""Yearly emissions of the site, by the permit that is aimed at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal, get_args

from pydantic import Field

from optmix.rules.measures import emitted_tpy, potential_tpy_of_one
from optmix.rules.relief import Relief, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import NonNegative
from optmix.schema.fault import Fault
from optmix.schema.operation import Pollutant
from optmix.units import LB_PER_SHORT_TON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["AirSiteTpy", "AirSiteTpyParams"]

Lane = Literal[
    "minor-source",
    "minor-source-listed",
    "below-title-v",
    "nonattainment-moderate",
    "nonattainment-serious",
    "nonattainment-severe",
    "major-source",
]

UNCAPPED: Final = "major-source"
"""The lane without a cap."""

LARGE: Final = 10.0
"""A cap as large as so many times all that is on offer could emit is none."""


class AirSiteTpyParams(Params):
    """Parameters of ``air.site-tpy``."""

    lane: Lane = "minor-source"
    """Permit that is aimed at; ``major-source`` has no cap."""
    cap_tpy: NonNegative | None = None
    """Cap of each pollutant; by default that of the lane."""
    minor_source_tpy: NonNegative = 250.0
    """Cap of the lane ``minor-source``."""
    minor_source_listed_tpy: NonNegative = 100.0
    """Cap of the lane ``minor-source-listed``, for plants of listed categories."""
    below_title_v_tpy: NonNegative = 100.0
    """Cap of the lane ``below-title-v``."""
    nonattainment_moderate_tpy: NonNegative = 100.0
    """Cap of the lane ``nonattainment-moderate``."""
    nonattainment_serious_tpy: NonNegative = 50.0
    """Cap of the lane ``nonattainment-serious``."""
    nonattainment_severe_tpy: NonNegative = 25.0
    """Cap of the lane ``nonattainment-severe``."""
    pollutants: tuple[Pollutant, ...] = Field(default=("nox", "co", "voc"), min_length=1)
    """Pollutants that are capped."""
    basis: Literal["pte", "actual"] = "pte"
    """``pte`` counts the fleet at 8,760 h a year; ``actual`` needs a limit that is enforceable."""


class AirSiteTpy(Rule[AirSiteTpyParams]):
    r"""The potential of the fleet, or what it emits, stays below the threshold of a permit.

    .. math:: \sum_g n_g P_g\, 8760\, ef_{g,q} \le 2000\, cap
    """

    id = "air.site-tpy"
    title = "Yearly emissions of the site"
    cite = "40 CFR 52.21 (b) (1); 40 CFR 70.2; Clean Air Act, part D"
    evidence = (
        Evidence("S", "PSD", "250 short tons a year, 100 in listed categories"),
        Evidence("S", "Title V", "100 short tons a year"),
        Evidence("S", "nonattainment review", "100, 50 or 25 short tons a year by class"),
        Evidence("D", "lane", "a minor source, unless the site says otherwise"),
    )
    params = AirSiteTpyParams

    def applies(self, case: Case, params: AirSiteTpyParams) -> Applicability:
        """Test for units, and for a cap."""
        if not any(unit.n_max > 0 for unit in case.units):
            return Applicability.no("no generating unit is on offer")
        if _cap_tpy(params) is None:
            return Applicability.no(f'lane is "{params.lane}", which has no cap')
        return Applicability.yes(f'generating units are on offer; lane is "{params.lane}"')

    def words(self, params: AirSiteTpyParams) -> str:
        """Say what the cap is."""
        cap = _cap_tpy(params)
        if cap is None:
            return f'Lane "{params.lane}" sets no cap.'
        could = "could emit at 8,760 h a year" if params.basis == "pte" else "emits in a year"
        named = ", ".join(name.upper() for name in params.pollutants)
        return f"What the fleet {could} stays within {cap:g} short tons each of {named}."

    def faults(self, params: AirSiteTpyParams) -> Iterator[Fault]:
        """Refuse a pollutant that is named twice."""
        named = params.pollutants
        for name in sorted({each for each in named if named.count(each) > 1}):
            yield Fault(("pollutants",), f'"{name}" is named twice', "each once", "leave one out")

    def build(self, block: RuleBlock, m: Model, params: AirSiteTpyParams) -> None:
        """Cap the fleet, or its operation in every year."""
        cap = _cap_tpy(params)
        if cap is None:
            return
        units = block.case.units

        def potential_capped(q: Pollutant) -> Expr:
            potential = sum(potential_tpy_of_one(u, q) * m.n_units[u.name] for u in units)
            return potential <= cap

        if params.basis == "pte":
            can_emit = [
                q for q in params.pollutants if any(potential_tpy_of_one(unit, q) for unit in units)
            ]
            block.rows("potential_capped", can_emit, potential_capped)
            return
        for q in params.pollutants:
            for year in m.YEARS:
                emitted = partial(block.emitted_lb, q)
                block.annual_sum(q, emitted, cap * LB_PER_SHORT_TON, year)

    def reliefs(self, case: Case, params: AirSiteTpyParams) -> Iterator[Relief]:
        """Yield what may give way."""
        fleet = (
            LARGE * unit.n_max * potential_tpy_of_one(unit, q)
            for unit in case.units
            for q in params.pollutants
        )
        cap = _cap_tpy(params)
        yield from more("cap_tpy", cap, (cap or 0.0) + sum(fleet), "short ton/yr")
        if params.basis == "pte":
            yield Relief("basis", "pte", "actual")

    def check(self, plan: Plan, case: Case, params: AirSiteTpyParams) -> RuleCheck:
        """Compare with the cap, and tell the other thresholds."""
        cap, is_potential = _cap_tpy(params) or 0.0, params.basis == "pte"
        slacks, rows = [], []
        for q in params.pollutants:
            one = [potential_tpy_of_one(unit, q) for unit in case.units]
            potential = float(sum(o * n for o, n in zip(one, plan.units.tolist(), strict=True)))
            actual = emitted_tpy(case, plan, q)
            rows += [
                EvidenceRow(what=f"{q}: potential", value=potential, unit="short ton/yr"),
                EvidenceRow(what=f"{q}: emitted", value=float(actual.max()), unit="short ton/yr"),
            ]
            unknown = [u.name for u in _built(plan, case) if not u.has_rate(q)]
            if unknown:
                rows.append(EvidenceRow(what=f"{q}: counted as 0", value=", ".join(unknown)))
            if is_potential:
                what = "the fleet could emit more in a year than the cap"
                slacks.append(Slack(what, "short ton/yr", cap - potential, cap, sum(one), q))
                continue
            what = "more is emitted in a year than the cap"
            left, year = cap - actual, case.axis.year
            slacks.append(Slack(what, "short ton/yr", left, cap, 0.0, q, part_of_step=year))
        rows.append(EvidenceRow(what="cap", value=cap, unit="short ton/yr"))
        rows.append(EvidenceRow(what="thresholds", value=_told(params), unit="short ton/yr"))
        return RuleCheck(tuple(slacks), tuple(rows))


def _built(plan: Plan, case: Case) -> Iterator[UnitType]:
    return (unit for unit, n in zip(case.units, plan.units.tolist(), strict=True) if n > 0)


def _cap_tpy(params: AirSiteTpyParams) -> float | None:
    if params.cap_tpy is not None or params.lane == UNCAPPED:
        return params.cap_tpy
    return _cap_of(params, params.lane)


def _told(params: AirSiteTpyParams) -> str:
    """Return the caps of all lanes, each once."""
    caps = {_cap_of(params, lane) for lane in get_args(Lane) if lane != UNCAPPED}
    return ", ".join(f"{cap:g}" for cap in sorted(caps))


def _cap_of(params: AirSiteTpyParams, lane: Lane) -> float:
    return float(getattr(params, f"{lane.replace('-', '_')}_tpy"))
