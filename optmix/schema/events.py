"""Hours of scarcity that rules speak of, given by series. What is not given, a rule may draw."""

from __future__ import annotations

from optmix.schema.base import Record
from optmix.schema.series import SeriesRef

__all__ = ["Events"]


class Events(Record):
    """The table ``[events]``: each kind is a series of 1 in its hours and 0 elsewhere.

    They are scenarios. Rules that hold in them say nothing of how often such hours come.
    """

    emergency: SeriesRef | None = None
    """Hours of an energy emergency alert, when on-site generation may be called on."""
    firm_load_shed: SeriesRef | None = None
    """Hours in which firm load is shed."""
    coincident_peak: SeriesRef | None = None
    """Hours of the coincident peaks that transmission charges are measured in."""
    gas_interruption: SeriesRef | None = None
    """Hours without gas from the pipeline."""
    grid_constraint: SeriesRef | None = None
    """Hours in which the grid holds a controllable load to its low power."""
