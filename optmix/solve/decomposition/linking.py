"""The quantities that tie windows together, and how they are named in a solve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from optmix.solve.handoff import Handoff

__all__ = ["BUDGETS", "COMMON", "COUNTS", "SIZES", "Key", "common_columns", "linking_columns"]

Key: TypeAlias = tuple[str, Any]
"""A linking quantity: name of its variable, and index in it. For the part of an annual budget that
a window may use, the index is that of the budget with the number of the window."""

SIZES: Final = ("n_units", "is_present", "n_modules", "has_tie")
"""Sizes that are integer."""

COUNTS: Final = (*SIZES, "in_maintenance")
"""Linking quantities that are integer in a plan."""

COMMON: Final = (*COUNTS, "withdrawal_mw", "peak_mw", "rule_shared")
"""Variables of the model that windows share."""

BUDGETS: Final = (
    "discharge_allotment_mwh",
    "curtailment_allotment_mwh",
    "emission_allotment_lb",
    "rule_allotment",
)
"""Variables of the model that hold a window's part of an annual budget."""


def common_columns(handoff: Handoff) -> dict[Key, int]:
    """Return the columns of the shared variables that a program uses."""
    return _columns(handoff, COMMON)


def linking_columns(handoff: Handoff, number: int) -> dict[Key, int]:
    """Return the columns of all linking quantities of a window, by its number."""
    budgets = {
        (name, (index, number)): column
        for (name, index), column in _columns(handoff, BUDGETS).items()
    }
    return _columns(handoff, COMMON) | budgets


def _columns(handoff: Handoff, names: tuple[str, ...]) -> dict[Key, int]:
    # A model that was built without rules has none of their variables.
    components = {name: handoff.model.component(name) for name in names}
    found = {
        (name, index): handoff.find(variable)
        for name, component in components.items()
        if component is not None
        for index, variable in component.items()
    }
    return {key: column for key, column in found.items() if column >= 0}
