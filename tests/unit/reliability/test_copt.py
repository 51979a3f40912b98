"""Capacity outage tables against rational arithmetic, and the bracket of a coarse grid."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from fakes.reliability import simple_system, system_with, units_of
from hypothesis import given
from hypothesis import strategies as st

from optmix.reliability import Adequacy, DeratedState, System, assess_system, copt
from optmix.reliability.copt import Block, outage_tables
from optmix.reliability.load import LoadHistogram
from optmix.reliability.states import UnitChances, binomial, class_states

Units = list[tuple[int, int, float]]


def exact_loss(units: Units, load: list[int]) -> tuple[Fraction, Fraction]:
    """Return LOLE and EUE by rational arithmetic over all combinations of whole units."""
    table = {0: Fraction(1)}
    for n, mw, q in units:
        chance = Fraction(q)
        joint: dict[int, Fraction] = {}
        for x, p in table.items():
            for up in range(n + 1):
                part = comb(n, up) * (1 - chance) ** up * chance ** (n - up)
                joint[x + up * mw] = joint.get(x + up * mw, Fraction(0)) + p * part
        table = joint
    lost = [(p, level - x) for x, p in table.items() for level in load if x < level]
    return sum((p for p, _ in lost), Fraction(0)), sum((p * d for p, d in lost), Fraction(0))


@pytest.mark.parametrize(("n", "load"), [(5, 40), (12, 60), (20, 60), (30, 50), (40, 60), (50, 30)])
def test_the_tail_agrees_with_rational_arithmetic(n: int, load: int) -> None:
    units = [(n, 7, 0.03125), (3, 20, 0.0625)]
    hours, energy = exact_loss(units, [load])
    found = Adequacy(simple_system([(k, float(mw), q) for k, mw, q in units], [load])).loss()
    assert found.lole_low_h == pytest.approx(float(hours), rel=1e-9)
    assert found.eue_low_mwh == pytest.approx(float(energy), rel=1e-9)
    assert found.lole_low_h <= float(hours) * (1 + 1e-12) <= found.lole_high_h * (1 + 1e-11)


def test_the_rarest_of_them_is_beyond_any_target() -> None:
    assert float(exact_loss([(50, 7, 0.03125), (3, 20, 0.0625)], [30])[0]) < 1e-60


def test_a_probability_of_1e_30_is_exact_to_a_millionth() -> None:
    units = [(27, 7, 0.03125), (3, 20, 0.0625)]
    hours, _ = exact_loss(units, [40])
    assert 1e-32 < hours < 1e-28
    found = Adequacy(simple_system([(k, float(mw), q) for k, mw, q in units], [40.0])).loss()
    assert found.is_exact
    assert found.lole_low_h == pytest.approx(float(hours), rel=1e-12)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(1, 9), st.sampled_from([0.0, 0.125, 0.5])),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.integers(0, 60), min_size=1, max_size=6),
)
def test_any_small_system_agrees_with_rational_arithmetic(units: Units, load: list[int]) -> None:
    hours, energy = exact_loss(units, load)
    system = simple_system([(n, float(mw), q) for n, mw, q in units], [float(mw) for mw in load])
    found = Adequacy(system).loss()
    assert found.lole_low_h == pytest.approx(float(hours), rel=1e-12, abs=1e-250)
    assert found.eue_low_mwh == pytest.approx(float(energy), rel=1e-12, abs=1e-250)


def three_types(n_steps: int = 96) -> System:
    load = 480.0 + 40.0 * np.sin(np.arange(n_steps))
    return simple_system([(60, 4.5, 0.0171), (9, 18.8, 0.0217), (3, 48.0, 0.0217)], load)


def test_grid_and_enumeration_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = Adequacy(three_types()).evaluate()
    monkeypatch.setattr(copt, "FEW_STATES", 0)
    monkeypatch.setattr(copt, "POINTS_PER_STATE", 1e9)
    on_grid = Adequacy(three_types()).evaluate()
    assert (listed.grid_mw, on_grid.grid_mw) == (0.0, pytest.approx(0.1))
    for name in ("lole_h", "eue_mwh", "lole_days", "lolf_per_yr"):
        assert getattr(on_grid.low, name) == pytest.approx(getattr(listed.low, name), rel=1e-9)


@pytest.mark.parametrize("points", [200, 2_000])
def test_a_grid_that_divides_nothing_brackets_the_truth(
    monkeypatch: pytest.MonkeyPatch, points: int
) -> None:
    truth = Adequacy(three_types()).loss()
    monkeypatch.setattr(copt, "FEW_STATES", 0)
    monkeypatch.setattr(copt, "POINTS_PER_STATE", 1e9)
    monkeypatch.setattr(copt, "MOST_STATES", 0)
    monkeypatch.setattr(copt, "MOST_EXACT_POINTS", 0)
    system = three_types()
    blocks = [
        Block(float(unit.capacity_mw[0]), class_states(unit.count, UnitChances(0.0171, 0.025)))
        for unit in system.units
    ]
    loads = LoadHistogram.of(system.load_mw, system.hours_per_year)
    tables = outage_tables(blocks, loads.top_mw, most_points=points)
    assert not tables.is_exact
    best, worst = loads.loss(tables.optimistic), loads.loss(tables.pessimistic)
    assert (best < worst).all()
    found = Adequacy(system).loss()
    slack = 1 + 1e-9
    assert found.lole_low_h <= truth.lole_low_h * slack <= found.lole_high_h * slack**2
    assert found.eue_low_mwh < truth.eue_low_mwh < found.eue_high_mwh


def test_binomials_add_up_and_keep_their_tail() -> None:
    for n, p in ((1, 0.3), (300, 0.98), (5000, 0.5)):
        assert binomial(n, p).sum() == pytest.approx(1.0, rel=1e-12)
    assert binomial(100, 0.98)[40] == pytest.approx(
        float(comb(100, 40) * Fraction(0.98) ** 40 * (1 - Fraction(0.98)) ** 60), rel=1e-11
    )
    assert binomial(4, 1.0).tolist() == [0, 0, 0, 0, 1]
    assert binomial(4, 0.0).tolist() == [1, 0, 0, 0, 0]


def test_derated_units_are_multinomial() -> None:
    """Two units of 10 MW, each full .8, at half .15, out .05; load 12 MW."""
    unit = units_of(1, 2, 10.0, 0.05, derated=(DeratedState(0.5, 0.15),))
    found = assess_system(system_with([unit], [12.0]))
    lost = {0: 0.05**2, 5: 2 * 0.05 * 0.15, 10: 0.15**2 + 2 * 0.05 * 0.8}
    assert found.lole_h.value == pytest.approx(sum(lost.values()), rel=1e-12)
    assert found.eue_mwh.value == pytest.approx(
        sum(p * (12 - x) for x, p in lost.items()), rel=1e-12
    )


def test_a_two_state_unit_for_a_derated_one_is_pessimistic_in_the_tail() -> None:
    """The equivalent forced outage rate has the same mean capacity."""
    partly = units_of(1, 6, 10.0, 0.05, derated=(DeratedState(0.5, 0.10),))
    whole = units_of(1, 6, 10.0, 0.10)
    load = [22.0]
    by_states = assess_system(system_with([partly], load)).lole_h.value
    by_equivalent = assess_system(system_with([whole], load)).lole_h.value
    assert by_states < by_equivalent
