"""The three comparisons. Each yields rows as they are measured, and tells them on the way."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.methods.processes import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.methods.sites import Subject

METHODS = ("decomposition", "monolithic")
LINEAR: dict[str, dict[str, Any]] = {
    "simplex": {"solver": "simplex"},
    "ipm": {"solver": "ipm"},
    "ipm-without-crossover": {"solver": "ipm", "run_crossover": "off"},
}
"""Ways of HiGHS to solve a linear program: its options."""

EXPORT_LIMIT_S = 900.0
TOLERANCE = 1e-6
"""Share of the cost: the feasibility tolerance of solvers."""


@dataclass(frozen=True)
class Asked:
    """What is the same in every solve of a comparison.

    Attributes
    ----------
    gap
        Relative gap to stop at; none for that of the profile.
    time_limit_s
        Wall time of each solve.
    solver
        Solver and profile.
    workers
        Processes of the decomposition; none for as many as there are cores.
    """

    gap: float | None = 0.001
    time_limit_s: float = 900.0
    solver: str = "highs"
    workers: int | None = None


def solves(
    subjects: Iterable[Subject], methods: Sequence[str], asked: Asked
) -> Iterator[dict[str, Any]]:
    """Solve every subject by every method, the small ones first."""
    for subject in subjects:
        size = subject.size()
        for method in methods:
            work = "portfolio" if "sites" in subject.extent else "solve"
            job = {"work": work, **asdict(subject), "method": method, **asdict(asked)}
            row = {
                "site": subject.site,
                **size,
                "method": method,
                "solver": asked.solver,
                "gap_target": asked.gap,
                "time_limit_s": asked.time_limit_s,
                **measure(job),
            }
            tell(row, f"{size['hours']:,.0f} h, {size['unit_types']} unit types")
            yield row


def relaxations(
    subjects: Iterable[Subject], method: str, linear: Sequence[str], asked: Asked
) -> Iterator[dict[str, Any]]:
    """Solve every site to the gap, and the relaxation alone of its exported model."""
    for subject in subjects:
        solved = next(solves([subject], [method], asked))
        yield {**solved, "what": method}
        with tempfile.TemporaryDirectory() as folder:
            model = str(Path(folder) / "model.mps")
            export = {"work": "export", **asdict(subject), "file": model}
            written = measure(export, give_up_s=EXPORT_LIMIT_S)
            yield {"site": subject.site, "what": "export", **written}
            if written["status"] != "optimal":
                tell({"site": subject.site, "method": "export", **written})
                continue
            for name in linear:
                job = {"work": "relaxation", "file": model, "options": LINEAR[name]}
                job["time_limit_s"] = asked.time_limit_s
                row = {
                    "site": subject.site,
                    "what": f"relaxation by {name}",
                    "time_limit_s": asked.time_limit_s,
                    **measure(job),
                }
                row |= _against(row, solved)
                ratio = row.get("speedup")
                told = "" if ratio is None else f"{ratio:.1f} times the time of the {method}"
                tell({**row, "method": row["what"]}, told)
                yield row


def _against(row: dict[str, Any], solved: dict[str, Any]) -> dict[str, Any]:
    """Return how many times as long a relaxation took as the certified solve of its site.

    A relaxation that did not end took at least so many times as long. Its optimum is no more than
    any plan costs, or one of the two is wrong and no time is told.
    """
    if solved["status"] != "optimal" or row["status"] == "error":
        return {}
    bound_usd, cost_usd = row.get("bound_usd"), solved["objective_usd"]
    if bound_usd is not None and bound_usd > cost_usd * (1 + TOLERANCE):
        return {"status": "error", "reason": f"above the cost of the plan, {cost_usd:,.2f} USD"}
    seconds = row.get("solve_s") or row["wall_s"]
    return {"speedup": seconds / solved["solve_s"], "is_at_least": row["status"] != "optimal"}


def tell(row: dict[str, Any], more: str = "") -> None:
    gap, peak_mib = row.get("gap"), row["peak_mib"]
    told = [
        row["site"],
        row["method"],
        more,
        row["status"],
        f"{row.get('solve_s') or row['wall_s']:.1f} s",
        "" if gap is None else f"gap {gap:.3%}",
        "" if peak_mib is None else f"{peak_mib:,.0f} MiB",
        row.get("reason", "") if row["status"] in {"error", "killed"} else "",
    ]
    sys.stderr.write(", ".join(part for part in told if part) + "\n")
