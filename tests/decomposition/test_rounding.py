"""Rounded rows hold for every plan, and cut off operation with parts of units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import Cut, Whole, featured, least, of_days
from hypothesis import given, settings
from model.cases import make_battery, make_grid, make_tier
from model.random_cases import cases

from optmix.data.case import SecurityPolicy
from optmix.solve.decomposition.rounding import rounded_rows
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.decomposition.block import Block

FEW = settings(max_examples=6)
ROUNDING = 1e-5
"""HiGHS takes a number of units that is off by 1e-6 for whole; a row adds up several."""


def kept_by(case: Case, block: Block, x: Any) -> bool:
    rows, lower = rounded_rows(case, block)
    return bool((rows @ x >= lower - ROUNDING).all())


@FEW
@given(cases())
def test_every_optimum_of_the_whole_keeps_every_row(case: Case) -> None:
    whole, cut = Whole(case), Cut(case)

    assert verify_plan(case, whole.plan).findings == ()
    for window, block in zip(cut.windows, cut.blocks, strict=True):
        assert kept_by(case, block, whole.in_window(window, block))


def secured(**security: bool) -> SecurityPolicy:
    policy = {"loss_of_unit": False, "loss_of_grid": False} | security
    return SecurityPolicy(swing_mw=0.0, bridge_h=0.25, **policy)


def small() -> dict[str, Any]:
    return {"rating_mw": 3.0, "net_rating_mw": 3.0, "pmax_mw": [3.0, 2.8, 2.6] * 2, "pmin_mw": 1.0}


def site(**parts: Any) -> Case:
    """Return two engine types over two days of three steps."""
    demand = parts.pop("demand_mw", [7.3, 11.2, 6.1, 8.9, 12.4, 3.7])
    tie, tiers = parts.pop("tie", None), parts.pop("tiers", ())
    case = of_days(2, 3, units=[{}, small()], demand_mw=demand, **parts)
    return replace(
        case,
        grid=None if tie is None else make_grid(case.axis, **tie),
        tiers=tuple(make_tier(case.axis, f"tier {k}", **tier) for k, tier in enumerate(tiers)),
    )


TIE = {"withdrawal_max_mw": 6.0, "availability": [1.0, 0.5, 0.0] * 2, "export_max_mw": 2.0}
TIERS = ({"limit_mw": 1.3, "is_fast": True}, {"limit_mw": 0.7})
STORE = (make_battery(module_mw=1.7, usable_mwh=2.1, aux_mw=0.1, soc_min_frac=0.1),)

SITES = {
    "power alone": site(),
    "loss of a unit": site(security=secured(loss_of_unit=True)),
    "loss of a unit, with all else": site(
        security=secured(loss_of_unit=True),
        tie=TIE,
        tiers=TIERS,
        batteries=STORE,
        voll_usd_per_mwh=900.0,
    ),
    "loss of the grid": site(
        security=secured(loss_of_grid=True), tie=TIE, tiers=TIERS, batteries=STORE
    ),
    "loss of either": site(
        security=secured(loss_of_unit=True, loss_of_grid=True),
        tie=TIE,
        tiers=TIERS[:1],
        voll_usd_per_mwh=900.0,
    ),
    "loss of a grid that is not there": site(
        security=secured(loss_of_unit=True, loss_of_grid=True), batteries=STORE
    ),
}
each_site = pytest.mark.parametrize("case", SITES.values(), ids=SITES.keys())


@each_site
def test_no_whole_operation_breaks_a_row(case: Case) -> None:
    """Whatever the sizes: the least value of each row over all whole operation is its side."""
    block = Cut(case).one(0).block
    rows, lower = rounded_rows(case, block)
    broken_by_parts = 0

    assert len(lower) >= 6
    for row, side in zip(rows.toarray(), lower, strict=True):
        program = replace(block.program, cost=row)
        assert least(program) >= side - ROUNDING
        broken_by_parts += least(program.relaxed()) < side - 1e-3
    # Otherwise they would be of no use.
    assert broken_by_parts >= len(lower) / 2


@each_site
def test_each_contingency_has_rows(case: Case) -> None:
    """One for power and the loss of the grid by each type, and one for the loss of each type."""
    block = Cut(case).one(0).block
    steps = case.demand_mw[block.layout.steps] > 0
    kinds = 2  # power, divided by either type
    if case.security.loss_of_grid:
        kinds += 2
    if case.security.loss_of_unit:
        kinds += 2
    rows, lower = rounded_rows(case, block)

    assert rows.shape == (len(lower), block.program.n_columns)
    assert len(lower) <= kinds * steps.sum()
    assert len(lower) > (kinds - 1) * steps.sum()


def test_a_row_says_how_many_units_a_demand_takes() -> None:
    """12.5 MW by engines of 5 MW, two online and one half: three, whatever the last one gives."""
    case = of_days(2, 1, demand_mw=12.5)
    block = Cut(case).one(0).block
    rows, lower = rounded_rows(case, block)
    online = block.layout.columns["online"][0]

    # With f = 0.5: 0.5 u + (what is missing) / 5 >= 0.5 * 3.
    assert lower.tolist() == pytest.approx([1.5] * len(online))
    assert rows[:, online].toarray().tolist() == (0.5 * np.eye(len(online))).tolist()
    assert rows[:, block.n_own :].toarray().sum() == pytest.approx(len(online) / 5.0)


@pytest.mark.parametrize("demand_mw", [0.0, 10.0, 10.05, 15.0])
def test_demand_of_whole_units_has_no_row(demand_mw: float) -> None:
    case = of_days(2, 1, demand_mw=demand_mw)
    rows, lower = rounded_rows(case, Cut(case).one(0).block)

    assert rows.shape[0] == len(lower) == 0


def test_a_site_without_units_has_no_rows() -> None:
    case = of_days(2, 2, units=[], batteries=STORE)
    block = Cut(replace(case, grid=make_grid(case.axis, withdrawal_max_mw=20.0))).one(0).block
    rows, lower = rounded_rows(case, block)

    assert rows.shape == (0, block.program.n_columns)
    assert not len(lower)


def test_every_part_at_once() -> None:
    case = featured()
    whole, cut = Whole(case), Cut(case)
    for window, block in zip(cut.windows, cut.blocks, strict=True):
        x = whole.in_window(window, block)
        assert kept_by(case, block, x)
        # A plan of half of everything is none.
        assert not kept_by(case, block, 0.5 * x)
