"""Which method solves a site, where the user leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from optmix.errors import InputError, Problem, did_you_mean
from optmix.solve.solver_file import HIGHS
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from optmix.data.axis import Axis
    from optmix.data.case import Case
    from optmix.solve.profiles import Profile

__all__ = ["METHODS", "Method", "choose_method", "is_long"]

Method = Literal["monolithic", "decomposition"]

METHODS: Final = ("auto", "decomposition", "monolithic")
"""What a user may ask for."""

LONGEST_MONOLITHIC_H: Final = 4 * HOURS_PER_WEEK
"""Up to so many hours over all operating years, one model of everything is solved in the end."""

MOST_STEPS_OF_TYPES: Final = 300
"""Up to so many steps, counted once for each type of unit, one model of everything is the faster.

Measured to gaps of 0.1 and 0.5 %: the start of the worker processes, 2.5 s, is then most of what
the decomposition takes. A week with five types takes it a third of the time or less.
"""


def choose_method(name: str, case: Case, profile: Profile, *, where: str = "--method") -> Method:
    """Return the method that solves a site.

    ``auto`` takes the decomposition where the solver is HiGHS and steps times types of unit are
    more than 300, or the operating years together longer than 28 days; the monolithic method
    otherwise.

    Parameters
    ----------
    name
        What the user asks for.
    case
        The site.
    profile
        The solver.
    where
        Where the user asks for it, for messages.

    Raises
    ------
    InputError
        There is no such method, or the solver does not do it.
    """
    has_highs = profile.solver.backend == HIGHS
    if name == "auto":
        is_large = case.axis.n_steps * len(case.units) > MOST_STEPS_OF_TYPES
        return "decomposition" if has_highs and (is_large or is_long(case.axis)) else "monolithic"
    if name == "monolithic":
        return "monolithic"
    if name != "decomposition":
        raise InputError(
            Problem(
                what=f'there is no method "{name}"',
                where=where,
                allowed=", ".join(METHODS),
                hint=did_you_mean(name, METHODS),
            )
        )
    if not has_highs:
        raise InputError(
            Problem(
                what=f"the decomposition solves its windows with HiGHS, not with "
                f"{profile.solver.title}",
                where=where,
                allowed=f"auto or monolithic with the solver {profile.solver_name}",
                hint="leave the solver out, or choose a profile of highs",
            )
        )
    return "decomposition"


def is_long(axis: Axis) -> bool:
    """Return whether a horizon is too long to be solved in one piece in good time."""
    # A step fits a whole number of times into a day, so this is exact; step_h itself is not.
    return axis.n_steps > round(LONGEST_MONOLITHIC_H / axis.step_h)
