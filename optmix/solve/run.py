"""The one way from a handed-off model and a profile to an outcome, whatever the solver."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from optmix.solve.highs import solve_highs
from optmix.solve.highs_model import check_options
from optmix.solve.installed import require, require_profile
from optmix.solve.profiles import Profile, load_profile
from optmix.solve.solver_file import HIGHS
from optmix.solve.staged import solve_staged

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from optmix.solve.handoff import Handoff
    from optmix.solve.highs_run import SolverEvent
    from optmix.solve.interrupt import Interrupt
    from optmix.solve.linear_program import LinearProgram
    from optmix.solve.outcome import Limits, Outcome

__all__ = ["ready_profile", "run_profile"]

STAGED_FROM: Final = 1000
"""From so many integers beside the sizes on, solving in steps is worth its overhead."""


def ready_profile(spec: str) -> Profile:
    """Return a profile whose solver is installed and whose options it knows.

    Worth calling before the model is built, so that a mistake costs no time.

    Parameters
    ----------
    spec
        Name of a solver, or of a solver and a profile: ``highs`` or ``highs:fast``.

    Raises
    ------
    UnknownNameError
        There is no such solver or profile.
    SolverError
        The solver is not installed, or in a version that must not be used.
    SchemaError
        The solver's file is not valid, or names an option that HiGHS does not have.

    Examples
    --------
    >>> ready_profile("highs:proof").gap
    0.0001
    """
    profile = load_profile(spec)
    require_profile(profile)
    if profile.solver.backend == HIGHS:
        where = f"{profile.solver_name}.toml: profile.{profile.name}.options"
        check_options(profile.options, where=where)
    return profile


def run_profile(
    profile: Profile,
    handoff: Handoff,
    limits: Limits,
    *,
    is_first_stage: NDArray[np.bool_] | None = None,
    start: NDArray[np.float64] | None = None,
    on_event: Callable[[SolverEvent], None] | None = None,
    on_log: Callable[[str], None] | None = None,
    interrupt: Interrupt | None = None,
) -> Outcome:
    """Solve a handed-off model with the solver of a profile, and check what it says.

    Parameters
    ----------
    profile
        The solver and its options.
    handoff
        The model.
    limits
        When to stop; its gap holds, not the profile's.
    is_first_stage
        Which columns are sizes, if the rest is easy once they are fixed. HiGHS then solves a large
        program in steps; see `optmix.solve.staged`.
    start
        Values to start from, one a column; NaN where none is known. HiGHS only.
    on_event, on_log
        Who hears of bounds and plans as they come, and of the log. HiGHS only.
    interrupt
        Ends the search and keeps the best plan so far.

    Raises
    ------
    SolverError
        The solver is missing, banned, or refuses the model.
    SchemaError
        HiGHS does not know an option of the profile.
    """
    if profile.solver.backend == HIGHS:
        require(profile.solver_name)
        program = handoff.program
        solve: Callable[..., Outcome] = solve_highs
        if is_first_stage is not None and _is_large(program, is_first_stage):
            solve = partial(solve_staged, is_first_stage=is_first_stage)
        return solve(
            program,
            limits=limits,
            options=profile.options,
            start=start,
            on_event=on_event,
            on_log=on_log,
            interrupt=interrupt,
        )
    from optmix.solve.pyomo_adapter import solve_with_pyomo

    return solve_with_pyomo(handoff, profile, limits, interrupt=interrupt)


def _is_large(program: LinearProgram, is_first_stage: NDArray[np.bool_]) -> bool:
    return int((program.is_integer & ~is_first_stage).sum()) >= STAGED_FROM
