"""Solve a handed-off model with any solver that Pyomo knows, through Pyomo's own interface.

Pyomo has two generations of interfaces. Those of the newer one (SCIP, Gurobi) tell the proven
bound; the older ones (CBC, GLPK) do so seldom or wrongly, and their files say
``bound = "implied"``. The older ones also take "infeasible or unbounded" for infeasible, so HiGHS
is asked which of the two it is.

Ctrl-C reaches these solvers by themselves: programs get it from the terminal, SCIP and Gurobi
listen for it. Whether a plan comes back then is up to them.
"""

from __future__ import annotations

import math
import re
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.contrib.solver.common.factory import SolverFactory as NewSolverFactory
from pyomo.contrib.solver.common.results import TerminationCondition as NewCondition
from pyomo.opt import SolverFactory as OldSolverFactory
from pyomo.opt import TerminationCondition as OldCondition

from optmix.errors import LicenceError, SolverError
from optmix.solve.highs import solve_highs
from optmix.solve.installed import find_executable, require
from optmix.solve.interrupt import Interrupt
from optmix.solve.outcome import Claim, Limits, Outcome, Status, judge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.solve.handoff import Handoff
    from optmix.solve.linear_program import LinearProgram
    from optmix.solve.profiles import Profile
    from optmix.solve.solver_file import OptionValue

__all__ = ["solve_with_pyomo"]

_NEW_VERDICTS = {
    NewCondition.convergenceCriteriaSatisfied: (Status.OPTIMAL, "proven within the gap"),
    NewCondition.provenInfeasible: (Status.INFEASIBLE, "proven infeasible"),
    NewCondition.unbounded: (Status.UNBOUNDED, "proven unbounded"),
    NewCondition.maxTimeLimit: (Status.FEASIBLE, "time limit reached"),
    NewCondition.iterationLimit: (Status.FEASIBLE, "iteration or node limit reached"),
    NewCondition.objectiveLimit: (Status.FEASIBLE, "objective limit reached"),
    NewCondition.interrupted: (Status.FEASIBLE, "interrupted"),
}
_OLD_VERDICTS = {
    OldCondition.optimal: (Status.OPTIMAL, "proven within the gap"),
    OldCondition.infeasible: (Status.INFEASIBLE, "proven infeasible"),
    OldCondition.unbounded: (Status.UNBOUNDED, "proven unbounded"),
    OldCondition.feasible: (Status.FEASIBLE, "stopped at a plan"),
    OldCondition.maxTimeLimit: (Status.FEASIBLE, "time limit reached"),
    OldCondition.maxIterations: (Status.FEASIBLE, "iteration limit reached"),
    OldCondition.maxEvaluations: (Status.FEASIBLE, "node limit reached"),
    OldCondition.userInterrupt: (Status.FEASIBLE, "interrupted"),
    OldCondition.resourceInterrupt: (Status.FEASIBLE, "interrupted"),
}
_UNDECIDED = frozenset(
    {
        NewCondition.infeasibleOrUnbounded,
        OldCondition.infeasibleOrUnbounded,
        OldCondition.infeasible,
        OldCondition.unbounded,
        OldCondition.other,
    }
)


@dataclass(frozen=True, eq=False)
class _Answer:
    """What one of Pyomo's interfaces returns, whichever generation it is of."""

    condition: Any
    verdict: tuple[Status, str]
    values: NDArray[np.float64] | None
    bound: float | None = None
    nodes: int | None = None
    objective: float | None = None


def solve_with_pyomo(
    handoff: Handoff,
    profile: Profile,
    limits: Limits,
    *,
    interrupt: Interrupt | None = None,
) -> Outcome:
    """Solve a model with the solver of a profile and check what it says.

    The values of the Pyomo model's variables are changed.

    Parameters
    ----------
    handoff
        The model.
    profile
        The solver and its options.
    limits
        When to stop; a limit that the solver has no name for is not passed on.
    interrupt
        If set already, nothing is solved; if set meanwhile, the outcome says so.

    Raises
    ------
    SolverError
        The solver is not installed, or its interface failed.
    LicenceError
        Its licence does not allow the solve.
    """
    began = time.perf_counter()
    version = require(profile.solver_name)
    interrupt = interrupt or Interrupt()
    program = handoff.program
    if interrupt.is_set():
        claim = Claim(Status.NO_PLAN, "interrupted")
    elif program.n_columns == 0:
        claim = Claim(Status.OPTIMAL, "nothing to decide", np.zeros(0), program.offset)
    else:
        answer = _ask(handoff, profile, limits, interrupt)
        claim = _claim(program, answer, profile, limits)
    return judge(
        program,
        claim,
        limits,
        solver=profile.solver.title,
        version=version,
        seconds=time.perf_counter() - began,
        interrupted=interrupt.is_set() or claim.reason == "interrupted",
    )


def _ask(handoff: Handoff, profile: Profile, limits: Limits, interrupt: Interrupt) -> _Answer:
    backend = profile.solver.backend
    options = _options(profile, limits)
    is_new = backend in NewSolverFactory
    try:
        if is_new:
            return _ask_new(handoff, backend, options, limits)
        return _ask_old(handoff, profile, options, limits)
    except Exception as reason:
        # Each interface fails in its own way: missing licence, unknown option, unreadable output.
        if interrupt.is_set():
            condition = NewCondition.interrupted
            return _Answer(condition, _NEW_VERDICTS[condition], None)
        kind = LicenceError if "license" in str(reason).lower() else SolverError
        raise kind(f"{profile.solver.title} failed: {reason}") from reason


def _options(profile: Profile, limits: Limits) -> dict[str, OptionValue]:
    names = profile.solver.option_names
    options = dict(profile.options)
    if names is None:
        return options
    limit_values = {
        names.gap: limits.gap,
        names.absolute_gap: limits.absolute_gap,
        names.threads: limits.threads,
        names.seed: limits.seed,
    }
    return options | {
        name: value
        for name, value in limit_values.items()
        if name is not None and value is not None
    }


def _ask_new(
    handoff: Handoff, backend: str, options: dict[str, OptionValue], limits: Limits
) -> _Answer:
    results = NewSolverFactory(backend).solve(
        handoff.model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        time_limit=limits.time_limit_s,
        solver_options=options,
    )
    condition = results.termination_condition
    values = None
    if results.incumbent_objective is not None:
        results.solution_loader.load_vars()
        values = handoff.vector()
    return _Answer(
        condition=condition,
        verdict=_NEW_VERDICTS.get(condition, (Status.ERROR, f"ended with {condition.name!r}")),
        values=values,
        bound=results.objective_bound,
        nodes=results.extra_info.value().get("NNodes"),
        objective=results.incumbent_objective if values is not None else None,
    )


def _ask_old(
    handoff: Handoff, profile: Profile, options: dict[str, OptionValue], limits: Limits
) -> _Answer:
    program = find_executable(profile.solver.executable or profile.solver.backend)
    solver = OldSolverFactory(profile.solver.backend, executable=program)
    # GLPK takes whole seconds only.
    limit_s = None if limits.time_limit_s is None else math.ceil(limits.time_limit_s)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "solver.log")
        results = solver.solve(
            handoff.model,
            load_solutions=False,
            timelimit=limit_s,
            options=options,
            logfile=str(log),
        )
        _refuse_ignored_options(profile, log)
    condition = results.solver.termination_condition
    verdict = _OLD_VERDICTS.get(condition, (Status.ERROR, f"ended with {str(condition)!r}"))
    values = told = None
    if len(results.solution) and verdict[0] in (Status.OPTIMAL, Status.FEASIBLE):
        told = _told_objective(results)
        handoff.model.solutions.load_from(results, default_variable_value=0.0)
        values = handoff.vector()
    problem = results.problem
    return _Answer(
        condition=condition,
        verdict=verdict,
        values=values,
        bound=problem.upper_bound if handoff.program.maximize else problem.lower_bound,
        objective=told,
    )


def _told_objective(results: Any) -> float | None:
    """Return what the solver says that its plan costs, as far as an older interface passes it."""
    told = [value["Value"] for value in results.solution(0).objective.values()]
    return told[0] if told and told[0] is not None and math.isfinite(told[0]) else None


def _refuse_ignored_options(profile: Profile, log: Path) -> None:
    """Raise if the solver passed over an option: its answer is then to another question."""
    pattern = profile.solver.ignored_option
    if pattern is None:
        return
    ignored = re.findall(pattern, log.read_text(encoding="utf-8", errors="replace"))
    if ignored:
        raise SolverError(f"it does not know the option {ignored[0]!r}")


def _claim(program: LinearProgram, answer: _Answer, profile: Profile, limits: Limits) -> Claim:
    status, reason = answer.verdict
    if answer.condition in _UNDECIDED:
        return _decided(program, reason)
    values = answer.values
    if values is not None and status is not Status.OPTIMAL:
        # What an interface returns after a limit may be the relaxation's point and no plan.
        values = values if program.residuals(values).acceptable else None
    bound = answer.bound
    if profile.solver.bound == "implied":
        bound = None
        if status is Status.OPTIMAL and values is not None:
            bound = _implied_bound(program, values, profile, limits)
    told = answer.objective if values is not None else None
    return Claim(status, reason, values, bound, answer.nodes, told)


def _implied_bound(
    program: LinearProgram, values: NDArray[np.float64], profile: Profile, limits: Limits
) -> float:
    """Return the bound that "optimal" stands for, by the gaps that the solver was given."""
    objective = program.objective(values)
    names = profile.solver.option_names
    if names is None or not program.is_integer.any():
        return objective
    relative = limits.gap * abs(objective) if names.gap is not None else 0.0
    absolute = limits.absolute_gap if names.absolute_gap is not None else 0.0
    slack = max(relative, absolute)
    return objective + slack if program.maximize else objective - slack


def _decided(program: LinearProgram, said: str) -> Claim:
    """Ask HiGHS whether a program is infeasible or unbounded.

    Without an objective only an infeasible program finds no plan. A feasible one with rational
    coefficients is unbounded if its relaxation is.
    """
    flat = replace(program, cost=np.zeros(program.n_columns))
    if solve_highs(flat, Limits(gap=1.0)).status is Status.INFEASIBLE:
        return Claim(Status.INFEASIBLE, "proven infeasible")
    if solve_highs(program.relaxed(), Limits()).status is Status.UNBOUNDED:
        return Claim(Status.UNBOUNDED, "proven unbounded")
    return Claim(Status.ERROR, f"{said}, but HiGHS finds it neither infeasible nor unbounded")
