"""``optmix export``: a site as a file for any solver, or as a network for PyPSA."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from optmix.cli.options import Force, Quiet, Settings, Verbose, usage
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.result import MixSummary

__all__ = ["export"]

RESULT_FILE = "result.json"


def export(
    ctx: typer.Context,
    site: Annotated[
        str,
        typer.Argument(
            metavar="SITE|OUT",
            help="A site, or for pypsa also a folder that `optmix solve` wrote, whose sizes are "
            "then held.",
            show_default=False,
        ),
    ],
    to: Annotated[
        Literal["mps", "lp", "pypsa"],
        typer.Option(
            "--to", help="Format: a model file, or a folder for PyPSA.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            parser=usage(parse_path),
            help="File or folder to write; by default the site's name in the current folder.",
            show_default=False,
        ),
    ] = None,
    settings: Settings = None,
    force: Force = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write the whole model of a site, with the names of its variables and equations.

    A network for PyPSA leaves out what PyPSA has not; each such thing is told, and listed in the
    folder.
    """
    from optmix.schema.load import load_site
    from optmix.solve.api import write_model

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    if to == "pypsa":
        _to_pypsa(terminal, site, out, dict(settings or ()))
        return
    loaded = load_site(site, dict(settings or ()))
    path = out or Path(f"{loaded.name}.{to}")
    if path.suffix.lower() != f".{to}":
        what = f'the name does not end in ".{to}"'
        raise InputError(Problem(what, f"-o {path}", f"a name such as {path.stem}.{to}"))
    if path.exists() and not (force and path.is_file()):
        raise InputError(
            Problem("this exists already", f"-o {path}", "a new file", "--force replaces a file")
        )
    if not path.parent.is_dir():
        raise InputError(Problem("there is no such folder", f"-o {path}", "an existing folder"))
    write_model(loaded, path)
    terminal.text(f"{path}\n")


def _to_pypsa(terminal: Terminal, what: str, out: Path | None, settings: dict[str, object]) -> None:
    """Write a folder for PyPSA, and say what it leaves out."""
    from optmix.report.pypsa.folder import write_pypsa

    case, mix = _case_and_mix(what, settings)
    folder = out or Path(f"{case.name}.pypsa")
    if folder.exists():
        raise InputError(Problem("this exists already", f"-o {folder}", "a new folder"))
    for note in write_pypsa(folder, case, mix):
        terminal.warn(f"left out or otherwise: {note}")
    terminal.text(f"{folder}\n")


def _case_and_mix(what: str, settings: dict[str, object]) -> tuple[Case, MixSummary | None]:
    """Return a site, and the sizes of its plan where a solved folder is named."""
    from optmix.report.read_out import read_report
    from optmix.rules.in_force import ready_case
    from optmix.schema.load import load_site

    if not (Path(what) / RESULT_FILE).is_file():
        return ready_case(load_site(what, settings)), None
    if settings:
        raise typer.BadParameter("is for a site, not for a solved folder", param_hint="--set")
    report = read_report(Path(what))
    if report.result.mix is None:
        raise InputError(Problem("there is no plan in this folder", what, "a folder with a plan"))
    return report.case, report.result.mix
