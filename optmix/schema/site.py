"""The instance: one site, exactly what its user wrote with every default made visible."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from optmix.schema.base import Count, Flag, Label, Name, NonNegative, Price, Record
from optmix.schema.demand import Demand
from optmix.schema.events import Events
from optmix.schema.grid import Grid
from optmix.schema.operation import Emissions, Maintenance, Security
from optmix.schema.origin import Origin
from optmix.schema.series import SeriesRef
from optmix.schema.surroundings import Fuel, FuelPrice, FuelStock, Place, Time, Weather
from optmix.schema.targets import Reliability, Rules, SolveOptions
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

__all__ = ["SCHEMA_VERSION", "BatteryChoice", "OperatingYear", "Site", "UnitChoice"]

SCHEMA_VERSION = 1


def _technology(validated: dict[str, Any]) -> str:
    """Return the default name of a choice: that of its technology."""
    name: str = validated["technology"]
    return name


class UnitChoice(ThermalTechnology):
    """The table ``[[unit]]``: how many units of a technology may be built.

    Any figure of the catalog may be overridden here.
    """

    technology: Name = "custom"
    """Catalog id; ``custom`` where every figure is given here."""
    name: Name = Field(default_factory=_technology)
    """Name of this choice in mixes and tables; by default the catalog id."""
    model: Label = ""
    """Model as sold."""
    n_min: Count = 0
    """Fewest units."""
    n_max: Count
    """Most units."""
    scarcity_usd_per_yr: NonNegative = 0.0
    """Yearly price of one unit beyond its own cost, where units are scarce; part of unit capital
    in the costs of the plan."""
    emission_controls: Flag | None = None
    """Whether these units carry SCR and oxidation catalyst; by default as ``[site]`` says."""


class BatteryChoice(BatteryTechnology):
    """The table ``[[battery]]``: how many modules of a product may be built."""

    technology: Name = "custom"
    """Catalog id; ``custom`` where every figure is given here."""
    name: Name = Field(default_factory=_technology)
    """Name of this choice in mixes and tables; by default the catalog id."""
    model: Label = ""
    """Product as sold."""
    n_min: Count = 0
    """Fewest modules."""
    n_max: Count
    """Most modules."""
    scarcity_usd_per_yr: NonNegative = 0.0
    """Yearly price of one module beyond its own cost, where modules are scarce; part of battery
    capital in the costs of the plan."""


class OperatingYear(Record):
    """One chronological year of operation, with its probability.

    What is not given here is taken from the site.
    """

    name: Name
    """Name of the year, for example ``typical`` or ``uri``."""
    probability: Annotated[float, Field(gt=0, le=1, strict=True)]
    """Weight of its operating cost; the weights of all years add up to 1."""
    time: Time | None = None
    """Steps of this year; ``step_h`` is the same in every year."""
    demand: Demand | None = None
    """Demand of this year; flexible tiers and value of lost load stay those of the site."""
    weather: Weather | None = None
    """Weather of this year."""
    fuel_price_usd_per_mmbtu: FuelPrice | None = None
    """Hub price of gas in this year."""
    energy_price: Price | SeriesRef | None = None
    """Energy price of the tie in this year, USD/MWh."""
    export_price: Price | SeriesRef | None = None
    """Price paid for exported energy in this year, USD/MWh."""
    grid_availability: SeriesRef | None = None
    """Share of the tie available in each step of this year, 0 to 1."""
    events: Events | None = None
    """Hours of scarcity in this year."""


class Site(Record):
    """A complete instance."""

    schema_version: Literal[1]
    """Version of this format."""
    name: Name
    """Name of the site."""
    description: Annotated[str, Field(max_length=2000)] = ""
    """What it is about."""
    site: Place
    """Place and finance."""
    time: Time = Time()
    """Steps of the horizon."""
    demand: Demand
    """Demand."""
    weather: Weather = Weather()
    """Ambient temperature."""
    fuel: Fuel = Fuel()
    """Natural gas by pipeline."""
    fuel_stock: tuple[FuelStock, ...] = ()
    """Fuel stored on site."""
    unit: tuple[UnitChoice, ...] = ()
    """Thermal units on offer."""
    battery: tuple[BatteryChoice, ...] = ()
    """Battery products on offer."""
    grid: Grid | None = None
    """Grid tie; none for an islanded site."""
    security: Security = Security()
    """Operating reserve."""
    maintenance: Maintenance = Maintenance()
    """Planned maintenance."""
    emissions: Emissions = Emissions()
    """Emission caps and prices."""
    operating_year: tuple[OperatingYear, ...] = Field(default=(), max_length=20)
    """Operating years; a single one with probability 1 unless given."""
    reliability: Reliability = Reliability()
    """Reliability target."""
    events: Events | None = None
    """Hours of scarcity that rules speak of."""
    rules: Rules = Rules()
    """Rule pack."""
    solve: SolveOptions = SolveOptions()
    """Solver options."""

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def origin(self) -> Origin:
        """Where this site came from, for error messages and for finding its series."""
        return self._origin

    def with_origin(self, origin: Origin) -> Site:
        """Return the same site with another provenance."""
        site = self.model_copy()
        site._origin = origin  # noqa: SLF001 - pydantic keeps provenance out of the data this way
        return site
