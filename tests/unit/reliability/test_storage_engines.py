"""The engines for storage against each other, and against what can be derived by hand."""

from pathlib import Path

import numpy as np
import pytest
from fakes.storage import every_part, fleet, small

from optmix.reliability import Storage, System
from optmix.reliability.pool import pool_of
from optmix.reliability.reverse_time import ReverseTime
from optmix.reliability.sequential import simulate_years
from optmix.reliability.soc_chain import Rounding, SocBounds, SocChain

SIGMAS = 3.5


def run(system: System, bins: int, rounding: Rounding, **more: object) -> SocBounds:
    chain = SocChain.build(system, pool_of(system), 1e-13, **more)  # type: ignore[arg-type]
    assert chain is not None
    return chain.run(bins, rounding)


@pytest.mark.parametrize(
    ("counts", "energy_mwh", "lole", "eue"),
    [
        ((10, 3, 1), 40.0, (18.695, 0.007), (200.07, 0.1)),
        ((14, 4, 1), 80.0, (0.0100828, 1.3e-5), (0.109022, 1.5e-4)),
    ],
    ids=["A", "B"],
)
def test_reverse_time_finds_the_known_loss_of_both_fleets(
    reference: Path,
    counts: tuple[int, int, int],
    energy_mwh: float,
    lole: tuple[float, float],
    eue: tuple[float, float],
) -> None:
    system = fleet(reference, counts, 20.0, energy_mwh)
    found = ReverseTime(system, pool_of(system), "hourly").estimate(
        60_000, np.random.default_rng(7)
    )
    for figure, (value, error) in ((found.lole_h, lole), (found.eue_mwh, eue)):
        assert abs(figure.value - value) < SIGMAS * np.hypot(figure.error, error)
        assert figure.error < 0.02 * value
        assert figure.open == 0


@pytest.mark.parametrize(
    ("counts", "energy_mwh", "known", "bounds", "eue_upper"),
    [
        ((10, 3, 1), 40.0, (18.695, 0.007), (18.6678, 18.7355), 200.066),
        ((14, 4, 1), 80.0, (0.0100828, 1.3e-5), (0.0099089, 0.010257), 0.109019),
    ],
    ids=["A", "B"],
)
@pytest.mark.slow
def test_the_chain_lies_within_the_known_bounds_of_both_fleets(
    reference: Path,
    counts: tuple[int, int, int],
    energy_mwh: float,
    known: tuple[float, float],
    bounds: tuple[float, float],
    eue_upper: float,
) -> None:
    system = fleet(reference, counts, 20.0, energy_mwh)
    down, up, split = (
        run(system, 200, rounding, convention="hourly") for rounding in ("down", "up", "split")
    )
    value, error = known
    assert bounds[0] < up.lole_h < value + SIGMAS * error
    assert value - SIGMAS * error < down.lole_h < bounds[1]
    assert 0 < down.lole_h - up.lole_h < 0.5 * (bounds[1] - bounds[0])
    assert split.eue_mwh == pytest.approx(eue_upper, rel=1e-5)


@pytest.mark.slow
def test_few_bins_enclose_the_known_loss_of_a_fleet(reference: Path) -> None:
    system = fleet(reference, (10, 3, 1), 20.0, 40.0)
    down, up, split = (
        run(system, 30, rounding, convention="hourly") for rounding in ("down", "up", "split")
    )
    assert up.lole_h < 18.695 < down.lole_h < 1.03 * up.lole_h
    assert up.eue_mwh < 200.066 < split.eue_mwh < 200.1


def test_all_engines_agree_on_a_system_with_every_part() -> None:
    system = every_part()
    estimate = ReverseTime(system, pool_of(system)).estimate(40_000, np.random.default_rng(3))
    years = simulate_years(system, 1_500, seed=4)
    for figure, value, error in (
        (estimate.lole_h, years.lole_h, years.lole_error_h),
        (estimate.eue_mwh, years.eue_mwh, years.eue_error_mwh),
        (estimate.lolf_per_yr, years.lolf_per_yr, years.lolf_error_per_yr),
    ):
        assert abs(figure.value - value) < SIGMAS * np.hypot(figure.error, error)
        assert error < 0.03 * value
    assert SocChain.build(system, pool_of(system), 1e-9) is None


def test_the_chain_encloses_the_estimate_where_modules_fail_and_weather_changes() -> None:
    system = every_part(with_partial_outages=False)
    estimate = ReverseTime(system, pool_of(system)).estimate(40_000, np.random.default_rng(3))
    down, up, split = (run(system, 24, rounding) for rounding in ("down", "up", "split"))
    slack = SIGMAS * estimate.lole_h.error
    assert up.lole_h - slack < estimate.lole_h.value < down.lole_h + slack
    slack = SIGMAS * estimate.eue_mwh.error
    assert up.eue_mwh - slack < estimate.eue_mwh.value < split.eue_mwh + slack
    assert down.lole_h < 1.2 * up.lole_h


def test_bounds_close_as_bins_get_finer() -> None:
    load = 27.0 + 6.3 * np.sin(np.arange(168) * 2 * np.pi / 24)
    system = small(load, 4, 10.0, Storage("battery", 1, 7.7, 23.0, 0.9, 0.95), outage_frac=0.05)
    gaps, splits = [], []
    for bins in (20, 80, 320):
        down, up, split = (run(system, bins, rounding) for rounding in ("down", "up", "split"))
        assert up.lole_h < down.lole_h
        assert up.eue_mwh < split.eue_mwh < down.eue_mwh
        gaps.append(down.lole_h - up.lole_h)
        splits.append(split.eue_mwh)
    assert gaps[2] < 0.6 * gaps[1] < 0.36 * gaps[0]
    assert splits[2] < splits[1] < splits[0]
    assert splits[1] - splits[2] < 0.25 * (splits[0] - splits[1])


@pytest.mark.parametrize(
    ("failure_per_h", "unit_mw", "energy_mwh", "rel"),
    [
        (0.002, 150.0, 400.0, 2e-3),
        (2e-6, 150.0, 400.0, 2e-3),
        (0.002, 150.0, 4.0, 1e-2),
        (0.002, 10_000.0, 400.0, 1e-2),
    ],
    ids=["as published", "rare failures", "hardly any store", "recharged at once"],
)
def test_the_fluid_of_one_unit_and_flat_load(
    failure_per_h: float, unit_mw: float, energy_mwh: float, rel: float
) -> None:
    """One unit fails at rate lam and is repaired at rate mu; the store fills and empties evenly."""
    lam, mu, load, step_h = failure_per_h, 0.1, 100.0, 0.25
    q, over = lam / (lam + mu), unit_mw - load
    theta = mu / load - lam / over
    weight = np.exp(theta * energy_mwh)
    closed = over / mu * (1 - q) / ((weight - 1) / theta + over / lam * weight)
    if unit_mw > 1000:
        assert closed == pytest.approx(q * np.exp(-mu * energy_mwh / load), rel=1e-2)
    if energy_mwh < 10:
        assert closed == pytest.approx(q, rel=0.05)
    battery = Storage("battery", 1, 1e6, energy_mwh)
    n = 1_500
    system = small(
        np.full(n, load),
        1,
        unit_mw,
        battery,
        outage_frac=q,
        mttr_h=1 / mu,
        step_h=step_h,
        hours_per_year=np.full(n, step_h),
    )
    bins = 32 if energy_mwh > 10 else 2  # a step charges 12.5 MWh, or takes 25
    estimate = ReverseTime(system, pool_of(system)).estimate(4_000, np.random.default_rng(1))
    down, up = run(system, bins, "down"), run(system, bins, "up")
    middle = 0.5 * (down.lole_h + up.lole_h) / (n * step_h)
    assert middle == pytest.approx(closed, rel=rel)
    assert abs(estimate.lole_h.value / (n * step_h) - closed) < (
        4 * estimate.lole_h.error / (n * step_h) + rel * closed
    )


def test_a_chain_without_memory_gives_the_formula_for_independent_hours() -> None:
    """Two units, each out with 0.2 in every hour by itself; the store moves by whole MWh."""
    system = small(
        np.full(48, 15.0), 2, 10.0, Storage("battery", 1, 5.0, 12.0), outage_frac=0.2, mttr_h=1e-3
    )
    gain = {5: 0.64, -5: 0.36}  # both up: 5 MW over; one up: 5 short; none up: 15 short
    moves = np.zeros((13, 13))
    for stored in range(13):
        for change, chance in gain.items():
            moves[stored, min(max(stored + change, 0), 12)] += chance
    law = np.linalg.matrix_power(moves, 2_000)[0]
    wanted = 48 * (0.04 + 0.32 * law[:5].sum())
    down, up = run(system, 12, "down"), run(system, 12, "up")
    assert down.lole_h == pytest.approx(wanted, rel=1e-6)
    assert up.lole_h == pytest.approx(wanted, rel=1e-6)
    estimate = ReverseTime(system, pool_of(system)).estimate(20_000, np.random.default_rng(5))
    assert abs(estimate.lole_h.value - wanted) < SIGMAS * estimate.lole_h.error


def test_more_power_can_mean_more_hours_of_loss() -> None:
    """Short by 10, 1, 1, 1, 1, 1 MW with 10 MWh: 5 MW lose one hour, 10 MW lose five."""
    load = np.array([0.0] * 18 + [20, 11, 11, 11, 11, 11])
    for power_mw, hours, energy in ((5.0, 1.0, 5.0), (10.0, 5.0, 5.0)):
        battery = Storage("battery", 1, power_mw, 10.0)
        system = small(load, 1, 10.0, battery, outage_frac=0.0)
        for rounding in ("down", "up", "split"):
            found = run(system, 10, rounding)
            assert (found.lole_h, found.eue_mwh) == pytest.approx((hours, energy))
        estimate = ReverseTime(system, pool_of(system)).estimate(600, np.random.default_rng(1))
        assert estimate.lole_h.value == pytest.approx(hours)
        assert estimate.eue_mwh.value == pytest.approx(energy)
        assert estimate.lolf_per_yr.value == pytest.approx(1.0)
        assert simulate_years(system, 2, seed=1).lole_h == pytest.approx(hours)


def exact(load: np.ndarray, count: int, power_mw: int, energy_mwh: int) -> SocBounds:
    """Return the loss of a system in which every move is whole bins, so that bounds meet."""
    system = small(load, count, 10.0, Storage("battery", 1, power_mw, energy_mwh), mttr_h=6.0)
    down, up = run(system, energy_mwh, "down"), run(system, energy_mwh, "up")
    assert down.lole_h == pytest.approx(up.lole_h, rel=1e-6)
    return down


def test_loss_falls_with_units_and_energy_and_energy_lost_with_power() -> None:
    random = np.random.default_rng(11)
    for _ in range(4):
        load = random.integers(15, 38, 96).astype(float)
        base = exact(load, 4, 8, 16)
        more_units, more_energy = exact(load, 5, 8, 16), exact(load, 4, 8, 24)
        for better in (more_units, more_energy):
            assert better.lole_h < base.lole_h
            assert better.eue_mwh < base.eue_mwh
        assert exact(load, 4, 12, 16).eue_mwh < base.eue_mwh


def test_units_split_into_classes_and_megawatts_scaled_change_nothing() -> None:
    load = 30.0 + 8.0 * np.sin(np.arange(48) / 4)
    battery = Storage("battery", 1, 6.0, 15.0)
    whole = small(load, 4, 10.0, battery)
    single = [small(load, 1, 10.0, battery).units[0] for _ in range(4)]
    parts = System(
        **{
            **vars(small(load, 1, 10.0, battery)),
            "units": tuple(
                type(unit)(**{**vars(unit), "name": f"engine {i}"}) for i, unit in enumerate(single)
            ),
        }
    )
    tenfold = small(10 * load, 4, 100.0, Storage("battery", 1, 60.0, 150.0))
    wanted = run(whole, 30, "down")
    assert run(parts, 30, "down").lole_h == pytest.approx(wanted.lole_h, rel=1e-9)
    assert run(tenfold, 30, "down").lole_h == pytest.approx(wanted.lole_h, rel=1e-9)
    assert run(tenfold, 30, "down").eue_mwh == pytest.approx(10 * wanted.eue_mwh, rel=1e-9)
