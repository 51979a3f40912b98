"""``optmix solve --dry-run``: how large the model of a site is, and what is odd about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.cli.screening import screened
from optmix.cli.terminal import Terminal

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.site import Site
    from optmix.solve.linear_program import LinearProgram

__all__ = ["show_dry_run"]


def show_dry_run(
    terminal: Terminal,
    site: Site,
    *,
    method: str | None = None,
    solver: str | None = None,
    as_json: bool,
) -> None:
    """Print the method that would solve a site, and the size of what it gives to the solver.

    The decomposition solves a program for each window; the largest is built, and the others are
    not.

    Parameters
    ----------
    terminal
        Where to print.
    site
        The site.
    method, solver
        Options of the command line.
    as_json
        Whether to print JSON.

    Raises
    ------
    InputError
        The site or an option cannot be used.
    """
    from optmix.cli.method import method_of
    from optmix.rules.in_force import ready_case

    case = ready_case(site)
    chosen = method_of(site, case, method=method, solver=solver)
    complaints = [*screened(site, case)]
    figures = {
        "name": site.name,
        "method": chosen,
        "n_steps": case.axis.n_steps,
        "step_h": case.axis.step_h,
        "n_operating_years": case.axis.n_years,
        "peak_demand_mw": float(case.demand_mw.max()),
        "mean_demand_mw": float(case.demand_mw.mean()),
        **(_window_size(case) if chosen == "decomposition" else _whole_size(case)),
    }
    for text in case.warnings:
        terminal.warn(text)
    for complaint in complaints:
        complaint.tell(terminal)
    if as_json:
        problems = [complaint.as_json() for complaint in complaints]
        terminal.json({**figures, "problems": problems, "warnings": list(case.warnings)})
        return
    from optmix.report.summary import figures_table

    terminal.result(figures_table(figures))


def _whole_size(case: Case) -> dict[str, Any]:
    from optmix.rules.assemble import build_site_model
    from optmix.solve.handoff import hand_off

    return _size(hand_off(build_site_model(case)).program)


def _window_size(case: Case) -> dict[str, Any]:
    """Return into how many windows a case is cut, and the size of the one of most steps."""
    from optmix.solve.decomposition.block import build_block
    from optmix.solve.decomposition.master import Master
    from optmix.solve.decomposition.prices import guess_prices
    from optmix.solve.decomposition.windows import cut_windows

    windows = cut_windows(case)
    number = max(range(len(windows)), key=lambda k: windows[k].stop - windows[k].first)
    known = Master(case, windows).place
    block = build_block(case, windows[number], number, guess_prices(case), known)
    window = block.window
    size = {"n_steps": window.stop - window.first, **_size(block.program)}
    return {
        "n_windows": len(windows),
        **{f"largest_window_{name}": figure for name, figure in size.items()},
    }


def _size(program: LinearProgram) -> dict[str, Any]:
    import numpy as np

    sizes = np.abs(np.concatenate([program.value, program.cost]))
    sizes = sizes[sizes > 0]
    return {
        "n_variables": program.n_columns,
        "n_integer_variables": int(program.is_integer.sum()),
        "n_constraints": program.n_rows,
        "n_coefficients": program.n_nonzeros,
        "smallest_coefficient": float(sizes.min(initial=np.inf)),
        "largest_coefficient": float(sizes.max(initial=0.0)),
    }
