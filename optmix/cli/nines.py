"""``optmix solve --nines``: the same site held to one availability after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.cli.errors import INTERRUPTED
from optmix.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from optmix.report.nines import NinesRow
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["solve_nines"]

MILLION = 1e6
PERCENT = 100.0


def solve_nines(
    terminal: Terminal,
    site: Site,
    nines: Sequence[float],
    out: Path,
    solve_into: Callable[[Site, Path], tuple[Result, int]],
    *,
    as_json: bool,
) -> int:
    """Solve a site for several availabilities, and write what each one costs.

    The files of the curve are written anew after every target, so what is done stays done whatever
    becomes of the rest.

    Parameters
    ----------
    terminal
        Where to print.
    site
        The site; another target of its own is put aside.
    nines
        Targets, lowest first.
    out
        Folder of the curve; each target gets a folder of its own inside it.
    solve_into
        Solves a site into a folder; returns the result and its exit code.
    as_json
        Whether to print JSON.

    Returns
    -------
    int
        The exit code: that of an interrupt, or else the highest of all targets.
    """
    from optmix.report.nines import NinesRow, require_curve_folder, write_curve

    require_curve_folder(out)
    rows: list[NinesRow] = []
    codes = [0]
    document = write_curve(out, site.name, rows)
    for count in nines:
        folder = f"nines-{count:g}"
        terminal.info(f"{count:g} nines of {', '.join(f'{each:g}' for each in nines)}")
        result, code = solve_into(_held_to(site, count), out / folder)
        rows.append(NinesRow(count, folder, result))
        codes.append(code)
        document = write_curve(out, site.name, rows)
        if code == INTERRUPTED:
            break
    if as_json:
        terminal.json(document)
    else:
        terminal.result(_summary(site.name, rows, out))
    return INTERRUPTED if INTERRUPTED in codes else max(codes)


def _held_to(site: Site, nines: float) -> Site:
    """Return a site with an availability as its target, all else of reliability as it was."""
    from optmix.report.nines import availability_of

    figures = {"lole_h_per_yr": None, "eue_mwh_per_yr": None, "eue_ppm": None}
    target = {"target": "nines", "availability": availability_of(nines), **figures}
    reliability = site.reliability.model_copy(update=target)
    return site.model_copy(update={"reliability": reliability}).with_origin(site.origin)


def _summary(name: str, rows: Sequence[NinesRow], out: Path) -> RenderableType:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("target, %", "M USD a year", "gap, %", "available, %", "status"):
        table.add_column(heading, justify="left" if heading == "status" else "right")
    table.add_column("mix", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row))
    return Group(Text(f"{name}: what nines cost", style="bold"), table, Text(f"in {out}/"))


def _cells(row: NinesRow) -> tuple[str, ...]:
    from optmix.report.availability import percent_text
    from optmix.report.indices import NO_FAILURE_DATA

    result, found = row.result, row.result.reliability
    built = [] if result.mix is None else [*result.mix.units.items(), *result.mix.battery.items()]
    return (
        f"{PERCENT * row.availability_target:.10g}",
        "-" if result.objective_usd is None else f"{result.objective_usd / MILLION:,.3f}",
        "-" if result.gap is None else f"{PERCENT * result.gap:.3f}",
        NO_FAILURE_DATA if found.has_failure_data is False else percent_text(found) or "-",
        result.status.replace("_", " "),
        ", ".join(f"{n} {name}" for name, n in built if n),
    )
