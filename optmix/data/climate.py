"""Generate a year of hourly temperature from monthly normals and extremes.

The recipe, in this order:

1. Season: daily maximum and minimum run through mid-month values, moved so that the mean of each
   month is its normal.
2. Weather: an anomaly of each day, a first-order autoregression with correlation 0.65 from day to
   day; its spread runs from 5.6 degC in January to 2.0 degC in July, the order of Texan stations.
3. Events: a heat wave of five days in the hottest month and a cold snap of four in the coldest,
   on days drawn at random, whose worst day comes within 1 degC of the extremes. No other day goes
   beyond it.
4. Hours: from the minimum at 06:00 to the maximum at 15:00 and down to the next minimum along half
   cosines, local standard time; each hour takes the value at its middle.

The same place and seed give the same year on every machine, rounded to 0.01 degC. Monthly normals
hold on average, not for every seed; the cold snap takes about 2 degC from the mean of its month. It
is a stress year by design: a typical year has milder extremes, so a TMY3 file asks for less
capacity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.chance import Chance, persistent
from optmix.data.climates import CLIMATES
from optmix.data.typical_year import BEFORE_MONTH, DAYS_OF_MONTH, TypicalYear

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.climates import Monthly

__all__ = ["generate_climate"]

DAYS = sum(DAYS_OF_MONTH)
DAY_TO_DAY = 0.65
SPREAD_MEAN_C, SPREAD_SWING_C = 3.8, 1.8
COLDEST_DAY = 15
HEAT_WAVE = (0.5, 0.8, 1.0, 0.9, 0.6)
COLD_SNAP = (0.5, 0.9, 1.0, 0.7)
NIGHT_SHARE = 0.6
"""How much of a heat wave's rise reaches the nights, and of a cold snap's fall the days."""
FROM_EXTREME_C = 1.0
DAWN_H, PEAK_H = 6.0, 15.0
ANOMALIES, EVENTS = 1, 2


def generate_climate(name: str, seed: int, offset_h: float) -> TypicalYear:
    """Return a generated year.

    Parameters
    ----------
    name
        Name of the climate.
    seed
        Seed; the same year for the same seed.
    offset_h
        Local standard time less UTC.

    Source: normals and extremes as :mod:`optmix.data.climates` says; recipe of this module.
    """
    climate = CLIMATES[name]
    place = sorted(CLIMATES).index(name)
    anomaly = _anomaly_c(seed, place)
    top = _season(climate.mean_max_c) + anomaly
    low = _season(climate.mean_min_c) + anomaly
    hottest, coldest = climate.highest_c - FROM_EXTREME_C, climate.lowest_c + FROM_EXTREME_C
    top, low = np.clip(top, None, hottest), np.clip(low, coldest, None)
    start = Chance(seed, place, EVENTS).uniform(2).tolist()
    heat = _event(int(np.argmax(climate.mean_max_c)), start[0], HEAT_WAVE)
    cold = _event(int(np.argmin(climate.mean_min_c)), start[1], COLD_SNAP)
    top, low = _heat_wave(top, low, heat, hottest)
    top, low = _cold_snap(top, low, cold, coldest)
    return TypicalYear(
        place=f"climate of {name}",
        temp_c=np.round(_hours(np.maximum(top, low), low), 2),
        offset_h=offset_h,
        latitude=climate.latitude,
        longitude=climate.longitude,
        altitude_m=climate.altitude_m,
    )


def _season(monthly: Monthly) -> Floats:
    """Return a smooth daily course whose monthly means are the normals. Shape (366,)."""
    normals = np.array(monthly)
    middle = np.array(BEFORE_MONTH) + np.array(DAYS_OF_MONTH) / 2
    knots, day = normals.copy(), np.arange(DAYS) + 0.5
    course = np.interp(day, middle, knots, period=DAYS)
    for _ in range(5):  # the means of neighbouring months differ little, so this settles fast
        knots += normals - np.add.reduceat(course, BEFORE_MONTH) / np.array(DAYS_OF_MONTH)
        course = np.interp(day, middle, knots, period=DAYS)
    return np.asarray(course)


def _anomaly_c(seed: int, place: int) -> Floats:
    """Return the departure of each day from the season. Shape (366,)."""
    shocks = Chance(seed, place, ANOMALIES).normal(DAYS)
    last = persistent(shocks, DAY_TO_DAY)[-1]
    around = persistent(shocks, DAY_TO_DAY, start=float(last))  # the year is cyclic
    angle = 2 * np.pi * (np.arange(DAYS) - COLDEST_DAY) / DAYS
    return np.asarray(around * (SPREAD_MEAN_C + SPREAD_SWING_C * np.cos(angle)))


def _event(month: int, draw: float, shape: tuple[float, ...]) -> Floats:
    """Return the strength of an event on each day, 0 to 1. Shape (366,)."""
    first = BEFORE_MONTH[month] + 3 + int(draw * (DAYS_OF_MONTH[month] - 6 - len(shape)))
    strength = np.zeros(DAYS)
    strength[first : first + len(shape)] = shape
    return strength


def _heat_wave(top: Floats, low: Floats, strength: Floats, hottest: float) -> tuple[Floats, Floats]:
    rise = strength * (hottest - top)
    return top + rise, low + NIGHT_SHARE * rise


def _cold_snap(top: Floats, low: Floats, strength: Floats, coldest: float) -> tuple[Floats, Floats]:
    fall = strength * (low - coldest)
    return top - NIGHT_SHARE * fall, low - fall


def _hours(top: Floats, low: Floats) -> Floats:
    """Return the temperature of each hour from daily extremes. Shape (366, 24)."""
    hour = np.arange(24, dtype=np.float64) + 0.5
    next_low, last_top = np.roll(low, -1), np.roll(top, 1)
    morning = _between(low, top, (hour - DAWN_H) / (PEAK_H - DAWN_H))
    night = 24.0 - PEAK_H + DAWN_H
    evening = _between(top, next_low, (hour - PEAK_H) / night)
    before_dawn = _between(last_top, low, (hour + 24.0 - PEAK_H) / night)
    is_rising = (hour >= DAWN_H) & (hour < PEAK_H)
    return np.where(is_rising, morning, np.where(hour < DAWN_H, before_dawn, evening))


def _between(start: Floats, end: Floats, share: Floats) -> Floats:
    rise = (1 - np.cos(np.pi * np.clip(share, 0, 1))) / 2
    return np.asarray(start[:, None] + (end - start)[:, None] * rise, dtype=np.float64)
