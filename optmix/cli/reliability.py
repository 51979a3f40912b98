"""``optmix reliability``: how often a given fleet fails to meet demand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from optmix.cli.options import Json, Quiet, Settings, SiteArgument, Verbose, usage
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_gap, parse_mix, parse_whole

if TYPE_CHECKING:
    from optmix.reliability import Fleet, ReliabilityResult

__all__ = ["reliability"]


def reliability(
    ctx: typer.Context,
    site: SiteArgument,
    mix: Annotated[
        Any,
        typer.Option(
            "--mix",
            metavar="NAME=N,…",
            parser=usage(parse_mix),
            help="What is built: units and battery modules by name, and grid=MW of withdrawal, for "
            "example g3520k=20,lfp-4h=10,grid=100.",
        ),
    ],
    method: Annotated[
        Literal["auto", "exact", "simulate"],
        typer.Option(
            "--method",
            help="auto takes the engine that fits; exact gives only known figures and proven "
            "bounds; simulate is a plain sequential simulation, to check the others by.",
        ),
    ] = "auto",
    accuracy: Annotated[
        float | None,
        typer.Option(
            "--accuracy",
            metavar="SHARE",
            parser=usage(parse_gap),
            help="Relative width of an interval that is narrow enough: 1% or 0.01. By default what "
            "the site says.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            metavar="N",
            parser=usage(partial(parse_whole, lowest=0)),
            help="Seed of simulations.",
        ),
    ] = 0,
    settings: Settings = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Assess a given fleet: loss of load, unserved energy, availability, with their intervals.

    Planned maintenance is put where most can be spared. Nothing is optimised.
    """
    from optmix.data.build import build_case
    from optmix.reliability import Fleet, assess
    from optmix.schema.load import load_site

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    case = build_case(load_site(site, dict(settings or ())))
    fleet = Fleet.of_mix(mix, case, "--mix")
    for text in case.warnings:
        terminal.warn(text)
    found = assess(fleet, case, method, accuracy=accuracy or None, seed=seed)
    for text in found.warnings:
        terminal.warn(text)
    _print(terminal, case.name, fleet, found, as_json=as_json)


def _print(
    terminal: Terminal, name: str, fleet: Fleet, found: ReliabilityResult, *, as_json: bool
) -> None:
    if as_json:
        built = {"units": dict(fleet.units), "battery": dict(fleet.modules)}
        terminal.json(
            {
                "site": name,
                "mix": {**built, "grid_withdrawal_mw": fleet.withdrawal_mw},
                "reliability": found.summary().model_dump(),
                "grid_mw": found.grid_mw,
                "truncated_probability": found.truncated_probability,
                "warnings": list(found.warnings),
            }
        )
        return
    from optmix.report.reliability import reliability_summary

    terminal.result(reliability_summary(name, fleet, found))
