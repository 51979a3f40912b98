"""What the methods are compared on: horizons of several lengths, and choices of unit types.

Every one is a shipped site with fields set, as `--set` of the command line does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from optmix.data.build import build_case
from optmix.schema.load import load_site

YEAR = "@texas/islanded-300mw"
THREE_YEARS = "@texas/islanded-300mw-3yr"
HORIZONS = ("1", "4", "13", "52", "3yr")
COUNTS = (2, 3, 4, 5, 6, 8, 10, 12)
NINES = (1, 2, 3, 4, 5)
PORTFOLIOS = (1, 2, 4, 8)
MOST_NINES = 7
FULL_YEARS = (YEAR, "@texas/grid-300mw", "@texas/islanded-1gw")

HOURS_PER_WEEK = 168
WEEKS_PER_YEAR = 52

FIRST_DAY = "2030-08-05"
"""Parts of a year begin as the fortnights do, so that each has the heat wave in it."""

UNIT_TYPES = (
    ("w18v50sg", 30), ("titan-350", 20), ("g3520k", 220), ("lm2500-g4", 22), ("j624", 130),
    ("tm2500", 24), ("w20v34sg", 58), ("j620", 170), ("sgt-800", 14), ("titan-250", 33),
    ("lm6000-pf", 15), ("w20v31sg", 48),
)  # fmt: skip
"""Technologies and the most units of each, about 1.8 times the peak; a choice of n is the first n.

The first five are those of the site as it ships, and the first two are of different kind.
"""


@dataclass(frozen=True)
class Subject:
    """A site to solve: a shipped one, and fields to set.

    Attributes
    ----------
    site
        Path of the site.
    changes
        New values by dotted key.
    extent
        What of its size the site does not tell: the nines of its target, the sites beside it.
    """

    site: str
    changes: dict[str, Any] = field(default_factory=dict)
    extent: dict[str, int] = field(default_factory=dict)

    def size(self) -> dict[str, Any]:
        """Return hours of operation, all years together, types of unit on offer, and the rest."""
        site = load_site(self.site, self.changes)
        axis = build_case(site).axis
        hours = axis.n_steps * axis.step_h
        return {"hours": hours, "unit_types": len(site.unit), **self.extent}


def horizon(name: str) -> Subject:
    """Return the islanded campus over a number of weeks, or over three years (`3yr`).

    52 weeks are the whole year of 8,760 h. Weeks closed to maintenance are counted from the first
    day, so in a part of the year they would be others; there are none in it.
    """
    if name == "3yr":
        return Subject(THREE_YEARS)
    weeks = int(name)
    if not 1 <= weeks <= WEEKS_PER_YEAR:
        raise ValueError(f"a horizon has 1 to {WEEKS_PER_YEAR} weeks, or is 3yr; not {name}")
    if weeks == WEEKS_PER_YEAR:
        return Subject(YEAR)
    changes = {
        "time.start": FIRST_DAY,
        "time.hours": float(weeks * HOURS_PER_WEEK),
        "maintenance.blackout_weeks": [],
    }
    return Subject(YEAR, changes)


def choice(count: int, weeks: str) -> Subject:
    """Return the same campus with that many types of unit on offer."""
    if not 1 <= count <= len(UNIT_TYPES):
        raise ValueError(f"there are 1 to {len(UNIT_TYPES)} types of unit to choose, not {count}")
    base = horizon(weeks)
    offered = [{"technology": name, "n_max": n_max} for name, n_max in UNIT_TYPES[:count]]
    return Subject(base.site, {**base.changes, "unit": offered})


def target(nines: int, weeks: str) -> Subject:
    """Return the same campus with a target of so many nines of availability."""
    if not 1 <= nines <= MOST_NINES:
        raise ValueError(f"there are 1 to {MOST_NINES} nines, not {nines}")
    base = horizon(weeks)
    asked = {
        "reliability.target": "nines",
        "reliability.availability": round(1.0 - 10.0**-nines, nines),
    }
    return Subject(base.site, {**base.changes, **asked}, {"nines": nines})


def several(count: int, weeks: str) -> Subject:
    """Return so many campuses in one portfolio; each has its own gas price."""
    if count < 1:
        raise ValueError(f"a portfolio has at least one site, not {count}")
    base = horizon(weeks)
    return Subject(base.site, base.changes, {"sites": count})
