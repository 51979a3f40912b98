"""From a solver's numbers to a Plan: the way back through the layout of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.plan import Plan
from optmix.data.plan_io import needs_grid

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.solve.layout import Layout

__all__ = ["extract_plan"]

NO_EXPORT_MW = 1e-6
"""Less than this is a rounding error, and must not look like a grid tie that someone pays for."""


def extract_plan(case: Case, layout: Layout, x: Floats) -> Plan:
    """Return the plan that a vector of column values means, for the steps of the layout.

    Parameters
    ----------
    case
        The site the model was built from.
    layout
        Where its variables are.
    x
        One value for each column.

    Shape
    -----
    ``x``: one a column of the program. The plan: as `Plan` says, with the steps of the layout
    for T.
    """
    n_steps = len(layout.steps)

    def floats(name: str) -> Floats:
        # A solver may leave a quantity a rounding error below zero.
        return np.maximum(layout.values(name, x), 0.0)

    def total(name: str) -> Floats:
        return np.asarray(floats(name).sum(axis=0))

    cover = floats("cover_mw")
    started, stopped = floats("started"), floats("stopped")
    # Where nothing is gained by it, a solver may still start and stop parts of a unit at once.
    is_whole = np.array([unit.name in layout.whole_switches for unit in case.units], dtype=bool)
    at_once = np.where(is_whole.reshape(-1, 1), 0.0, np.minimum(started, stopped))
    withdrawal_mw, export_mw = float(floats("withdrawal_mw").sum()), total("export_mw")
    export_mw[export_mw < NO_EXPORT_MW] = 0.0
    return Plan(
        units=_rounded(floats("n_units")),
        modules=_rounded(floats("n_modules")),
        withdrawal_mw=withdrawal_mw,
        has_grid=needs_grid(withdrawal_mw, export_mw),
        online=_rounded(floats("online")),
        starts=_rounded(started - at_once),
        stops=_rounded(stopped - at_once),
        in_maintenance=_in_maintenance(case, layout, x),
        output_mw=floats("output_mw"),
        fuel_mmbtu_per_h=floats("fuel_mmbtu_per_h"),
        charge_mw=floats("charge_mw"),
        discharge_mw=floats("discharge_mw"),
        soc_mwh=floats("soc_mwh"),
        cover_mw=cover if len(cover) else np.zeros((len(case.batteries), n_steps)),
        import_mw=total("import_mw"),
        export_mw=export_mw,
        curtailed_mw=floats("curtailed_mw"),
        unserved_mw=total("unserved_mw"),
        withdrawn_mmbtu_per_h=floats("withdrawn_mmbtu_per_h"),
        refill_mmbtu_per_h=floats("refill_mmbtu_per_h"),
        content_mmbtu=floats("content_mmbtu"),
    )


def _rounded(values: Floats) -> Ints:
    return np.rint(values).astype(np.int64)


def _in_maintenance(case: Case, layout: Layout, x: Floats) -> Ints:
    """Spread units in maintenance from weeks to steps."""
    out = np.zeros((len(case.units), len(layout.steps)), dtype=np.int64)
    if not layout.maintained:
        return out
    by_week = _rounded(layout.values("in_maintenance", x))
    names = [unit.name for unit in case.units]
    week = np.searchsorted(layout.weeks, case.axis.week[layout.steps])
    for row, name in zip(by_week, layout.maintained, strict=True):
        out[names.index(name)] = row[week]
    return out
