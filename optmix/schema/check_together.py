"""What must hold between the tables of a site."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from optmix.errors import did_you_mean
from optmix.schema.demand import Demand
from optmix.schema.fault import Fault
from optmix.schema.grid import Grid
from optmix.schema.origin import Location
from optmix.schema.site import BatteryChoice, OperatingYear, UnitChoice
from optmix.schema.surroundings import FuelStock, Time
from optmix.schema.targets import Reliability

__all__ = [
    "check_diesel",
    "check_names",
    "check_operating_years",
    "check_some_source",
    "check_step_of_years",
    "check_stock_names",
    "check_tier_names",
    "check_ties_of_years",
    "check_what_fails",
]

PROBABILITY_SLACK = 1e-6
"""Weights such as 1/3 are written with a few digits."""


def check_names(unit: Sequence[UnitChoice], battery: Sequence[BatteryChoice]) -> Iterator[Fault]:
    """Check that each choice of units and modules has its own name."""
    named: list[tuple[Location, str]] = [
        *((("unit", number), choice.name) for number, choice in enumerate(unit)),
        *((("battery", number), choice.name) for number, choice in enumerate(battery)),
    ]
    yield from _doubles(named, 'two choices of one technology need a name each: name = "…"')


def check_tier_names(demand: Demand) -> Iterator[Fault]:
    """Check that each flexible tier has its own name."""
    tiers = demand.flexible
    yield from _doubles(
        [(("demand", "flexible", number), tier.name) for number, tier in enumerate(tiers)],
        "rename one of the tiers",
    )


def check_stock_names(fuel_stock: Sequence[FuelStock]) -> Iterator[Fault]:
    """Check that each fuel stock has its own name."""
    yield from _doubles(
        [(("fuel_stock", number), stock.name) for number, stock in enumerate(fuel_stock)],
        "rename one of the stocks",
    )


def _doubles(named: Sequence[tuple[Location, str]], hint: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for location, name in named:
        if name in seen:
            yield Fault(
                (*location, "name"),
                f'the name "{name}" stands twice',
                allowed="a name of its own for each",
                hint=hint,
            )
        seen.add(name)


def check_some_source(
    unit: Sequence[UnitChoice], battery: Sequence[BatteryChoice], grid: Grid | None
) -> Iterator[Fault]:
    """Check that there is anything to serve demand with."""
    if not unit and not battery and grid is None:
        yield Fault(
            (),
            "the site has no unit, no battery and no grid",
            allowed="at least one [[unit]], [[battery]] or [grid]",
            hint="`optmix list technologies` shows the catalog",
        )


def check_diesel(unit: Sequence[UnitChoice], fuel_stock: Sequence[FuelStock]) -> Iterator[Fault]:
    """Check that diesel units have a stock to burn from."""
    if any(stock.fuel == "diesel" for stock in fuel_stock):
        return
    for number, choice in enumerate(unit):
        if choice.fuel == "diesel" and choice.n_max > 0:
            yield Fault(
                ("unit", number),
                f'"{choice.name}" burns diesel, and the site has no stock of it',
                allowed='a table [[fuel_stock]] with fuel = "diesel"',
                hint="add that table, or leave the unit out",
            )


def check_operating_years(operating_year: Sequence[OperatingYear]) -> Iterator[Fault]:
    """Check names and probabilities, and that nothing given for a year goes unused."""
    if not operating_year:
        return
    yield from _doubles(
        [(("operating_year", number), year.name) for number, year in enumerate(operating_year)],
        "rename one of the years",
    )
    total = math.fsum(year.probability for year in operating_year)
    if abs(total - 1) > PROBABILITY_SLACK:
        yield Fault(
            ("operating_year",),
            f"the probabilities of the operating years add up to {total:.6g}",
            allowed="probabilities that add up to 1",
            hint=f"divide each by {total:.6g}" if total else "give each its share",
        )
    for number, year in enumerate(operating_year):
        if year.demand is None:
            continue
        for field in ("flexible", "voll_usd_per_mwh"):
            if getattr(year.demand, field):
                yield Fault(
                    ("operating_year", number, "demand", field),
                    f'the year "{year.name}" has its own {field}',
                    allowed=f"{field} in [demand], for all years alike",
                    hint="move it there, or leave it out",
                )


def check_step_of_years(time: Time, operating_year: Sequence[OperatingYear]) -> Iterator[Fault]:
    """Check that all years have steps of one length."""
    times = [time, *(year.time for year in operating_year if year.time is not None)]
    steps = {each.step_h for each in times if each.step_h is not None}
    if len(steps) > 1:
        listed = ", ".join(f"{step:g}" for step in sorted(steps))
        yield Fault(
            ("operating_year",),
            f"steps of {listed} h stand in one site",
            allowed="one step_h for all operating years",
            hint="set step_h in [time] alone; series are averaged or held to it",
        )


def check_ties_of_years(
    grid: Grid | None, operating_year: Sequence[OperatingYear]
) -> Iterator[Fault]:
    """Check that prices and availability of a tie come with a tie."""
    if grid is not None:
        return
    for number, year in enumerate(operating_year):
        for field in ("energy_price", "export_price", "grid_availability"):
            if getattr(year, field) is not None:
                yield Fault(
                    ("operating_year", number, field),
                    f'the year "{year.name}" has {field}, and the site no [grid]',
                    allowed=f"{field} with a table [grid]",
                    hint=f"add [grid] with withdrawal_max_mw, or leave out {field}",
                )


def check_what_fails(
    unit: Sequence[UnitChoice],
    battery: Sequence[BatteryChoice],
    grid: Grid | None,
    reliability: Reliability,
) -> Iterator[Fault]:
    """Check that what common causes and standby duty name is there."""
    units = [choice.name for choice in unit]
    all_names = [*units, *(choice.name for choice in battery), *["grid"] * (grid is not None)]
    causes = reliability.common_cause
    yield from _doubles(
        [(("reliability", "common_cause", n), cause.name) for n, cause in enumerate(causes)],
        "rename one of the causes",
    )
    for number, cause in enumerate(causes):
        location = ("reliability", "common_cause", number, "affects")
        yield from _unknown(location, cause.affects, all_names)
    yield from _unknown(("reliability", "standby"), reliability.standby or (), units)


def _unknown(location: Location, named: Sequence[str], known: Sequence[str]) -> Iterator[Fault]:
    for name in named:
        if name not in known:
            yield Fault(
                location,
                f'"{name}" is not on offer at this site',
                allowed=", ".join(known) or "nothing",
                hint=did_you_mean(name, known) or "use the name of a choice, not its technology",
            )
