"""The place of the site against what is known of places."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.data.climates import CLIMATES
from optmix.data.screens.finding import suspicious

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["screen_place"]

HIGHEST_M, LOWEST_M = 4000.0, -100.0
NEAR_DEG = 1.5
ODD_HEIGHT_M = 400.0
"""Texas rises by less than this within 150 km of a station, mountains aside."""

ATLANTIC = -30.0
"""The meridian that parts the Americas from the rest."""


def screen_place(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find a longitude of the wrong sign, and an altitude in feet or left out."""
    del case
    place = site.site
    where = site.origin.where("site", "longitude")
    is_american = place.timezone.startswith(("America/", "US/"))
    if is_american and place.longitude > ATLANTIC:
        yield suspicious(
            f"longitude {place.longitude:g} is not in the Americas, timezone {place.timezone} is",
            where,
            "degrees west are negative",
        )
    elif (
        place.timezone.startswith(("Asia/", "Australia/", "Europe/")) and place.longitude < ATLANTIC
    ):
        yield suspicious(
            f"longitude {place.longitude:g} is far west, timezone {place.timezone} is not", where
        )
    yield from _altitude(site)


def _altitude(site: Site) -> Iterator[ScreenFinding]:
    place = site.site
    where = site.origin.where("site", "altitude_m")
    if not LOWEST_M <= place.altitude_m <= HIGHEST_M:
        yield suspicious(f"altitude_m is {place.altitude_m:,.0f}", where, "metres, not feet")
        return
    away, name = min(
        (math.hypot(c.latitude - place.latitude, c.longitude - place.longitude), name)
        for name, c in CLIMATES.items()
    )
    known_m = CLIMATES[name].altitude_m
    if away < NEAR_DEG and abs(known_m - place.altitude_m) > ODD_HEIGHT_M:
        yield suspicious(
            f"altitude_m is {place.altitude_m:,.0f}, but {name} nearby is {known_m:,.0f} m high",
            where,
            "metres, not feet; units are derated by altitude",
        )
