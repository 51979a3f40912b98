"""Every exception and warning of optmix, one exit code per class.

::

    OptmixError                     1   a bug in optmix, or an unforeseen failure
    ├── InputError                  3   what the user wrote cannot be used
    │   ├── SchemaError             3   a field is missing, unknown, or out of its range
    │   ├── SeriesError             3   a time series cannot be read or aligned
    │   ├── MigrationError          3   the file's schema version cannot be brought up to date
    │   └── UnknownNameError        3   no such instance, technology, solver or profile
    ├── InfeasibleError             4   proven: no plan satisfies the site
    ├── NoPlanError                 5   the limits were reached before any plan was found
    ├── SolverError                 6   solver missing, banned version, or crash
    │   └── LicenceError            6   the licence of the solver does not allow the solve
    ├── VerificationError           7   the plan breaks a constraint of the site
    └── PortfolioError              8   some sites of a portfolio failed

    OptmixWarning(UserWarning)          shown to the user, kept in ``result.json``
    └── DataWarning                     an input looks wrong, or was handled by a stated rule
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "DataWarning",
    "InfeasibleError",
    "InputError",
    "LicenceError",
    "MigrationError",
    "NoPlanError",
    "OptmixError",
    "OptmixWarning",
    "PortfolioError",
    "Problem",
    "SchemaError",
    "SeriesError",
    "SolverError",
    "UnknownNameError",
    "VerificationError",
    "did_you_mean",
]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, told so that it can be mended.

    Attributes
    ----------
    what
        What is wrong, in one sentence.
    where
        Where it stands: ``site.toml:12`` or ``demand.csv:row 37`` or ``--gap``.
    allowed
        What would be accepted there.
    hint
        What to do about it.
    """

    what: str
    where: str = ""
    allowed: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Render as one block of at most three lines."""
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.allowed:
            lines.append(f"    allowed: {self.allowed}")
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)


class OptmixError(Exception):
    """Base of every error that optmix raises on purpose."""

    exit_code: ClassVar[int] = 1


class InputError(OptmixError):
    """What the user wrote cannot be used; carries every problem found, not just the first."""

    exit_code: ClassVar[int] = 3

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Pickle by problems, so that the error crosses process borders whole."""
        return type(self), (self.problems,)


class SchemaError(InputError):
    """A field is missing, unknown, of the wrong type, or out of its range."""


class SeriesError(InputError):
    """A time series cannot be read, or does not fit the horizon."""


class MigrationError(InputError):
    """The schema version of a file is unknown to this version of optmix."""


class UnknownNameError(InputError):
    """No shipped or installed thing has this name."""


class InfeasibleError(OptmixError):
    """Proven: no plan satisfies the site as written."""

    exit_code: ClassVar[int] = 4


class NoPlanError(OptmixError):
    """The time or node limit was reached before any plan was found."""

    exit_code: ClassVar[int] = 5


class SolverError(OptmixError):
    """The solver is missing, of a banned version, or crashed."""

    exit_code: ClassVar[int] = 6


class LicenceError(SolverError):
    """The solver has no licence here, or one that does not allow so large a model."""


class VerificationError(OptmixError):
    """The independent check found that a plan breaks a constraint of its site."""

    exit_code: ClassVar[int] = 7


class PortfolioError(OptmixError):
    """A portfolio run finished, but some of its sites failed."""

    exit_code: ClassVar[int] = 8


class OptmixWarning(UserWarning):
    """Something the user should know; it is shown and kept in the result."""


class DataWarning(OptmixWarning):
    """An input looks wrong, or was handled by a stated rule."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint naming the nearest known names, or an empty string.

    Parameters
    ----------
    name
        What the user wrote.
    known
        Every name that would have been accepted.

    Examples
    --------
    >>> did_you_mean("titan350", ["titan-350", "titan-250", "g3520k"])
    'did you mean "titan-350" or "titan-250"?'
    """
    near = difflib.get_close_matches(name, list(known), n=2, cutoff=0.6)
    return f"did you mean {' or '.join(map(_quoted, near))}?" if near else ""


def _quoted(name: str) -> str:
    return f'"{name}"'
