"""``optmix bench``: instances, solver profiles and seeds raced against each other."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optmix.cli.options import COUNT, Force, Json, Quiet, Verbose, usage
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, NoPlanError, Problem, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from rich.table import Table

    from optmix.bench.finish import Finished
    from optmix.bench.instance import Instance
    from optmix.bench.race import Race
    from optmix.bench.row import Row
    from optmix.bench.runner import Run

__all__ = ["bench"]

DEFAULT_RACE = "@bench/sites-small"


def bench(
    ctx: typer.Context,
    race: Annotated[
        str,
        typer.Argument(
            metavar="RACE.toml",
            help="A race file, or a shipped race: @bench/sites-small, @bench/sites-year, "
            "@bench/relaxations.",
        ),
    ] = DEFAULT_RACE,
    out: Annotated[
        Path | None,
        typer.Option(
            *("-o", "--out"),
            metavar="OUT",
            parser=usage(parse_path),
            help="Folder for tables, profile and page.",
            show_default=False,
        ),
    ] = None,
    solver: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:PROFILE",
            help="Race these in place of the solvers of the file. Repeatable.",
            show_default=False,
        ),
    ] = None,
    instance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Race on these in place of the instances of the file: sites, MPS or LP files. "
            "Repeatable.",
            show_default=False,
        ),
    ] = None,
    repeat: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=COUNT, help="Make every run so often.", show_default=False
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=usage(parse_path),
            help="Compare with the runs.csv of an earlier race; exit code 5 if a contestant is "
            "slower beyond noise.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Race solvers and methods on sites and models, each run in a process of its own.

    Every plan is recounted, and no bound may pass another's plan. Crashes, timeouts and wrong
    answers are rows. Exit code 7 if an answer is wrong, 5 if slower than the baseline.
    """
    from optmix.bench.finish import finish, write
    from optmix.bench.machine import this_machine
    from optmix.bench.runner import runs_of
    from optmix.bench.tables import read_rows

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    asked, instances = _asked(race, solver, instance, repeat)
    before = read_rows(baseline) if baseline is not None else None
    runs = runs_of(asked, instances, None if solver else asked.origin)
    if before is not None:
        _require_common([run.row for run in runs], before)
    if out is not None:
        _require_room(out, force=force)
    machine = this_machine()
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    rows, is_whole = _run(terminal, runs, out)
    if not rows:
        raise KeyboardInterrupt
    finished = finish(asked, machine, stamp, rows, before)
    if out is not None:
        for lacking in write(finished, out):
            terminal.info(lacking)
        terminal.info(f"written to {out}")
    _print(terminal, finished, as_json=as_json)
    if not is_whole:
        raise KeyboardInterrupt
    _judge(finished)
    if before is not None and not finished.comparisons:
        raise _nothing_in_common()


def _asked(
    reference: str, solver: list[str] | None, instance: list[str] | None, repeat: int | None
) -> tuple[Race, list[Instance]]:
    """Return the race with what the command line puts in its place, and its instances."""
    from optmix.bench.instance import instance_of_argument, instances_of
    from optmix.bench.race import load_race, resolve_race

    path = resolve_race(reference)
    race = load_race(path)
    changes = {"solvers": tuple(solver or ()), "repeat": repeat}
    race = race.model_copy(update={name: value for name, value in changes.items() if value})
    if instance:
        return race, [one for text in instance for one in instance_of_argument(text)]
    return race, instances_of(race.instance, path.parent, race.origin)


def _require_room(out: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything else than an earlier race."""
    from optmix.bench.finish import OUT_FILES

    if out.exists() and not out.is_dir():
        raise InputError(Problem("this is no folder", str(out)))
    held = {path.name for path in out.iterdir()} if out.is_dir() else set()
    if held and not (force and held <= set(OUT_FILES)):
        hint = "" if held - set(OUT_FILES) else "--force replaces an earlier race"
        raise InputError(Problem("the folder is not empty", str(out), hint=hint))


def _require_common(asked: Sequence[Row], before: Sequence[Row]) -> None:
    """Refuse a baseline that cannot say anything of this race before hours are spent on it."""
    if not {(row.contestant, row.task) for row in asked} & {
        (row.contestant, row.task) for row in before
    }:
        raise _nothing_in_common()


def _nothing_in_common() -> InputError:
    return InputError(
        Problem(
            what="no run of this race was made in the earlier one too",
            where="--baseline",
            allowed="a race with the same instance, solver, method, seed, time limit and gap",
            hint="race with the file of the earlier race; runs that were missing or refused do "
            "not count",
        )
    )


def _run(terminal: Terminal, runs: Sequence[Run], out: Path | None) -> tuple[list[Row], bool]:
    """Make all runs and tell each; Ctrl-C and SIGTERM keep those that are done."""
    from optmix.bench.finish import kept_at_once
    from optmix.bench.runner import run_one
    from optmix.bench.summary import run_line

    rows: list[Row] = []
    try:
        with _stopped_by_sigterm(), kept_at_once(out) as keep:
            for number, run in enumerate(runs, start=1):
                rows.append(run_one(run))
                keep(rows[-1])
                terminal.info(f"{number}/{len(runs)} {run_line(rows[-1])}")
    except KeyboardInterrupt:
        terminal.warn(f"stopped after {len(rows)} of {len(runs)} runs")
        return rows, False
    return rows, True


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM, by which batch systems end what runs too long, break off as Ctrl-C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # Python allows no handlers
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(terminal: Terminal, finished: Finished, *, as_json: bool) -> None:
    if as_json:
        terminal.json(finished.as_dict())
        return
    from rich.text import Text

    from optmix.bench import summary

    terminal.result(Text(finished.race.title, "bold"))
    terminal.result(_table(summary.STANDING_TITLES, summary.standing_cells(finished.standings)))
    if finished.comparisons:
        cells = summary.comparison_cells(finished.comparisons)
        terminal.result(_table(summary.COMPARISON_TITLES, cells))
    for line in summary.troubles(finished.rows):
        terminal.result(Text(line))


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in titles:
        is_first = title == titles[0]
        table.add_column(title, justify="left" if is_first else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _judge(finished: Finished) -> None:
    """Raise what the exit code is to tell."""
    wrong = sum(row.status == "wrong" for row in finished.rows)
    if wrong:
        raise VerificationError(f"{wrong} of {len(finished.rows)} runs gave a wrong answer")
    slower = [one.contestant for one in finished.comparisons if one.is_regression]
    if slower:
        raise NoPlanError(f"slower than the baseline beyond noise: {', '.join(slower)}")
