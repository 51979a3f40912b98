"""What is timed: phases of a run, on instances of several sizes.

A phase is one file in `phases/` that registers itself, and an instance is one line of `SIZES`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.subject import Subject

SIZES = {
    "tutorial": "@tutorial/engine-battery",
    "fortnight": "@texas/islanded-300mw-fortnight",
    "year": "@texas/islanded-300mw",
}
"""Instances by size: 48 h to see that everything works, then 336 h and 8,760 h."""

ROUNDS = {"tutorial": 9, "fortnight": 5, "year": 3}
"""How often a phase is timed unless it says otherwise."""

_PHASES: dict[str, Phase] = {}


def _nothing(_subject: Subject) -> None:
    """Need no preparation."""


def _no_figures(_result: Any) -> dict[str, float]:
    return {}


@dataclass(frozen=True)
class Phase:
    """One part of a run.

    Attributes
    ----------
    name
        Name of the phase.
    order
        Place among the phases.
    run
        What is timed.
    prepare
        What must be there before, and is not timed.
    figures
        What to note of the result: sizes, gaps. Raises where the result is not to be trusted, so
        that no wrong answer is timed.
    rounds
        How often it is timed on instances of each size; what is not named is not timed.
    """

    name: str
    order: int
    run: Callable[[Subject], Any]
    prepare: Callable[[Subject], None] = _nothing
    figures: Callable[[Any], dict[str, float]] = _no_figures
    rounds: dict[str, int] = field(
        default_factory=lambda: {"tutorial": 9, "fortnight": 5, "year": 3}
    )


def register(phase: Phase) -> Phase:
    """Add a phase to those that are timed."""
    if phase.name in _PHASES:
        raise ValueError(f"there are two phases {phase.name}")
    _PHASES[phase.name] = phase
    return phase


def phases() -> list[Phase]:
    """Return all phases in their order."""
    for file in sorted((Path(__file__).parent / "phases").glob("*.py")):
        importlib.import_module(f"harness.phases.{file.stem}")
    return sorted(_PHASES.values(), key=lambda phase: phase.order)
