"""What must hold within one table of a site."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from optmix.errors import did_you_mean
from optmix.schema.base import FIRST_DAY, LAST_DAY
from optmix.schema.demand import Demand, Pue
from optmix.schema.fault import Fault
from optmix.schema.grid import CoincidentPeak, Grid
from optmix.schema.operation import EmissionLimit, Maintenance
from optmix.schema.origin import legible
from optmix.schema.series import SeriesRef
from optmix.schema.surroundings import Place, Time, Weather
from optmix.schema.targets import RULE_ID_PATTERN, CommonCauseTable, Reliability, Rules
from optmix.units import HOURS_PER_YEAR

__all__ = [
    "check_coincident_peak",
    "check_demand",
    "check_emission_limit",
    "check_grid",
    "check_maintenance",
    "check_pue",
    "check_reliability",
    "check_rules",
    "check_standing",
    "check_time",
    "check_timezone",
    "check_weather",
    "is_rule_id",
    "no_rule_id",
]

WEATHER_SOURCES = ("series", "epw", "tmy3", "climate")
DEMAND_SOURCES = ("series", "it_series", "profile")

STEP_SLACK = 1e-6
"""A step of a third of an hour is written with a few digits."""


def check_timezone(record: Place | SeriesRef) -> Iterator[Fault]:
    """Check that a timezone is known."""
    name = record.timezone
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "../x" and folders are no zones either
        yield Fault(
            ("timezone",),
            f'the timezone "{legible(name)}" is unknown',
            allowed="an IANA name",
            hint=_zone_hint(name),
        )


_NO_ABBREVIATION = "abbreviations do not tell when clocks change; America/Chicago does"


def _zone_hint(name: str) -> str:
    from zoneinfo import available_timezones

    zones = available_timezones()
    if "/" not in name:
        cities = [zone for zone in zones if zone.rpartition("/")[2].lower() == name.lower()]
        return did_you_mean(cities[0], cities) if cities else _NO_ABBREVIATION
    return did_you_mean(name, zones) or "a zone is named by continent and city: America/Chicago"


def check_time(time: Time) -> Iterator[Fault]:
    """Check the start and the length of the horizon."""
    start = time.start
    if isinstance(start, dt.datetime) and start.tzinfo is not None:
        yield Fault(
            ("start",),
            f"start is {start.isoformat()}, with an offset",
            allowed="local time of the site, without offset",
            hint=f"{start.replace(tzinfo=None).isoformat()} in the timezone of the site",
        )
    if isinstance(start, dt.datetime) and not FIRST_DAY <= start.date() <= LAST_DAY:
        yield Fault(
            ("start",),
            f"start is {start.isoformat()}",
            allowed=f"a date from {FIRST_DAY} to {LAST_DAY}",
            hint="check the year",
        )
    if time.hours is None or time.step_h is None:
        return
    n_steps = time.hours / time.step_h
    if abs(n_steps - round(n_steps)) > STEP_SLACK * n_steps:
        yield Fault(
            ("hours",),
            f"{time.hours:g} h are {n_steps:.6g} steps of {time.step_h:g} h",
            allowed="a whole number of steps",
            hint=f"set hours = {math.ceil(n_steps) * time.step_h:g}, or another step_h",
        )


def check_demand(demand: Demand) -> Iterator[Fault]:
    """Check that demand has exactly one source, and what that source needs."""
    given = [name for name in DEMAND_SOURCES if getattr(demand, name) is not None]
    if len(given) != 1:
        yield Fault(
            (),
            f"demand has {len(given)} sources" + f": {', '.join(given)}" * bool(given),
            allowed="exactly one of series, it_series and profile",
            hint="keep the one that describes the load" if given else 'such as profile = "flat"',
        )
        return
    if demand.profile is not None and demand.peak_mw is None:
        yield Fault(
            ("profile",),
            f'the profile "{demand.profile}" has no peak_mw',
            allowed="peak_mw, the largest value of the profile in MW",
            hint="a profile is only a shape: add peak_mw = …",
        )
    if demand.it_series is not None and demand.pue is None:
        yield Fault(
            ("it_series",),
            "it_series has no pue, which turns IT load into gross demand",
            allowed="a table [demand.pue]",
            hint="pue = { base = 1.2 }",
        )
    if demand.series is not None and demand.pue is not None:
        yield Fault(
            ("pue",),
            "pue is given for series, which is gross demand already",
            allowed="pue with it_series or profile",
            hint="name the series it_series if it holds IT load",
        )


def check_pue(pue: Pue) -> Iterator[Fault]:
    """Check that the largest PUE is not below the smallest."""
    if pue.largest < pue.base:
        yield Fault(
            ("largest",),
            f"largest is {pue.largest:g}, base {pue.base:g}",
            allowed="largest at least base",
            hint="see whether the two are exchanged",
        )


def check_weather(weather: Weather) -> Iterator[Fault]:
    """Check that weather has at most one source."""
    given = [name for name in WEATHER_SOURCES if getattr(weather, name) is not None]
    if len(given) > 1:
        yield Fault(
            (given[1],),
            f"weather has {len(given)} sources: {', '.join(given)}",
            allowed=f"at most one of {', '.join(WEATHER_SOURCES)}",
            hint="keep the one measured nearest to the site",
        )


def check_grid(grid: Grid) -> Iterator[Fault]:
    """Check the bounds of the contracted withdrawal."""
    if grid.withdrawal_min_mw > grid.withdrawal_max_mw:
        yield Fault(
            ("withdrawal_min_mw",),
            f"withdrawal_min_mw is {grid.withdrawal_min_mw:g}, "
            f"withdrawal_max_mw {grid.withdrawal_max_mw:g}",
            allowed="withdrawal_min_mw at most withdrawal_max_mw",
            hint="see whether the two are exchanged",
        )


def check_coincident_peak(charge: CoincidentPeak) -> Iterator[Fault]:
    """Check that no month or hour stands twice, which would count it twice."""
    for field in ("months", "hours"):
        values = getattr(charge, field)
        if len(set(values)) < len(values):
            yield Fault(
                (field,),
                f"{field} holds a value twice",
                allowed="each value once",
                hint="leave out the second",
            )


def check_maintenance(maintenance: Maintenance) -> Iterator[Fault]:
    """Check that no black-out week stands twice."""
    weeks = maintenance.blackout_weeks
    double = sorted({week for week in weeks if weeks.count(week) > 1})
    if double:
        yield Fault(
            ("blackout_weeks",),
            f"blackout_weeks holds {', '.join(map(str, double))} twice",
            allowed="each week once, counted from 1 at the first step",
            hint="leave out the second",
        )


def check_emission_limit(limit: EmissionLimit) -> Iterator[Fault]:
    """Check that a basis of the cap comes with a cap."""
    if limit.basis == "pte" and limit.cap_tpy is None:
        yield Fault(
            ("basis",),
            'basis is "pte" without a cap_tpy to apply it to',
            allowed="cap_tpy, in short tons per year",
            hint="add cap_tpy = …, or leave out basis",
        )


_FIGURES = {
    "none": (),
    "nines": ("availability",),
    "lole": ("lole_h_per_yr",),
    "eue": ("eue_mwh_per_yr", "eue_ppm"),
}
"""Figures that each reliability target reads; of the last pair, one."""


def check_reliability(reliability: Reliability) -> Iterator[Fault]:
    """Check that exactly the figure of the target is given."""
    target = reliability.target
    all_figures = [figure for figures in _FIGURES.values() for figure in figures]
    given = [name for name in all_figures if getattr(reliability, name) is not None]
    wanted = _FIGURES[target]
    if wanted and not set(given) & set(wanted):
        yield Fault(
            ("target",),
            f'the target "{target}" has no figure',
            allowed=" or ".join(wanted),
            hint="availability = 0.9999 for four nines"
            if target == "nines"
            else f"add {wanted[0]} = …",
        )
    for name in given:
        if name not in wanted:
            meant = next(other for other, figures in _FIGURES.items() if name in figures)
            yield Fault(
                (name,),
                f'{name} is given, but the target is "{target}"',
                allowed="only the figure of the target",
                hint=f'target = "{meant}" holds the fleet to it',
            )
    if set(given) >= {"eue_mwh_per_yr", "eue_ppm"}:
        yield Fault(
            ("eue_ppm",),
            "eue_mwh_per_yr and eue_ppm are both given",
            allowed="one of the two",
            hint="eue_ppm is relative to demand, eue_mwh_per_yr is not",
        )


def check_standing(outages: CommonCauseTable | Grid) -> Iterator[Fault]:
    """Check that outages of a given frequency and duration do not last all year."""
    field = "mean_h" if isinstance(outages, CommonCauseTable) else "outage_mean_h"
    mean_h: float = getattr(outages, field)
    if outages.outages_per_year * mean_h >= HOURS_PER_YEAR:
        yield Fault(
            (field,),
            f"{outages.outages_per_year:g} outages of {mean_h:g} h in a year last all of it",
            allowed=f"outages_per_year * {field} below {HOURS_PER_YEAR:,.0f} h",
            hint="frequencies are per year, durations in hours",
        )


def check_rules(rules: Rules) -> Iterator[Fault]:
    """Check that every other key is the id of a rule, which has a dot or a hyphen."""
    for name, parameters in (rules.model_extra or {}).items():
        if not is_rule_id(name):
            yield no_rule_id(name, parameters)


def is_rule_id(name: str) -> bool:
    """Return whether a key of ``[rules]`` can be the id of a rule, whether there is one or not."""
    return re.search(RULE_ID_PATTERN, name) is not None


def no_rule_id(name: str, value: object) -> Fault:
    """Say that a key of ``[rules]`` is no id of a rule: without quotes, its dot parts it."""
    inner = next(iter(value), "…") if isinstance(value, Mapping) else "…"
    return Fault(
        (name,),
        f'"{legible(name)}" is not the id of a rule',
        allowed='pack, and tables such as [rules."air.site-tpy"]',
        hint=did_you_mean(name, ["pack"])
        or f'an id has a dot, and therefore needs quotes: [rules."{legible(f"{name}.{inner}")}"]',
    )
