"""Hours of scarcity on the steps of the operating years."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.series import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.collect import Collector
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.data.years import YearInput

__all__ = ["event_steps"]

MASK = Quantity("1 in an hour of the event and 0 elsewhere", 0.0, 1.0)


def event_steps(
    years: Sequence[tuple[YearInput, Steps]], reader: SeriesReader, found: Collector
) -> dict[str, NDArray[np.bool_]]:
    """Return whether each step is part of an event, by the kinds of event that are given.

    A step of which an event takes any part is a step of the event. A year that is not given a kind
    that another year has, has no such event.

    Parameters
    ----------
    years
        Inputs and steps of each operating year.
    reader
        Reads the files of the site.
    found
        Keeps the problems of series that cannot be read.

    Shape
    -----
    Each (T,).
    """
    named = [(year.event_series(), steps) for year, steps in years]
    kinds = dict.fromkeys(kind for series, _ in named for kind in series)
    masks: dict[str, NDArray[np.bool_]] = {}
    for kind in kinds:
        parts = []
        for series, steps in named:
            share = np.zeros(steps.n)
            if kind in series:
                share = found.attempt(partial(reader.on, steps, *series[kind], MASK), share)
            parts.append(share > 0)
        masks[kind] = np.concatenate(parts)
    return masks
