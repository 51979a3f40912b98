"""What bad inputs are made of: a good site, and ways to spoil it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

GOOD = """\
schema_version = 1
name = "good"

[site]
latitude = 31.95
longitude = -102.18
altitude_m = 872
timezone = "America/Chicago"
wacc = 0.09

[time]
start = 2025-07-01
hours = 24

[demand]
profile = "flat"
peak_mw = 20

[fuel]
price_usd_per_mmbtu = 3.5

[[unit]]
technology = "g3520k"
n_max = 12

[[battery]]
technology = "lfp-2h"
n_max = 4

[grid]
withdrawal_max_mw = 10
energy_price = 40
"""

PROFILE = 'profile = "flat"\npeak_mw = 20\n'
GOOD_SERIES = GOOD.replace(PROFILE, 'series = { file = "demand.csv", column = "demand_mw" }\n')
GOOD_WEATHER = GOOD + '\n[weather]\nseries = { file = "demand.csv", column = "temp_c" }\n'


@dataclass(frozen=True)
class BadInput:
    """One way to get a site wrong.

    Attributes
    ----------
    name
        Id of the test.
    write
        Writes the site into an empty folder; returns what the user would name.
    what, where, allowed, hint
        Parts that one message must hold.
    stage
        ``load`` if reading the site finds it, ``data`` if building its numbers does.
    """

    name: str
    write: Callable[[Path], Path]
    what: str
    where: str = "site.toml"
    allowed: str = ""
    hint: str = ""
    stage: Literal["load", "data"] = "load"


Writer = Callable[[Path], Path]


def demand_csv(n_steps: int = 24) -> list[str]:
    start = datetime(2025, 7, 1)  # noqa: DTZ001 - local time of the site
    stamps = [(start + timedelta(hours=hour)).isoformat() for hour in range(n_steps)]
    return ["time,demand_mw,temp_c", *(f"{stamp},20,30" for stamp in stamps)]


def text(content: str | bytes, name: str = "site.toml") -> Writer:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def changed(old: str, new: str, base: str = GOOD) -> Writer:
    assert base.count(old) == 1, f"{base.count(old)} times in the good site: {old!r}"
    return text(base.replace(old, new))


def added(more: str) -> Writer:
    return text(GOOD + "\n" + more)


def in_unit(more: str) -> Writer:
    return changed("n_max = 12\n", f"n_max = 12\n{more}\n")


def in_battery(more: str) -> Writer:
    return changed("n_max = 4\n", f"n_max = 4\n{more}\n")


def series(*rows: str, base: str = GOOD_SERIES) -> Writer:
    return series_bytes("\n".join(rows).encode() + b"\n", base)


def series_bytes(content: bytes, base: str = GOOD_SERIES) -> Writer:
    def write(folder: Path) -> Path:
        (folder / "demand.csv").write_bytes(content)
        return text(base)(folder)

    return write


def row(number: int, line: str, base: str = GOOD_SERIES) -> Writer:
    """Replace one line of the demand file; row 1 is the header."""
    rows = demand_csv()
    rows[number - 1] = line
    return series(*rows, base=base)


def write_good(folder: Path, base: str = GOOD_SERIES) -> Path:
    """Write the site that all cases spoil."""
    return series(*demand_csv(), base=base)(folder)
