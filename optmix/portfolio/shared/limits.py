"""What is shared, and how much of it a site takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optmix.data.capital import mix_capital_usd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.schema.portfolio import Shared, SharedEquipment
    from optmix.schema.result import MixSummary
    from optmix.schema.site import BatteryChoice, Site, UnitChoice

__all__ = ["Limit", "LimitKind", "Share", "limits_of", "shares_of", "taken"]

LimitKind = Literal["equipment", "battery_modules", "capital", "emissions"]

MOST_TPY = 1e9
MOST_USD = 1e13
"""More than any site emits or spends."""


@dataclass(frozen=True)
class Limit:
    """One thing that is shared.

    Attributes
    ----------
    name
        What it is called; the pollutant where it is emissions.
    kind
        What it limits.
    cap
        Most over all sites.
    unit
        Unit of the cap.
    equipment
        Which units count, where it limits equipment.
    """

    name: str
    kind: LimitKind
    cap: float
    unit: str
    equipment: SharedEquipment | None = None

    @property
    def is_count(self) -> bool:
        """Whether it is taken in whole units."""
        return self.kind in {"equipment", "battery_modules"}

    @property
    def step(self) -> float:
        """How much more of it is looked at, for what more of it is worth."""
        return 1.0 if self.is_count else max(0.01 * self.cap, 1e-6)

    def counts(self, choice: UnitChoice | BatteryChoice) -> bool:
        """Return whether units of a choice count."""
        if self.kind == "battery_modules":
            return choice.kind == "battery"
        wanted = self.equipment
        if wanted is None:
            return False
        return (
            (not wanted.technology or choice.technology in wanted.technology)
            and (wanted.family is None or choice.kind == wanted.family)
            and (wanted.vendor is None or choice.vendor.casefold() == wanted.vendor.casefold())
        )


@dataclass(frozen=True)
class Share:
    """One thing that a site may take of what is shared: units of one choice, capital, emissions.

    Attributes
    ----------
    name
        Choice of the site, or the limit.
    kind
        ``unit`` or ``battery`` for a choice.
    limits
        Places of the limits that it counts towards.
    least, most
        What the site may take.
    """

    name: str
    kind: Literal["unit", "battery", "capital", "emissions"]
    limits: tuple[int, ...]
    least: float
    most: float

    @property
    def is_count(self) -> bool:
        """Whether it is taken in whole units."""
        return self.kind in {"unit", "battery"}

    def price(self, prices: Sequence[float]) -> float:
        """Return what one more of it costs at prices of the limits."""
        return sum(prices[place] for place in self.limits)


def limits_of(shared: Shared) -> tuple[Limit, ...]:
    """Return everything that is shared."""
    return tuple(_limits(shared))


def _limits(shared: Shared) -> Iterator[Limit]:
    for item in shared.equipment:
        yield Limit(item.name, "equipment", item.n_max, "units", item)
    if shared.battery_modules_max is not None:
        most = shared.battery_modules_max
        yield Limit("battery modules", "battery_modules", most, "modules")
    if shared.capex_max_usd is not None:
        yield Limit("capital", "capital", shared.capex_max_usd, "USD")
    for pollutant, cap_tpy in shared.emissions_max_tpy.items():
        yield Limit(pollutant, "emissions", cap_tpy, "short ton/yr")


def shares_of(site: Site, limits: Sequence[Limit]) -> tuple[Share, ...]:
    """Return what a site may take of what is shared."""
    return tuple(_shares(site, limits))


def _shares(site: Site, limits: Sequence[Limit]) -> Iterator[Share]:
    tables: tuple[tuple[Literal["unit", "battery"], Sequence[UnitChoice | BatteryChoice]], ...]
    tables = (("unit", site.unit), ("battery", site.battery))
    for kind, choices in tables:
        for choice in choices:
            places = tuple(r for r, limit in enumerate(limits) if limit.counts(choice))
            if places:
                yield Share(choice.name, kind, places, choice.n_min, choice.n_max)
    for place, limit in enumerate(limits):
        if limit.kind == "capital":
            yield Share(limit.name, "capital", (place,), 0.0, MOST_USD)
        elif limit.kind == "emissions":
            yield Share(limit.name, "emissions", (place,), 0.0, MOST_TPY)


def taken(
    site: Site, shares: Sequence[Share], mix: MixSummary, emissions_tpy: dict[str, float]
) -> tuple[float, ...]:
    """Return how much a plan takes of each share."""
    amounts = []
    for share in shares:
        if share.kind == "unit":
            amounts.append(float(mix.units.get(share.name, 0)))
        elif share.kind == "battery":
            amounts.append(float(mix.battery.get(share.name, 0)))
        elif share.kind == "capital":
            amounts.append(mix_capital_usd(site, mix))
        else:
            amounts.append(emissions_tpy.get(f"{share.name}_tpy", 0.0))
    return tuple(amounts)
