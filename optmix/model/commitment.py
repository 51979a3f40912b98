"""Thermal units, clustered by type: online, starts, stops, output.

Docs: docs/model/commitment.md

Adds   online[g,t]  started[g,t]  stopped[g,t]  output_mw[g,t]
Needs  sizing, maintenance
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT", "block_load_mw", "headroom_mw", "where_switching_pays"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add commitment of every type, with the steps before the window that its rows refer to."""
    # Even with no minimum time a unit that starts in a step is online in it, and one that stops is
    # not: otherwise a unit could start and stop at once to gain the ramps of both.
    m.up_steps = {u.name: max(1, u.min_up_steps) for u in case.units}
    m.down_steps = {u.name: max(1, u.min_down_steps) for u in case.units}
    memory = max((*m.up_steps.values(), *m.down_steps.values()), default=1) - 1
    m.ONLINE_TIMES = pyo.Set(initialize=[*window.history(1), *window.steps])
    m.SWITCH_TIMES = pyo.Set(initialize=[*window.history(memory), *window.steps])
    m.pmax_mw = {u.name: u.pmax_mw.tolist() for u in case.units}
    m.pmin_mw = {u.name: u.pmin_mw.tolist() for u in case.units}
    # Where starting and stopping at once gains nothing, COM-2 alone says that a unit that starts is
    # online in that step, and one that stops was before: a quarter of all rows can go.
    m.switches_whole = where_switching_pays(case)
    m.MIN_UP = pyo.Set(initialize=[g for g in m.UNITS if _outlasts_a_step(m, g, m.up_steps)])
    m.MIN_DOWN = pyo.Set(initialize=[g for g in m.UNITS if _outlasts_a_step(m, g, m.down_steps)])
    m.WITHIN_FLEET = pyo.Set(
        initialize=[g for g in m.UNITS if g in m.MAINTAINED or g not in m.MIN_DOWN]
    )
    m.RAMP_UP_TIMES = _ramp_times(m, [(t, t) for t in window.steps])
    m.RAMP_DOWN_TIMES = _ramp_times(m, [(t, m.before[t]) for t in window.steps])
    whole = pyo.NonNegativeIntegers if m.formulation.integer_commitment else pyo.NonNegativeReals

    def most(m: Model, g: str, _t: int) -> tuple[int, int]:
        return 0, m.unit[g].n_max

    m.online = pyo.Var(m.UNITS, m.ONLINE_TIMES, within=whole, bounds=most)
    # Whole numbers online make whole numbers of starts and stops, unless starting and stopping at
    # once pays: where ramps gain by it, or a start earns money. Leaving that to COM-2 halves the
    # time of a solve.
    m.started = pyo.Var(
        m.UNITS, m.SWITCH_TIMES, within=lambda m, g, _t: _switch_domain(m, g, whole), bounds=most
    )
    m.stopped = pyo.Var(
        m.UNITS, m.SWITCH_TIMES, within=lambda m, g, _t: _switch_domain(m, g, whole), bounds=most
    )
    m.output_mw = pyo.Var(
        m.UNITS, m.ONLINE_TIMES, bounds=lambda m, g, t: (0, m.unit[g].n_max * m.pmax_mw[g][t])
    )


def where_switching_pays(case: Case) -> frozenset[str]:
    """Return the types that could gain by a start and a stop in one step."""
    return frozenset(
        unit.name
        for unit in case.units
        if unit.ramp_mw_per_step < float(unit.pmax_mw.max()) or min(_start_usd(unit)) < 0
    )


def _outlasts_a_step(m: Model, g: str, least_steps: dict[str, int]) -> bool:
    return least_steps[g] > 1 or g in m.switches_whole


def _switch_domain(m: Model, g: str, whole: Expr) -> Expr:
    return whole if g in m.switches_whole else pyo.NonNegativeReals


def _ramp_times(m: Model, output_at: list[tuple[int, int]]) -> Expr:
    """Return the types and steps where ramping limits more than the range of output does.

    A rise ends in the output of its step and a fall starts from that of the step before; where a
    unit can ramp through all of that in one step, DIS-1 implies the row.
    """
    return pyo.Set(
        dimen=2,
        initialize=[
            (g, t)
            for g, pmax in m.pmax_mw.items()
            for t, other in output_at
            if m.unit[g].ramp_mw_per_step < pmax[other]
        ],
    )


def online_within_fleet(m: Model, g: str, t: int) -> Expr:
    r"""COM-1  Units online are built and not in maintenance.

    Of types that are not maintained COM-4 says as much, where it is stated.

    .. math:: u_{g,t} + m_{g,k(t)} \le n_g

    Over: WITHIN_FLEET x TIMES.  Units: units.
    """
    out = m.in_maintenance[g, m.week_of[t]] if g in m.MAINTAINED else 0
    return m.online[g, t] + out <= m.n_units[g]


def switching(m: Model, g: str, t: int) -> Expr:
    r"""COM-2  Units online change by starts and stops.

    .. math:: u_{g,t} - v_{g,t} + w_{g,t} = u_{g,t-1}

    Over: UNITS x TIMES.  Units: units.
    """
    return m.online[g, t] - m.started[g, t] + m.stopped[g, t] == m.online[g, m.before[t]]


def minimum_up(m: Model, g: str, t: int) -> Expr:
    r"""COM-3  A unit started within its minimum up time is online.

    .. math:: \sum_{\tau \in (t-UT_g,\, t]} v_{g,\tau} \le u_{g,t}, \qquad UT_g \ge 1

    Over: MIN_UP x TIMES.  Units: units.
    Source: Rajan and Takriti, IBM RC23628 (2005), turn-on inequalities.
    """
    return sum(m.started[g, s] for s in m.recent(t, m.up_steps[g])) <= m.online[g, t]


def minimum_down(m: Model, g: str, t: int) -> Expr:
    r"""COM-4  A unit stopped within its minimum down time is offline.

    .. math:: \sum_{\tau \in (t-DT_g,\, t]} w_{g,\tau} + u_{g,t} \le n_g, \qquad DT_g \ge 1

    Over: MIN_DOWN x TIMES.  Units: units.
    Source: Rajan and Takriti, IBM RC23628 (2005), turn-off inequalities.
    """
    stops = sum(m.stopped[g, s] for s in m.recent(t, m.down_steps[g]))
    return stops + m.online[g, t] <= m.n_units[g]


def least_output(m: Model, g: str, t: int) -> Expr:
    r"""DIS-1  Units online run at least at minimum stable load.

    .. math:: \underline{p}_{g,t}\, u_{g,t} \le p_{g,t}

    Over: UNITS x TIMES.  Units: MW.
    """
    return m.pmin_mw[g][t] * m.online[g, t] <= m.output_mw[g, t]


def most_output(m: Model, g: str, t: int) -> Expr:
    r"""DIS-1  Units online run at most at their derated capability.

    .. math:: p_{g,t} \le \overline{p}_{g,t}\, u_{g,t}

    Over: UNITS x TIMES.  Units: MW.
    """
    return m.output_mw[g, t] <= m.pmax_mw[g][t] * m.online[g, t]


def ramp_up(m: Model, g: str, t: int) -> Expr:
    r"""RMP-1  Units already online ramp up, started ones come in at minimum load or ramp.

    .. math:: p_{g,t} - p_{g,t-1} \le R_g u_{g,t-1} + \max(\underline{p}_{g,t}, R_g)\, v_{g,t}

    Over: RAMP_UP_TIMES.  Units: MW.
    """
    ramp = m.unit[g].ramp_mw_per_step
    entry = max(m.pmin_mw[g][t], ramp)
    return (
        m.output_mw[g, t] - m.output_mw[g, m.before[t]]
        <= ramp * m.online[g, m.before[t]] + entry * m.started[g, t]
    )


def ramp_down(m: Model, g: str, t: int) -> Expr:
    r"""RMP-2  Units that stay online ramp down, stopped ones leave from minimum load or ramp.

    .. math:: p_{g,t-1} - p_{g,t} \le R_g u_{g,t} + \max(\underline{p}_{g,t-1}, R_g)\, w_{g,t}

    Over: RAMP_DOWN_TIMES.  Units: MW.
    """
    ramp = m.unit[g].ramp_mw_per_step
    leave = max(m.pmin_mw[g][m.before[t]], ramp)
    return (
        m.output_mw[g, m.before[t]] - m.output_mw[g, t]
        <= ramp * m.online[g, t] + leave * m.stopped[g, t]
    )


def headroom_mw(m: Model, t: int) -> Expr:
    """Return what units online could give beyond their output in a step."""
    return sum(m.pmax_mw[g][t] * m.online[g, t] - m.output_mw[g, t] for g in m.UNITS)


def block_load_mw(m: Model, t: int) -> Expr:
    """Return the load step that units online take up within seconds."""
    return sum(m.unit[g].step_mw * m.online[g, t] for g in m.UNITS)


def injection_mw(m: Model, t: int) -> Expr:
    """Net output of all units."""
    return sum(m.output_mw[g, t] for g in m.UNITS)


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Variable operation and maintenance, and starts with their fuel."""
    vom = sum(
        unit.vom_usd_per_mwh * m.hours_per_year[t] / USD_PER_KUSD * m.output_mw[g, t]
        for g, unit in m.unit.items()
        for t in m.CORE_TIMES
    )
    start_usd = {g: _start_usd(unit) for g, unit in m.unit.items()}
    starts = sum(
        start_usd[g][t] * m.events_per_year[t] / USD_PER_KUSD * m.started[g, t]
        for g in m.UNITS
        for t in m.CORE_TIMES
    )
    return {"unit_vom": vom, "starts": starts}


def _start_usd(unit: UnitType) -> list[float]:
    """Return the cost of one start by step, fuel included."""
    usd = unit.start_cost_usd + unit.start_fuel_mmbtu * unit.fuel_price_usd_per_mmbtu
    return [float(price) for price in usd]


CONCEPT = Concept(
    name="commitment",
    declare=declare,
    equations=(
        Equation("COM-1", ("WITHIN_FLEET", "TIMES"), online_within_fleet),
        Equation("COM-2", ("UNITS", "TIMES"), switching),
        Equation("COM-3", ("MIN_UP", "TIMES"), minimum_up),
        Equation("COM-4", ("MIN_DOWN", "TIMES"), minimum_down),
        Equation("DIS-1", ("UNITS", "TIMES"), least_output),
        Equation("DIS-1", ("UNITS", "TIMES"), most_output),
        Equation("RMP-1", ("RAMP_UP_TIMES",), ramp_up),
        Equation("RMP-2", ("RAMP_DOWN_TIMES",), ramp_down),
    ),
    injection_mw=injection_mw,
    cost_kusd=cost_kusd,
)
