"""What a rule is: where it is written, when it applies, what it asks of a plan, and how to check.

A rule has two halves. ``build`` states rows on a model through a `RuleBlock` and so needs no Pyomo
of its own; ``check`` looks at a finished plan with numpy. Neither uses the rows or sums of the
other. What both read off the site before there is any plan (peak demand, the mask of hours, the
class of a unit, the lines of a tariff) comes from the same functions, which see no plan and no
model, and whose figures are worked out by hand in tests.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Protocol,
    TypeAlias,
    TypeVar,
)

from optmix.rules.evidence import GRADES, Evidence, Grade, confidence_of, grades_of
from optmix.schema.base import Name, Record
from optmix.schema.result import EvidenceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.import_cap import ImportCap
    from optmix.rules.relief import Relief
    from optmix.schema.fault import Fault

__all__ = [
    "GRADES",
    "OF_UNITS",
    "Applicability",
    "Evidence",
    "EvidenceRow",
    "Grade",
    "Params",
    "Rule",
    "RuleBlock",
    "RuleCheck",
    "Slack",
    "UnitNames",
    "confidence_of",
    "grades_of",
]

Model: TypeAlias = Any
"""A Pyomo model, as `optmix.model.concept` says; rules do not import it."""
Expr: TypeAlias = Any
"""A Pyomo expression, relation, or a number."""

OF_UNITS: Final = "names of units"
"""Mark of a parameter that names units of the site."""

UnitNames: TypeAlias = Annotated[tuple[Name, ...], OF_UNITS]
"""Names of units of the site; a site that names one it has not is refused."""


class Params(Record):
    """Parameters of a rule: every field has a default, and its unit in its name."""


@dataclass(frozen=True)
class Applicability:
    """Whether a rule applies, and why; ``warning`` is told to the user."""

    applies: bool
    reason: str
    warning: str = ""

    @classmethod
    def yes(cls, reason: str, warning: str = "") -> Applicability:
        """Return that it applies."""
        return cls(applies=True, reason=reason, warning=warning)

    @classmethod
    def no(cls, reason: str) -> Applicability:
        """Return that it does not apply."""
        return cls(applies=False, reason=reason)


@dataclass(frozen=True, eq=False)
class Slack:
    """What is left to a limit of a rule.

    Attributes
    ----------
    what
        What is wrong where it is negative, in words.
    unit
        Its unit.
    slack
        One number, or one a step with infinity where the rule asks nothing.
    size
        Sum of what stands on the larger side, which scales the tolerance.
    one
        What a single unit or module contributes, where the limit holds counts.
    subject
        Unit type, pollutant or other thing concerned.
    part_of_step
        Operating year of each step, where there is one number a year.
    is_ban
        Whether there must be none of something at all. A plan that keeps this has no margin to
        speak of, and the hours in which it does so are not those in which the rule binds.
    """

    what: str
    unit: str
    slack: Floats | float
    size: Floats | float
    one: Floats | float = 0.0
    subject: str = ""
    part_of_step: Ints | None = None
    is_ban: bool = False


@dataclass(frozen=True, eq=False)
class RuleCheck:
    """What a rule says of a plan.

    Attributes
    ----------
    slacks
        What is left to each of its limits.
    rows
        What shows it, for the report.
    cost_usd
        What the rule adds to the annual cost by itself.
    is_told_only
        Whether something is left to be done outside the model, so that nothing passes yet. What the
        slacks show to be broken fails all the same.
    """

    slacks: tuple[Slack, ...] = ()
    rows: tuple[EvidenceRow, ...] = ()
    cost_usd: float = 0.0
    is_told_only: bool = False


class RuleBlock(Protocol):
    """What a rule may put on a model, and what of the model it may refer to."""

    case: Case

    def rows(
        self,
        name: str,
        over: Iterable[Any],
        relation: Callable[..., Expr],
        *,
        needs_supply: bool = False,
    ) -> None:
        """Add a family of rows.

        A row on sizes alone is stated once and not by step: the decomposition leaves it to a model
        without steps. One that needs supply may be stated by step all the same.

        Parameters
        ----------
        name
            Name of the constraint on the block of the rule.
        over
            Indices, each a number, a name, or a tuple of those.
        relation
            Returns the relation of an index.
        needs_supply
            Whether a row can only be kept by having more power or reserve, in MW. A window of
            the decomposition may then miss some of it at a price, so that it has an optimum
            whatever the sizes. Rows that running less or importing less keeps need no such help.
        """

    def step_variable(self, name: str, times: Iterable[int], most: float) -> Expr:
        """Return new variables from 0 to ``most``, one for each step given."""

    def shared_variable(self, name: str, most: float) -> Expr:
        """Return a new variable from 0 to ``most`` that all steps of all years share."""

    def annual_sum(
        self,
        name: str,
        of_step: Callable[[int], Expr],
        most_per_year: float,
        year: int,
        *,
        of_each: str = "",
    ) -> None:
        """Keep a sum over the steps of an operating year, scaled to a year, within a budget.

        Parameters
        ----------
        name
            Name of the budget.
        of_step
            Returns what a step adds; it is 0 where nothing runs.
        most_per_year
            The budget of a year.
        year
            The operating year.
        of_each
            A unit type: the budget is that of each of its units.
        """

    def add_cost_usd(self, expression: Expr) -> None:
        """Add to the annual cost."""

    def reserve_mw(self, t: int) -> Expr:
        """Return headroom, battery cover and fast tiers of a step."""

    def emitted_lb(self, pollutant: str, t: int) -> Expr:
        """Return what all units emit in a step, starts included."""


P = TypeVar("P", bound=Params)


class Rule(ABC, Generic[P]):
    """One rule. A subclass states what is below, and is then listed in a pack.

    Attributes
    ----------
    id, title
        Id as users write it, and what it is about.
    cite
        Where it is written, in one line.
    evidence
        Every source with its grade.
    params
        Its parameters.
    needs
        Rules of whose test this one is a consequence: where one of them is in force and does not
        apply, neither does this one.
    is_checklist
        Whether it leaves something to do outside the model, and asks nothing of a plan.
    pays
        Whether it may lower what a plan costs. All others take plans away or make them dearer,
        which is what tells the price of several at once.
    no_relief
        Why it never leaves a site without a plan, of a rule that is part of the model all the same.
        All others name the parameters that make them ask for less, see ``reliefs``.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    cite: ClassVar[str]
    evidence: ClassVar[tuple[Evidence, ...]]
    params: ClassVar[type[Params]] = Params
    needs: ClassVar[tuple[str, ...]] = ()
    is_checklist: ClassVar[bool] = False
    pays: ClassVar[bool] = False
    no_relief: ClassVar[str] = ""

    @abstractmethod
    def applies(self, case: Case, params: P) -> Applicability:
        """Return whether the rule applies to a site, and why."""

    @abstractmethod
    def words(self, params: P) -> str:
        """Return what the rule asks for, in one sentence."""

    def to_show(self, params: P) -> tuple[str, ...]:  # noqa: ARG002
        """Return what it also wants and no plan can keep: a passing plan leaves that open."""
        return ()

    def build(self, block: RuleBlock, m: Model, params: P) -> None:
        """State the rule on a model; without rows it asks nothing that a model can keep."""

    def asks(self, case: Case, params: P) -> bool:  # noqa: ARG002
        """Return whether the model is another one with the rule, on a site to which it applies.

        A rule that says no has a price of nothing, which then takes no solve to tell. One that says
        yes may still leave the model as it is.
        """
        return type(self).build is not Rule.build

    def faults(self, params: P) -> Iterable[Fault]:  # noqa: ARG002
        """Return what is wrong with parameters together, each of which is valid."""
        return ()

    def import_cap(self, case: Case, params: P) -> ImportCap | None:  # noqa: ARG002
        """Return the cap on import, of a rule that has one and applies to the site."""
        return None

    def reliefs(self, case: Case, params: P) -> Iterable[Relief]:  # noqa: ARG002
        """Return the parameters that make it ask for less, each with the way in which it gives.

        Where a site has no plan, these are what is told beside leaving the rule out as a whole.
        """
        return ()

    def check(self, plan: Plan, case: Case, params: P) -> RuleCheck:  # noqa: ARG002
        """Return what is left to each limit, from the plan alone."""
        return RuleCheck()

    @property
    def has_limits(self) -> bool:
        """Whether there are plans that break it: others tell figures, or add to the cost."""
        return type(self).build is not Rule.build and not self.no_relief

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Grades of its evidence, the most trustworthy first."""
        return grades_of(self.evidence)

    @property
    def confidence(self) -> str:
        """How far the rule can be trusted, in words."""
        return confidence_of(self.evidence)
