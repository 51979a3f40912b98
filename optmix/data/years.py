"""The operating years of a site: what each has of its own, and what it takes from the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from optmix.schema.series import SeriesRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.schema.demand import Demand
    from optmix.schema.events import Events
    from optmix.schema.grid import Grid
    from optmix.schema.origin import Location
    from optmix.schema.site import OperatingYear, Site
    from optmix.schema.surroundings import FuelPrice, Time, Weather

__all__ = ["Found", "YearInput", "year_inputs"]

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A field of the site and where it stands there."""

    value: T
    location: Location


@dataclass(frozen=True)
class YearInput:
    """Everything that may differ between operating years, for one of them.

    Prices and availability of the tie mean nothing where the site has none.
    """

    name: str
    probability: float
    time: Found[Time]
    demand: Found[Demand]
    weather: Found[Weather]
    gas_price: Found[FuelPrice]
    import_price: Found[float | SeriesRef]
    export_price: Found[float | SeriesRef]
    availability: Found[SeriesRef | None]
    events: Found[Events | None]

    def series(self) -> Iterator[tuple[SeriesRef, Location]]:
        """Return every series beside demand, and where it stands in the site."""
        weather = self.weather.value.series
        if weather is not None:
            yield weather, (*self.weather.location, "series")
        for found in (self.gas_price, self.import_price, self.export_price, self.availability):
            if isinstance(found.value, SeriesRef):
                yield found.value, found.location
        yield from self.event_series().values()

    def event_series(self) -> dict[str, tuple[SeriesRef, Location]]:
        """Return the series of each kind of event, and where it stands in the site."""
        events, at = self.events.value, self.events.location
        if events is None:
            return {}
        named = {kind: getattr(events, kind) for kind in type(events).model_fields}
        return {kind: (ref, (*at, kind)) for kind, ref in named.items() if ref is not None}


def year_inputs(site: Site) -> tuple[YearInput, ...]:
    """Return the operating years of a site; one of probability 1 where it names none."""
    if not site.operating_year:
        return (_from_site(site),)
    shared = _from_site(site)
    return tuple(_own(year, index, shared) for index, year in enumerate(site.operating_year))


def _from_site(site: Site) -> YearInput:
    grid: Grid | None = site.grid
    return YearInput(
        name="year",
        probability=1.0,
        time=Found(site.time, ("time",)),
        demand=Found(site.demand, ("demand",)),
        weather=Found(site.weather, ("weather",)),
        gas_price=Found(site.fuel.price_usd_per_mmbtu, ("fuel", "price_usd_per_mmbtu")),
        import_price=Found(grid.energy_price if grid else 0.0, ("grid", "energy_price")),
        export_price=Found(grid.export_price if grid else 0.0, ("grid", "export_price")),
        availability=Found(grid.availability if grid else None, ("grid", "availability")),
        events=Found(site.events, ("events",)),
    )


def _own(year: OperatingYear, index: int, shared: YearInput) -> YearInput:
    def own(value: T | None, field: str, otherwise: Found[T]) -> Found[T]:
        if value is None:
            return otherwise
        return Found(value, ("operating_year", index, field))

    availability: Found[SeriesRef | None] = shared.availability
    if year.grid_availability is not None:
        place: Location = ("operating_year", index, "grid_availability")
        availability = Found(year.grid_availability, place)
    return YearInput(
        name=year.name,
        probability=year.probability,
        time=own(year.time, "time", shared.time),
        demand=own(year.demand, "demand", shared.demand),
        weather=own(year.weather, "weather", shared.weather),
        gas_price=own(year.fuel_price_usd_per_mmbtu, "fuel_price_usd_per_mmbtu", shared.gas_price),
        import_price=own(year.energy_price, "energy_price", shared.import_price),
        export_price=own(year.export_price, "export_price", shared.export_price),
        availability=availability,
        events=Found(year.events, ("operating_year", index, "events"))
        if year.events is not None
        else shared.events,
    )
