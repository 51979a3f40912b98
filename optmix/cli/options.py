"""Options that several commands share. A flag means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from optmix.cli.values import parse_gap, parse_path, parse_setting, parse_time_s, parse_whole

__all__ = [
    "COUNT",
    "Force",
    "Gap",
    "Json",
    "Method",
    "OutFolder",
    "Quiet",
    "Seed",
    "Settings",
    "SiteArgument",
    "SiteReports",
    "Solver",
    "Threads",
    "TimeLimit",
    "Verbose",
    "Workers",
    "usage",
]

Value = TypeVar("Value")


def usage(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Turn the ``ValueError`` of a parser into a usage error that keeps its message."""

    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return parsed


COUNT = usage(partial(parse_whole, lowest=1))
"""Reads a number of things of which there must be one."""

SiteArgument = Annotated[
    str,
    typer.Argument(
        metavar="SITE",
        help="A site file (TOML or JSON), its folder, or a shipped instance such as "
        "@tutorial/one-engine.",
        show_default=False,
    ),
]

Gap = Annotated[
    float | None,
    typer.Option(
        "--gap",
        metavar="GAP",
        parser=usage(parse_gap),
        help="Stop within this share of the best possible cost: 0.1% or 0.001. By default what "
        "the site or the solver profile says.",
        show_default=False,
    ),
]

TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="TIME",
        parser=usage(parse_time_s),
        help="Return the best plan so far after this time: 90, 90s, 10m, 2h.",
        show_default=False,
    ),
]

Method = Annotated[
    Literal["auto", "decomposition", "monolithic"] | None,
    typer.Option(
        "--method",
        help="decomposition cuts time into windows, monolithic does not; auto takes the former "
        "with HiGHS, but for sites of a few days or of a single type of unit.",
        show_default="auto",
    ),
]

Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        parser=COUNT,
        help="Processes of the decomposition; the answer is the same for any number.",
        show_default="all cores",
    ),
]

Solver = Annotated[
    str | None,
    typer.Option(
        "--solver",
        metavar="NAME[:PROFILE]",
        help="Solver and profile; `optmix list solvers` names them.",
        show_default="highs:default",
    ),
]

LARGEST_SEED = 2**31 - 1
"""HiGHS takes no larger one."""

Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        parser=usage(partial(parse_whole, lowest=0, highest=LARGEST_SEED)),
        help="Seed of the solver.",
        show_default="0",
    ),
]

Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        parser=COUNT,
        help="Threads of one solver run.",
        show_default=False,
    ),
]

Settings = Annotated[
    list[Any] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        parser=usage(parse_setting),
        help="Change a field of the site, for example demand.peak_mw=20 or "
        "unit.g3520k.n_max=12. Repeatable.",
        show_default=False,
    ),
]

Force = Annotated[
    bool, typer.Option("--force", help="Replace what an earlier run of optmix wrote there.")
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]

Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No log and no progress on stderr, only errors.")
]

Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="A detailed log, and tracebacks of internal errors.")
]

SiteReports = Annotated[
    bool,
    typer.Option(
        "--site-reports",
        help="Of a portfolio: write the report of each site too, about 5 MB each, and link to it.",
    ),
]

OutFolder = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", parser=usage(parse_path), help="A folder that `optmix solve` wrote."
    ),
]
