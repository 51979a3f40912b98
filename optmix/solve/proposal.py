"""What a method of solving proposes: a plan nobody has checked yet, and what it proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.data.plan import Plan
    from optmix.schema.result import Certificate
    from optmix.solve.method import Method
    from optmix.solve.outcome import Status

__all__ = ["Proposal"]


@dataclass(frozen=True, eq=False)
class Proposal:
    """The end of a method.

    Attributes
    ----------
    status
        How it ended.
    reason
        Why, in words.
    solver
        Solver, version and profile.
    plan
        The plan, if one was found.
    objective_usd
        What the plan costs as the solver counts it; the verifier counts again.
    bound_usd
        No plan costs less than this; none where nothing was proved.
    certificate
        How the bound was proved, where that is not for the solver alone to say.
    seconds
        Wall time by phase.
    method
        How it was solved, where that is not how it was to be.
    is_refuted
        Whether the solver gave an answer that does not hold up.
    """

    status: Status
    reason: str
    solver: str
    plan: Plan | None = None
    objective_usd: float | None = None
    bound_usd: float | None = None
    certificate: Certificate | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    method: Method | None = None
    is_refuted: bool = False
