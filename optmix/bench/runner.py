"""Run a race: every run in a process of its own, one after the other."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from optmix.bench.process import run_apart
from optmix.bench.race import TWICE, full_name
from optmix.bench.row import Row
from optmix.errors import InputError, Problem, SolverError, UnknownNameError
from optmix.solve.installed import require_profile
from optmix.solve.profiles import load_profile
from optmix.solve.run import ready_profile
from optmix.solve.solver_file import HIGHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.bench.instance import Instance
    from optmix.bench.race import Race
    from optmix.schema.origin import Origin

__all__ = ["Run", "run_one", "runs_of"]

COMMAND: Final = ("-P", "-m", "optmix.bench.child")


@dataclass(frozen=True)
class Run:
    """One run of a race, before it is made.

    Attributes
    ----------
    instance
        What is solved.
    row
        What is asked for; the rest of it is not known yet.
    workers
        Processes of the decomposition.
    grace_s
        How far past its time limit it may go before it is ended.
    """

    instance: Instance
    row: Row
    workers: int | None
    grace_s: float


def runs_of(race: Race, instances: Sequence[Instance], origin: Origin | None = None) -> list[Run]:
    """Return all runs of a race, so ordered that a slow hour of the machine touches all alike.

    The decomposition is left out for solvers that it cannot use, and methods do not multiply what
    has none.

    Parameters
    ----------
    race, instances
        What is run.
    origin
        The race file, if the solvers stand there and not on the command line.

    Raises
    ------
    InputError
        A solver or profile is not known, stands twice, or has an option that its solver does not
        know; with everything that is wrong.
    """
    _require_solvers(race.solvers, origin)
    return [
        Run(instance, row, race.workers, race.grace_s)
        for repeat in range(race.repeat)
        for instance in instances
        for row in _rows(race, instance, repeat)
    ]


def _require_solvers(specs: Sequence[str], origin: Origin | None) -> None:
    names = [full_name(spec) for spec in specs]
    problems: list[Problem] = []
    for number, (spec, name) in enumerate(zip(specs, names, strict=True)):
        where = origin.where("solvers", number) if origin else "--solver"
        if name in names[:number]:
            problems.append(Problem(f"{name} stands twice", where, hint=TWICE))
            continue
        try:
            with suppress(SolverError):  # what is not installed here is a row
                ready_profile(spec)
        except UnknownNameError as error:
            problems += (replace(problem, where=where) for problem in error.problems)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _rows(race: Race, instance: Instance, repeat: int) -> Iterator[Row]:
    has_methods = not instance.relax and instance.source != "commitment"
    methods = race.methods if has_methods and instance.kind != "model" else ("",)
    for spec in race.solvers:
        profile = load_profile(spec)
        for method in methods:
            if method == "decomposition" and profile.solver.backend != HIGHS:
                continue
            for seed in race.seeds:
                for time_limit_s in race.time_limits_s:
                    for gap in race.gaps or (profile.gap,):
                        yield Row(
                            instance=instance.name,
                            kind=instance.kind,
                            solver=profile.spec,
                            method=method,
                            solver_seed=seed,
                            repeat=repeat,
                            gap_target=gap,
                            time_limit_s=time_limit_s,
                            memory_limit_mib=race.memory_limit_mib,
                            threads=race.threads,
                            is_relaxed=instance.relax,
                        )


def run_one(run: Run) -> Row:
    """Make a run, and return its row whatever becomes of it."""
    row = run.row
    try:
        row = replace(row, version=require_profile(load_profile(row.solver)))
    except SolverError as error:
        return replace(row, status="missing", reason=str(error))
    ended = run_apart(
        (sys.executable, *COMMAND),
        _job(run),
        give_up_s=row.time_limit_s + run.grace_s,
        memory_limit_mib=row.memory_limit_mib,
    )
    answer: dict[str, Any] = {"status": ended.how, "reason": ended.reason}
    if ended.how == "answered":
        # Who asked for `auto` ran in the race as `auto`, whatever that chose.
        answer = {**ended.answer, "method": row.method}
    row = Row.of_dict(row.as_dict() | answer)
    row = replace(row, wall_s=ended.wall_s, peak_mib=ended.peak_mib)
    plans = [point[0] for point in row.trace if point[1] is not None]
    first_plan_s = min([*plans, row.runtime_s]) if row.is_verified and row.runtime_s else None
    return replace(row, first_plan_s=first_plan_s)


def _job(run: Run) -> dict[str, Any]:
    row = run.row
    return {
        "instance": run.instance.as_dict(),
        "solver": row.solver,
        "method": row.method or None,
        "seed": row.solver_seed,
        "gap": row.gap_target,
        "time_limit_s": row.time_limit_s,
        "threads": row.threads,
        "workers": run.workers,
        "memory_limit_mib": row.memory_limit_mib,
        "parent_pid": os.getpid(),
    }
