"""What holds for every correct plan: noise passes, errors do not, and time may be cut or turned."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from optmix.data.axis import Axis
from optmix.data.case import Case
from optmix.data.plan import Plan
from optmix.verify.check import verify_plan
from optmix.verify.structure import COUNTS, SHAPES

Scenes = dict[str, tuple[Case, Plan]]

BUSY = ("island", "tied", "flexible", "fuels", "years", "quarters", "negative")
FIGURES = [name for name, letters in SHAPES.items() if "T" in letters and name not in COUNTS]

TIGHT = {
    "output_mw": "BAL-1",
    "import_mw": "BAL-1",
    "export_mw": "BAL-1",
    "curtailed_mw": "BAL-1",
    "unserved_mw": "BAL-1",
    "charge_mw": "BAT-2",
    "discharge_mw": "BAT-2",
    "soc_mwh": "BAT-2",
    "withdrawn_mmbtu_per_h": "STK-1",
    "refill_mmbtu_per_h": "STK-1",
    "content_mmbtu": "STK-1",
    "online": "COM-2",
    "starts": "COM-2",
    "stops": "COM-2",
}
"""An equality that each quantity stands in, so that no change of it can be right."""


@given(
    data=st.data(),
    name=st.sampled_from(BUSY),
    field=st.sampled_from(sorted(TIGHT)),
    size=st.floats(2e-3, 100.0),
    sign=st.sampled_from([-1, 1]),
)
def test_any_change_above_tolerance_is_caught(
    scenes: Scenes, data: st.DataObject, name: str, field: str, size: float, sign: int
) -> None:
    case, plan = scenes[name]
    values = np.array(getattr(plan, field))
    assume(values.size)
    place = data.draw(st.integers(0, values.size - 1))
    values.flat[place] += sign * (max(1, round(size)) if field in COUNTS else size)
    findings = verify_plan(case, dataclasses.replace(plan, **{field: values})).findings
    assert TIGHT[field] in {finding.equation for finding in findings}


@given(
    data=st.data(),
    name=st.sampled_from(BUSY),
    size=st.floats(0.05, 100.0),
)
def test_any_fuel_below_the_curve_is_caught(
    scenes: Scenes, data: st.DataObject, name: str, size: float
) -> None:
    case, plan = scenes[name]
    fuel = plan.fuel_mmbtu_per_h.copy()
    fuel.flat[data.draw(st.integers(0, fuel.size - 1))] -= size
    findings = verify_plan(case, dataclasses.replace(plan, fuel_mmbtu_per_h=fuel)).findings
    assert {"FUE-1"} <= {finding.equation for finding in findings}


@given(name=st.sampled_from(BUSY), seed=st.integers(0, 2**32), size=st.sampled_from([1e-9, 1e-6]))
def test_the_noise_of_a_solver_is_accepted(
    scenes: Scenes, name: str, seed: int, size: float
) -> None:
    case, plan = scenes[name]
    rng = np.random.default_rng(seed)
    noisy = {
        field: getattr(plan, field) + rng.uniform(-size, size, getattr(plan, field).shape)
        for field in FIGURES
    }
    assert verify_plan(case, dataclasses.replace(plan, **noisy)).findings == ()


def by_step(thing: Any, n_steps: int, change: Any) -> Any:
    """Apply a change to every array over steps in a record and the records it holds."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, np.ndarray) and value.shape[-1:] == (n_steps,):
            changes[field.name] = change(value)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(by_step(item, n_steps, change) for item in value)
        elif dataclasses.is_dataclass(value) and not isinstance(value, Axis):
            changes[field.name] = by_step(value, n_steps, change)
    return dataclasses.replace(thing, **changes)


@given(name=st.sampled_from(["quarters", "negative", "flexible"]), shift=st.integers(-200, 200))
def test_a_cyclic_year_may_start_at_any_step(scenes: Scenes, name: str, shift: int) -> None:
    case, plan = scenes[name]
    n_steps = case.axis.n_steps
    before = verify_plan(case, plan)

    def turned(values: Any) -> Any:
        return np.roll(values, shift, axis=-1)

    after = verify_plan(by_step(case, n_steps, turned), by_step(plan, n_steps, turned))
    assert after.findings == ()
    assert after.objective_usd == pytest.approx(before.objective_usd)


def twice(axis: Axis, share: float) -> Axis:
    """Return two operating years that are both the one given."""
    doubled: dict[str, Any] = {
        name: np.concatenate([part, part + int(part.max()) + 1])
        for name in ("year", "month", "week", "day")
        for part in [getattr(axis, name)]
    }
    return dataclasses.replace(
        axis,
        **doubled,
        start_utc=np.tile(axis.start_utc, 2),
        local_hour=np.tile(axis.local_hour, 2),
        year_name=("one", "two"),
        probability=np.array([share, 1 - share]),
        month_label=axis.month_label * 2,
    )


@pytest.mark.parametrize("share", [0.5, 0.1])
@pytest.mark.parametrize("name", ["island", "tied", "flexible", "fuels", "quarters", "negative"])
def test_a_year_cut_into_two_scenarios_costs_the_same(
    scenes: Scenes, name: str, share: float
) -> None:
    case, plan = scenes[name]
    n_steps = case.axis.n_steps

    def tiled(values: Any) -> Any:
        return np.concatenate([values, values], axis=-1)

    both = dataclasses.replace(
        by_step(case, n_steps, tiled),
        axis=twice(case.axis, share),
        is_blackout_week=np.tile(case.is_blackout_week, 2),
        tiers=tuple(
            dataclasses.replace(tier, budget_mwh=np.tile(tier.budget_mwh, 2))
            for tier in by_step(case, n_steps, tiled).tiers
        ),
    )
    before, after = verify_plan(case, plan), verify_plan(both, by_step(plan, n_steps, tiled))
    assert after.findings == ()
    assert after.costs_usd == pytest.approx(before.costs_usd)
    assert after.energy_mwh == pytest.approx(before.energy_mwh)
    assert after.emissions_tpy == pytest.approx(before.emissions_tpy)
