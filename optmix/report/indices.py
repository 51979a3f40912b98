"""What a result tells of reliability: each figure with its words and its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optmix.schema.result import ReliabilitySummary

__all__ = ["FIGURES", "NO_FAILURE_DATA", "Index", "apart", "index_of", "indices", "unit_of_figure"]

NO_FAILURE_DATA = "no failure data given"
"""Told in place of every index where nothing that is built can fail by the data of the site."""


class Index(NamedTuple):
    """One index of reliability.

    Attributes
    ----------
    name
        Its field in ``result.json``.
    words
        What it is.
    unit
        Its unit, as it is shown.
    digits
        Decimals that are shown, or a format.
    scale
        What the field is multiplied by to be in that unit.
    low, high
        Fields of the ends of its interval; empty where there is none.
    """

    name: str
    words: str
    unit: str
    digits: int | str = ".4g"
    scale: float = 1.0
    low: str = ""
    high: str = ""


FIGURES = (
    Index("lole_h", "loss of load expectation", "h/yr", low="lole_low_h", high="lole_high_h"),
    Index("lole_days", "days with loss of load", "days/yr"),
    Index("eue_mwh", "expected unserved energy", "MWh/yr", low="eue_low_mwh", high="eue_high_mwh"),
    Index("eue_ppm", "expected unserved energy, of demand", "ppm"),
    Index("availability", "availability: share of time without loss of load", "%", 6, 100.0),
    Index("energy_availability", "share of energy that is served", "%", 6, 100.0),
    Index("lolf_per_yr", "events of loss of load", "per yr"),
    Index("mean_duration_h", "mean duration of one", "h", ".3g"),
    Index("n_plus", "N+k: largest units that may be out in every step", "units", 0),
    Index("n_plus_asked", "N+k that the site asks for", "units", 0),
    Index("common_cause_floor_h", "loss of load by common causes alone", "h/yr"),
    Index(
        "transient_h",
        "trips that nothing covers until other units start; not part of the loss of load",
        "h/yr",
    ),
    Index("relief_h", "hours in which flexible demand is given up", "h/yr"),
    Index("hours", "year that the figures are for", "h", 0),
)
"""Every figure but those of one unit fewer and of the assessment itself."""

SHARES = frozenset({"availability", "energy_availability"})

ENDS = {end: index.unit for index in FIGURES for end in (index.low, index.high) if end}


def indices(found: ReliabilitySummary) -> Iterator[Index]:
    """Yield the figures that a result knows."""
    return (index for index in FIGURES if getattr(found, index.name) is not None)


def index_of(name: str) -> Index:
    """Return the index of a field."""
    return next(index for index in FIGURES if index.name == name)


def apart(index: Index, found: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the ends of an interval that do not read alike; none where one figure tells it.

    Parameters
    ----------
    index
        The index.
    found
        Fields of a summary of reliability.

    Examples
    --------
    >>> lole = index_of("lole_h")
    >>> apart(lole, {"lole_low_h": 0.5, "lole_high_h": 2.25})
    (0.5, 2.25)
    >>> apart(lole, {"lole_low_h": 1.00001, "lole_high_h": 1.00002}) is None
    True
    """
    low, high = found.get(index.low), found.get(index.high)
    if low is None or high is None:
        return None
    form = index.digits if isinstance(index.digits, str) else f".{index.digits}f"
    return None if format(low, form) == format(high, form) else (low, high)


def unit_of_figure(name: str) -> str:
    """Return the unit of a field as ``result.json`` has it; empty where it has none.

    Examples
    --------
    >>> unit_of_figure("lole_low_h"), unit_of_figure("availability"), unit_of_figure("seconds")
    ('h/yr', 'share', 's')
    """
    if name == "seconds":
        return "s"
    if name in SHARES:
        return "share"
    units = ENDS | {index.name: index.unit for index in FIGURES}
    return units.get(name, "")
