"""Small systems for tests of reliability, and the IEEE Reliability Test System."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optmix.reliability import CommonCause, DeratedState, System, UnitClass, read_units
from optmix.reliability.tables import UnitRow

Floats = NDArray[np.float64]
Number = float | Sequence[float] | Floats


def units_of(
    n_steps: int,
    count: int,
    capacity_mw: Number,
    outage_frac: Number,
    *,
    name: str = "",
    mttr_h: float = 40.0,
    derated: tuple[DeratedState, ...] = (),
    in_maintenance: Sequence[int] | None = None,
    **more: Any,
) -> UnitClass:
    return UnitClass(
        name=name or f"{count} x {capacity_mw}",
        count=count,
        capacity_mw=np.broadcast_to(np.asarray(capacity_mw, float), n_steps).copy(),
        outage_frac=np.broadcast_to(np.asarray(outage_frac, float), n_steps).copy(),
        mttr_h=mttr_h,
        in_maintenance=np.zeros(n_steps, int)
        if in_maintenance is None
        else np.array(in_maintenance),
        derated=derated,
        **more,
    )


def system_with(
    units: Sequence[UnitClass], load_mw: Sequence[float] | Floats, **more: Any
) -> System:
    load = np.asarray(load_mw, float)
    steps = np.arange(len(load))
    given: Mapping[str, Any] = {
        "step_h": 1.0,
        "relief_mw": np.zeros(len(load)),
        "year": steps * 0,
        "day": steps // 24,
        "hours_per_year": np.ones(len(load)),
        **more,
    }
    return System(demand_mw=load, units=tuple(units), **given)


def simple_system(
    units: Sequence[tuple[int, float, float]],
    load_mw: Sequence[float] | Floats,
    causes: Sequence[CommonCause] = (),
    **more: Any,
) -> System:
    """Return a system of (count, MW, outage rate), named "0", "1", …"""
    n = len(load_mw)
    classes = [units_of(n, *unit, name=str(k)) for k, unit in enumerate(units)]
    return system_with(classes, load_mw, common_causes=tuple(causes), **more)


def rts79_load_mw(reference: Path, peak_mw: float = 2850.0) -> Floats:
    """Return the 8,736 hourly loads of the IEEE Reliability Test System."""
    table = json.loads((reference / "reliability" / "rts79_load.json").read_text())
    weekly = table["weekly_peak_pct_of_annual"]
    daily = table["daily_peak_pct_of_weekly_mon_sun"]
    return np.array(
        [
            peak_mw * weekly[week - 1] * daily[day] * hourly / 1e6
            for week in range(1, 53)
            for day in range(7)
            for hourly in table["hourly_pct_of_daily"][_season(week) + _kind_of_day(day)]
        ]
    )


def rts79_units(reference: Path, times: int = 1) -> list[UnitRow]:
    """Return its units, or several copies of each."""
    return [
        UnitRow(row.name, row.capacity_mw, times * row.count, row.outage_frac, row.mttr_h)
        for row in read_units(reference / "reliability" / "rts79_units.csv")
    ]


def _season(week: int) -> str:
    if week <= 8 or week >= 44:
        return "winter"
    return "summer" if 18 <= week <= 30 else "spring_fall"


def _kind_of_day(day: int) -> str:
    return "_weekend" if day >= 5 else "_weekday"
