"""One finding of a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optmix.errors import Problem

__all__ = ["ScreenFinding", "impossible", "suspicious"]


@dataclass(frozen=True)
class ScreenFinding:
    """What a screen found, with its numbers.

    Attributes
    ----------
    severity
        ``error`` where no plan can satisfy the site, ``warning`` otherwise.
    problem
        What, where, what is allowed, and what to do.
    """

    severity: Literal["error", "warning"]
    problem: Problem

    def __str__(self) -> str:
        """Render as the severity and the problem."""
        return f"{self.severity}: {self.problem}"


def impossible(what: str, where: str, hint: str = "") -> ScreenFinding:
    """Return an error."""
    return ScreenFinding("error", Problem(what=what, where=where, hint=hint))


def suspicious(what: str, where: str, hint: str = "") -> ScreenFinding:
    """Return a warning."""
    return ScreenFinding("warning", Problem(what=what, where=where, hint=hint))
