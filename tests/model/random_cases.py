"""Random small cases for property tests.

Figures are drawn from short lists, so that a failing case can be read, and from ranges in which
building, importing, storing, curtailing and not serving all happen. Lost load always has a value:
every case has a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st
from model.cases import (
    make_axis,
    make_battery,
    make_case,
    make_gas,
    make_grid,
    make_stock,
    make_tier,
    make_unit,
)

from optmix.data.case import Case, EmissionBudget, SecurityPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.axis import Axis
    from optmix.data.equipment import GridTie, UnitType

Draw = Any


def one_of(*values: Any) -> Any:
    return st.sampled_from(values)


@st.composite
def axes(draw: Draw, most_steps: int = 8) -> Axis:
    """One operating year or two, each of two months, two weeks and two days."""
    steps = draw(one_of((2,), (3,), (4,), (2, 2), (3, 2)).filter(lambda s: sum(s) <= most_steps))
    parts: dict[str, list[int]] = {"month": [], "week": [], "day": []}
    for year, n in enumerate(steps):
        for labels in parts.values():
            cut = draw(st.integers(1, n - 1))
            labels.extend([2 * year] * cut + [2 * year + 1] * (n - cut))
    probability = draw(one_of((0.5, 0.5), (0.75, 0.25))) if len(steps) == 2 else (1.0,)
    return make_axis(steps, step_h=draw(one_of(0.5, 1.0)), probability=probability, **parts)


def by_step(draw: Draw, axis: Axis, *values: float) -> list[float]:
    return [draw(one_of(*values)) for _ in range(axis.n_steps)]


@st.composite
def unit_types(draw: Draw, axis: Axis, name: str, **given: Any) -> UnitType:
    rating = draw(one_of(2.0, 3.0, 5.0))
    bends = draw(st.booleans())
    figures = {
        "n_max": draw(st.integers(1, 2)),
        "rating_mw": rating,
        "net_rating_mw": rating,
        "pmax_mw": rating * np.array(by_step(draw, axis, 1.0, 0.9, 0.75)),
        "pmin_mw": rating * draw(one_of(0.2, 0.5)),
        "fuel_factor": by_step(draw, axis, 1.0, 1.1),
        "segment_alpha_mmbtu_per_h": (rating, rating / 2) if bends else (rating,),
        "segment_beta_mmbtu_per_mwh": (7.0, 7.75) if bends else (7.0,),
        "ramp_mw_per_step": rating * draw(one_of(0.4, 0.8, 9.0)),
        "min_up_steps": draw(st.integers(0, 2)),
        "min_down_steps": draw(st.integers(0, 2)),
        "start_fuel_mmbtu": draw(one_of(0.0, 2.0)),
        "start_cost_usd": draw(one_of(0.0, 20.0, 300.0)),
        "vom_usd_per_mwh": draw(one_of(1.0, 9.0)),
        "capital_usd_per_yr": rating * draw(one_of(50_000.0, 110_000.0, 200_000.0)),
        "fom_usd_per_yr": rating * 11_000.0,
        "site_fixed_usd_per_yr": draw(one_of(0.0, 75_000.0)),
        "lb_per_mwh": {"nox": draw(one_of(0.2, 1.3))},
        "lb_per_start": {"nox": draw(one_of(0.0, 3.0))},
    }
    return make_unit(axis, name=name, **figures | given)


@st.composite
def ties(draw: Draw, axis: Axis) -> GridTie:
    weights = np.zeros(axis.n_steps)
    weights[axis.year_first] = draw(one_of(0.0, 1.0))
    return make_grid(
        axis,
        withdrawal_max_mw=draw(one_of(2.0, 6.0)),
        withdrawal_min_mw=draw(one_of(0.0, 1.0)),
        export_max_mw=draw(one_of(0.0, 0.0, 2.0)),
        availability=by_step(draw, axis, 1.0, 1.0, 0.5, 0.0),
        import_price_usd_per_mwh=by_step(draw, axis, 15.0, 60.0, 250.0),
        export_price_usd_per_mwh=by_step(draw, axis, 10.0, 55.0),
        demand_charge_usd_per_mw_month=draw(one_of(0.0, 4_000.0)),
        coincident_charge_usd_per_mw_yr=draw(one_of(0.0, 60_000.0)),
        coincident_weight=weights,
        capital_fixed_usd_per_yr=draw(one_of(0.0, 90_000.0)),
    )


@st.composite
def batteries(draw: Draw) -> Any:
    return make_battery(
        n_max=draw(st.integers(1, 3)),
        module_mw=draw(one_of(1.0, 2.0)),
        usable_mwh=draw(one_of(1.0, 3.0)),
        retention=draw(one_of(1.0, 0.98)),
        soc_min_frac=draw(one_of(0.0, 0.1)),
        cycles_per_year=draw(one_of(300.0, 2_000.0)),
        aux_mw=draw(one_of(0.0, 0.05)),
        vom_usd_per_mwh=draw(one_of(0.0, 2.0)),
        capital_usd_per_yr=draw(one_of(15_000.0, 70_000.0)),
    )


@st.composite
def cases(
    draw: Draw, of_unit: Mapping[str, Any] | None = None, most_steps: int = 8, **given: Any
) -> Case:
    """A case with one or two gas units and any of the other parts.

    ``of_unit`` sets figures of all units, ``given`` whole parts of the case.
    """
    axis = draw(axes(most_steps))
    price = by_step(draw, axis, 2.0, 4.0, 9.0, -0.5)
    of_gas_unit = {"fuel_price_usd_per_mmbtu": price} | (of_unit or {})
    gas_units = [
        draw(unit_types(axis, name, **of_gas_unit))
        for name in ("alpha", "beta")[: draw(st.integers(1, 2))]
    ]
    has_diesel, has_lng = draw(st.booleans()), draw(st.booleans())
    diesel = (
        [draw(unit_types(axis, "genset", fuel="diesel", **of_unit or {}))] if has_diesel else []
    )
    lng = make_stock(name="lng", fuel="natural_gas", refill_max_mmbtu_per_h=10.0)
    tank = make_stock(capacity_mmbtu=60.0, refill_max_mmbtu_per_h=15.0)
    parts = {
        "demand_mw": by_step(draw, axis, 0.0, 3.0, 4.5, 6.0, 8.0),
        "units": (*gas_units, *diesel),
        "batteries": tuple(draw(st.lists(batteries(), max_size=1))),
        "grid": draw(st.none() | ties(axis)),
        "tiers": draw(one_of((), (make_tier(axis, limit_mw=0.5, budget_mwh=900.0, is_fast=True),))),
        "voll_usd_per_mwh": draw(one_of(400.0, 5_000.0)),
        "gas": make_gas(
            axis,
            price,
            daily_max_mmbtu=draw(one_of(np.inf, 60.0)),
            hourly_max_mmbtu_per_h=draw(one_of(np.inf, 45.0)),
        ),
        "stocks": (lng,) * has_lng + (tank,) * has_diesel,
        "security": SecurityPolicy(
            loss_of_unit=draw(st.booleans()),
            loss_of_grid=draw(st.booleans()),
            swing_mw=0.0,
            bridge_h=0.25,
        ),
        "emissions": draw(one_of((), (EmissionBudget("nox", 12.0, False, 1_000.0),))),
    }
    return make_case(axis, name="random", **parts | given)
