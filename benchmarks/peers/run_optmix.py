"""Solve the plant with optmix: `python run_optmix.py JOB ANSWER`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from optmix.schema.load import load_site
from optmix.solve.api import solve


def main() -> None:
    job = json.loads(sys.argv[1])
    began = time.perf_counter()
    site = load_site(job["site"])
    asked = {"gap": job["gap"], "time_limit_s": job["time_limit_s"], "method": job["method"]}
    result = solve(site, **asked)
    answer = {
        "total_s": time.perf_counter() - began,
        "status": result.status,
        "objective_usd": result.objective_usd,
        "bound_usd": result.bound_usd,
        "gap": result.gap,
    }
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
