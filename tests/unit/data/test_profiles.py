"""Synthetic demand against its documented figures."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import numpy as np
import pytest

from optmix.data.chance import Chance, persistent
from optmix.data.profiles import Profile, profile_shape
from optmix.data.timeline import Steps, year_steps
from optmix.schema.origin import Origin
from optmix.schema.surroundings import Time

PROFILES = get_args(Profile)
LOAD_FACTORS = {
    "flat": (1.0, 1e-12),
    "inference": (0.83, 0.02),
    "ai-training": (0.92, 0.03),
    "mixed": (0.90, 0.02),
}


def steps(hours: float = 8760.0, step_h: float = 1.0) -> Steps:
    time = Time.model_validate({"start": dt.date(2025, 1, 1), "hours": hours, "step_h": step_h})
    return year_steps(time, None, "America/Chicago", Origin(), ("time",))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", range(6))
def test_the_load_factor_is_the_documented_one(profile: Profile, seed: int) -> None:
    shape = profile_shape(profile, seed, steps())
    expected, tolerance = LOAD_FACTORS[profile]
    assert shape.max() == 1.0
    assert shape.min() > 0.2
    assert shape.mean() == pytest.approx(expected, abs=tolerance)


def test_inference_is_lowest_at_night_and_highest_after_noon() -> None:
    on = steps()
    shape, hour = profile_shape("inference", 0, on), np.asarray(on.local().hour)
    by_hour = np.array([shape[hour == h].mean() for h in range(24)])
    assert int(np.argmin(by_hour)) == 4
    assert 12 <= int(np.argmax(by_hour)) <= 16
    assert by_hour.min() / by_hour.max() == pytest.approx(0.70, abs=0.02)


def test_inference_is_lower_at_weekends() -> None:
    on = steps()
    shape, day = profile_shape("inference", 0, on), np.asarray(on.local().day_of_week)
    assert shape[day >= 5].mean() / shape[day < 5].mean() == pytest.approx(0.94, abs=0.01)


def test_training_fails_about_daily_and_idles_about_fortnightly() -> None:
    years = [profile_shape("ai-training", seed, steps()) for seed in range(10)]
    share_low = np.mean([(year < 0.85).mean() for year in years])
    share_idle = np.mean([(year < 0.47).mean() for year in years])
    assert share_low == pytest.approx(1.5 / 24 + 12 / 336, abs=0.02)
    assert share_idle == pytest.approx(12 / 336, abs=0.01)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_shorter_horizon_has_the_same_hours_but_for_its_peak(profile: Profile) -> None:
    year, fortnight = (profile_shape(profile, 3, steps(h)) for h in (8760.0, 336.0))
    ratio = fortnight / year[:336]
    assert ratio == pytest.approx(np.full(336, ratio[0]), rel=1e-5)


def test_short_steps_hold_the_hour_and_long_steps_average_it() -> None:
    hourly = profile_shape("inference", 1, steps(48.0))
    quarters = profile_shape("inference", 1, steps(48.0, 0.25))
    assert quarters.tolist() == np.repeat(hourly, 4).tolist()
    long = profile_shape("inference", 1, steps(48.0, 6.0))
    mean = hourly.reshape(8, 6).mean(axis=1)
    assert long == pytest.approx(mean / mean.max(), abs=1e-5)


def test_seeds_differ_and_repeat() -> None:
    first, again = (profile_shape("mixed", 5, steps(336.0)) for _ in range(2))
    assert (first == again).all()
    assert (profile_shape("mixed", 6, steps(336.0)) != first).mean() > 0.9


def test_profiles_are_fixed_for_good() -> None:
    # These values must not change between machines, Python, or numpy.
    assert profile_shape("mixed", 0, steps(336.0))[:4].tolist() == pytest.approx(PINNED, abs=2e-6)


PINNED = [0.912134, 0.8935, 0.876457, 0.874843]


def test_random_numbers_are_fixed_for_good() -> None:
    assert Chance(0).uniform(2).tolist() == [0.6369616873214543, 0.2697867137638703]
    assert Chance(1, 2).normal(2).tolist() == pytest.approx(PINNED_NORMAL, abs=1e-12)


PINNED_NORMAL = [-0.20886090979911387, -0.27544743404723704]


def test_normal_numbers_have_mean_0_and_variance_1() -> None:
    draws = Chance(0).normal(40_000)
    assert draws.mean() == pytest.approx(0.0, abs=0.02)
    assert draws.std() == pytest.approx(1.0, abs=0.02)


def test_persistent_numbers_keep_their_variance_and_correlation() -> None:
    series = persistent(Chance(0).normal(40_000), 0.7)
    assert series.std() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(series[1:], series[:-1])[0, 1] == pytest.approx(0.7, abs=0.02)
