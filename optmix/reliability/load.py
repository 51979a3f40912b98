"""Hours of load above any level, from an exact histogram: load is never rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.reliability.copt import OutageTable

__all__ = ["LoadHistogram"]


@dataclass(frozen=True, eq=False)
class LoadHistogram:
    """Loads, sorted, with the hours and the energy at and above each.

    Attributes
    ----------
    level_mw
        Each load less the tolerance of a loss. Rising. Shape (L,).
    hours, energy_mwh
        Hours of load, and their energy, at this level and above; 0 at the end. Shape (L + 1,).
    """

    level_mw: Floats
    hours: Floats
    energy_mwh: Floats

    @classmethod
    def of(cls, load_mw: Floats, hours: Floats) -> LoadHistogram:
        """Return the histogram of loads that last some hours each. Shapes (T,)."""
        loads, where = np.unique(load_mw, return_inverse=True)
        weight = np.bincount(where, hours, len(loads)).astype(np.float64)
        return cls(loads - SURPLUS_TOLERANCE_MW, _from_above(weight), _from_above(weight * loads))

    @property
    def top_mw(self) -> float:
        """No state with so much capacity loses load."""
        return float(self.level_mw[-1])

    def loss(self, table: OutageTable) -> Floats:
        """Return expected hours and energy of load above what is available. Shape (2,)."""
        above = np.searchsorted(self.level_mw, table.available_mw, side="right")
        hours = self.hours[above]
        short_mwh = self.energy_mwh[above] - table.available_mw * hours
        return np.array([table.probability @ hours, table.probability @ short_mwh])


def _from_above(weight: Floats) -> Floats:
    """Return sums from each place to the end, and 0; from the end, to keep small ones exact."""
    return np.append(np.cumsum(weight[::-1])[::-1], 0.0)
