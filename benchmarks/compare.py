"""Compare the decomposition with one model of all hours: `python benchmarks/compare.py --help`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.machine import this_machine
from harness.methods import sites, table
from harness.methods.growth import growths
from harness.methods.runs import LINEAR, METHODS, Asked, relaxations, solves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GROWTHS = {
    "hours": ("hours", "hours of operation", True),
    "types": ("unit_types", "types of unit on offer", False),
    "nines": ("nines", "nines of availability", False),
    "sites": ("sites", "sites of a portfolio", True),
}
"""By comparison: the column of the size, what it is called in a plot, whether it spans decades."""

COMPARISONS = (*GROWTHS, "relaxation")
RESULTS = Path(__file__).resolve().parent / "results"


class Report:
    """Writes tables and plots of one run: `results/NAME.hours.csv` and so on."""

    def __init__(self, folder: Path, name: str) -> None:
        self.stem = folder / name
        self.machine = this_machine()

    def file(self, ending: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}.{ending}")

    def rows(
        self, ending: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for row in rows:
            kept.append(row)
            table.write(self.file(f"{ending}.csv"), columns, kept, self.machine)
        return kept

    def growth(self, what: str, rows: Iterable[dict[str, Any]]) -> None:
        """Write every solve, the exponents, and a plot of time and memory against size."""
        self.draw(what, self.rows(what, table.SOLVES, rows))

    def redraw(self, what: str) -> None:
        """Write exponents and plot of a table that is there."""
        kept = table.read_solves(self.file(f"{what}.csv"))
        if not kept:
            sys.exit(f"there is no {self.file(f'{what}.csv')}")
        self.draw(what, kept)

    def draw(self, what: str, kept: list[dict[str, Any]]) -> None:
        size, label, is_log = GROWTHS[what]
        found = growths(kept, size)
        for growth in found:
            if growth.exponent is not None:
                sys.stderr.write(f"{growth.method}: {size} to the power of {growth.exponent:.2f}\n")
        table.write(self.file(f"{what}-growth.csv"), table.GROWTHS, map(asdict, found))
        if can_plot():
            from harness.methods.plots import draw_growth

            draw_growth(self.file(f"{what}.svg"), kept, size, label, found, is_log=is_log)

    def relaxations(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write every solve, and a plot of all side by side."""
        kept = self.rows("relaxation", table.RELAXATIONS, rows)
        if can_plot():
            from harness.methods.plots import draw_relaxations

            draw_relaxations(self.file("relaxation.svg"), kept)


def can_plot() -> bool:
    if find_spec("matplotlib") is not None:
        return True
    sys.stderr.write("no plot without matplotlib: pip install 'optmix[bench]'\n")
    return False


def share(text: str) -> float:
    number, percent = text.removesuffix("%"), text.endswith("%")
    return float(number) / (100.0 if percent else 1.0)


def words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def counts(text: str) -> tuple[int, ...]:
    return tuple(map(int, words(text)))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    add = made.add_argument
    add("what", nargs="*", help=f"some of {', '.join(COMPARISONS)}; all unless given")
    add("--gap", type=share, help="relative gap, 0.1%% or 0.001; else that of the solver's profile")
    add("--time-limit", type=float, default=900.0, metavar="S", help="of each solve, in seconds")
    add(
        "--methods",
        type=words,
        default=METHODS,
        metavar="A,B",
        help="for all but relaxation, which takes the first of them",
    )
    add("--solver", default="highs", help="solver and profile, such as highs:fast")
    add("--workers", type=int, help="processes of the decomposition; else one for each core")
    add("--horizons", type=words, default=sites.HORIZONS, help="for hours: weeks, and 3yr")
    add("--counts", type=counts, default=sites.COUNTS, help="for types: how many types of unit")
    add("--nines", type=counts, default=sites.NINES, help="for nines: of availability")
    add("--portfolios", type=counts, default=sites.PORTFOLIOS, help="for sites: how many")
    add("--weeks", default="52", help="for types, nines and sites: the horizon of all of them")
    add("--sites", type=words, default=sites.FULL_YEARS, help="for relaxation")
    add("--linear", type=words, default=("simplex", "ipm", "ipm-without-crossover"),
        help=f"for relaxation: some of {', '.join(LINEAR)}")  # fmt: skip
    add("--redraw", action="store_true", help="solve nothing; draw tables that are there again")
    add("--out", type=Path, default=RESULTS, help="folder of the results")
    add("--name", default="latest", help="results are NAME.hours.csv and so on")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    made = parser()
    options = made.parse_args(arguments)
    known = {*COMPARISONS, *METHODS, *LINEAR}
    unknown = {*options.what, *options.methods, *options.linear} - known
    if unknown:
        made.error(f"unknown: {', '.join(sorted(unknown))}")
    asked = Asked(options.gap, options.time_limit, options.solver, options.workers)
    try:
        by_hours = [sites.horizon(name) for name in options.horizons]
        by_types = [sites.choice(count, options.weeks) for count in options.counts]
        by_nines = [sites.target(count, options.weeks) for count in options.nines]
        by_sites = [sites.several(count, options.weeks) for count in options.portfolios]
    except ValueError as error:
        made.error(str(error))
    report = Report(options.out, options.name)
    wanted = options.what or COMPARISONS
    subjects = {"hours": by_hours, "types": by_types, "nines": by_nines, "sites": by_sites}
    for what in GROWTHS:
        if what in wanted and options.redraw:
            report.redraw(what)
        elif what in wanted:
            report.growth(what, solves(subjects[what], options.methods, asked))
    if "relaxation" in wanted and not options.redraw:
        years = [sites.Subject(site) for site in options.sites]
        report.relaxations(relaxations(years, options.methods[0], options.linear, asked))


if __name__ == "__main__":
    main()
