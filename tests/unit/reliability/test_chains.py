"""Chains of one unit, and counts of units out."""

import numpy as np
import pytest
from fakes.reliability import system_with, units_of

from optmix.reliability import DeratedState
from optmix.reliability.chains import Population, populations
from optmix.reliability.count_matrices import count_axis
from optmix.reliability.risk import step_before


def chain(**of_unit: object) -> tuple[Population, np.ndarray]:
    n = 48
    outage = of_unit.pop("outage_frac", 0.1)
    unit = units_of(n, 5, 10.0, outage, **of_unit)  # type: ignore[arg-type]
    system = system_with([unit], np.full(n, 20.0))
    units, _, _ = populations(system, "exact")
    return units[0], step_before(system.year)


VARYING = 0.1 + 0.08 * np.sin(np.arange(48))
PARTIAL = (DeratedState(0.5, 0.1, 5.0), DeratedState(0.8, 0.05))


@pytest.mark.parametrize("derated", [(), PARTIAL], ids=["two states", "four states"])
@pytest.mark.parametrize("outage_frac", [0.1, VARYING], ids=["constant", "varying"])
def test_the_law_of_every_step_is_kept(outage_frac: object, derated: object) -> None:
    item, before = chain(outage_frac=outage_frac, derated=derated)
    assert np.allclose(item.forward.sum(axis=2), 1.0, rtol=0, atol=1e-12)
    assert item.forward.min() >= 0
    reached = np.einsum("ti,tij->tj", item.law[before], item.forward)
    assert np.allclose(reached, item.law, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("derated", [(), PARTIAL], ids=["two states", "four states"])
def test_reversed_time_has_the_same_pairs_of_states(derated: object) -> None:
    item, before = chain(outage_frac=VARYING, derated=derated)
    backward = item.backward(before)
    assert np.allclose(backward.sum(axis=2), 1.0, rtol=0, atol=1e-12)
    ahead = item.law[before][:, :, None] * item.forward
    back = item.law[:, :, None] * backward
    assert np.allclose(ahead, back.swapaxes(1, 2), rtol=1e-12, atol=1e-18)


def test_hourly_repairs_end_with_one_over_the_mean_time() -> None:
    system = system_with([units_of(24, 1, 10.0, 40 / 2340, mttr_h=40.0)], np.full(24, 5.0))
    units, _, _ = populations(system, "hourly")
    assert units[0].forward[0, 1, 0] == pytest.approx(1 / 40, rel=1e-12)
    assert units[0].forward[0, 0, 1] == pytest.approx(1 / 2300, rel=1e-12)


def test_exact_steps_are_those_of_the_process_in_continuous_time() -> None:
    system = system_with([units_of(24, 1, 10.0, 0.2, mttr_h=4.0)], np.full(24, 5.0), step_h=0.5)
    units, _, _ = populations(system, "exact")
    decay = np.exp(-(1 / 4 + 1 / 16) * 0.5)
    assert units[0].forward[0, 1, 0] == pytest.approx(0.8 * (1 - decay), rel=1e-12)
    assert units[0].forward[0, 0, 1] == pytest.approx(0.2 * (1 - decay), rel=1e-12)


def test_counts_keep_their_law_where_units_go_into_maintenance_and_come_back() -> None:
    planned = [0] * 10 + [2] * 20 + [1] * 18
    item, before = chain(outage_frac=VARYING, in_maintenance=planned)
    axis = count_axis(item, before, tail=1e-30)
    assert axis.most_out == 5
    law = axis.law[axis.kind]
    reached = np.einsum("tij,tj->ti", axis.matrices[axis.kind], law[before])
    assert np.allclose(reached, law, rtol=1e-11, atol=1e-16)


def test_counts_beyond_the_cut_are_rarer_than_asked_for() -> None:
    item, before = chain()
    axis = count_axis(item, before, tail=1e-3)
    assert axis.most_out == 3
    assert axis.beyond[0] == pytest.approx(5 * 0.1**4 * 0.9 + 0.1**5, rel=1e-12)
    assert np.allclose(axis.law.sum(axis=1) + axis.beyond, 1.0)
