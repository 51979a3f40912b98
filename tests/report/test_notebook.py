"""What notebooks show of a result."""

from collections.abc import Callable
from pathlib import Path

import pytest
from report.sites import BATTERY, CAMPUS, NONE, ONE, YEARS

import optmix as om
from optmix.data.cost_lines import COST_LINES
from optmix.errors import InputError
from optmix.report.figures.costs import COST_NAMES
from optmix.report.figures.style import COLORS
from optmix.report.read_out import read_report

Solved = Callable[..., Path]


@pytest.fixture
def result(solved: Solved) -> om.Result:
    return read_report(solved(*BATTERY)).result


def test_the_answer_is_a_table(result: om.Result) -> None:
    shown = result._repr_html_()
    assert f"{result.objective_usd:,.0f}</data>" in shown
    assert "USD/yr" in shown
    assert "engine-5mw" in shown


def test_sizes_and_availability_are_told(solved: Solved) -> None:
    result = read_report(solved(*CAMPUS)).result
    assert result.mix is not None
    shown = result._repr_html_()
    for size, unit in (
        (result.mix.installed_mw, "MW"),
        (result.mix.battery_mw, "MW"),
        (result.mix.grid_withdrawal_mw, "MW"),
    ):
        assert f'{size:,.2f}</data>&nbsp;<span class="unit">{unit}<' in shown
    assert f'{result.mix.battery_mwh:,.1f}</data>&nbsp;<span class="unit">MWh<' in shown
    assert "of the time" in shown
    assert "nines" in shown


def test_availability_is_told_only_where_something_can_fail(solved: Solved) -> None:
    result = read_report(solved(*ONE)).result
    assert result.reliability.availability == 1.0
    assert "of the time" not in result._repr_html_()


def test_without_a_plan_the_reason_is_shown(solved: Solved) -> None:
    result = read_report(solved(*NONE)).result
    assert "proven infeasible" in result._repr_html_()
    with pytest.raises(InputError, match="no plan to draw"):
        result.plot.dispatch()
    with pytest.raises(InputError, match="no plan to draw"):
        result.plot.costs()


@pytest.mark.parametrize("name", ["dispatch", "costs", "duration", "heat", "days"])
def test_every_chart_can_be_drawn(result: om.Result, name: str) -> None:
    figure = getattr(result.plot, name)()
    assert figure.data
    assert "MW" in figure.to_json() or "USD" in figure.to_json()


def test_a_year_is_drawn_by_its_name(solved: Solved) -> None:
    result = read_report(solved(*YEARS)).result
    hot = result.plot.dispatch("hot").data[0]
    assert hot.x0.startswith("2025-08-12")
    with pytest.raises(InputError, match='no operating year "cold"'):
        result.plot.dispatch("cold")


def test_every_cost_line_has_a_short_name() -> None:
    assert COST_NAMES.keys() == COST_LINES.keys()


@pytest.mark.parametrize("ground", [(255, 255, 255), (20, 24, 29)])
@pytest.mark.parametrize("color", COLORS)
def test_colours_stand_out_on_light_and_dark(color: str, ground: tuple[int, ...]) -> None:
    def luminance(parts: tuple[int, ...]) -> float:
        shares = [part / 255.0 for part in parts]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    drawn = luminance(tuple(int(color[n : n + 2], 16) for n in (1, 3, 5)))
    low, high = sorted((drawn, luminance(ground)))
    assert (high + 0.05) / (low + 0.05) >= 3.0
