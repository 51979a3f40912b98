"""Generated instances: of any size, and the same on every machine for a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CAMPUS", "campus_changes", "commitment_program"]

CAMPUS = "@texas/islanded-300mw"
"""The site that members of the family ``campus`` are made from."""

N_OFFERED = 3
PEAK_WEEK = "2030-08-05"
UNITS = (
    ("w18v50sg", 30), ("titan-350", 20), ("g3520k", 220), ("lm2500-g4", 22), ("j624", 130),
    ("tm2500", 24), ("w20v34sg", 58), ("j620", 170), ("sgt-800", 14), ("titan-250", 33),
)  # fmt: skip
"""Technologies, and the most units of each: about 1.8 times the peak of the campus."""

HOURS_PER_YEAR = 8760
HOURS_PER_MONTH = 672

N_TYPES = 4


def campus_changes(size_h: int, seed: int) -> dict[str, Any]:
    """Return the fields that make a campus of some hours: other units and another gas price.

    Short horizons hold the heat wave of August; a year starts with January.

    Units
    -----
    ``size_h``: hours.
    """
    rng = np.random.default_rng(seed)
    offered = sorted(rng.choice(len(UNITS), size=N_OFFERED, replace=False).tolist())
    changes: dict[str, Any] = {
        "unit": [{"technology": UNITS[k][0], "n_max": UNITS[k][1]} for k in offered],
        "fuel.price_usd_per_mmbtu": round(float(rng.uniform(2.0, 6.0)), 2),
        "time.hours": float(size_h),
    }
    if size_h < HOURS_PER_YEAR:
        changes["time.start"] = PEAK_WEEK
    if size_h < HOURS_PER_MONTH:
        changes["maintenance.mode"] = "none"
    return changes | {"maintenance.blackout_weeks": []}


def commitment_program(size_h: int, seed: int) -> LinearProgram:
    """Return a sizing with unit commitment: whole units of four types for a load of some hours.

    Columns are sizes, then by type and hour: units online, output, units started.

    Units
    -----
    ``size_h``: hours. Cost in thousand USD.

    Examples
    --------
    >>> program = commitment_program(24, seed=1)
    >>> program.n_columns, int(program.is_integer.sum())
    (292, 100)
    """
    from scipy.sparse import coo_array

    rng = np.random.default_rng(seed)
    hours = np.arange(size_h)
    load_mw = 40.0 + 15.0 * np.sin(2 * np.pi * hours / 24.0) + rng.uniform(-4.0, 4.0, size_h)
    rating_mw = rng.uniform(2.0, 12.0, N_TYPES)
    least_mw = rating_mw * rng.uniform(0.3, 0.6, N_TYPES)
    most_units = np.ceil(1.5 * load_mw.max() / rating_mw)
    # A dear unit burns less: otherwise one type would be best in every hour.
    capital = rating_mw * np.sort(rng.uniform(0.3, 0.6, N_TYPES)) * size_h / 24.0
    energy = np.sort(rng.uniform(0.02, 0.06, N_TYPES))[::-1]
    idle, start = 0.01 * rating_mw, 0.05 * rating_mw
    rows = list(_rows(size_h, rating_mw, least_mw, load_mw))
    entries = [(row, col, value) for row, (cells, _, _) in enumerate(rows) for col, value in cells]
    row, col, value = zip(*entries, strict=True)
    n_columns = N_TYPES * (1 + 3 * size_h)
    online, output, started = (np.repeat(part, size_h) for part in (idle, energy, start))
    units = np.repeat(most_units, size_h)
    return LinearProgram.from_matrix(
        np.concatenate([capital, online, output, started]),
        coo_array((value, (row, col)), shape=(len(rows), n_columns)),
        row_bounds=([lower for _, lower, _ in rows], [upper for _, _, upper in rows]),
        col_bounds=(0.0, np.concatenate([most_units, units, units * rating_mw.max(), units])),
        is_integer=np.arange(n_columns) < N_TYPES * (1 + size_h),
    )


Row = tuple[list[tuple[int, float]], float, float]


def _rows(size_h: int, rating_mw: Any, least_mw: Any, load_mw: Any) -> Iterator[Row]:
    """Yield cells, lower and upper side of each row."""

    def column(block: int, g: int, t: int) -> int:
        return N_TYPES + (block * N_TYPES + g) * size_h + t % size_h

    for g in range(N_TYPES):
        for t in range(size_h):
            online, output, started = (column(block, g, t) for block in range(3))
            yield [(online, 1.0), (g, -1.0)], -np.inf, 0.0
            yield [(output, 1.0), (online, -rating_mw[g])], -np.inf, 0.0
            yield [(output, 1.0), (online, -least_mw[g])], 0.0, np.inf
            yield [(started, 1.0), (online, -1.0), (column(0, g, t - 1), 1.0)], 0.0, np.inf
    for t in range(size_h):
        cells = [(column(1, g, t), 1.0) for g in range(N_TYPES)]
        yield cells, float(load_mw[t]), float(load_mw[t])
