"""Monthly normals and extremes of places in Texas, for generated weather.

Source: NOAA U.S. Climate Normals 1991-2020 (means of daily maxima and minima by month) and the
station records since 1991 (extremes, February 2021 included), written down from general knowledge
and rounded to 0.1 degC. Confidence: unverified, except that the means of Midland, Wink, Dallas,
Houston and Austin are held by a test against measured and typical-year series, to 1.5 degC over
the year. Use a weather file where the figures matter.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CLIMATES", "Climate"]

Monthly = tuple[float, ...]


@dataclass(frozen=True)
class Climate:
    """Normals and extremes of one place.

    Attributes
    ----------
    latitude, longitude, altitude_m
        Where the station is.
    mean_max_c, mean_min_c
        Mean daily maximum and minimum of each month, January to December.
    highest_c, lowest_c
        Extremes since 1991.
    """

    latitude: float
    longitude: float
    altitude_m: float
    mean_max_c: Monthly
    mean_min_c: Monthly
    highest_c: float
    lowest_c: float


CLIMATES: dict[str, Climate] = {
    "abilene": Climate(
        latitude=32.41,
        longitude=-99.68,
        altitude_m=546.0,
        mean_max_c=(14.1, 16.4, 21.1, 25.6, 29.6, 33.5, 35.3, 35.2, 31.2, 25.7, 19.1, 14.6),
        mean_min_c=(1.2, 3.4, 7.7, 12.0, 17.1, 21.4, 23.1, 22.8, 18.8, 13.2, 6.9, 2.2),
        highest_c=43.3,
        lowest_c=-19.4,
    ),
    "amarillo": Climate(
        latitude=35.22,
        longitude=-101.71,
        altitude_m=1099.0,
        mean_max_c=(10.9, 12.9, 17.8, 22.1, 26.9, 31.8, 33.6, 32.7, 28.7, 22.6, 16.2, 10.9),
        mean_min_c=(-4.2, -2.7, 1.3, 5.6, 11.3, 16.7, 18.9, 18.3, 14.2, 7.4, 0.9, -3.6),
        highest_c=43.9,
        lowest_c=-23.9,
    ),
    "austin": Climate(
        latitude=30.32,
        longitude=-97.76,
        altitude_m=204.0,
        mean_max_c=(16.9, 19.2, 22.9, 26.8, 30.5, 34.0, 35.9, 36.6, 33.0, 28.1, 21.9, 17.7),
        mean_min_c=(5.3, 7.3, 11.1, 14.8, 19.4, 22.8, 23.8, 23.9, 20.8, 16.1, 10.2, 6.2),
        highest_c=44.4,
        lowest_c=-13.9,
    ),
    "dallas": Climate(
        latitude=32.9,
        longitude=-97.02,
        altitude_m=171.0,
        mean_max_c=(13.8, 16.1, 20.6, 24.8, 28.9, 33.3, 35.4, 35.6, 31.6, 26.1, 19.7, 14.5),
        mean_min_c=(2.7, 4.9, 9.2, 13.4, 18.4, 22.8, 24.8, 24.7, 20.7, 14.6, 8.4, 3.9),
        highest_c=43.9,
        lowest_c=-18.9,
    ),
    "el-paso": Climate(
        latitude=31.81,
        longitude=-106.38,
        altitude_m=1194.0,
        mean_max_c=(14.6, 17.8, 22.1, 26.6, 31.5, 36.1, 35.4, 34.6, 31.6, 26.1, 19.2, 14.1),
        mean_min_c=(0.9, 3.4, 6.8, 11.1, 16.1, 21.1, 22.7, 21.9, 18.4, 11.8, 5.0, 0.9),
        highest_c=45.6,
        lowest_c=-17.2,
    ),
    "houston": Climate(
        latitude=29.98,
        longitude=-95.36,
        altitude_m=29.0,
        mean_max_c=(17.7, 19.9, 23.3, 26.7, 30.5, 33.5, 34.7, 35.0, 32.4, 28.2, 22.6, 18.5),
        mean_min_c=(6.5, 8.7, 12.0, 15.4, 19.9, 23.2, 24.3, 24.1, 21.4, 16.1, 10.6, 7.3),
        highest_c=42.8,
        lowest_c=-10.6,
    ),
    "lubbock": Climate(
        latitude=33.67,
        longitude=-101.82,
        altitude_m=993.0,
        mean_max_c=(12.3, 14.9, 19.6, 24.2, 28.7, 33.1, 34.0, 33.2, 29.1, 23.9, 17.3, 12.5),
        mean_min_c=(-2.7, -0.8, 3.3, 7.9, 13.6, 18.6, 20.4, 19.6, 15.5, 9.1, 2.5, -2.1),
        highest_c=45.6,
        lowest_c=-20.6,
    ),
    "midland": Climate(
        latitude=31.95,
        longitude=-102.18,
        altitude_m=872.0,
        mean_max_c=(14.9, 17.5, 22.0, 26.7, 31.0, 34.6, 35.5, 35.1, 31.3, 26.3, 19.8, 15.3),
        mean_min_c=(0.0, 2.4, 6.4, 10.7, 16.1, 20.6, 22.1, 21.8, 18.1, 12.1, 5.3, 0.7),
        highest_c=46.7,
        lowest_c=-18.9,
    ),
    "san-antonio": Climate(
        latitude=29.53,
        longitude=-98.47,
        altitude_m=241.0,
        mean_max_c=(17.3, 19.8, 23.5, 27.1, 30.4, 33.6, 35.0, 35.7, 32.4, 28.0, 22.1, 17.9),
        mean_min_c=(5.1, 7.2, 11.1, 14.8, 19.3, 22.6, 23.6, 23.6, 20.7, 15.8, 10.1, 5.8),
        highest_c=43.9,
        lowest_c=-12.8,
    ),
    "wink": Climate(
        latitude=31.78,
        longitude=-103.2,
        altitude_m=856.0,
        mean_max_c=(16.4, 19.5, 24.2, 29.0, 33.4, 37.1, 37.2, 36.5, 32.8, 27.7, 21.2, 16.4),
        mean_min_c=(-1.3, 1.0, 5.0, 9.7, 15.5, 20.6, 22.1, 21.5, 17.6, 10.7, 3.4, -1.1),
        highest_c=47.2,
        lowest_c=-17.2,
    ),
}
"""Every climate by its name in ``[weather] climate``."""
