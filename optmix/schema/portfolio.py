"""The file ``portfolio.toml``: many sites, variations of them, and equipment that they share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from optmix.schema.base import Count, FileName, Name, NonNegative, Positive, Record, Signed
from optmix.schema.operation import Pollutant
from optmix.schema.targets import SOLVER_PATTERN
from optmix.schema.technology import ThermalKind

__all__ = ["Portfolio", "PortfolioSolve", "Shared", "SharedEquipment", "SiteEntry", "Sweep"]

Reference = Annotated[str, Field(min_length=1, max_length=1000)]
"""A site: its file, its folder, or ``@family/name``."""


class SiteEntry(Record):
    """The table ``[[site]]``: one site."""

    path: Reference | None = None
    """Site file or folder, from the folder of the portfolio; by default the ``base``."""
    name: Name | None = None
    """Name in this portfolio; by default that of the site."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Fields to set, by dotted key."""


class Range(Record):
    """Evenly spaced numbers."""

    first: Signed
    """The first number."""
    last: Signed
    """No number is larger."""
    step: Positive
    """Distance from one number to the next."""


class Sweep(Record):
    """The table ``[sweep]``: every site in several variations."""

    combine: Literal["full", "listed"] = "full"
    """``full`` takes every combination of values, ``listed`` the first ones together, and so on."""
    over: dict[str, Range | Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(min_length=1)
    """Values by dotted key: a list, or a range."""


class SharedEquipment(Record):
    """The table ``[[shared.equipment]]``: how many units all sites together can get."""

    name: Name
    """Name of this limit in tables."""
    technology: tuple[Name, ...] = ()
    """Catalog ids, of units or batteries."""
    family: ThermalKind | None = None
    """Class of machine."""
    vendor: str | None = Field(default=None, min_length=1, max_length=200)
    """Manufacturer."""
    n_max: Count
    """Most units over all sites."""


class Shared(Record):
    """The table ``[shared]``: what all sites together may have."""

    gap: Annotated[float, Field(gt=0, lt=1, strict=True)] = 0.005
    """Relative gap of the cost of all sites together."""
    equipment: tuple[SharedEquipment, ...] = ()
    """Units of a technology, a class of machine or a manufacturer."""
    battery_modules_max: Count | None = None
    """Most battery modules of all products."""
    capex_max_usd: Annotated[float, Field(ge=0, le=1e13, strict=True)] | None = None
    """Most capital."""
    emissions_max_tpy: dict[Pollutant, NonNegative] = Field(default_factory=dict)
    """Most emissions of each pollutant, short tons per year."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shared."""
        limits = (self.battery_modules_max, self.capex_max_usd)
        return not (self.equipment or self.emissions_max_tpy or any(x is not None for x in limits))


class PortfolioSolve(Record):
    """The table ``[solve]``: how each site is solved, where its own file does not count."""

    gap: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    """Relative optimality gap of each site."""
    time_limit_s: Positive | None = None
    """Wall time of one site."""
    method: Literal["auto", "monolithic", "decomposition"] | None = None
    """How each site is solved."""
    solver: Annotated[str, Field(max_length=80, pattern=SOLVER_PATTERN)] | None = None
    """Solver, or solver and profile."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)] | None = None
    """Seed of the solver."""


class Portfolio(Record):
    """A complete portfolio."""

    schema_version: Literal[1]
    """Version of this format."""
    name: Name = "portfolio"
    """Name of the portfolio."""
    description: str = Field(default="", max_length=2000)
    """What it is about, in a sentence or two."""
    base: Reference | None = None
    """Site that rows of the table, and sites without a path, start from."""
    table: FileName | None = None
    """A CSV or Parquet file with one site a row; its columns are dotted keys."""
    site: tuple[SiteEntry, ...] = ()
    """Sites one by one."""
    sweep: Sweep | None = None
    """Variations of every site."""
    shared: Shared = Shared()
    """What the sites share."""
    solve: PortfolioSolve = PortfolioSolve()
    """Solver options."""
