"""One run of a race, in a process of its own: ``python -m optmix.bench.child JOB ANSWER``."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from optmix.bench.families import CAMPUS, campus_changes, commitment_program
from optmix.bench.instance import Instance
from optmix.errors import (
    InputError,
    LicenceError,
    OptmixError,
    SolverError,
    VerificationError,
)
from optmix.solve.outcome import Limits, Status
from optmix.solve.profiles import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.schema.site import Site
    from optmix.solve.highs_run import SolverEvent
    from optmix.solve.linear_program import LinearProgram
    from optmix.solve.progress import Progress

__all__ = ["main", "run"]

BYTES_PER_MIB: Final = 2**20
MEMORY_MARGIN: Final = 1.5
"""The limit on a process's own data stands beyond the one on resident memory, which the parent
watches: it stops only what grows faster than can be watched."""

WATCH_S: Final = 1.0
"""How often a run looks whether its parent is still there."""

Trace = list[tuple[float, float | None, float | None]]


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Load an instance, solve it, check the plan, and return fields of the row."""
    instance = Instance(**job["instance"])
    if instance.kind == "site":
        return _run_site(instance, instance.changes, job)
    if instance.kind == "family" and instance.source == "campus":
        changes = campus_changes(instance.size_h, instance.seed)
        return _run_site(instance, changes, job, CAMPUS)
    if instance.kind == "family":
        made = commitment_program(instance.size_h, instance.seed)
        return {"hours": float(instance.size_h), **_run_program(made, instance, job)}
    from optmix.solve.program_run import read_program

    return _run_program(read_program(instance.source), instance, job)


def _run_site(
    instance: Instance, changes: dict[str, Any], job: dict[str, Any], path: str = ""
) -> dict[str, Any]:
    from optmix.data.build import build_case
    from optmix.schema.load import load_site

    site = load_site(path or instance.source, changes)
    axis = build_case(site).axis
    hours = {"hours": axis.n_steps * axis.step_h}
    if instance.relax:
        return hours | _run_program(_model_of(site), instance, job)
    return hours | _solve_site(site, job)


def _solve_site(site: Site, job: dict[str, Any]) -> dict[str, Any]:
    """Solve and verify as ``optmix solve`` does."""
    from optmix.solve.api import solve

    trace: Trace = []

    def listen(progress: Progress) -> None:
        _note(trace, progress.elapsed_s, progress.incumbent_usd, progress.bound_usd)

    asked = ("gap", "time_limit_s", "method", "solver", "seed", "threads", "workers")
    began = time.perf_counter()
    result = solve(site, **{name: job[name] for name in asked}, sink=listen)
    return {
        "status": result.status,
        "reason": result.reason,
        "is_verified": result.mix is not None,
        "runtime_s": time.perf_counter() - began,
        "method": result.method,
        "objective": result.objective_usd,
        "bound": result.bound_usd,
        "gap": _finite(result.gap),
        "trace": trace,
    }


def _model_of(site: Site) -> LinearProgram:
    """Return the model of all hours."""
    from optmix.rules.in_force import ready_case
    from optmix.solve.monolithic import compile_case
    from optmix.solve.request import Request

    request = Request(profile=load_profile("highs"), gap=0.0)
    return compile_case(ready_case(site), request).program


def _run_program(program: LinearProgram, instance: Instance, job: dict[str, Any]) -> dict[str, Any]:
    from optmix.solve.program_run import solve_program
    from optmix.solve.run import ready_profile

    trace: Trace = []

    def listen(event: SolverEvent) -> None:
        _note(trace, event.elapsed_s, event.incumbent, event.bound)

    if instance.relax:
        program = program.relaxed()
    names = ("gap", "time_limit_s", "seed", "threads")
    limits = Limits(**{name: job[name] for name in names})
    began = time.perf_counter()
    outcome = solve_program(ready_profile(job["solver"]), program, limits, on_event=listen)
    runtime_s = time.perf_counter() - began
    status = str(outcome.status)
    if outcome.status is Status.ERROR:
        status = "wrong" if outcome.is_refuted else "crash"
    residuals = outcome.residuals
    return {
        "status": status,
        "reason": outcome.reason,
        "version": outcome.version,
        "is_verified": outcome.has_plan,
        "runtime_s": runtime_s,
        "method": "",
        "objective": outcome.objective if outcome.has_plan else None,
        "bound": outcome.bound,
        "gap": _finite(outcome.gap),
        "is_maximised": program.maximize,
        "n_rows": program.n_rows,
        "n_columns": program.n_columns,
        "n_integers": int(program.is_integer.sum()),
        "integrality": residuals.integrality if residuals is not None else None,
        "trace": trace,
    }


def _finite(gap: float | None) -> float | None:
    """Return a gap that JSON can hold; that of a plan that costs nothing is infinite."""
    return gap if gap is not None and math.isfinite(gap) else None


def _note(trace: Trace, elapsed_s: float, incumbent: float | None, bound: float | None) -> None:
    """Keep what is new."""
    if incumbent is None and bound is None:
        return
    if not trace or trace[-1][1:] != (incumbent, bound):
        trace.append((elapsed_s, incumbent, bound))


def _limit_memory(limit_mib: float | None) -> None:
    if limit_mib is None or sys.platform == "win32":
        return
    import resource

    most = int(limit_mib * MEMORY_MARGIN * BYTES_PER_MIB)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _end_with_parent(parent_pid: int) -> None:
    """End this process and all it started once nobody waits for its answer any more.

    The parent says who it is: it may be gone before this process could ask.
    """

    def watch() -> None:
        while os.getppid() == parent_pid:
            time.sleep(WATCH_S)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    # The parent gave this process a group of its own; without one there is more to lose.
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        threading.Thread(target=watch, daemon=True).start()


def _answered(work: Callable[[], dict[str, Any]], time_limit_s: float) -> dict[str, Any]:
    """Turn what a run raises into what its row says."""
    began = time.perf_counter()

    def ended(status: str, error: Exception) -> dict[str, Any]:
        return {"status": status, "reason": " ".join(str(error).split())}

    try:
        return work()
    except VerificationError as error:
        return ended("wrong", error)
    except (InputError, LicenceError) as error:
        return ended("refused", error)
    except SolverError as error:
        # A solver that its interface had to end did not fail before its time was up.
        is_late = time.perf_counter() - began >= time_limit_s
        return ended("timeout" if is_late else "crash", error)
    except OptmixError as error:
        return ended("crash", error)
    except MemoryError as error:
        return ended("out_of_memory", error)


def main() -> None:
    """Run the job of the first argument and write its answer to the file of the second."""
    job = json.loads(sys.argv[1])
    _end_with_parent(job["parent_pid"])
    _limit_memory(job["memory_limit_mib"])
    answer = _answered(partial(run, job), job["time_limit_s"])
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
