"""What the plan is held to beyond physics: reliability, rules, and how the solve is run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from optmix.schema.base import LARGEST, Count, Positive, Record, Signed

__all__ = ["SOLVER_PATTERN", "Reliability", "RulePack", "Rules", "SolveOptions"]


class Reliability(Record):
    """Reliability target of the fleet."""

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


Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST, strict=True)]
Text = Annotated[str, Field(max_length=1000)]

Parameter = bool | Whole | Signed | Text | tuple[Signed, ...] | tuple[Text, ...]
"""Value of a parameter of a rule, which the rule itself checks."""

RulePack = Literal["none", "tx-2026-10", "tx-2026-03-proposed"]
"""Dated rule packs; a later order of the regulator is a new pack."""

SOLVER_PATTERN = r"^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$"
"""Name of a solver, and of one of its profiles."""


class Rules(Record):
    """The rule pack in force; other keys are rule ids with parameters."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Parameter]]

    pack: RulePack = "none"
    """Name of a dated rule pack."""


class SolveOptions(Record):
    """How the site is solved, where the command line does not say otherwise."""

    gap: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    """Relative optimality gap to stop at; by default that of the solver profile."""
    time_limit_s: Positive | None = None
    """Wall time after which the best plan so far is returned."""
    method: Literal["auto", "monolithic", "decomposition"] = "auto"
    """``decomposition`` cuts time into windows, ``monolithic`` does not; ``auto`` takes the former
    for more than 28 days with HiGHS."""
    solver: str = Field(default="highs:default", max_length=80, pattern=SOLVER_PATTERN)
    """Solver, or solver and profile."""
    workers: Count | None = Field(default=None, ge=1)
    """Processes of the decomposition; by default one on each core."""
    threads: Count | None = Field(default=None, ge=1)
    """Threads of one solver run; by default left to the solver."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1, strict=True)
    """Seed of the solver."""
