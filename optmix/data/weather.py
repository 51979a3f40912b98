"""Ambient temperature of an operating year, from whichever source the site names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.climate import generate_climate
from optmix.data.series import Quantity
from optmix.data.stamps import standard_offset_h
from optmix.data.weather_files import read_epw, read_tmy3

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.data.typical_year import TypicalYear
    from optmix.schema.origin import Location
    from optmix.schema.surroundings import Weather

__all__ = ["Ambient", "ambient"]

TEMPERATURE = Quantity("ambient temperature in degC", lowest=-500.0, highest=500.0)
"""Wide, so that a file in degF or K is named as such by the screens and not by its rows."""


@dataclass(frozen=True, eq=False)
class Ambient:
    """Temperature of each step, shape (n,), and the place it was taken at, if that is known."""

    temp_c: Floats
    station: TypicalYear | None


def ambient(weather: Weather, location: Location, reader: SeriesReader, steps: Steps) -> Ambient:
    """Return the ambient temperature of an operating year.

    Parameters
    ----------
    weather
        The table ``[weather]``.
    location
        Where it stands in the site.
    reader
        Reads the files of the site.
    steps
        Steps of the operating year.

    Raises
    ------
    SchemaError
        If it names a file that is not there.
    SeriesError
        If the file cannot be read.
    """
    if weather.series is not None:
        at = (*location, "series")
        return Ambient(reader.on(steps, weather.series, at, TEMPERATURE), None)
    station = _typical_year(weather, location, reader)
    if station is None:
        return Ambient(np.full(steps.n, weather.temp_c), None)
    return Ambient(station.on(steps), station)


def _typical_year(weather: Weather, location: Location, reader: SeriesReader) -> TypicalYear | None:
    origin = reader.origin
    if weather.epw is not None:
        return read_epw(origin.file(weather.epw, *location, "epw"), weather.epw)
    if weather.tmy3 is not None:
        return read_tmy3(origin.file(weather.tmy3, *location, "tmy3"), weather.tmy3)
    if weather.climate is not None:
        offset_h = standard_offset_h(reader.timezone)
        return generate_climate(weather.climate, weather.seed, offset_h)
    return None
