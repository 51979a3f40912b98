"""Whatever a plan holds, the check ends with findings and not with an exception."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optmix.data.case import Case
from optmix.data.plan import Plan
from optmix.verify.check import verify_plan
from optmix.verify.structure import COUNTS, LARGEST, SHAPES

Scenes = dict[str, tuple[Case, Plan]]

TABLES = [name for name, letters in SHAPES.items() if letters]

# Scenes that between them fill every field of a plan.
FILLED = ("island", "tied", "flexible", "fuels")


def scene_with(scenes: Scenes, field: str) -> tuple[Case, Plan]:
    return next(scenes[name] for name in FILLED if np.size(getattr(scenes[name][1], field)))


def the_finding(case: Case, plan: Plan) -> Any:
    verification = verify_plan(case, plan)
    (finding,) = verification.findings
    assert math.isnan(verification.objective_usd)
    assert all(math.isnan(usd) for usd in verification.costs_usd.values())
    assert verification.lcoe_usd_per_mwh is None
    return finding


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e308, 2 * LARGEST])
@pytest.mark.parametrize("field", [name for name in TABLES if name not in COUNTS])
def test_a_figure_beyond_belief_is_a_finding(scenes: Scenes, field: str, bad: float) -> None:
    case, plan = scene_with(scenes, field)
    values = np.array(getattr(plan, field))
    values[..., -2:] = bad
    finding = the_finding(case, dataclasses.replace(plan, **{field: values}))
    assert (finding.equation, finding.subject) == ("PLAN-3", field)
    assert (finding.step, finding.n_steps) == (case.axis.n_steps - 2, 2)


def test_a_withdrawal_that_is_no_number_is_a_finding(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    finding = the_finding(case, dataclasses.replace(plan, withdrawal_mw=math.nan))
    assert (finding.equation, finding.subject, finding.step) == ("PLAN-3", "withdrawal_mw", None)


@pytest.mark.parametrize("field", SHAPES)
@pytest.mark.parametrize("shape", ["doubled", "shortened", "ragged"])
def test_a_wrong_shape_is_a_finding(scenes: Scenes, field: str, shape: str) -> None:
    case, plan = scene_with(scenes, field)
    values = np.array(getattr(plan, field), ndmin=1)
    wrong: Any = {
        "doubled": np.stack([values, values]),
        "shortened": values[..., :-1],
        "ragged": [1.0, [2.0, 3.0]],
    }
    finding = the_finding(case, dataclasses.replace(plan, **{field: wrong[shape]}))
    assert (finding.equation, finding.subject) == ("PLAN-1", field)


@pytest.mark.parametrize("field", [name for name, letters in SHAPES.items() if len(letters) > 1])
def test_steps_come_last(scenes: Scenes, field: str) -> None:
    case, plan = scene_with(scenes, field)
    turned = dataclasses.replace(plan, **{field: getattr(plan, field).T})
    assert the_finding(case, turned).equation == "PLAN-1"


@pytest.mark.parametrize("field", sorted(COUNTS))
def test_a_count_that_is_not_whole_by_type_is_a_finding(scenes: Scenes, field: str) -> None:
    case, plan = scene_with(scenes, field)
    values = getattr(plan, field).astype(float)
    finding = the_finding(case, dataclasses.replace(plan, **{field: values}))
    assert (finding.equation, finding.subject) == ("PLAN-2", field)


@pytest.mark.parametrize("kind", [complex, str, object, bool])
def test_figures_of_another_type_are_a_finding(scenes: Scenes, kind: type) -> None:
    case, plan = scenes["tied"]
    finding = the_finding(case, dataclasses.replace(plan, import_mw=plan.import_mw.astype(kind)))
    assert (finding.equation, finding.subject) == ("PLAN-2", "import_mw")


def test_a_tie_is_there_or_not(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    finding = the_finding(case, dataclasses.replace(plan, has_grid="yes"))
    assert (finding.equation, finding.subject) == ("PLAN-2", "has_grid")


def test_all_that_is_unsound_is_told_at_once(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    broken = dataclasses.replace(plan, import_mw=None, online=plan.online * 1.5, has_grid=None)
    subjects = {finding.subject for finding in verify_plan(case, broken).findings}
    assert subjects == {"import_mw", "online", "has_grid"}


EXTREMES = [0.0, 1.0, -1.0, 0.5, 1e-9, LARGEST, -LARGEST]


@given(data=st.data(), name=st.sampled_from(["island", "tied", "flexible", "fuels", "years"]))
def test_no_sound_plan_raises(scenes: Scenes, data: st.DataObject, name: str) -> None:
    case, plan = scenes[name]
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    changes: dict[str, Any] = {}
    for field in data.draw(st.sets(st.sampled_from(TABLES), min_size=1)):
        shape = getattr(plan, field).shape
        values = rng.choice(EXTREMES, size=shape)
        changes[field] = values.astype(np.int64) if field in COUNTS else values
    verification = verify_plan(case, dataclasses.replace(plan, **changes))
    assert math.isfinite(verification.objective_usd)
    assert all(math.isfinite(finding.excess) for finding in verification.findings)
