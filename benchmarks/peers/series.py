"""What a network asks for by the step, read from the files beside a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pypsa import Network

    from optmix.schema.series import SeriesRef
    from optmix.schema.site import Site


def by_step(n: Network, site: Site, value: float | SeriesRef) -> NDArray[np.float64]:
    """Return a constant, or a column of a file beside the site, for each step."""
    if isinstance(value, (int, float)):
        return np.full(len(n.snapshots), float(value))
    table = pd.read_csv(site.origin.folder / value.file)
    return table[value.column].to_numpy(float) * value.factor


def per_year(n: Network) -> float:
    """Return how often the horizon fits into a year."""
    return 8760.0 / float(n.snapshot_weightings.generators.sum())


def annuity(rate: float, years: float) -> float:
    """Return the yearly payment for one dollar of capital."""
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)
