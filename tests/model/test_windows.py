"""The model of a window of steps: the same rows, and quantities that link it to its neighbours.

A method that solves a year window by window relies on this: every row is in some window, and
windows that agree on sizes, border states and shares of budgets make up a plan of the year.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo
import pytest
from model.cases import changed, make_axis
from model.everything import everything
from model.programs import is_at_most, is_same, rows_of, solve_model
from model.transforms import with_steps

from optmix.model.assemble import build_model
from optmix.model.concept import Window
from optmix.solve.handoff import hand_off
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from optmix.data.case import Case

SPANS = ((0, 5), (5, 7), (7, 12))
"""Windows of a year of twelve steps. They cut a day, a week and a month, and one is shorter than
the minimum up time."""

BUDGET_ROWS = {
    "curtailment_within_allotment": "curtailment_allotment_mwh",
    "discharge_within_allotment": "discharge_allotment_mwh",
    "actual_within_allotment": "emission_allotment_lb",
    "daily_supply": "pipeline_allotment_mmbtu",
}
"""Rows that add up over steps, and the share of the budget that a window is given."""

SIZES = ("n_units", "is_present", "n_modules", "withdrawal_mw", "has_tie")
LINKS = (*SIZES, "in_maintenance", "peak_mw")
LINES_OF_LINKS = ("unit_capital", "unit_fom", "battery_capital", "battery_fom")
LINES_OF_LINKS += ("grid_capital", "grid_security", "grid_demand")


@cache
def one_year() -> Case:
    """Return the case `everything` with its six steps twice, as one year of twelve."""
    short = everything()
    steps = np.tile(np.arange(6), 2)
    axis = make_axis(
        (12,),
        step_h=0.5,
        month=[0] * 6 + [1] * 6,
        week=[0] * 8 + [1] * 4,
        day=[0] * 4 + [1] * 4 + [2] * 4,
    )
    long = with_steps(short, steps)
    tie = type(long.grid)(**vars(long.grid) | {"coincident_weight": np.full(12, 1 / 12)})
    tiers = tuple(
        type(tier)(**vars(tier) | {"budget_mwh": tier.budget_mwh[:1]}) for tier in long.tiers
    )
    open_weeks = np.array([False, False])
    return changed(long, axis=axis, grid=tie, tiers=tiers, is_blackout_week=open_weeks)


def window_of(case: Case, span: tuple[int, int]) -> Any:
    return build_model(case, Window(case.axis, *span))


@cache
def whole_rows() -> dict[str, Any]:
    return rows_of(hand_off(build_model(one_year())))


def equation_of(row: str) -> str:
    return row.split(".")[1].split("[", maxsplit=1)[0]


@pytest.mark.parametrize("span", SPANS)
def test_rows_of_a_window_are_rows_of_the_whole(span: tuple[int, int]) -> None:
    rows = rows_of(hand_off(window_of(one_year(), span)))

    assert rows
    for name, row in rows.items():
        if equation_of(name) not in BUDGET_ROWS:
            assert row == whole_rows()[name], name


def test_every_row_is_in_a_window() -> None:
    """All but the yearly need of maintenance, which no window of part of a year can state."""
    found: set[str] = set()
    for span in SPANS:
        found |= rows_of(hand_off(window_of(one_year(), span))).keys()
    missing = whole_rows().keys() - found

    assert {equation_of(name) for name in missing} == {"planned_outage_done"}
    assert not found - whole_rows().keys()


@pytest.mark.parametrize("equation", BUDGET_ROWS)
def test_rows_over_many_steps_add_up_over_the_windows(equation: str) -> None:
    """Each window holds its own terms to its share."""
    share = BUDGET_ROWS[equation]
    added: dict[str, dict[str, float]] = {}
    for span in SPANS:
        for name, (terms, lower, upper) in rows_of(hand_off(window_of(one_year(), span))).items():
            if equation_of(name) == equation:
                assert (lower, upper) == whole_rows()[name][1:]
                added.setdefault(name, {}).update(terms)

    assert added == {n: row[0] for n, row in whole_rows().items() if equation_of(n) == equation}
    assert all(any(share in column for column in terms) for terms in added.values())


@pytest.mark.parametrize("span", SPANS)
def test_columns_have_the_bounds_they_have_in_the_whole(span: tuple[int, int]) -> None:
    def bounds(handoff: Any) -> dict[str, tuple[float, float, bool]]:
        program = handoff.program
        limits = zip(program.col_lower, program.col_upper, program.is_integer, strict=True)
        return {v.name: limit for v, limit in zip(handoff.columns, limits, strict=True)}

    whole = bounds(hand_off(build_model(one_year())))
    window = bounds(hand_off(window_of(one_year(), span)))

    assert window.items() <= whole.items()


@pytest.mark.parametrize(
    ("span", "before", "switches"),
    [((0, 5), [11], [11, 10]), ((5, 7), [4], [4, 3]), ((7, 12), [6], [6, 5])],
)
def test_steps_before_a_window_are_columns_of_it(
    span: tuple[int, int], before: list[int], switches: list[int]
) -> None:
    """One step back for states, and as many as the minimum times look back for starts."""
    model = window_of(one_year(), span)
    steps = list(range(*span))

    for times in (model.ONLINE_TIMES, model.SOC_TIMES, model.CONTENT_TIMES):
        assert list(times) == before + steps
    assert list(model.SWITCH_TIMES) == switches + steps
    columns = {variable.name for variable in hand_off(model).columns}
    assert f"soc_mwh[lfp,{before[0]}]" in columns
    assert f"started[turbine,{switches[-1]}]" in columns


def test_windows_of_whole_years_need_no_steps_before_them() -> None:
    case = everything()
    hot = window_of(case, (4, 6))

    assert list(hot.ONLINE_TIMES) == list(hot.SWITCH_TIMES) == [4, 5]
    assert len(hot.maintenance_rows.planned_outage_done) == 1
    assert rows_of(hand_off(hot)).items() <= rows_of(hand_off(build_model(case))).items()


@pytest.mark.parametrize("span", [(0, 7), (-1, 2), (3, 3), (2, 5), (0, 5)])
def test_a_window_is_part_of_one_year_or_whole_years(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="steps"):
        Window(everything().axis, *span)


def border_columns(case: Case) -> set[str]:
    """Return the variables of the steps before each window."""
    border = set()
    for span in SPANS:
        model = window_of(case, span)
        for variable in (model.online, model.output_mw, model.started, model.stopped):
            border |= {variable[i].name for i in variable if i[-1] not in model.TIMES}
        for variable in (model.soc_mwh, model.content_mmbtu):
            border |= {variable[i].name for i in variable if i[-1] not in model.TIMES}
    return border


def link(model: Any, plan: dict[str, float], border: set[str]) -> None:
    """Fix what links a window to the others as it is in a plan of the whole."""
    for variable in model.component_data_objects(pyo.Var):
        variable.set_value(plan[variable.name], skip_validation=True)
        if variable.parent_component().name in LINKS or variable.name in border:
            variable.fix()
    for row in model.component_data_objects(pyo.Constraint):
        share = model.component(BUDGET_ROWS.get(row.parent_component().local_name))
        if share is not None:
            share[row.index()].value = 0.0
            share[row.index()].fix(pyo.value(row.body))


def cost_of_links(model: Any) -> float:
    """Return the cost that every window counts: of what is built, of peaks and of stocks."""
    lines = sum(pyo.value(model.cost_kusd[line]) for line in LINES_OF_LINKS)
    return lines + sum(stock.fixed_usd_per_yr for stock in model.stock.values()) / USD_PER_KUSD


@cache
def optimum_of_the_whole() -> tuple[float, float, dict[str, float]]:
    """Return the least cost, the part of it that links windows, and the plan by variable."""
    model = build_model(one_year())
    _, outcome = solve_model(model)
    assert outcome.objective is not None
    plan = {
        # A solver may pass a bound by its tolerance.
        variable.name: float(np.clip(variable.value, *_limits(variable)))
        for variable in model.component_data_objects(pyo.Var)
    }
    return outcome.objective, cost_of_links(model), plan


def _limits(variable: Any) -> tuple[float, float]:
    lower, upper = variable.bounds
    return -np.inf if lower is None else lower, np.inf if upper is None else upper


def cost_of_operation(window: Any) -> float:
    _, outcome = solve_model(window)
    assert outcome.objective is not None, "the window has no plan"
    return outcome.objective - cost_of_links(window)


def test_windows_that_agree_make_up_the_optimum_of_the_whole() -> None:
    """No window can do better with its share than the whole does, and each can do as well."""
    least, total, plan = optimum_of_the_whole()
    border = border_columns(one_year())
    for span in SPANS:
        window = window_of(one_year(), span)
        link(window, plan, border)
        total += cost_of_operation(window)

    assert is_same(total, least)


def test_windows_free_at_their_borders_cost_no_more_than_the_whole() -> None:
    """With sizes and peaks alone fixed, they bound the cost of the whole from below."""
    least, total, plan = optimum_of_the_whole()
    for span in SPANS:
        window = window_of(one_year(), span)
        for name in (*SIZES, "peak_mw"):
            for variable in window.component(name).values():
                variable.fix(plan[variable.name])
        total += cost_of_operation(window)

    assert is_at_most(total, least)
