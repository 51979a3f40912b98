"""One run of a race, as a row of its table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

__all__ = ["FAILURES", "Row", "Status"]

Status = Literal[
    "optimal", "feasible", "infeasible", "unbounded", "no_plan",
    "timeout", "out_of_memory", "crash", "wrong", "missing", "refused",
]  # fmt: skip
"""How a run ended. ``optimal``, ``feasible``, ``infeasible``, ``unbounded`` and ``no_plan`` are
what an honest solver may say. ``timeout`` and ``out_of_memory`` had to be ended, ``crash`` ended
without an answer, ``wrong`` gave one that does not hold, ``missing`` is not installed here, and
``refused`` could not take the instance."""

FAILURES = frozenset({"timeout", "out_of_memory", "crash", "wrong"})

OVERRUN = 0.1
OVERRUN_S = 5.0
"""What a run may take beyond its limit and still count: building a model and checking a plan are in
its time, and the limit is given to the solver."""


@dataclass(frozen=True)
class Row:
    """What was asked in one run, and what became of it. What is not known is none.

    Attributes
    ----------
    instance, kind
        What was solved: its name, and whether it is a ``site``, a ``model`` or of a ``family``.
    solver, version
        Solver and profile, and the solver's version.
    method
        How a site was solved; empty for a program.
    solver_seed, repeat
        Seed of the solver, and which repetition this is, from 0.
    gap_target, time_limit_s, memory_limit_mib, threads
        What was asked for.
    status, reason
        How it ended, and why in words.
    is_verified
        Whether the plan was checked by code that is not the solver's, and holds.
    runtime_s, wall_s
        From the loaded instance to the checked plan, without reading a model's file; and of the
        whole process.
    peak_mib
        Most resident memory of the process and all it started.
    objective, bound, gap
        Counted from the plan; proven by the solver; their distance as a share of the objective.
        USD per year for a site, the unit of the model otherwise.
    is_maximised, is_relaxed
        Sense of the objective; whether whole numbers were given up.
    first_plan_s
        Time of the first plan that the solver told of.
    primal_integral_s
        Time-weighted distance from the best plan known, as seconds without any plan.
    n_rows, n_columns, n_integers
        Size of the program where it is known; of a site solved by windows it is not.
    hours
        Hours of operation of a site or family.
    integrality
        Largest distance of an integer of the plan from a whole number.
    trace
        Time, objective of the best plan so far and bound, as the solver told them.
    """

    instance: str
    kind: str
    solver: str
    method: str = ""
    solver_seed: int = 0
    repeat: int = 0
    gap_target: float = 0.0
    time_limit_s: float = 0.0
    memory_limit_mib: float | None = None
    threads: int | None = None
    version: str = ""
    status: Status = "no_plan"
    reason: str = ""
    is_verified: bool = False
    runtime_s: float | None = None
    wall_s: float | None = None
    peak_mib: float | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    is_maximised: bool = False
    is_relaxed: bool = False
    first_plan_s: float | None = None
    primal_integral_s: float | None = None
    hours: float | None = None
    n_rows: int | None = None
    n_columns: int | None = None
    n_integers: int | None = None
    integrality: float | None = None
    trace: tuple[tuple[float, float | None, float | None], ...] = ()

    @property
    def is_solved(self) -> bool:
        """Whether it was proven in time to the gap asked for, or proven to have no plan."""
        is_proven = self.status == "optimal" and self.is_verified
        return (is_proven or self.status == "infeasible") and self._is_in_time

    @property
    def _is_in_time(self) -> bool:
        """Whether it kept its limit; 0 is none."""
        allowed_s = self.time_limit_s * (1 + OVERRUN) + OVERRUN_S
        return not self.time_limit_s or (self.runtime_s or 0.0) <= allowed_s

    @property
    def contestant(self) -> str:
        """Who ran: solver, profile and method."""
        return f"{self.solver} {self.method}".strip()

    @property
    def task(self) -> tuple[str, float, float, int, int]:
        """What all contestants were given alike."""
        limits = (self.gap_target, self.time_limit_s)
        return (self.instance, *limits, self.solver_seed, self.repeat)

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as JSON can hold them."""
        return asdict(self)

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> Row:
        """Return the row of such fields; others that stand among them are left out."""
        known = {field.name for field in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        kept["trace"] = tuple(tuple(point) for point in kept.get("trace", ()))
        return cls(**kept)
