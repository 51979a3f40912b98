"""What the plan is held to beyond physics: reliability, rules, and how the solve is run."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict

from optmix.schema.base import LARGEST, Count, Fraction, Name, NonNegative, Positive, Record

__all__ = [
    "RULE_ID_PATTERN",
    "SOLVER_PATTERN",
    "CommonCauseTable",
    "OutageTemperature",
    "Parameter",
    "Reliability",
    "Rules",
    "SolveOptions",
]


OutageTemperature = Literal["none", "murphy-2019"]
"""How forced outages depend on ambient temperature."""


class CommonCauseTable(Record):
    """The table ``[[reliability.common_cause]]``: what takes all units of several types at once."""

    name: Name
    """What fails, for example ``gas supply``."""
    outages_per_year: Annotated[NonNegative, Field(le=8760)]
    """How often, per calendar year."""
    mean_h: Annotated[Positive, Field(le=8760)]
    """Mean duration."""
    affects: tuple[Name, ...] = Field(min_length=1)
    """Names of unit types and battery products lost meanwhile; ``grid`` is the tie."""


class Reliability(Record):
    """Reliability target of the fleet, and what can fail besides single units."""

    target: Literal["none", "nines", "lole", "eue"] = "none"
    """Which of the figures below is the target."""
    availability: Annotated[float, Field(gt=0, lt=1, strict=True)] | None = None
    """Share of time without loss of load, for ``nines``."""
    lole_h_per_yr: Positive | None = Field(default=None, le=8760)
    """Loss of load expectation, for ``lole``."""
    eue_mwh_per_yr: Positive | None = None
    """Expected unserved energy, for ``eue``."""
    eue_ppm: Positive | None = Field(default=None, le=1e6)
    """Expected unserved energy in millionths of demand, for ``eue``."""
    n_plus: Annotated[Count, Field(le=20)] = 0
    """Deterministic redundancy reported beside the target: the k largest units out at peak."""
    accuracy_frac: Annotated[float, Field(ge=1e-6, le=0.5, strict=True)] = 0.01
    """Relative width of an interval that is narrow enough where an exact answer takes long."""
    common_cause: tuple[CommonCauseTable, ...] = Field(default=(), max_length=12)
    """What takes all units of several types at once."""
    beta_frac: Annotated[Fraction, Field(lt=1)] = 0.0
    """Share of the forced outages of each unit type that take all of its units at once."""
    outage_temperature: OutageTemperature = "none"
    """Whether heat and cold make forced outages likelier, by the curve of the kind of machine."""
    standby: tuple[Name, ...] | None = None
    """Unit types that stand still until called, and may fail to start; by default those of kind
    ``diesel-standby``."""


Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST, strict=True)]
Text = Annotated[str, Field(max_length=1000)]
Date = Annotated[dt.date, Strict()]

Number = Annotated[float, Field(strict=True, allow_inf_nan=True)]
"""A number of a parameter: that it is finite is left to the rule, which knows what is allowed."""

Parameter = (
    bool | Whole | Number | Text | Date | tuple[Whole, ...] | tuple[Number, ...] | tuple[Text, ...]
)
"""Value of a parameter of a rule, which the rule itself checks."""

RULE_ID_PATTERN = r"[.-]"
"""What sets the id of a rule apart from the other keys of ``[rules]``: a dot or a hyphen."""

SOLVER_PATTERN = r"^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$"
"""Name of a solver, and of one of its profiles."""


class Rules(Record):
    """The rule pack in force; other keys are rule ids with parameters."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Parameter]]

    pack: Name = "none"
    """Name of a dated rule pack, as ``optmix list rules`` tells; other packages may bring more."""


class SolveOptions(Record):
    """How the site is solved, where the command line does not say otherwise."""

    gap: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    """Relative optimality gap to stop at; by default that of the solver profile."""
    time_limit_s: Positive | None = None
    """Wall time after which the best plan so far is returned."""
    method: Literal["auto", "monolithic", "decomposition"] = "auto"
    """``decomposition`` cuts time into windows, ``monolithic`` does not; ``auto`` takes the former
    with HiGHS, but for sites of a few days or of a single type of unit."""
    solver: str = Field(default="highs:default", max_length=80, pattern=SOLVER_PATTERN)
    """Solver, or solver and profile."""
    workers: Count | None = Field(default=None, ge=1)
    """Processes of the decomposition; by default one on each core."""
    threads: Count | None = Field(default=None, ge=1)
    """Threads of one solver run; by default left to the solver."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1, strict=True)
    """Seed of the solver."""
