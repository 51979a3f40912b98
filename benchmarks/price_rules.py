"""How long the prices of all rules of a site take, beside solving it.

    python benchmarks/price_rules.py
    python benchmarks/price_rules.py --site @texas/grid-300mw --gap 0.005

The site is solved, and then what `optmix explain` does to price each of its rules is done. Each run
adds a row to ``NAME.csv``: wall and processor time of both, with all their processes, and how many
prices came out as a number.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from harness.machine import this_machine
from harness.methods import table

from optmix.explain.prices import prices_of_rules
from optmix.explain.session import Session
from optmix.explain.subject import subject_of
from optmix.schema.load import load_site

RESULTS = Path(__file__).resolve().parent / "results"
COLUMNS = (
    "site", "pack", "gap_target", "gap", "rules", "priced", "solve_s", "prices_s", "ratio",
    "solve_cpu_s", "prices_cpu_s", "cpu_ratio",
)  # fmt: skip


def clock() -> tuple[float, float]:
    """Return wall time and processor time, that of ended processes included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used)


def measured(asked: argparse.Namespace) -> dict[str, object]:
    """Return the row of one run."""
    site = load_site(asked.site, {"rules.pack": asked.pack})
    session = Session(gap=asked.gap, sink=lambda told: sys.stderr.write(f"{told.detail}\n"))
    began = clock()
    subject = subject_of(site, session)
    solved = clock()
    session.options["method"] = subject.result.method
    outcomes = [each for each in subject.result.rules if each.applies]
    prices = list(prices_of_rules(session, subject, outcomes))
    ended = clock()
    solve_s, solve_cpu_s = (b - a for a, b in zip(began, solved, strict=True))
    prices_s, prices_cpu_s = (b - a for a, b in zip(solved, ended, strict=True))
    return {
        "site": asked.site,
        "pack": asked.pack,
        "gap_target": asked.gap,
        "gap": subject.result.gap,
        "rules": len(prices),
        "priced": sum(price.price_usd is not None for price in prices),
        "solve_s": solve_s,
        "prices_s": prices_s,
        "ratio": prices_s / solve_s,
        "solve_cpu_s": solve_cpu_s,
        "prices_cpu_s": prices_cpu_s,
        "cpu_ratio": prices_cpu_s / solve_cpu_s,
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--site", default="@texas/islanded-300mw")
    add("--pack", default="tx-2026-10")
    add("--gap", type=float, default=0.005)
    add("--name", type=Path, default=RESULTS / "rule-prices", help="the result is NAME.csv")
    asked = parser.parse_args()
    machine = this_machine()
    file = asked.name.with_name(f"{asked.name.name}.csv")
    row = {**measured(asked), **machine}
    table.write(file, (*COLUMNS, *machine), [*table.read(file), row])


if __name__ == "__main__":
    main()
