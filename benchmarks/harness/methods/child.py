"""One piece of work in a process of its own: `python child.py JOB ANSWER`.

JOB is JSON text and ANSWER the file that gets the figures, as JSON too, for solvers write what they
like to the standard output. Processor time and memory are then those of this piece alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy

from optmix.errors import OptmixError
from optmix.schema.load import load_site
from optmix.solve.api import solve, write_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.solve.progress import Progress

USD_PER_KUSD = 1000.0


class FirstPlan:
    """Hears of progress, and keeps when the first plan was there."""

    def __init__(self) -> None:
        self.elapsed_s: float | None = None

    def __call__(self, progress: Progress) -> None:
        if self.elapsed_s is None and progress.incumbent_usd is not None:
            self.elapsed_s = progress.elapsed_s


def run_solve(job: dict[str, Any]) -> dict[str, Any]:
    """Load, build, solve and verify, as `optmix solve` does."""
    first_plan = FirstPlan()
    began = time.perf_counter()
    site = load_site(job["site"], job["changes"])
    result = solve(
        site,
        gap=job["gap"],
        time_limit_s=job["time_limit_s"],
        method=job["method"],
        solver=job["solver"],
        workers=job["workers"],
        sink=first_plan,
    )
    solve_s = time.perf_counter() - began
    certificate = result.certificate.model_dump() if result.certificate else {}
    phases = {**result.seconds, **certificate.get("seconds", {})}
    return {
        "status": result.status,
        "reason": result.reason,
        "gap_target": result.gap_target,
        "solve_s": solve_s,
        "first_plan_s": first_plan.elapsed_s,
        "objective_usd": result.objective_usd,
        "bound_usd": result.bound_usd,
        "gap": result.gap,
        "phases": " ".join(f"{name}={seconds:.2f}" for name, seconds in phases.items()),
        **{
            name: certificate.get(name)
            for name in ("relaxed_bound_usd", "rounds", "windows", "cuts", "fleets", "workers")
        },
    }


def run_portfolio(job: dict[str, Any]) -> dict[str, Any]:
    """Solve several sites that differ in their gas price, as `optmix portfolio` does."""
    from optmix.portfolio.api import solve_portfolio

    with tempfile.TemporaryDirectory() as folder:
        tables = [
            {
                "name": f"campus-{number}",
                "path": job["site"],
                "set": {**job["changes"], "fuel.price_usd_per_mmbtu": 3.0 + 0.25 * number},
            }
            for number in range(job["extent"]["sites"])
        ]
        path = Path(folder, "portfolio.json")
        path.write_text(json.dumps({"schema_version": 1, "name": "p", "site": tables}))
        names = ("gap", "time_limit_s", "method", "solver", "workers")
        asked = {name: job[name] for name in names}
        began = time.perf_counter()
        result = solve_portfolio(path, Path(folder, "out"), **asked)
        solve_s = time.perf_counter() - began
    statuses = {row.status for row in result.sites}
    status = "optimal" if statuses == {"optimal"} else ", ".join(sorted(map(str, statuses)))
    problems = "; ".join(dict.fromkeys(told for row in result.sites for told in row.problems))
    return {"status": status, "solve_s": solve_s, "reason": problems, "workers": job["workers"]}


def run_export(job: dict[str, Any]) -> dict[str, Any]:
    """Write the model of all hours to a file."""
    began = time.perf_counter()
    write_model(load_site(job["site"], job["changes"]), Path(job["file"]))
    return {"status": "optimal", "solve_s": time.perf_counter() - began}


def run_relaxation(job: dict[str, Any]) -> dict[str, Any]:
    """Solve the linear relaxation of a model in a file; the time to read it is apart."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    began = time.perf_counter()
    if highs.readModel(job["file"]) == highspy.HighsStatus.kError:
        raise OptmixError(f"HiGHS cannot read {Path(job['file']).name}")
    read_s = time.perf_counter() - began
    options = {"solve_relaxation": True, "time_limit": job["time_limit_s"], **job["options"]}
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise OptmixError(f"HiGHS refuses {value!r} for {name}")
    began = time.perf_counter()
    highs.run()
    solve_s = time.perf_counter() - began
    status = highs.getModelStatus()
    is_optimal = status == highspy.HighsModelStatus.kOptimal
    return {
        "status": "optimal" if is_optimal else "no_plan",
        "reason": "" if is_optimal else highs.modelStatusToString(status),
        "read_s": read_s,
        "solve_s": solve_s,
        # The optimum of the relaxation is a bound of the site.
        "bound_usd": highs.getInfo().objective_function_value * USD_PER_KUSD
        if is_optimal
        else None,
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
        "nonzeros": highs.getNumNz(),
    }


WORK: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "solve": run_solve,
    "portfolio": run_portfolio,
    "export": run_export,
    "relaxation": run_relaxation,
}


def main() -> None:
    job = json.loads(sys.argv[1])
    try:
        answer = WORK[job["work"]](job)
    except OptmixError as error:
        answer = {"status": "error", "reason": " ".join(str(error).split())}
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
