"""The tables of a network: components, and series that vary by snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from optmix.data.axis import Axis

__all__ = ["Network"]

Values = dict[str, Any]


@dataclass(eq=False)
class Network:
    """Components of a network by the name of their file, for example ``generators``.

    Attributes
    ----------
    axis
        Steps of the site.
    static
        Attributes of each component.
    series
        Attributes that vary, by file and attribute.
    """

    axis: Axis
    static: dict[str, dict[str, Values]] = field(default_factory=dict)
    series: dict[tuple[str, str], dict[str, NDArray[np.float64]]] = field(default_factory=dict)

    def add(self, kind: str, name: str, **attributes: Any) -> None:
        """Add a component; arrays become series.

        Parameters
        ----------
        kind
            Name of the file, for example ``generators``.
        name
            Name of the component.
        attributes
            Attributes as PyPSA names them. Arrays have shape (T,).
        """
        fixed = {key: value for key, value in attributes.items() if not np.ndim(value)}
        self.static.setdefault(kind, {})[name] = fixed
        for key, value in attributes.items():
            if np.ndim(value):
                self.series.setdefault((kind, key), {})[name] = np.asarray(value)

    def write(self, folder: Path) -> None:
        """Write every table into a folder that exists."""
        stamps = pd.DatetimeIndex(self.axis.start_utc, name="snapshot")
        weights = pd.DataFrame(
            {
                "objective": self.axis.hours_per_year,
                "stores": self.axis.step_h,
                "generators": self.axis.step_h,
            },
            index=stamps,
        )
        weights.to_csv(folder / "snapshots.csv")
        for kind, components in self.static.items():
            table = pd.DataFrame.from_dict(components, orient="index")
            table.to_csv(folder / f"{kind}.csv", index_label="name")
        for (kind, attribute), columns in self.series.items():
            pd.DataFrame(columns, index=stamps).to_csv(folder / f"{kind}-{attribute}.csv")
