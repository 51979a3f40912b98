"""Facts of a site that several rules ask for under one name.

A fact that is given to one rule holds for all that ask for it, and two values of it are refused.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from optmix.errors import Problem
from optmix.rules.measures import peak_demand_mw
from optmix.schema.base import Day, NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optmix.data.case import Case
    from optmix.data.rule_table import RuleChoice
    from optmix.rules.rule import Params
    from optmix.schema.targets import Parameter

__all__ = [
    "ONE_FACT",
    "EnergizationDate",
    "Metering",
    "RequestedMw",
    "contradictions",
    "energized_on",
    "fact_names",
    "facts_given",
    "requested_mw",
]

ONE_FACT: Final = "one fact for all rules"
"""Mark of a parameter that is a fact of the site."""

Metering: TypeAlias = Annotated[Literal["standard", "wlpun", "pclr"], ONE_FACT]
"""How the site is metered: ``wlpun`` is a withdrawal-limited private use network, ``pclr`` a load
that is connected as controllable."""

RequestedMw: TypeAlias = Annotated[NonNegative | None, ONE_FACT]
"""Demand that is asked for at the grid."""

EnergizationDate: TypeAlias = Annotated[Day | None, ONE_FACT]
"""Day on which the site is connected."""


def requested_mw(case: Case, given: float | None) -> float:
    """Return the demand that is asked for: what is given, or the peak demand of the site."""
    return peak_demand_mw(case) if given is None else given


def energized_on(case: Case, given: dt.date | None) -> dt.date | None:
    """Return the day of connection: what is given, or that of the site."""
    if given is not None:
        return given
    return case.grid.energization_date if case.grid else None


def fact_names(params: type[Params]) -> frozenset[str]:
    """Return the parameters of a rule that are facts of the site."""
    fields = params.model_fields.items()
    return frozenset(name for name, field in fields if ONE_FACT in field.metadata)


def facts_given(
    choices: Iterable[tuple[RuleChoice, type[Params]]],
) -> dict[str, list[tuple[Parameter, RuleChoice]]]:
    """Return every value that the tables of rules give for each fact, and the table of each."""
    found: dict[str, list[tuple[Parameter, RuleChoice]]] = {}
    for choice, params in choices:
        for name in sorted(fact_names(params) & set(choice.parameters)):
            found.setdefault(name, []).append((choice.parameters[name], choice))
    return found


def contradictions(given: dict[str, list[tuple[Parameter, RuleChoice]]]) -> list[Problem]:
    """Return where two rules are given two values of one fact."""
    return [
        Problem(
            f'{name} is {_told(value)} for "{choice.id}", but {_told(first)} for "{other.id}" at '
            f"{other.where_of.get(name, other.where)}",
            choice.where_of.get(name, choice.where),
            f"{_told(first)} in both, or in one of them alone",
            "it is one fact of the site: given to one rule, it holds for all that ask for it",
        )
        for name, ((first, other), *more) in given.items()
        for value, choice in more
        if _told(value) != _told(first)
    ]


def _told(value: Parameter) -> str:
    """Return a value as text: a date may be written as one, and 75 is 75.0."""
    return f"{value:,.17g}" if isinstance(value, int | float) else str(value)
