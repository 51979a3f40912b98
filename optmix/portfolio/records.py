"""The answer of a portfolio, as ``portfolio.json`` holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from optmix.schema.origin import legible
from optmix.schema.result import MixSummary

if TYPE_CHECKING:
    from optmix.portfolio.rows import Row
    from optmix.portfolio.task import Delivery

__all__ = [
    "Allocation",
    "LimitOutcome",
    "OneMore",
    "PortfolioResult",
    "SiteOutcome",
    "SiteStatus",
    "Totals",
    "failed_row",
    "outcome_of",
]

SiteStatus = Literal["optimal", "feasible", "infeasible", "no_plan", "failed", "not run"]
"""As of a result; ``failed`` where the input is bad or the solver failed."""

SOLVED = frozenset({"optimal", "feasible"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SiteOutcome(_Part):
    """What became of one row."""

    name: str
    """Name of the row, and of its folder under ``sites``."""
    where: str
    """Where it stands in the input."""
    status: SiteStatus
    """How it ended."""
    problems: tuple[str, ...] = ()
    """Why it failed."""
    exit_code: int = 0
    """What ``optmix solve`` would have ended with."""
    rank: int | None = None
    """Place among the solved sites, cheapest energy first."""
    objective_usd: float | None = None
    """Annual cost."""
    bound_usd: float | None = None
    """No plan costs less."""
    gap: float | None = None
    """Distance of the two, as a share of the cost."""
    lcoe_usd_per_mwh: float | None = None
    """Annual cost per MWh served."""
    mix: MixSummary | None = None
    """What is built."""
    emissions: dict[str, float] = Field(default_factory=dict)
    """Annual emissions in short tons."""
    emissions_unknown: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """As in ``result.json``: built unit types without a figure, by pollutant."""
    has_failure_data: bool | None = None
    """As in ``result.json``: where there is none, that no load is lost says nothing."""
    lole_h: float | None = None
    """Loss of load expectation per year; the middle of its interval."""
    lole_low_h: float | None = None
    """Lower end of its interval."""
    lole_high_h: float | None = None
    """Upper end of its interval."""
    latitude: float | None = None
    """Degrees north."""
    longitude: float | None = None
    """Degrees east."""
    changes: dict[str, str] = Field(default_factory=dict)
    """Fields that the row sets, as text."""
    warnings: tuple[str, ...] = ()
    """What the user should know."""
    seconds: float = 0.0
    """Wall time in the worker."""
    input_sha256: str = ""
    """Hash of the site and its series."""

    @property
    def is_solved(self) -> bool:
        """Whether there is a plan."""
        return self.status in SOLVED


class Totals(_Part):
    """Sums over all solved sites."""

    n_sites: int
    """Rows of the portfolio."""
    n_solved: int
    """Those with a plan."""
    n_failed: int
    """Those without."""
    objective_usd: float
    """Annual cost."""
    bound_usd: float
    """No plans cost less together."""
    units: dict[str, int]
    """Units by type."""
    battery: dict[str, int]
    """Battery modules by product."""
    installed_mw: float
    """Net ISO rating of all thermal units."""
    battery_mw: float
    """Battery power."""
    battery_mwh: float
    """Battery nameplate energy."""
    grid_withdrawal_mw: float
    """Contracted withdrawal."""
    emissions: dict[str, float]
    """Annual emissions in short tons."""
    emissions_unknown: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Unit types that some site builds without a figure, by pollutant."""


class OneMore(_Part):
    """What a little more of a limit is worth: the same search with a larger cap."""

    amount: float
    """How much more, in the unit of the limit."""
    value_usd_per_yr: float
    """By how much the best known total cost falls."""
    low_usd_per_yr: float
    """It falls at least by this."""
    high_usd_per_yr: float
    """It falls at most by this."""
    to: dict[str, float]
    """How much more or less of it each site takes then; sites that take as much are left out."""


class LimitOutcome(_Part):
    """How one shared limit stands."""

    name: str
    """Its name."""
    kind: str
    """What it limits: equipment, battery modules, capital or emissions."""
    unit: str
    """Unit of its amounts."""
    cap: float
    """Most over all sites."""
    used: float
    """What the allocation takes."""
    by_site: dict[str, float]
    """What each site takes."""
    price_usd_per_yr: float
    """Price at which sites would keep within the limit by themselves, for one more unit of it."""
    one_more: OneMore | None = None
    """What more of it is worth, and to whom; none where nobody asked or the search was stopped."""

    @property
    def is_count(self) -> bool:
        """Whether it is taken in whole units."""
        return self.kind in {"equipment", "battery_modules"}


class Allocation(_Part):
    """How what is shared was allotted, and how near that is to the best."""

    status: Literal["optimal", "feasible", "infeasible", "no_plan"]
    """``optimal`` means proven within the gap asked for."""
    objective_usd: float | None
    """Annual cost of all sites together, as their plans under ``sites`` have it."""
    bound_usd: float | None
    """No allocation costs less."""
    gap: float | None
    """Distance of the two, as a share of the cost."""
    gap_target: float
    """Gap that was asked for."""
    limits: tuple[LimitOutcome, ...]
    """How each limit stands."""
    n_solves: int
    """Solves of single sites that this took."""
    n_rounds: int
    """How often cost and bound were compared."""


class PortfolioResult(_Part):
    """Everything that became of a portfolio."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    name: str
    """Name of the portfolio."""
    description: str = ""
    """What it is about."""
    is_complete: bool
    """Whether every row was dealt with."""
    totals: Totals
    """Sums over all solved sites."""
    sites: tuple[SiteOutcome, ...]
    """What became of each row, in the order of the input."""
    shared: Allocation | None = None
    """How what is shared was allotted."""
    seconds: float
    """Wall time of this run."""
    n_resumed: int = 0
    """Sites whose results an earlier run left."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Versions of optmix, Python, Pyomo and the solver."""

    def to_json(self) -> str:
        """Return the text of ``portfolio.json``."""
        return self.model_dump_json(indent=2) + "\n"


def failed_row(row: Row, exit_code: int = 3) -> SiteOutcome:
    """Return the outcome of a row whose site cannot be used."""
    return SiteOutcome(
        name=row.name,
        where=row.where,
        status="failed",
        problems=tuple(str(problem) for problem in row.problems),
        exit_code=exit_code,
        **_place(row),
        changes=_texts(row),
        warnings=row.notes,
    )


def outcome_of(row: Row, delivery: Delivery) -> SiteOutcome:
    """Return the outcome of a row that a worker dealt with."""
    result = delivery.result
    if result is None:
        said = tuple(str(problem) for problem in delivery.problems)
        return failed_row(row, delivery.exit_code).model_copy(
            update={"problems": said or (delivery.failure,), "seconds": delivery.seconds}
        )
    codes = {"infeasible": 4, "no_plan": 5}
    return SiteOutcome(
        name=row.name,
        where=row.where,
        status=result.status,
        problems=() if result.mix is not None else (result.reason,),
        exit_code=codes.get(result.status, 0),
        objective_usd=result.objective_usd,
        bound_usd=result.bound_usd,
        gap=result.gap,
        lcoe_usd_per_mwh=result.lcoe_usd_per_mwh,
        mix=result.mix,
        emissions=result.emissions,
        emissions_unknown=result.emissions_unknown,
        has_failure_data=result.reliability.has_failure_data,
        lole_h=result.reliability.lole_h,
        lole_low_h=result.reliability.lole_low_h,
        lole_high_h=result.reliability.lole_high_h,
        **_place(row),
        changes=_texts(row),
        warnings=(*row.notes, *result.warnings),
        seconds=delivery.seconds,
        input_sha256=result.input_sha256,
    )


def _place(row: Row) -> dict[str, float]:
    place = row.site.site if row.site is not None else None
    return {} if place is None else {"latitude": place.latitude, "longitude": place.longitude}


def _texts(row: Row) -> dict[str, str]:
    return {legible(key): legible(str(value)) for key, value in row.changes.items()}
