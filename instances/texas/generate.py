"""Generate the series of the Texas instances: weather, demand, and grid prices, from fixed seeds.

Run as ``python instances/texas/generate.py``; it rewrites every CSV below this folder. Nothing is
copied from a record: the shapes are formulas, the figures in them are round, and chance comes from
a seed. Only numpy is needed.

The year is 2030, hour by hour in local time. The fortnights are cut out of it: 5 to 18 August, with
the heat wave in it. Three operating years are three ways in which 2030 may turn out.
"""

# ruff: noqa: INP001 - a script among data, not a package

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HERE = Path(__file__).resolve().parent
TEXAS = ZoneInfo("America/Chicago")
STANDARD_H = -6
YEAR, HOURS, DAYS = 2030, 8760, 365
FORTNIGHT = (dt.datetime(YEAR, 8, 5, tzinfo=TEXAS), 336)


@dataclass(frozen=True)
class Weather:
    """What sets one year apart from the means of its months."""

    events: tuple[tuple[dt.date, int, float], ...]
    """First day, days, and degC above the season."""
    summer_c: float = 0.0
    """Added in the middle of July, and less of it towards winter."""
    winter_c: float = 0.0
    """Added in the middle of January."""
    seed: int = 0
    """Added to the seeds of the campus."""


TYPICAL = Weather(events=((dt.date(YEAR, 8, 9), 6, 4.5), (dt.date(YEAR, 1, 15), 4, -11.0)))
HOT = Weather(
    events=((dt.date(YEAR, 6, 22), 9, 4.0), (dt.date(YEAR, 8, 3), 14, 3.5)),
    summer_c=2.0,
    winter_c=0.5,
    seed=10,
)
COOL = Weather(events=((dt.date(YEAR, 2, 11), 8, -13.0),), summer_c=-1.5, winter_c=-1.0, seed=20)


@dataclass(frozen=True)
class Climate:
    """Mean daily maximum and minimum of each month, degC, and the spread of days around them."""

    high_c: tuple[float, ...]
    low_c: tuple[float, ...]
    spread_c: tuple[float, ...] = (4.5, 4.5, 4.0, 3.5, 3.0, 2.3, 1.8, 1.8, 2.8, 3.5, 4.0, 4.5)


@dataclass(frozen=True)
class Campus:
    """What is generated for one campus."""

    climate: Climate
    peak_mw: float
    training_frac: float
    """Share of training in the IT load; the rest is inference."""
    seed: int


MIDLAND = Climate(
    high_c=(15.0, 17.0, 22.0, 26.0, 31.0, 34.5, 35.5, 35.0, 31.0, 26.0, 20.0, 15.0),
    low_c=(-0.5, 2.0, 6.0, 10.5, 16.0, 20.5, 22.0, 21.5, 17.5, 11.5, 5.0, 0.5),
)
ABILENE = Climate(
    high_c=(13.5, 15.5, 20.0, 24.5, 28.5, 32.5, 35.0, 35.0, 30.5, 25.0, 18.5, 14.0),
    low_c=(0.5, 2.5, 7.0, 11.5, 16.5, 20.5, 22.5, 22.0, 18.0, 12.5, 6.5, 1.5),
)

CAMPUSES: Mapping[str, Campus] = {
    "islanded-300mw": Campus(MIDLAND, peak_mw=300.0, training_frac=0.6, seed=300),
    "grid-300mw": Campus(MIDLAND, peak_mw=300.0, training_frac=0.6, seed=300),
    "islanded-1gw": Campus(ABILENE, peak_mw=1000.0, training_frac=0.8, seed=1000),
}
GRID_TIED = ("grid-300mw",)
THREE_YEARS = ("islanded-300mw",)
WEATHERS: Mapping[str, Weather] = {"typical": TYPICAL, "hot": HOT, "cool": COOL}


class Chance:
    """Uniform and normal numbers that are the same with every version of numpy."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def uniform(self, n: int) -> Floats:
        """Return n numbers in [0, 1)."""
        raw = np.asarray(self._bits.random_raw(n), dtype=np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) / 2.0**53

    def normal(self, n: int) -> Floats:
        """Return n numbers of mean 0 and variance 1: the sum of twelve uniforms less six."""
        return self.uniform(12 * n).reshape(n, 12).sum(axis=1) - 6.0

    def persistent(self, n: int, memory: float) -> Floats:
        """Return n numbers of mean 0 and variance 1, each correlated with the one before."""
        shocks = self.normal(n) * np.sqrt(1 - memory**2)
        values = np.empty(n)
        last = 0.0
        for i, shock in enumerate(shocks):
            last = memory * last + shock
            values[i] = last
        return values


def stamps() -> list[dt.datetime]:
    """Return the start of each hour of the year, in local time."""
    first = dt.datetime(YEAR, 1, 1, tzinfo=TEXAS).astimezone(dt.UTC)
    return [(first + dt.timedelta(hours=h)).astimezone(TEXAS) for h in range(HOURS)]


def temperature(climate: Climate, weather: Weather, chance: Chance) -> Floats:
    """Return the dry-bulb temperature of each hour in degC.

    Sun time is local standard time: coldest at 6, warmest at 15 h 30. Shape (8760,).
    """
    hour = np.arange(HOURS) + 0.5
    day = hour / 24.0
    mid_month = np.array([15.5 + 30.4 * month for month in range(12)])

    def season(by_month: tuple[float, ...]) -> Floats:
        return np.interp(day, mid_month, by_month, period=float(DAYS))

    anomaly = chance.persistent(DAYS, memory=0.6)
    event = np.zeros(DAYS)
    for first, days, rise_c in weather.events:
        event[first.timetuple().tm_yday - 1 :][:days] += rise_c
    noon = np.arange(DAYS) + 0.5
    shift_c = np.interp(day, noon, anomaly) * season(climate.spread_c) + np.interp(day, noon, event)
    shift_c += np.interp(day, [15.5, 197.5], [weather.winter_c, weather.summer_c], period=365.0)

    clock = (hour - 6.0) % 24.0
    rising = 0.5 - 0.5 * np.cos(np.pi * clock / 9.5)
    falling = 0.5 + 0.5 * np.cos(np.pi * (clock - 9.5) / 14.5)
    shape = np.where(clock < 9.5, rising, falling)  # noqa: PLR2004 - warmest 9.5 h after coldest
    return (
        season(climate.low_c) + shape * (season(climate.high_c) - season(climate.low_c)) + shift_c
    )


def training(chance: Chance) -> Floats:
    """Return the load of one training cluster as a share of its largest. Shape (8760,).

    Jobs last four days in the mean and run flat; between them the cluster falls to about half for
    one to four hours. Checkpoints and failed nodes take a little off every hour.
    """
    load = np.empty(HOURS)
    at = 0
    while at < HOURS:
        length, level, gap, floor = chance.uniform(4)
        job = at + 24 + int(144 * length)
        load[at:job] = 0.92 + 0.08 * level
        idle = job + 1 + int(4 * gap)
        load[job:idle] = 0.45 + 0.2 * floor
        at = idle
    return load * (1 - 0.02 * chance.uniform(HOURS))


def inference(local: list[dt.datetime], chance: Chance) -> Floats:
    """Return the load of inference as a share of its largest: a day, a week, noise. (8760,)."""
    hour = np.array([stamp.hour for stamp in local]) + 0.5
    is_weekend = np.array([stamp.weekday() >= 5 for stamp in local])  # noqa: PLR2004 - Saturday
    day = 0.85 + 0.15 * np.cos(2 * np.pi * (hour - 16.0) / 24.0)
    return day * np.where(is_weekend, 0.95, 1.0) * (1 + 0.01 * chance.persistent(HOURS, 0.9))


def demand(campus: Campus, local: list[dt.datetime], temp_c: Floats, chance: Chance) -> Floats:
    """Return demand before it is scaled: three training clusters, inference, cooling. (8760,)."""
    clusters = sum((training(chance) for _ in range(3)), np.zeros(HOURS)) / 3
    share = campus.training_frac
    it_load = share * clusters + (1 - share) * inference(local, chance)
    pue = np.clip(1.12 + 0.005 * np.maximum(0.0, temp_c - 12.0), None, 1.30)
    return it_load * pue


def price(local: list[dt.datetime], temp_c: Floats, chance: Chance) -> Floats:
    """Return the price of energy at the tie in USD/MWh. Shape (8760,).

    Low at night and at noon, high in the evening; wind takes it below zero for a few hundred hours;
    hot evenings and cold mornings now and then bring scarcity.
    """
    hour = np.array([stamp.hour for stamp in local]) + 0.5
    summer = np.interp(np.arange(HOURS) / 24.0, [15.0, 105.0, 205.0, 290.0], [0.0, 0.2, 1.0, 0.2],
                       period=float(DAYS))  # fmt: skip
    evening = np.exp(-(((hour - 19.5) / 2.0) ** 2))
    morning = np.exp(-(((hour - 7.5) / 1.5) ** 2))
    noon = np.exp(-(((hour - 12.5) / 3.0) ** 2))
    usual = 32 + 6 * summer + (14 + 30 * summer) * evening + 6 * morning - 9 * noon
    wind = chance.persistent(HOURS, memory=0.97)
    noise = chance.persistent(HOURS, memory=0.5)
    values = usual - 12 * np.maximum(0.0, wind) ** 1.3 + 3 * np.minimum(0.0, wind) + 4 * noise

    draw, size = chance.uniform(HOURS), chance.uniform(HOURS)
    is_tight = ((temp_c > 35.0) & (evening > 0.3)) | (temp_c < -5.0)  # noqa: PLR2004 - degC
    scarcity = 150.0 * (1.0 - size) ** -1.2
    values = np.where(is_tight & (draw < 0.18), values + scarcity, values)  # noqa: PLR2004
    return np.clip(values, -20.0, 4500.0)


def year(campus: Campus, weather: Weather, local: list[dt.datetime]) -> tuple[Floats, Floats]:
    """Return temperature in degC and demand before it is scaled, of one campus in one year."""
    seed = campus.seed + weather.seed
    temp_c = temperature(campus.climate, weather, Chance(seed))
    return temp_c, demand(campus, local, temp_c, Chance(seed + 1))


def tables(name: str, local: list[dt.datetime]) -> dict[str, dict[str, Floats]]:
    """Return the series of one campus: name of a file to its columns."""
    campus = CAMPUSES[name]
    temp_c, share = year(campus, TYPICAL, local)
    made = {
        f"{name}/weather.csv": {"temp_c": temp_c},
        f"{name}/demand.csv": {"demand_mw": share * (campus.peak_mw / share.max())},
    }
    if name in GRID_TIED:
        usd_per_mwh = price(local, temp_c, Chance(campus.seed + 2))
        made[f"{name}/price.csv"] = {"usd_per_mwh": usd_per_mwh}
    if name in THREE_YEARS:
        years = {kind: year(campus, weather, local) for kind, weather in WEATHERS.items()}
        made[f"{name}-3yr/weather.csv"] = {
            f"{kind}_temp_c": own_c for kind, (own_c, _) in years.items()
        }
        # The same campus in every year, so a hot one may exceed the peak of the typical one.
        made[f"{name}-3yr/demand.csv"] = {
            f"{kind}_mw": own * (campus.peak_mw / share.max()) for kind, (_, own) in years.items()
        }
    return made


def files() -> dict[str, str]:
    """Return every CSV of this folder: path to text."""
    local = stamps()
    first = local.index(FORTNIGHT[0])
    cut = slice(first, first + FORTNIGHT[1])
    made = {}
    for name in CAMPUSES:
        for path, columns in tables(name, local).items():
            rows = [
                ",".join([stamp.isoformat(), *(f"{value:.3f}" for value in values)])
                for stamp, *values in zip(local, *columns.values(), strict=True)
            ]
            head = ",".join(["time", *columns])
            made[path] = "\n".join([head, *rows, ""])
            if path.startswith(f"{name}/"):
                fortnight = path.replace("/", "-fortnight/")
                made[fortnight] = "\n".join([head, *rows[cut], ""])
    return made


def main() -> None:
    """Write every CSV of this folder."""
    for name, text in files().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
