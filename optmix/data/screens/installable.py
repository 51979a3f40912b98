"""The most that a site could install, step by step: an upper bound on any plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case

__all__ = ["Installable", "installable", "local_time"]


@dataclass(frozen=True, eq=False)
class Installable:
    """Largest power of each kind of supply.

    Attributes
    ----------
    thermal_mw, grid_mw, flexible_mw, fast_mw
        All units at ``n_max``, the whole tie, all flexible demand, and its fast part. Shape (T,).
    battery_mw, battery_mwh
        All modules at ``n_max``: power, and energy at the bus from full to empty.
    """

    thermal_mw: Floats
    grid_mw: Floats
    flexible_mw: Floats
    fast_mw: Floats
    battery_mw: float
    battery_mwh: float

    @property
    def total_mw(self) -> Floats:
        """Everything at once. Shape (T,)."""
        return np.asarray(self.thermal_mw + self.grid_mw + self.flexible_mw + self.battery_mw)

    def told(self, t: int) -> str:
        """Say what the total of a step consists of."""
        parts = {
            "units": self.thermal_mw[t],
            "grid": self.grid_mw[t],
            "batteries": self.battery_mw,
            "flexible demand": self.flexible_mw[t],
        }
        return ", ".join(f"{name} {mw:,.1f}" for name, mw in parts.items())


def installable(case: Case) -> Installable:
    """Return the most that can be installed on a site."""
    zero = np.zeros(case.axis.n_steps)
    grid = case.grid
    return Installable(
        thermal_mw=sum((unit.n_max * unit.pmax_mw for unit in case.units), zero),
        grid_mw=zero if grid is None else grid.withdrawal_max_mw * grid.availability,
        flexible_mw=sum((tier.limit_mw for tier in case.tiers), zero),
        fast_mw=sum((tier.limit_mw for tier in case.tiers if tier.is_fast), zero),
        battery_mw=sum(each.n_max * each.module_mw for each in case.batteries),
        battery_mwh=sum(
            each.n_max
            * each.usable_mwh
            * (each.soc_max_frac - each.soc_min_frac)
            * each.eta_discharge
            for each in case.batteries
        ),
    )


def local_time(case: Case, t: int) -> str:
    """Return the local time of a step for messages."""
    stamp = pd.Timestamp(case.axis.start_utc[t], tz="UTC").tz_convert(case.axis.timezone)
    return str(stamp.strftime("%Y-%m-%d %H:%M"))
