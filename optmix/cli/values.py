"""Numbers as people write them on a command line: ``0.1%``, ``10m``, ``demand.peak_mw=20``."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path

__all__ = [
    "parse_gap",
    "parse_mix",
    "parse_nines",
    "parse_path",
    "parse_setting",
    "parse_time_s",
    "parse_whole",
]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MOST_NINES = 9
"""More than that is a second in 30 years."""

_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def parse_gap(text: str) -> float:
    """Return a relative gap.

    Raises
    ------
    ValueError
        The text is no share from 0 to 1.

    Examples
    --------
    >>> parse_gap("0.1%"), parse_gap("0.001")
    (0.001, 0.001)
    """
    number = text.strip()
    try:
        gap = float(number.removesuffix("%"))
    except ValueError:
        raise ValueError(f"{text!r} is no gap; write 0.1% or 0.001") from None
    if number.endswith("%"):
        gap = float(f"{gap}e-2")  # exact: 0.1 / 100 is not 0.001
    if not 0 <= gap < 1:
        raise ValueError(f"{text!r} is not from 0 to 1; one per cent is 1% or 0.01")
    return gap


def parse_time_s(text: str) -> float:
    """Return a time in seconds.

    Raises
    ------
    ValueError
        The text is no time above 0.

    Examples
    --------
    >>> parse_time_s("90"), parse_time_s("10m"), parse_time_s("1h30m")
    (90.0, 600.0, 5400.0)
    """
    written = text.strip().lower().replace(" ", "")
    parts = _PART.findall(written)
    if parts and "".join(number + unit for number, unit in parts) == written:
        seconds = math.fsum(float(number) * _SECONDS[unit] for number, unit in parts)
    else:
        try:
            seconds = float(written)
        except ValueError:
            raise ValueError(f"{text!r} is no time; write 90, 90s, 10m or 2h") from None
    if not 0 < seconds < math.inf:
        raise ValueError(f"{text!r} is not a time above 0")
    return seconds


def parse_whole(text: str, lowest: int, highest: int | None = None) -> int:
    """Return a whole number within its limits.

    Raises
    ------
    ValueError
        It is none, or outside.

    Examples
    --------
    >>> parse_whole("3", 1)
    3
    """
    limits = f"{lowest} or more" if highest is None else f"from {lowest} to {highest}"
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a whole number, {limits}") from None
    if number < lowest or (highest is not None and number > highest):
        raise ValueError(f"{text!r} is not {limits}")
    return number


def parse_mix(text: str) -> dict[str, float]:
    """Return names and numbers of a mix.

    Raises
    ------
    ValueError
        A part is not ``name=number``, or a name stands twice.

    Examples
    --------
    >>> parse_mix("g3520k=20, lfp-4h=10, grid=100")
    {'g3520k': 20.0, 'lfp-4h': 10.0, 'grid': 100.0}
    """
    mix: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        try:
            count = float(number)
        except ValueError:
            count = math.nan
        if not name or not equals or not math.isfinite(count):
            raise ValueError(f"{part.strip()!r} is not name=number, for example g3520k=20")
        if name in mix:
            raise ValueError(f"{name} stands twice")
        mix[name] = count
    return mix


def parse_nines(text: str) -> tuple[float, ...]:
    """Return numbers of nines of availability, lowest first.

    Raises
    ------
    ValueError
        A part is no number above 0 and up to 9, or there are two of one.

    Examples
    --------
    >>> parse_nines("3,4,5")
    (3.0, 4.0, 5.0)
    """
    found: list[float] = []
    for part in text.split(","):
        try:
            count = float(part)
        except ValueError:
            count = math.nan
        if not 0 < count <= MOST_NINES:
            raise ValueError(
                f"{part.strip()!r} is no number of nines above 0 and up to {MOST_NINES}; 3 means "
                "available 99.9 % of the time"
            )
        if count in found:
            raise ValueError(f"{count:g} stands twice")
        found.append(count)
    return tuple(sorted(found))


def parse_path(text: str) -> Path:
    """Return a path; an empty text names none, though Python takes it for the current folder.

    Raises
    ------
    ValueError
        The text is empty.
    """
    if not text:
        raise ValueError("an empty text names no file or folder")
    return Path(text)


def parse_setting(text: str) -> tuple[str, object]:
    """Return key and value of ``--set key=value``.

    The value is read as TOML writes it; what TOML cannot read is taken as text, so that names need
    no quotes.

    Raises
    ------
    ValueError
        There is no key, or no ``=``.

    Examples
    --------
    >>> parse_setting("demand.peak_mw=20"), parse_setting("rules.pack=none")
    (('demand.peak_mw', 20), ('rules.pack', 'none'))
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not key or not equals:
        raise ValueError(f"{text!r} is not key=value, for example demand.peak_mw=20")
    try:
        document = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return key, value
    return key, document["value"] if len(document) == 1 else value
