"""What must hold between the figures of one technology."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from optmix.errors import did_you_mean
from optmix.schema.fault import Fault
from optmix.schema.site import BatteryChoice, UnitChoice
from optmix.schema.technology import BatteryTechnology, ThermalTechnology
from optmix.units import MMBTU_PER_MWH, MMBTU_PER_MWH_PER_BTU_PER_KWH

__all__ = ["check_battery", "check_choice", "check_sources", "check_thermal"]

WORST_HEAT_RATE_MMBTU_PER_MWH = 30.0
"""An efficiency of 11 % (HHV); no machine on the market is worse at the loads it is sold for."""

RELATIVE_SLACK = 1e-9
"""Rounding of decimal figures must not make a straight fuel curve look bent."""

MEAN_TIME_SLACK = 0.02
"""Mean times and outage rates are given with two or three digits."""

EFFICIENCY_SLACK = 1e-3
"""Efficiencies are given with about three digits."""


def check_thermal(unit: ThermalTechnology) -> Iterator[Fault]:
    """Check one thermal technology: its loads, fuel, rating and ranges."""
    name = _label(unit)
    if unit.rating_basis == "net" and unit.aux_frac > 0:
        yield Fault(
            ("aux_frac",),
            f"{name} has a net rating and aux_frac {unit.aux_frac:g}",
            allowed='aux_frac = 0 with rating_basis = "net"',
            hint="a net rating already excludes auxiliaries; "
            'write rating_basis = "gross" if this one does not',
        )
    if (unit.cold_rise_frac_per_c > 0) != (unit.cold_rise_max_frac > 0):
        yield Fault(
            ("cold_rise_frac_per_c",),
            f"{name} has one of cold_rise_frac_per_c and cold_rise_max_frac",
            allowed="both, or neither",
            hint="cold_rise_max_frac is where the rise per degC ends",
        )
    yield from _check_mean_times(unit, name)
    yield from _check_range_of_quotes(unit, name)
    points = tuple(_check_load_points(unit, name))
    yield from points
    rates = tuple(_check_heat_rates(unit, name))
    yield from rates
    if not points and not rates:
        yield from _check_fuel_curve(unit, name)


def _check_mean_times(item: ThermalTechnology | BatteryTechnology, name: str) -> Iterator[Fault]:
    """Check that a mean time to failure says the same as outage rate and repair time."""
    if item.mttf_h is None:
        return
    outage_frac = item.mttr_h / (item.mttf_h + item.mttr_h)
    if abs(outage_frac - item.forced_outage_frac) > MEAN_TIME_SLACK * outage_frac:
        yield Fault(
            ("mttf_h",),
            f"{name} has mttf_h {item.mttf_h:g} and mttr_h {item.mttr_h:g}, which make a forced "
            f"outage rate of {outage_frac:.4g}, but forced_outage_frac {item.forced_outage_frac:g}",
            allowed="forced_outage_frac = mttr_h / (mttf_h + mttr_h)",
            hint=f"set forced_outage_frac = {outage_frac:.4g}, or leave out mttf_h",
        )


def check_battery(battery: BatteryTechnology) -> Iterator[Fault]:
    """Check one battery product: its window of charge and its efficiencies."""
    name = _label(battery)
    yield from _check_mean_times(battery, name)
    if battery.soc_min_frac >= battery.soc_max_frac:
        yield Fault(
            ("soc_min_frac",),
            f"{name} has soc_min_frac {battery.soc_min_frac:g}, "
            f"soc_max_frac {battery.soc_max_frac:g}",
            allowed="soc_min_frac below soc_max_frac",
            hint="see whether the two are exchanged",
        )
    given = [eta for eta in (battery.eta_charge, battery.eta_discharge) if eta is not None]
    if len(given) == 1:
        yield Fault(
            ("rte_frac",),
            f"{name} has one of eta_charge and eta_discharge",
            allowed="both, or neither: each is then the square root of rte_frac",
            hint="leave it out, or add the other one",
        )
    elif given and abs(given[0] * given[1] - battery.rte_frac) > EFFICIENCY_SLACK:
        yield Fault(
            ("rte_frac",),
            f"{name} has eta_charge * eta_discharge = {given[0] * given[1]:.4g}, "
            f"but rte_frac {battery.rte_frac:g}",
            allowed="rte_frac equal to that product",
            hint="leave out the efficiencies, or correct rte_frac",
        )


def check_choice(choice: UnitChoice | BatteryChoice) -> Iterator[Fault]:
    """Check how many units or modules may be built."""
    if choice.n_min > choice.n_max:
        yield Fault(
            ("n_min",),
            f'"{choice.name}" has n_min {choice.n_min}, n_max {choice.n_max}',
            allowed="n_min at most n_max",
            hint="lower n_min, or raise n_max",
        )


def check_sources(technology: ThermalTechnology | BatteryTechnology) -> Iterator[Fault]:
    """Check that every source belongs to a figure."""
    fields = [name for name in type(technology).model_fields if name != "source"]
    for name in technology.source:
        if name not in fields and name != "default":
            yield Fault(
                ("source", name),
                f'"{name}", which the source is given for, is no field',
                allowed="default, or the name of a field",
                hint=did_you_mean(name, fields) or "`optmix schema site` lists the fields",
            )


def _label(technology: ThermalTechnology | BatteryTechnology) -> str:
    if isinstance(technology, (UnitChoice, BatteryChoice)):
        return f'"{technology.name}"'
    return f'"{technology.model}"'


def _check_range_of_quotes(unit: ThermalTechnology, name: str) -> Iterator[Fault]:
    low, high = unit.capex_low_usd_per_kw, unit.capex_high_usd_per_kw
    if low is not None and high is not None and low > high:
        yield Fault(
            ("capex_low_usd_per_kw",),
            f"{name} has capital costs from {low:g} to {high:g} USD/kW",
            allowed="capex_low_usd_per_kw at most capex_high_usd_per_kw",
            hint="see whether the two are exchanged",
        )


def _check_load_points(unit: ThermalTechnology, name: str) -> Iterator[Fault]:
    loads = unit.load_points_frac
    if len(loads) != len(unit.heat_rate_mmbtu_per_mwh):
        yield Fault(
            ("heat_rate_mmbtu_per_mwh",),
            f"{name} has {len(unit.heat_rate_mmbtu_per_mwh)} heat rates for {len(loads)} loads",
            allowed="one heat rate for each of load_points_frac",
            hint="give both lists, in the same order",
        )
    if any(after <= before for before, after in pairwise(loads)) or loads[-1] != 1.0:
        yield Fault(
            ("load_points_frac",),
            f"{name} has the loads {_listed(loads)}",
            allowed="rising shares of net rating that end at 1.0",
            hint="percent is divided by 100"
            if loads[-1] > 1
            else "sort the loads, and the heat rates with them; the last load is 1.0",
        )


def _check_heat_rates(unit: ThermalTechnology, name: str) -> Iterator[Fault]:
    for number, rate in enumerate(unit.heat_rate_mmbtu_per_mwh):
        if MMBTU_PER_MWH <= rate <= WORST_HEAT_RATE_MMBTU_PER_MWH:
            continue
        in_btu_per_kwh = rate * MMBTU_PER_MWH_PER_BTU_PER_KWH
        hint = "check the unit: MMBtu of fuel (HHV) for each MWh"
        if MMBTU_PER_MWH <= in_btu_per_kwh <= WORST_HEAT_RATE_MMBTU_PER_MWH:
            hint = f"Btu/kWh is divided by 1000: {in_btu_per_kwh:g}"
        elif rate < MMBTU_PER_MWH:
            hint = "this would be more electricity than heat; an efficiency eta is 3.412/eta"
        yield Fault(
            ("heat_rate_mmbtu_per_mwh", number),
            f"{name} has a heat rate of {rate:g} MMBtu/MWh",
            allowed=f"{MMBTU_PER_MWH:.4g} to {WORST_HEAT_RATE_MMBTU_PER_MWH:g} MMBtu/MWh (HHV)",
            hint=hint,
        )


def _check_fuel_curve(unit: ThermalTechnology, name: str) -> Iterator[Fault]:
    """Check that fuel is convex and rising in output, down to minimum load.

    The model bounds fuel from below by the line through each two neighbouring load points. That
    gives the figures of the catalog only where the slopes of those lines rise.
    """
    loads = unit.load_points_frac
    fuel = [load * rate for load, rate in zip(loads, unit.heat_rate_mmbtu_per_mwh, strict=True)]
    slopes = [
        (fuel[point + 1] - fuel[point]) / (loads[point + 1] - loads[point])
        for point in range(len(loads) - 1)
    ]
    for point, (before, after) in enumerate(pairwise(slopes)):
        if after < before - RELATIVE_SLACK * abs(before):
            yield Fault(
                ("heat_rate_mmbtu_per_mwh",),
                f"{name}: fuel is not convex in output at the loads "
                f"{_listed(loads[point : point + 3])}; the heat rates there are "
                f"{_listed(unit.heat_rate_mmbtu_per_mwh[point : point + 3])} MMBtu/MWh",
                allowed="fuel of the next MW that does not fall as output rises: here "
                f"{before:.4g}, then {after:.4g} MMBtu/MWh",
                hint=_convex_hint(unit, fuel, point),
            )
    if slopes[0] < 0:
        yield Fault(
            ("heat_rate_mmbtu_per_mwh",),
            f"{name} burns less fuel at load {loads[1]:g} than at load {loads[0]:g}",
            allowed="fuel (load times heat rate) that rises with load",
            hint="see whether the heat rates stand in the same order as load_points_frac",
        )
    at_minimum = fuel[0] + slopes[0] * (min(unit.min_load_frac, loads[0]) - loads[0])
    if at_minimum < 0:
        yield Fault(
            ("heat_rate_mmbtu_per_mwh",),
            f"{name}: the line through the loads {_listed(loads[:2])} gives negative fuel "
            f"at the minimum load {unit.min_load_frac:g}",
            allowed="fuel that is not negative down to minimum load",
            hint="heat rates rise towards low load; see whether they stand in the same order "
            "as load_points_frac",
        )


def _convex_hint(unit: ThermalTechnology, fuel: list[float], point: int) -> str:
    """Give the largest heat rate of the middle point that makes the curve convex."""
    low, middle, high = unit.load_points_frac[point : point + 3]
    share = (middle - low) / (high - low)
    largest = ((1 - share) * fuel[point] + share * fuel[point + 2]) / middle
    return f"a heat rate of at most {largest:.4g} at load {middle:g} is convex"


def _listed(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:g}" for value in values)
