"""Systems with storage: the two fleets of known loss of load, and small ones with every part."""

from pathlib import Path
from typing import Any

import numpy as np
from fakes.reliability import Floats, rts79_load_mw, system_with, units_of

from optmix.reliability import CommonCause, DeratedState, Storage, System

SIZES = ((4.5, 2300.0, 40.0), (18.8, 3250.0, 72.0), (48.0, 3250.0, 120.0))
"""Capacity in MW, mean times to failure and to repair in hours."""


def fleet(
    reference: Path, counts: tuple[int, int, int], power_mw: float, energy_mwh: float
) -> System:
    """Return the fleet of the fixtures; its chain is hourly."""
    load = 100 * (0.8 + 0.2 * rts79_load_mw(reference, peak_mw=1.0))
    units = [
        units_of(len(load), n, mw, mttr / (mttf + mttr), mttr_h=mttr)
        for n, (mw, mttf, mttr) in zip(counts, SIZES, strict=True)
    ]
    storage = Storage("battery", 1, power_mw, energy_mwh, eta_charge=0.86)
    return system_with(units, load, storage=(storage,))


def small(
    load_mw: Floats,
    count: int,
    unit_mw: float,
    battery: Storage | None,
    *,
    outage_frac: float = 0.1,
    mttr_h: float = 8.0,
    **more: Any,
) -> System:
    """Return a system of one class and at most one battery."""
    unit = units_of(len(load_mw), count, unit_mw, outage_frac, name="engine", mttr_h=mttr_h)
    return system_with([unit], load_mw, storage=() if battery is None else (battery,), **more)


def every_part(*, with_partial_outages: bool = True) -> System:
    """Return two short years with a tie, weather, maintenance, relief, and things that fail."""
    n = 336
    hour = np.arange(2 * n)
    day = np.sin(2 * np.pi * (hour % 24 - 9) / 24)
    partial = (DeratedState(0.5, 0.08, 6.0),) if with_partial_outages else ()
    in_maintenance = np.where((hour >= 100) & (hour < 268), 1, 0)
    units = [
        units_of(
            2 * n,
            6,
            10.0 - 0.5 * day,
            0.08 + 0.05 * day,
            name="engine",
            mttr_h=10.0,
            in_maintenance=in_maintenance.tolist(),
        ),
        units_of(2 * n, 2, 20.0, 0.06, name="turbine", mttr_h=20.0, derated=partial),
        units_of(2 * n, 1, 15.0, 0.03, name="grid", mttr_h=4.0),
    ]
    storage = Storage(
        "battery",
        4,
        4.0,
        9.0,
        eta_charge=0.9,
        eta_discharge=0.95,
        retention=0.999,
        outage_frac=0.1,
        mttr_h=30.0,
    )
    return system_with(
        units,
        78.0 + 14.0 * day,
        storage=(storage,),
        common_causes=(
            CommonCause("gas", 30.0, 6.0, ("engine",)),
            CommonCause("bus", 10.0, 5.0, ("grid", "battery")),
        ),
        relief_mw=np.full(2 * n, 4.0),
        year=hour // n,
        hours_per_year=np.where(hour < n, 0.75, 0.25) * 8760 / n,
    )
