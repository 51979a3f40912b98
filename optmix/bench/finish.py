"""The end of a race: its statistics, and the files that hold them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from optmix.bench.baseline import Comparison, compare
from optmix.bench.cross_check import cross_checked
from optmix.bench.page import page
from optmix.bench.performance_profile import performance_profiles
from optmix.bench.plots import can_plot, profile_png, profile_svg
from optmix.bench.statistics import Score, standings
from optmix.bench.tables import (
    as_line,
    can_write_parquet,
    write_csv,
    write_jsonl,
    write_parquet,
    write_public,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from optmix.bench.machine import Machine
    from optmix.bench.race import Race
    from optmix.bench.row import Row

__all__ = ["OUT_FILES", "Finished", "finish", "kept_at_once", "write"]

OUT_FILES = (
    "race.json", "runs.csv", "runs.parquet", "runs.jsonl", "open-energy-benchmark.csv",
    "race.html", "profile.png",
)  # fmt: skip
"""Every file that a race may write."""


@dataclass(frozen=True)
class Finished:
    """A race that was run.

    Attributes
    ----------
    race
        What was asked for.
    machine
        Where it was run.
    stamp
        When, in ISO 8601.
    rows
        Every run, its claims held against those of the others.
    standings
        How each contestant did, the best first.
    comparisons
        How each did against a baseline, if there is one.
    """

    race: Race
    machine: Machine
    stamp: str
    rows: tuple[Row, ...]
    standings: tuple[Score, ...]
    comparisons: tuple[Comparison, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what ``race.json`` holds."""
        return {
            "schema_version": 1,
            "title": self.race.title,
            "stamp": self.stamp,
            "race": self.race.model_dump(mode="json"),
            "machine": self.machine.as_dict(),
            "standings": [asdict(one) for one in self.standings],
            "profiles": performance_profiles(self.rows),
            "comparisons": [
                {**asdict(one), "is_regression": one.is_regression} for one in self.comparisons
            ],
            "runs": [{k: v for k, v in row.as_dict().items() if k != "trace"} for row in self.rows],
        }


def finish(
    race: Race,
    machine: Machine,
    stamp: str,
    rows: Sequence[Row],
    baseline: Sequence[Row] | None = None,
) -> Finished:
    """Hold the runs against each other and against a baseline, and count."""
    checked = cross_checked(rows)
    return Finished(
        race=race,
        machine=machine,
        stamp=stamp,
        rows=tuple(checked),
        standings=tuple(standings(checked)),
        comparisons=tuple(compare(checked, baseline)) if baseline is not None else (),
    )


@contextmanager
def kept_at_once(out: Path | None) -> Iterator[Callable[[Row], None]]:
    """Write each run to ``runs.jsonl`` as soon as it is done, for a race may be killed.

    What an earlier race left in the folder is removed, so that the files of two never mix.

    Parameters
    ----------
    out
        Folder of the race; with none, nothing is written.

    Yields
    ------
    Callable
        What is to be told of each run.
    """
    if out is None:
        yield lambda _: None
        return
    out.mkdir(parents=True, exist_ok=True)
    for name in OUT_FILES:
        (out / name).unlink(missing_ok=True)
    with (out / "runs.jsonl").open("w", encoding="utf-8") as file:

        def keep(row: Row) -> None:
            file.write(as_line(row))
            file.flush()

        yield keep


def write(finished: Finished, out: Path) -> list[str]:
    """Write all files of a race into a folder, and return which extras others would need."""
    lacking = []
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "runs.csv", finished.rows, finished.machine)
    write_jsonl(out / "runs.jsonl", finished.rows)
    write_public(out / "open-energy-benchmark.csv", finished.rows, finished.machine, finished.stamp)
    if can_write_parquet():
        write_parquet(out / "runs.parquet", finished.rows, finished.machine)
    else:
        lacking.append("runs.parquet needs pip install 'optmix[parquet]'")
    picture = ""
    if can_plot():
        curves = performance_profiles(finished.rows)
        profile_png(out / "profile.png", curves)
        picture = profile_svg(curves)
    else:
        lacking.append("the performance profile needs pip install 'optmix[bench]'")
    (out / "race.html").write_text(page(finished, picture), encoding="utf-8")
    text = json.dumps(finished.as_dict(), indent=2) + "\n"
    (out / "race.json").write_text(text, encoding="utf-8")
    return lacking
