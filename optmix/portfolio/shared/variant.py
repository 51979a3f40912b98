"""A site under prices of what is shared, or within a given share of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.portfolio.shared.limits import Share
    from optmix.schema.result import MixSummary
    from optmix.schema.site import Site

__all__ = ["can_hold", "priced", "with_mix", "within"]


def priced(site: Site, shares: Sequence[Share], prices: Sequence[float]) -> Site:
    """Return a site that pays for what is shared.

    Parameters
    ----------
    site
        The site.
    shares
        What it may take.
    prices
        Price of one more of each limit, USD per year.
    """
    changed = _Changed(site)
    for share in shares:
        price = share.price(prices)
        if price <= 0:
            continue
        if share.is_count:
            choice = changed.choice(share)
            changed.on_choice(share, scarcity_usd_per_yr=choice.scarcity_usd_per_yr + price)
        elif share.kind == "capital":
            charge = site.site.capital_scarcity_frac_per_yr + price
            changed.on_place(capital_scarcity_frac_per_yr=charge)
        else:
            limit = getattr(site.emissions, share.name)
            changed.on_emissions(share.name, price_usd_per_ton=limit.price_usd_per_ton + price)
    return changed.site


def within(site: Site, shares: Sequence[Share], amounts: Sequence[float]) -> Site:
    """Return a site that may take no more than given amounts of what is shared.

    What it cannot be held to is left out: a site has no limit on its capital, and only one on each
    pollutant, so not one on actual emissions where those that are possible are limited.
    """
    changed = _Changed(site)
    for share, amount in zip(shares, amounts, strict=True):
        if share.is_count:
            least = changed.choice(share).n_min
            changed.on_choice(share, n_max=max(least, math.floor(amount + 1e-6)))
        elif share.kind == "emissions":
            cap_tpy = getattr(site.emissions, share.name).cap_tpy
            own = math.inf if cap_tpy is None else cap_tpy
            if can_hold(site, share) and amount < own:
                changed.on_emissions(share.name, cap_tpy=max(amount, 0.0))
    return changed.site


def can_hold(site: Site, share: Share) -> bool:
    """Return whether a site can be held to an amount of a share."""
    if share.kind == "emissions":
        basis: str = getattr(site.emissions, share.name).basis
        return basis == "actual"
    return share.is_count


def with_mix(site: Site, mix: MixSummary) -> Site:
    """Return a site that builds exactly a given mix."""
    changed = {
        table: tuple(
            item.model_copy(update=dict.fromkeys(("n_min", "n_max"), counts.get(item.name, 0)))
            for item in getattr(site, table)
        )
        for table, counts in (("unit", mix.units), ("battery", mix.battery))
    }
    grid = site.grid
    if grid is not None:
        most = mix.grid_withdrawal_mw
        least = min(grid.withdrawal_min_mw, most)
        grid = grid.model_copy(update={"withdrawal_max_mw": most, "withdrawal_min_mw": least})
    return site.model_copy(update={**changed, "grid": grid})


class _Changed:
    """A site of which single figures are changed."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def choice(self, share: Share) -> Any:
        """Return the choice that a share is of."""
        return next(item for item in getattr(self.site, share.kind) if item.name == share.name)

    def on_choice(self, share: Share, **figures: object) -> None:
        """Change figures of a choice."""
        items = tuple(
            item.model_copy(update=figures) if item.name == share.name else item
            for item in getattr(self.site, share.kind)
        )
        self.site = self.site.model_copy(update={share.kind: items})

    def on_place(self, **figures: object) -> None:
        """Change figures of the place."""
        place = self.site.site.model_copy(update=figures)
        self.site = self.site.model_copy(update={"site": place})

    def on_emissions(self, pollutant: str, **figures: object) -> None:
        """Change figures of a pollutant."""
        limit = getattr(self.site.emissions, pollutant).model_copy(update=figures)
        emissions = self.site.emissions.model_copy(update={pollutant: limit})
        self.site = self.site.model_copy(update={"emissions": emissions})
