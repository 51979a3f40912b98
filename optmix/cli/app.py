"""The program ``optmix``: its commands, and the options that stand before any command."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from optmix._version import __version__
from optmix.cli.bench import bench
from optmix.cli.errors import cannot_print, guarded
from optmix.cli.explain import explain
from optmix.cli.export import export
from optmix.cli.init import init
from optmix.cli.list import list_
from optmix.cli.migrate import migrate
from optmix.cli.options import Quiet, Verbose
from optmix.cli.portfolio import portfolio
from optmix.cli.reliability import reliability
from optmix.cli.report import report
from optmix.cli.schema import schema
from optmix.cli.show import show
from optmix.cli.solve import solve
from optmix.cli.streams import set_up_streams
from optmix.cli.terminal import Terminal
from optmix.cli.validate import validate
from optmix.cli.verify import verify

__all__ = ["app", "main"]


class _Guarded(TyperGroup):
    """All commands, with every exception turned into an exit code."""

    def invoke(self, ctx: Any) -> Any:
        terminal = ctx.ensure_object(Terminal)
        with guarded(terminal), terminal.logging():
            return super().invoke(ctx)


app = typer.Typer(
    cls=_Guarded,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"optmix {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    ctx: typer.Context,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Least-cost on-site generation for large electrical loads.

    A site file goes in; units, batteries and grid withdrawal come out, with a plan of operation
    that is checked independently and a proof of how good it is.

    Exit codes: 0 done, 1 bug, 2 usage, 3 invalid input, 4 proven infeasible, 5 no acceptable plan,
    6 solver trouble, 7 plan fails verification, 8 failed sites in a portfolio, 130 interrupted.
    """
    terminal: Terminal = ctx.obj
    terminal.quiet = quiet
    terminal.verbose = verbose


for _name, _command in (
    ("init", init),
    ("validate", validate),
    ("solve", solve),
    ("verify", verify),
    ("explain", explain),
    ("reliability", reliability),
    ("bench", bench),
    ("report", report),
    ("portfolio", portfolio),
    ("list", list_),
    ("show", show),
    ("schema", schema),
    ("migrate", migrate),
    ("export", export),
):
    app.command(_name)(_command)


def main() -> None:
    """Run the command line."""
    set_up_streams()
    try:
        app(prog_name="optmix")
    except OSError as error:  # of help and version, which no command guards
        sys.stderr.write(f"error: {cannot_print(error)}\n")
        sys.exit(1)
