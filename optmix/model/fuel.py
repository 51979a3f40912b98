"""Fuel: what units burn, pipeline limits, stocks on site.

Docs: docs/model/fuel.md

Adds   fuel_mmbtu_per_h[g,t]  withdrawn_mmbtu_per_h[r,t]  refill_mmbtu_per_h[r,t]
       content_mmbtu[r,t]  pipeline_allotment_mmbtu[d]
Needs  commitment

Start fuel is a cost of commitment; it enters neither pipeline limits nor stocks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add fuel of every type, the stocks, and the steps in which a limit holds.

    Where gas has a negative delivered price, minimising cost would burn more than the machine
    needs, so there fuel equals the chord between minimum and full load.
    """
    gas = case.gas
    gas_price = gas.price_usd_per_mmbtu.tolist()
    paid = [t for t in window.steps if gas_price[t] < 0]
    m.SEGMENTS = pyo.Set(
        dimen=3,
        initialize=[
            (u.name, j, t)
            for u in case.units
            for j in range(len(u.segment_alpha_mmbtu_per_h))
            for t in window.steps
            if u.fuel != "natural_gas" or gas_price[t] >= 0
        ],
    )
    m.CHORDS = pyo.Set(
        dimen=2,
        initialize=[(u.name, t) for u in case.units if u.fuel == "natural_gas" for t in paid],
    )
    m.STOCKS = pyo.Set(initialize=[stock.name for stock in case.stocks])
    m.CONTENT_TIMES = pyo.Set(initialize=[*window.history(1), *window.steps])
    m.stock = {stock.name: stock for stock in case.stocks}
    m.gas_price_usd_per_mmbtu = gas_price
    m.gas_units = [u.name for u in case.units if u.fuel == "natural_gas"]
    m.gas_stocks = [r for r in m.STOCKS if m.stock[r].fuel == "natural_gas"]
    m.diesel_units = [u.name for u in case.units if u.fuel == "diesel"]
    m.diesel_stocks = [r for r in m.STOCKS if m.stock[r].fuel == "diesel"]
    has_diesel = bool(m.diesel_units or m.diesel_stocks)
    m.DIESEL_TIMES = pyo.Set(initialize=window.steps if has_diesel else [])
    m.PIPE_TIMES = pyo.Set(initialize=window.steps if m.gas_stocks else [])
    m.HOURLY_TIMES = pyo.Set(
        initialize=window.steps if math.isfinite(gas.hourly_max_mmbtu_per_h) else []
    )
    m.steps_of_day = _steps_of_day(case, window) if math.isfinite(gas.daily_max_mmbtu) else {}
    m.MDQ_DAYS = pyo.Set(initialize=sorted(m.steps_of_day))
    m.gas = gas
    m.kappa = {u.name: u.fuel_factor.tolist() for u in case.units}
    m.segment = {
        u.name: list(
            zip(
                u.segment_alpha_mmbtu_per_h.tolist(),
                u.segment_beta_mmbtu_per_mwh.tolist(),
                strict=True,
            )
        )
        for u in case.units
    }
    m.fuel_mmbtu_per_h = pyo.Var(
        m.UNITS, m.TIMES, bounds=lambda m, g, t: (0, m.unit[g].n_max * _full_load_fuel(m, g, t))
    )
    m.withdrawn_mmbtu_per_h = pyo.Var(
        m.STOCKS, m.TIMES, bounds=lambda m, r, _t: (0, _most_withdrawn(m, r))
    )
    m.refill_mmbtu_per_h = pyo.Var(
        m.STOCKS, m.TIMES, bounds=lambda m, r, _t: (0, m.stock[r].refill_max_mmbtu_per_h)
    )
    m.content_mmbtu = pyo.Var(
        m.STOCKS,
        m.CONTENT_TIMES,
        bounds=lambda m, r, _t: (m.stock[r].min_content_mmbtu, m.stock[r].capacity_mmbtu),
    )
    m.pipeline_allotment_mmbtu = pyo.Var(m.MDQ_DAYS, bounds=(0, gas.daily_max_mmbtu))


def _full_load_fuel(m: Model, g: str, t: int) -> float:
    """Return the fuel of one unit at its capability in a step, MMBtu/h (HHV)."""
    lines = (alpha + beta * m.pmax_mw[g][t] for alpha, beta in m.segment[g])
    return float(m.kappa[g][t] * max(lines))


def _most_withdrawn(m: Model, r: str) -> float:
    """Return what can leave a stock in a step: all that is in it and comes in, MMBtu/h (HHV)."""
    stock = m.stock[r]
    content = stock.refill_max_mmbtu_per_h + stock.capacity_mmbtu / m.step_h
    return float(min(stock.withdrawal_max_mmbtu_per_h, content))


def _steps_of_day(case: Case, window: Window) -> dict[int, list[int]]:
    days: dict[int, list[int]] = {}
    for t in window.steps:
        days.setdefault(int(case.axis.day[t]), []).append(t)
    return days


def pipeline_mmbtu_per_h(m: Model, t: int) -> Expr:
    """Return the flow of pipeline gas in a step: what gas units burn less what stocks feed in."""
    burned = sum(m.fuel_mmbtu_per_h[g, t] for g in m.gas_units)
    return burned - sum(m.withdrawn_mmbtu_per_h[r, t] for r in m.gas_stocks)


def segment_fuel(m: Model, g: str, j: int, t: int) -> Expr:
    r"""FUE-1  Fuel is convex piecewise linear in output, with a penalty on hot days.

    .. math:: f_{g,t} \ge \kappa_{g,t} (\alpha_{g,j} u_{g,t} + \beta_{g,j} p_{g,t})

    Over: SEGMENTS.  Units: MMBtu/h (HHV).
    """
    alpha, beta = m.segment[g][j]
    kappa = m.kappa[g][t]
    return (
        m.fuel_mmbtu_per_h[g, t]
        >= kappa * alpha * m.online[g, t] + kappa * beta * m.output_mw[g, t]
    )


def chord_fuel(m: Model, g: str, t: int) -> Expr:
    r"""FUE-2  Where fuel is paid to be burned, it lies on the chord from minimum to full load.

    .. math:: f_{g,t} = \kappa_{g,t} (\alpha^c_{g,t} u_{g,t} + \beta^c_{g,t} p_{g,t})

    Over: CHORDS.  Units: MMBtu/h (HHV).
    """
    unit, kappa = m.unit[g], m.kappa[g][t]
    alpha = float(unit.chord_alpha_mmbtu_per_h[t])
    beta = float(unit.chord_beta_mmbtu_per_mwh[t])
    return (
        m.fuel_mmbtu_per_h[g, t]
        == kappa * alpha * m.online[g, t] + kappa * beta * m.output_mw[g, t]
    )


def stocks_feed_what_is_burned(m: Model, t: int) -> Expr:
    r"""FUE-3  Stocks feed gas units no more than these burn; the rest comes by pipeline.

    .. math:: \sum_{g} f_{g,t} - \sum_r \delta_{r,t} \ge 0

    Over: PIPE_TIMES.  Units: MMBtu/h (HHV).
    """
    return pipeline_mmbtu_per_h(m, t) >= 0


def hourly_supply(m: Model, t: int) -> Expr:
    r"""FUE-4  Pipeline flow stays within the hourly limit.

    .. math:: \sum_{g} f_{g,t} - \sum_r \delta_{r,t} \le F^{hour}

    Over: HOURLY_TIMES.  Units: MMBtu/h (HHV).
    """
    return pipeline_mmbtu_per_h(m, t) <= m.gas.hourly_max_mmbtu_per_h


def daily_supply(m: Model, day: int) -> Expr:
    r"""FUE-5  Pipeline gas of a day stays within the allotment, and that within the daily maximum.

    The allotment is what a window that covers the day in part may use of it.

    .. math:: \sum_{t \in d} \Delta\, (\sum_g f_{g,t} - \sum_r \delta_{r,t}) \le Q_d,
        \qquad Q_d \le MDQ

    Over: MDQ_DAYS.  Units: MMBtu (HHV).
    """
    burned = sum(m.step_h * pipeline_mmbtu_per_h(m, t) for t in m.steps_of_day[day])
    return burned <= m.pipeline_allotment_mmbtu[day]


def diesel_from_stock(m: Model, t: int) -> Expr:
    r"""FUE-6  Diesel units burn what diesel stocks give.

    .. math:: \sum_g f_{g,t} = \sum_r \delta_{r,t}

    Over: DIESEL_TIMES.  Units: MMBtu/h (HHV).
    """
    burned = sum(m.fuel_mmbtu_per_h[g, t] for g in m.diesel_units)
    return burned == sum(m.withdrawn_mmbtu_per_h[r, t] for r in m.diesel_stocks)


def stock_balance(m: Model, r: str, t: int) -> Expr:
    r"""FUE-7  A stock keeps what is not used.

    .. math:: I_{r,t} = I_{r,t-1} + \Delta\, (\rho_{r,t} - \delta_{r,t})

    Over: STOCKS x TIMES.  Units: MMBtu (HHV).
    """
    change = m.step_h * (m.refill_mmbtu_per_h[r, t] - m.withdrawn_mmbtu_per_h[r, t])
    return m.content_mmbtu[r, t] == m.content_mmbtu[r, m.before[t]] + change


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Pipeline gas, refills of stocks, and the yearly cost of having them."""
    hours = m.hours_per_year
    fuel = sum(
        m.gas_price_usd_per_mmbtu[t] * hours[t] / USD_PER_KUSD * pipeline_mmbtu_per_h(m, t)
        for t in m.CORE_TIMES
    )
    refills = sum(
        stock.price_usd_per_mmbtu * hours[t] / USD_PER_KUSD * m.refill_mmbtu_per_h[r, t]
        for r, stock in m.stock.items()
        for t in m.CORE_TIMES
    )
    fixed = sum(stock.fixed_usd_per_yr for stock in m.stock.values()) / USD_PER_KUSD
    return {"fuel": fuel, "stock_fuel": refills + fixed}


CONCEPT = Concept(
    name="fuel",
    declare=declare,
    equations=(
        Equation("FUE-1", ("SEGMENTS",), segment_fuel),
        Equation("FUE-2", ("CHORDS",), chord_fuel),
        Equation("FUE-3", ("PIPE_TIMES",), stocks_feed_what_is_burned),
        Equation("FUE-4", ("HOURLY_TIMES",), hourly_supply),
        Equation("FUE-5", ("MDQ_DAYS",), daily_supply),
        Equation("FUE-6", ("DIESEL_TIMES",), diesel_from_stock),
        Equation("FUE-7", ("STOCKS", "TIMES"), stock_balance),
    ),
    cost_kusd=cost_kusd,
)
