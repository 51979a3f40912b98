"""Other cases that must cost the same: other steps, other years, other orders."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from model.cases import changed

from optmix.data.axis import Axis
from optmix.data.equipment import UnitType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.case import Case

    Ints = NDArray[np.int64]

BY_STEP = {
    "availability",
    "chord_alpha_mmbtu_per_h",
    "chord_beta_mmbtu_per_mwh",
    "coincident_weight",
    "demand_mw",
    "export_price_usd_per_mwh",
    "fuel_factor",
    "fuel_price_usd_per_mmbtu",
    "import_price_usd_per_mwh",
    "limit_mw",
    "pmax_mw",
    "pmin_mw",
    "price_usd_per_mmbtu",
    "temp_c",
}
"""Fields with one number a step; a stock has one price for all of them."""
LABELS = ("year", "month", "week", "day")


def with_steps(part: Any, order: Ints) -> Any:
    """Return a case, or a part of one, whose steps are those of ``order``; the axis stays."""
    if isinstance(part, tuple):
        return tuple(with_steps(member, order) for member in part)
    if not is_dataclass(part) or isinstance(part, Axis):
        return part
    figures = {field.name: getattr(part, field.name) for field in fields(part)}
    return type(part)(
        **{
            name: value[order]
            if name in BY_STEP and isinstance(value, np.ndarray)
            else with_steps(value, order)
            for name, value in figures.items()
        }
    )


def with_axis(axis: Axis, **changes: Any) -> Axis:
    return Axis(**{field.name: getattr(axis, field.name) for field in fields(axis)} | changes)


def shifted(case: Case, steps: int) -> Case:
    """Return the case with every operating year starting ``steps`` later, round its end."""
    axis = case.axis
    order = np.concatenate(
        [np.roll(axis.steps_of_year(year), -steps) for year in range(axis.n_years)]
    )
    labels = {name: getattr(axis, name)[order] for name in LABELS}
    return changed(with_steps(case, order), axis=with_axis(axis, **labels))


def with_twin_year(case: Case, year: int, frac: float) -> Case:
    """Return the case with one operating year twice, which share its probability."""
    axis = case.axis
    steps = np.array(axis.steps_of_year(year))
    order = np.concatenate([np.arange(axis.n_steps), steps])
    labels = {}
    for name in LABELS:
        old = getattr(axis, name)
        labels[name] = np.concatenate([old, old[steps] - old[steps].min() + old.max() + 1])
    weeks = np.unique(axis.week[steps])
    probability = np.append(axis.probability, axis.probability[year] * frac)
    probability[year] *= 1.0 - frac
    twin = with_axis(
        axis,
        **labels,
        start_utc=axis.start_utc[order],
        local_hour=axis.local_hour[order],
        year_name=(*axis.year_name, "twin"),
        probability=probability,
        month_label=(*axis.month_label, *["twin"] * len(np.unique(axis.month[steps]))),
    )
    tiers = tuple(
        type(tier)(**vars(tier) | {"budget_mwh": np.append(tier.budget_mwh, tier.budget_mwh[year])})
        for tier in with_steps(case.tiers, order)
    )
    closed = np.append(case.is_blackout_week, case.is_blackout_week[weeks])
    return changed(with_steps(case, order), axis=twin, tiers=tiers, is_blackout_week=closed)


def refined(case: Case, parts: int) -> Case:
    """Return the case with every step in equal parts; a ramp in MW holds for each part."""
    axis = case.axis
    order = np.repeat(np.arange(axis.n_steps), parts)
    minutes = np.tile(np.arange(parts), axis.n_steps) * 60 * axis.step_h / parts
    fine = with_axis(
        axis,
        **{name: getattr(axis, name)[order] for name in (*LABELS, "local_hour")},
        step_h=axis.step_h / parts,
        start_utc=axis.start_utc[order] + minutes.astype("timedelta64[m]"),
    )
    whole = with_steps(case, order)
    tie = whole.grid
    if tie is not None:
        tie = type(tie)(**vars(tie) | {"coincident_weight": tie.coincident_weight / parts})
    units = tuple(_with_fine_times(unit, parts) for unit in whole.units)
    return changed(whole, axis=fine, grid=tie, units=units)


def _with_fine_times(unit: UnitType, parts: int) -> UnitType:
    times = {
        "min_up_steps": unit.min_up_steps * parts,
        "min_down_steps": unit.min_down_steps * parts,
    }
    return UnitType(**vars(unit) | times)


def with_twin_unit(case: Case) -> Case:
    """Return the case with its first unit type under two names."""
    first, *rest = case.units
    return changed(case, units=(first, UnitType(**vars(first) | {"name": "twin"}), *rest))
