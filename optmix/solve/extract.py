"""From a solver's numbers to a Plan: the way back through the model of a whole site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.data.plan import Plan
from optmix.data.plan_io import needs_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.solve.handoff import Handoff

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["extract_plan"]

NO_EXPORT_MW = 1e-6
"""Less than this is a rounding error, and must not look like a grid tie that someone pays for."""


def extract_plan(case: Case, handoff: Handoff, x: Floats) -> Plan:
    """Return the plan that a vector of column values means.

    Parameters
    ----------
    case
        The site the model was built from.
    handoff
        The model of all its steps as arrays.
    x
        One value for each column.

    Shape
    -----
    ``x``: one a column of ``handoff.program``. The plan: as `Plan` says.
    """
    m = handoff.model
    n_steps = case.axis.n_steps

    def floats(variable: Any) -> Floats:
        # A solver may leave a quantity a rounding error below zero.
        return np.maximum(handoff.values(variable, x), 0.0)

    def by_step(variable: Any) -> Floats:
        return floats(variable).reshape(-1, n_steps)

    def counts(variable: Any) -> Ints:
        return _rounded(by_step(variable))

    def total(variable: Any) -> Floats:
        return np.asarray(by_step(variable).sum(axis=0))

    cover = by_step(m.cover_mw) if len(m.COVER_TIMES) else np.zeros((len(m.STORAGE), n_steps))
    started, stopped = by_step(m.started), by_step(m.stopped)
    # Where nothing is gained by it, a solver may still start and stop parts of a unit at once.
    is_whole = np.array([g in m.switches_whole for g in m.UNITS], dtype=bool).reshape(-1, 1)
    at_once = np.where(is_whole, 0.0, np.minimum(started, stopped))
    withdrawal_mw, export_mw = float(floats(m.withdrawal_mw).sum()), total(m.export_mw)
    export_mw[export_mw < NO_EXPORT_MW] = 0.0
    return Plan(
        units=_rounded(floats(m.n_units)),
        modules=_rounded(floats(m.n_modules)),
        withdrawal_mw=withdrawal_mw,
        has_grid=needs_grid(withdrawal_mw, export_mw),
        online=counts(m.online),
        starts=_rounded(started - at_once),
        stops=_rounded(stopped - at_once),
        in_maintenance=_in_maintenance(case, m, floats),
        output_mw=by_step(m.output_mw),
        fuel_mmbtu_per_h=by_step(m.fuel_mmbtu_per_h),
        charge_mw=by_step(m.charge_mw),
        discharge_mw=by_step(m.discharge_mw),
        soc_mwh=by_step(m.soc_mwh),
        cover_mw=cover,
        import_mw=total(m.import_mw),
        export_mw=export_mw,
        curtailed_mw=by_step(m.curtailed_mw),
        unserved_mw=total(m.unserved_mw),
        withdrawn_mmbtu_per_h=by_step(m.withdrawn_mmbtu_per_h),
        refill_mmbtu_per_h=by_step(m.refill_mmbtu_per_h),
        content_mmbtu=by_step(m.content_mmbtu),
    )


def _rounded(values: Floats) -> Ints:
    return np.rint(values).astype(np.int64)


def _in_maintenance(case: Case, m: Any, floats: Callable[[Any], Floats]) -> Ints:
    """Spread units in maintenance from weeks to steps."""
    out = np.zeros((len(case.units), case.axis.n_steps), dtype=np.int64)
    if not len(m.MAINTAINED):
        return out
    by_week = _rounded(floats(m.in_maintenance)).reshape(len(m.MAINTAINED), -1)
    names = [unit.name for unit in case.units]
    for row, name in zip(by_week, m.MAINTAINED, strict=True):
        out[names.index(name)] = row[case.axis.week]
    return out
