"""The layout finds in a solution what the model's own variables would hold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import Cut, featured, of_days
from model.cases import make_stock
from model.everything import everything

from optmix.model.assemble import build_model
from optmix.model.concept import Window
from optmix.solve.handoff import hand_off
from optmix.solve.layout import NO_COLUMN, SIZE_VARIABLES, STEP_VARIABLES, Layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.solve.handoff import Handoff


def whole_of_everything() -> Any:
    return build_model(everything())


def window_of_featured(number: int) -> Any:
    return build_model(featured(), Cut(featured()).windows[number])


def plain() -> Any:
    return build_model(of_days(2))


def design() -> Any:
    return build_model(everything(), Window.design(everything().axis))


def with_unused_stock() -> Any:
    """Return a model whose stock is at least half full and cheaper than nothing uses."""
    stock = make_stock(name="lng", fuel="natural_gas", min_content_mmbtu=250.0)
    return build_model(of_days(2, stocks=(stock,)))


MODELS: dict[str, Callable[[], Any]] = {
    "everything": whole_of_everything,
    "first window": partial(window_of_featured, 0),
    "last window": partial(window_of_featured, 2),
    "one engine": plain,
    "no operation": design,
    "a stock with a floor": with_unused_stock,
}
each_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())


def by_member(handoff: Handoff, name: str, x: Any) -> dict[Any, float]:
    variable = handoff.model.component(name)
    return dict(zip(variable.index_set(), handoff.values(variable, x), strict=True))


@each_model
def test_values_are_those_of_the_model(make: Callable[[], Any]) -> None:
    handoff = hand_off(make())
    layout = Layout.of(handoff)
    x = np.random.default_rng(1).uniform(0.0, 9.0, handoff.program.n_columns)
    steps = layout.steps.tolist()

    assert steps == list(handoff.model.TIMES)
    for name, over in STEP_VARIABLES.items():
        found, values = layout.values(name, x), by_member(handoff, name, x)
        owners = [()] if over is None else [(o,) for o in handoff.model.component(over)]
        if not values:
            assert found.size == 0
            continue
        wanted = [[values[(*o, t) if o else t] for t in steps] for o in owners]
        assert found.tolist() == wanted, name
    for name in SIZE_VARIABLES:
        assert layout.values(name, x).tolist() == list(by_member(handoff, name, x).values())
    out = by_member(handoff, "in_maintenance", x)
    assert layout.values("in_maintenance", x).tolist() == [
        [out[g, k] for k in layout.weeks] for g in layout.maintained
    ]


@each_model
def test_no_column_is_two_things(make: Callable[[], Any]) -> None:
    handoff = hand_off(make())
    layout = Layout.of(handoff)
    columns = np.concatenate([c.ravel() for c in layout.columns.values()])
    columns = columns[columns != NO_COLUMN]

    assert len(columns) == len(np.unique(columns))
    assert columns.max(initial=-1) < handoff.program.n_columns


def test_every_step_of_everything_has_its_columns() -> None:
    """The case has all parts, so the layout misses nothing that operates but links and budgets."""
    handoff = hand_off(whole_of_everything())
    layout = Layout.of(handoff)
    found = {int(c) for columns in layout.columns.values() for c in columns.ravel()}
    others = {
        variable.parent_component().name
        for column, variable in enumerate(handoff.columns)
        if column not in found
    }

    assert others == {
        "has_tie",
        "peak_mw",
        "discharge_allotment_mwh",
        "curtailment_allotment_mwh",
        "emission_allotment_lb",
        "pipeline_allotment_mmbtu",
    }
    assert all(columns.size for columns in layout.columns.values())


def test_without_a_column_a_variable_is_idle() -> None:
    layout = Layout.of(hand_off(with_unused_stock()))
    idle = Layout(
        steps=layout.steps,
        columns=layout.columns | {"content_mmbtu": np.full((1, 8), NO_COLUMN)},
        idle=layout.idle | {"content_mmbtu": np.full((1, 8), 250.0)},
        maintained=layout.maintained,
        weeks=layout.weeks,
        whole_switches=layout.whole_switches,
    )

    assert idle.values("content_mmbtu", np.full(99, 7.0)).tolist() == [[250.0] * 8]
    assert idle.values("content_mmbtu", []).tolist() == [[250.0] * 8]


def test_values_do_not_share_memory_with_the_layout() -> None:
    layout = Layout.of(hand_off(design()))
    layout.values("n_units", [])[:] = 99.0

    assert 99.0 not in layout.values("n_units", [])
