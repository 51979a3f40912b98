"""Solve the plant with PyPSA: `python run_pypsa.py JOB ANSWER`."""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

from peers.pypsa_equipment import limit_battery
from peers.pypsa_site import network

from optmix.schema.load import load_site

HAS_PLAN = 2
"""HiGHS calls the plan feasible."""


def main() -> None:
    job = json.loads(sys.argv[1])
    began = time.perf_counter()
    site = load_site(job["site"])
    n = network(site)
    model = n.optimize.create_model(include_objective_constant=False)
    for battery in site.battery:
        limit_battery(model, battery, hours_per_year=n.snapshot_weightings.objective.iloc[0])
    options = {"mip_rel_gap": job["gap"], "time_limit": job["time_limit_s"], "output_flag": False}
    built_s = time.perf_counter() - began
    model.solve(solver_name="highs", io_api="direct", **options)
    info = model.solver_model.getInfo()
    cost, bound = float(info.objective_function_value), float(info.mip_dual_bound)
    has_plan = info.primal_solution_status == HAS_PLAN and math.isfinite(cost)
    gap = (cost - bound) / cost if has_plan else None
    is_done = gap is not None and gap <= job["gap"] * (1 + 1e-6)
    answer = {
        "total_s": time.perf_counter() - began,
        "build_s": built_s,
        "status": "optimal" if is_done else "feasible" if has_plan else "no_plan",
        "objective_usd": cost if has_plan else None,
        "bound_usd": bound if math.isfinite(bound) else None,
        "gap": gap,
    }
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
