"""What an explanation says, as ``explain.json`` holds it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Change",
    "Explanation",
    "LimitUse",
    "RulePrice",
    "RunnerUp",
    "Setting",
    "Step",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Setting(_Part):
    """One field of the site with another value, or one rule left out."""

    field: str
    """The field as ``--set`` names it; for a rule that is left out, its id."""
    what: str
    """What to do, in words: ``raise n_max of g3520k from 40 to 47``."""
    option: str
    """How to try it on the command line: ``--set unit.g3520k.n_max=47``."""
    unit: str = ""
    """Unit of the values."""
    value: bool | float | int | str | tuple[float, ...] | None = None
    """What the site says; none where it says nothing."""
    needed: bool | float | int | str | tuple[float, ...] | None = None
    """What it would have to say."""


class Change(_Part):
    """Settings that leave a plan. One is the least possible of its field."""

    settings: tuple[Setting, ...]
    """What to change: one field, or several together."""
    size_frac: float | None = None
    """Size of the change as a share of the value, of a single number."""
    status: str = ""
    """Status of the changed site as it was solved; ``feasible`` where its cost is not proven."""
    annual_cost_usd: float | None = None
    """What the plan found for the changed site costs a year."""
    cost_low_usd: float | None = None
    """No plan of the changed site costs less."""


class LimitUse(_Part):
    """One limit of the site, how far the plan uses it, and what more of it would be worth."""

    field: str
    """The field as ``--set`` names it, or the equation that asks for it."""
    what: str
    """What is limited."""
    unit: str
    """Unit of limit, use and margin."""
    limit: float | None = None
    """The limit."""
    used: float | None = None
    """What the plan uses of it."""
    margin: float | None = None
    """What is left."""
    binds: bool = False
    """Whether nothing is left."""
    worth_usd: float | None = None
    """What one more unit of the limit would save a year with sizes free, in the relaxed program."""
    worth_fixed_usd: float | None = None
    """The same with the sizes of the plan held."""


class RulePrice(_Part):
    """What one rule costs."""

    id: str
    """Id of the rule."""
    price_usd: float | None
    """Annual cost with the rule minus that without it, each of the plan found; none if unknown."""
    low_usd: float | None = None
    """The price is at least this, by the bounds of both solves."""
    high_usd: float | None = None
    """The price is at most this."""
    margin: float | None = None
    """What is left to its limit."""
    unit: str = ""
    """Unit of the margin."""
    binding_hours: float = 0.0
    """Hours in which it binds."""
    binds: bool = False
    """Whether it leaves nothing anywhere."""
    note: str = ""
    """How the price was found."""


class Step(_Part):
    """One more or one fewer of a type, everything else chosen anew."""

    name: str
    """Unit type or battery product."""
    count: int
    """How many then."""
    change: Literal[-1, 1]
    """One more or one fewer than in the plan."""
    status: str
    """How the solve ended."""
    cost_usd: float | None = None
    """Annual cost."""
    difference_usd: float | None = None
    """Annual cost beyond that of the plan."""
    low_usd: float | None = None
    """The difference of the least costs is at least this, by the bounds of both solves."""
    high_usd: float | None = None
    """It is at most this."""
    why_not: str = ""
    """Where there is no plan: what would have to give way."""


class RunnerUp(_Part):
    """Another mix, nearly as good."""

    mix: dict[str, float]
    """Units, modules and ``grid`` in MW, by name."""
    cost_usd: float
    """Annual cost."""
    above_frac: float
    """Cost beyond that of the plan, as a share of it."""


class Explanation(_Part):
    """Why a plan looks as it does, or why there is none."""

    name: str
    """Name of the site."""
    status: Literal["optimal", "feasible", "infeasible", "no_plan"]
    """Status of the site."""
    reason: str = ""
    """How the solve ended, in words."""
    objective_usd: float | None = None
    """Annual cost of the plan."""
    gap: float | None = None
    """Its proven gap."""
    is_complete: bool = True
    """Whether everything that was asked was answered in the time given."""
    changes: tuple[Change, ...] = ()
    """Least changes that leave a plan, smallest first; each was applied and solved."""
    conflict: tuple[str, ...] = ()
    """Limits that together leave no plan; without any one of them there is one."""
    limits: tuple[LimitUse, ...] = ()
    """Limits of the site beside the plan."""
    rules: tuple[RulePrice, ...] = ()
    """What each rule costs."""
    steps: tuple[Step, ...] = ()
    """One more and one fewer of each type."""
    runners_up: tuple[RunnerUp, ...] = ()
    """Other mixes found on the way, cheapest first."""
    notes: tuple[str, ...] = ()
    """What to know about all this."""
    seconds: float = 0.0
    """Wall time."""

    def to_json(self) -> str:
        """Return the text of ``explain.json``."""
        return self.model_dump_json(indent=2) + "\n"
