"""What must hold for any fleet, whatever its figures."""

from dataclasses import replace

import numpy as np
import pytest
from fakes.reliability import simple_system, system_with, units_of
from hypothesis import given
from hypothesis import strategies as st

from optmix.errors import InputError
from optmix.reliability import (
    Adequacy,
    CommonCause,
    assess_system,
    beta_factor,
    common_cause_floor_h,
    expected_energy_mwh,
    fleet_risk,
)

UNITS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 30).map(float), st.sampled_from([0.02, 0.1, 0.3])),
    min_size=1,
    max_size=3,
)
LOADS = st.lists(st.integers(1, 150).map(float), min_size=2, max_size=8)


@given(UNITS, LOADS)
def test_one_more_unit_of_any_type_never_hurts(
    units: list[tuple[int, float, float]], load: list[float]
) -> None:
    adequacy = Adequacy(simple_system(units, load))
    counts = [n for n, _, _ in units]
    before = adequacy.loss(counts)
    for k in range(len(counts)):
        more = [*counts]
        more[k] += 1
        after = adequacy.loss(more)
        assert after.lole_high_h <= before.lole_high_h * (1 + 1e-12)
        assert after.eue_high_mwh <= before.eue_high_mwh * (1 + 1e-12)


@given(UNITS, LOADS, st.sampled_from([0.5, 3.0, 7.3]))
def test_all_power_scales(
    units: list[tuple[int, float, float]], load: list[float], factor: float
) -> None:
    one = Adequacy(simple_system(units, load)).loss()
    scaled = [(n, factor * mw, q) for n, mw, q in units]
    other = Adequacy(simple_system(scaled, [factor * mw for mw in load])).loss()
    assert other.lole_low_h == pytest.approx(one.lole_low_h, rel=1e-9)
    assert other.eue_low_mwh == pytest.approx(factor * one.eue_low_mwh, rel=1e-9)


@given(UNITS, LOADS)
def test_a_class_is_the_same_as_its_units_one_by_one(
    units: list[tuple[int, float, float]], load: list[float]
) -> None:
    whole = Adequacy(simple_system(units, load)).evaluate().low
    singles = [(1, mw, q) for n, mw, q in units for _ in range(n)]
    single = Adequacy(simple_system(singles, load)).evaluate().low
    for name in ("lole_h", "eue_mwh", "lole_days"):
        assert getattr(single, name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-300)
    # Where load is lost nearly always, failures and repairs of lost states cancel.
    assert single.lolf_per_yr == pytest.approx(whole.lolf_per_yr, rel=1e-9, abs=1e-13)


@given(UNITS, LOADS)
def test_a_perfect_unit_is_less_load(
    units: list[tuple[int, float, float]], load: list[float]
) -> None:
    with_unit = Adequacy(simple_system([*units, (1, 20.0, 0.0)], [mw + 20.0 for mw in load])).loss()
    without = Adequacy(simple_system(units, load)).loss()
    assert with_unit.lole_low_h == pytest.approx(without.lole_low_h, rel=1e-12, abs=1e-300)
    assert with_unit.eue_low_mwh == pytest.approx(without.eue_low_mwh, rel=1e-9, abs=1e-300)


def weather_system(n_steps: int = 400) -> tuple[list[tuple[int, float, float]], np.ndarray]:
    steps = np.arange(n_steps)
    return [(20, 4.5, 0.03), (6, 18.8, 0.05), (2, 30.0, 0.05)], 150.0 + 25.0 * np.sin(steps)


@pytest.mark.parametrize("vary", ["capacity", "outages", "maintenance", "all"])
def test_step_by_step_agrees_with_one_table_for_each_step(
    monkeypatch: pytest.MonkeyPatch, vary: str
) -> None:
    figures, load = weather_system()
    n = len(load)
    wave = np.cos(np.arange(n) / 7.0)
    units = []
    for k, (count, mw, q) in enumerate(figures):
        capacity = mw * (1 - 0.1 * wave) if vary in {"capacity", "all"} else mw
        outages = q * (1 + 0.5 * wave) if vary in {"outages", "all"} else q
        out = (np.arange(n) // 168) % 2 if vary in {"maintenance", "all"} else np.zeros(n, int)
        units.append(
            units_of(n, count, capacity, outages, name=str(k), in_maintenance=out.tolist())
        )
    system = system_with(units, load)
    tables = len(Adequacy(system).capability.groups)
    monkeypatch.setattr(fleet_risk, "MOST_GROUPS", n)
    by_table = Adequacy(system).evaluate()
    monkeypatch.setattr(fleet_risk, "MOST_GROUPS", 0)
    by_step = Adequacy(system).evaluate()
    assert "table" in by_table.how
    assert "every step" in by_step.how
    assert tables > 1
    for name in ("lole_h", "eue_mwh", "lole_days", "lolf_per_yr"):
        assert getattr(by_step.low, name) == pytest.approx(getattr(by_table.low, name), rel=1e-8)


def test_bins_bracket_the_truth_and_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    figures, load = weather_system()
    wave = np.cos(np.arange(len(load)) / 7.0)
    units = [
        units_of(len(load), n, mw * (1 - 0.1 * wave), q * (1 + 0.5 * wave), name=str(k))
        for k, (n, mw, q) in enumerate(figures)
    ]
    system = system_with(units, load)
    truth = Adequacy(system).evaluate().low
    monkeypatch.setattr(fleet_risk, "MOST_COMBINATIONS", 0)
    widths = []
    for accuracy in (0.5, 0.05):
        found = Adequacy(system, accuracy).evaluate()
        assert "bracket" in found.how
        assert found.low.lole_h < truth.lole_h < found.high.lole_h
        assert found.low.eue_mwh < truth.eue_mwh < found.high.eue_mwh
        assert found.high.lole_h - found.low.lole_h <= accuracy * found.high.lole_h
        widths.append(found.high.lole_h - found.low.lole_h)
    assert widths[1] < widths[0]
    assert assess_system(system, accuracy=0.05).kind == "certified"
    assert assess_system(system, accuracy=0.05).lolf_per_yr is None


def test_common_causes_are_a_mixture() -> None:
    units, load = [(4, 10.0, 0.05), (2, 15.0, 0.1)], [32.0, 41.0, 25.0]
    gas = CommonCause("gas", 4.0, 20.0, ("0",))
    bus = CommonCause("bus", 2.0, 5.0, ("0", "1"))

    def lole(kept: tuple[int, int]) -> float:
        return Adequacy(simple_system(units, load)).loss(kept).lole_low_h

    p, q = gas.probability, bus.probability
    assert (p, q) == (80 / 8760, 10 / 8760)
    expected = (1 - p) * (1 - q) * lole((4, 2)) + p * (1 - q) * lole((0, 2)) + q * lole((0, 0))
    system = simple_system(units, load, [gas, bus])
    assert Adequacy(system).loss().lole_low_h == pytest.approx(expected, rel=1e-12)
    assert Adequacy(system).evaluate().low.lole_h == pytest.approx(expected, rel=1e-12)


def test_a_cause_that_takes_one_unit_is_as_good_as_its_own_outages() -> None:
    """A perfect unit under a cause of probability q and mean 1/mu is a two-state unit."""
    load = [22.0, 28.0, 22.0]
    cause = CommonCause("tie", 8760 * 0.05 / 40.0, 40.0, ("1",))
    by_cause = Adequacy(simple_system([(3, 10.0, 0.05), (1, 10.0, 0.0)], load, [cause])).evaluate()
    by_unit = Adequacy(simple_system([(3, 10.0, 0.05), (1, 10.0, 0.05)], load)).evaluate()
    for name in ("lole_h", "eue_mwh", "lolf_per_yr"):
        assert getattr(by_cause.low, name) == pytest.approx(getattr(by_unit.low, name), rel=1e-12)


def test_a_beta_factor_puts_a_floor_under_any_number_of_units() -> None:
    """q of 1.7 % with a beta of 2 % leaves 3.4e-4 of the year: 3 h, whatever is built."""
    unit, cause = beta_factor(units_of(8760, 60, 10.0, 0.017, name="g"), 0.02)
    assert cause.probability == pytest.approx(3.4e-4)
    assert unit.outage_frac[0] == pytest.approx(0.98 * 0.017)
    system = system_with([unit], np.full(8760, 100.0), common_causes=(cause,))
    floor = common_cause_floor_h(system)
    assert floor == pytest.approx(3.4e-4 * 8760)
    assert Adequacy(system).loss().lole_low_h == pytest.approx(floor, rel=1e-6)
    with pytest.raises(InputError, match="beta_frac"):
        beta_factor(unit, 1.0)


def test_too_many_causes_are_refused() -> None:
    causes = [CommonCause(str(k), 1.0, 1.0, ("0",)) for k in range(13)]
    with pytest.raises(InputError, match="8192 combinations"):
        Adequacy(simple_system([(1, 10.0, 0.1)], [5.0], causes))


def test_expected_energy_adds_up_to_what_is_served() -> None:
    system = simple_system([(4, 10.0, 0.05), (3, 15.0, 0.1)], [32.0, 41.0, 60.0])
    energy = expected_energy_mwh(system, ["1", "0"])
    unserved = Adequacy(system).loss().eue_low_mwh
    assert sum(energy.values()) == pytest.approx(133.0 - unserved, rel=1e-12)
    alone = Adequacy(replace(system, units=(system.units[1],))).loss().eue_low_mwh
    assert energy["1"] == pytest.approx(133.0 - alone, rel=1e-12)


def test_years_count_by_their_weight_and_are_never_rescaled() -> None:
    one = simple_system([(4, 10.0, 0.05)], [32.0, 25.0])
    twice = simple_system(
        [(4, 10.0, 0.05)],
        [32.0, 25.0, 38.0, 38.0],
        year=np.array([0, 0, 1, 1]),
        day=np.array([0, 0, 1, 1]),
        hours_per_year=np.array([0.25, 0.25, 0.75, 0.75]),
    )
    other = simple_system([(4, 10.0, 0.05)], [38.0, 38.0])
    mean = 0.25 * Adequacy(one).loss().lole_low_h + 0.75 * Adequacy(other).loss().lole_low_h
    assert Adequacy(twice).loss().lole_low_h == pytest.approx(mean, rel=1e-12)
    assert assess_system(twice).hours == 2.0


def test_load_steps_count_as_events_by_the_states_between_them() -> None:
    """One perfect unit of 10 MW: load of 5, 15, 5, 15 MW is lost twice a cycle, for 2 h in all."""
    found = Adequacy(simple_system([(1, 10.0, 0.0)], [5.0, 15.0, 5.0, 15.0])).evaluate().low
    assert (found.lole_h, found.lolf_per_yr) == (2.0, 2.0)
