"""Battery storage: power, state of charge, cycles, reserve cover.

Docs: docs/model/battery.md

Adds   charge_mw[s,t]  discharge_mw[s,t]  soc_mwh[s,t]  cover_mw[s,t]  discharge_allotment_mwh[s,y]
Needs  sizing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT", "cover_mw"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add operation of every product; cover only where reserve or a rule may count it."""
    policy = case.security
    counts_cover = policy.loss_of_unit or policy.loss_of_grid or policy.swing_mw > 0
    needs_cover = counts_cover or not case.rules.is_empty
    m.SOC_TIMES = pyo.Set(initialize=[*window.history(1), *window.steps])
    m.COVER_TIMES = pyo.Set(initialize=window.steps if needs_cover else [])
    m.YEARS = pyo.Set(initialize=window.years)
    # Where nothing is kept in store the bound of the variable says as much.
    m.FLOORED = pyo.Set(initialize=[b.name for b in case.batteries if b.soc_min_frac > 0])
    m.bridge_h = policy.bridge_h
    m.charge_mw = pyo.Var(m.STORAGE, m.TIMES, bounds=lambda m, s, _t: (0, _most_mw(m, s)))
    m.discharge_mw = pyo.Var(m.STORAGE, m.TIMES, bounds=lambda m, s, _t: (0, _most_mw(m, s)))
    m.soc_mwh = pyo.Var(m.STORAGE, m.SOC_TIMES, bounds=lambda m, s, _t: (0, _most_mwh(m, s)))
    # Charging counts twice: it can stop, and the battery can discharge as well.
    m.cover_mw = pyo.Var(m.STORAGE, m.COVER_TIMES, bounds=lambda m, s, _t: (0, 2 * _most_mw(m, s)))
    m.discharge_allotment_mwh = pyo.Var(
        m.STORAGE, m.YEARS, bounds=lambda m, s, y: (0, _cycles(m, s, y) * _most_mwh(m, s))
    )


def _most_mw(m: Model, s: str) -> float:
    return float(m.battery_product[s].module_mw * m.battery_product[s].n_max)


def _most_mwh(m: Model, s: str) -> float:
    return float(m.battery_product[s].usable_mwh * m.battery_product[s].n_max)


def _cycles(m: Model, s: str, y: int) -> float:
    """Return the full cycles that a horizon standing for a year may use."""
    return float(m.battery_product[s].cycles_per_year / m.annual_factor[y])


def power_limit(m: Model, s: str, t: int) -> Expr:
    r"""BAT-1  Charging and discharging share the power of the modules.

    .. math:: c_{s,t} + d_{s,t} \le P_s b_s

    Over: STORAGE x TIMES.  Units: MW.
    """
    return (
        m.charge_mw[s, t] + m.discharge_mw[s, t] <= m.battery_product[s].module_mw * m.n_modules[s]
    )


def soc_balance(m: Model, s: str, t: int) -> Expr:
    r"""BAT-2  Energy carried from one step to the next.

    .. math:: (1-\sigma_s\Delta)\,e_{s,t-1} + \Delta(\eta^c_s c_{s,t} - d_{s,t}/\eta^d_s) = e_{s,t}

    Over: STORAGE x TIMES.  Units: MWh.
    """
    battery = m.battery_product[s]
    return (
        battery.retention * m.soc_mwh[s, m.before[t]]
        + m.step_h * battery.eta_charge * m.charge_mw[s, t]
        - m.step_h / battery.eta_discharge * m.discharge_mw[s, t]
        == m.soc_mwh[s, t]
    )


def least_soc(m: Model, s: str, t: int) -> Expr:
    r"""BAT-3  Stored energy stays above the lowest state of charge.

    .. math:: \underline{\epsilon}_s E_s b_s \le e_{s,t}

    Over: FLOORED x TIMES.  Units: MWh.
    """
    battery = m.battery_product[s]
    return m.soc_mwh[s, t] >= battery.soc_min_frac * battery.usable_mwh * m.n_modules[s]


def most_soc(m: Model, s: str, t: int) -> Expr:
    r"""BAT-3  Stored energy stays below the highest state of charge.

    .. math:: e_{s,t} \le \overline{\epsilon}_s E_s b_s

    Over: STORAGE x TIMES.  Units: MWh.
    """
    battery = m.battery_product[s]
    return m.soc_mwh[s, t] <= battery.soc_max_frac * battery.usable_mwh * m.n_modules[s]


def discharge_within_allotment(m: Model, s: str, y: int) -> Expr:
    r"""BAT-4  Energy discharged stays within the allotment of the window.

    .. math:: \sum_{t \in y} \Delta\, d_{s,t} \le D_{s,y}

    Over: STORAGE x YEARS.  Units: MWh.
    """
    used = sum(m.step_h * m.discharge_mw[s, t] for t in m.steps_of_year[y])
    return used <= m.discharge_allotment_mwh[s, y]


def allotment_within_cycles(m: Model, s: str, y: int) -> Expr:
    r"""BAT-4  The allotment stays within the yearly cycles.

    .. math:: a_y D_{s,y} \le N^{cyc}_s E_s b_s

    Over: STORAGE x YEARS.  Units: MWh.
    """
    usable_mwh = m.battery_product[s].usable_mwh
    return m.discharge_allotment_mwh[s, y] <= _cycles(m, s, y) * usable_mwh * m.n_modules[s]


def cover_within_power(m: Model, s: str, t: int) -> Expr:
    r"""BAT-5  Reserve cover is power the modules are not giving, charging counted as given back.

    .. math:: r_{s,t} + d_{s,t} - c_{s,t} \le P_s b_s

    Over: STORAGE x COVER_TIMES.  Units: MW.
    """
    used = m.cover_mw[s, t] + m.discharge_mw[s, t] - m.charge_mw[s, t]
    return used <= m.battery_product[s].module_mw * m.n_modules[s]


def cover_within_energy(m: Model, s: str, t: int) -> Expr:
    r"""BAT-6  Reserve cover can be held for the bridging time.

    .. math:: h^{bridge} r_{s,t} + \eta^d_s \underline{\epsilon}_s E_s b_s \le \eta^d_s e_{s,t}

    Over: STORAGE x COVER_TIMES.  Units: MWh.
    """
    battery = m.battery_product[s]
    floor_mwh = battery.eta_discharge * battery.soc_min_frac * battery.usable_mwh
    return (
        m.bridge_h * m.cover_mw[s, t] + floor_mwh * m.n_modules[s]
        <= battery.eta_discharge * m.soc_mwh[s, t]
    )


def cover_mw(m: Model, t: int) -> Expr:
    """Return the reserve that all batteries hold in a step."""
    return sum(m.cover_mw[s, t] for s in m.STORAGE)


def injection_mw(m: Model, t: int) -> Expr:
    """Discharge less charge less auxiliaries."""
    return sum(
        m.discharge_mw[s, t] - m.charge_mw[s, t] - battery.aux_mw * m.n_modules[s]
        for s, battery in m.battery_product.items()
    )


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Variable cost of energy discharged."""
    return {
        "battery_vom": sum(
            battery.vom_usd_per_mwh * m.hours_per_year[t] / USD_PER_KUSD * m.discharge_mw[s, t]
            for s, battery in m.battery_product.items()
            for t in m.CORE_TIMES
        )
    }


CONCEPT = Concept(
    name="battery",
    declare=declare,
    equations=(
        Equation("BAT-1", ("STORAGE", "TIMES"), power_limit),
        Equation("BAT-2", ("STORAGE", "TIMES"), soc_balance),
        Equation("BAT-3", ("FLOORED", "TIMES"), least_soc),
        Equation("BAT-3", ("STORAGE", "TIMES"), most_soc),
        Equation("BAT-4", ("STORAGE", "YEARS"), discharge_within_allotment),
        Equation("BAT-4", ("STORAGE", "YEARS"), allotment_within_cycles),
        Equation("BAT-5", ("STORAGE", "COVER_TIMES"), cover_within_power),
        Equation("BAT-6", ("STORAGE", "COVER_TIMES"), cover_within_energy),
    ),
    injection_mw=injection_mw,
    cost_kusd=cost_kusd,
)
