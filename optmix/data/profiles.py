"""Synthetic demand of a data centre, as hourly means relative to the peak.

No series of real campuses is public, so these are made up; their figures are assumptions of this
project (confidence: unverified), chosen to lie in the load factors of 0.8 to 1 that are reported.

=============  ===========  ============================================================
profile        load factor  what it shows
=============  ===========  ============================================================
flat           1            the same in every hour
inference      0.83 ± 0.02  follows its users: lowest about 04:00, highest from noon to
                            16:00 local time, 6 % less at weekends, noise of 1.5 %
ai-training    0.92 ± 0.03  a plateau with noise of 1 %; about every 24 h a job fails and
                            restarts from a checkpoint (an hour or two at 55 to 85 %);
                            about every 2 weeks the cluster idles for 6 to 18 h at 30 to 45 %
mixed          0.90 ± 0.02  60 % ai-training and 40 % inference
=============  ===========  ============================================================

The load factors are those of a whole year; the largest hour of the horizon is 1 exactly. Values
are hourly means: a checkpoint of minutes, or the swing of a training step within seconds, does
not show in them (``security.swing_mw`` is for those). Shorter steps hold the hour, longer ones
take the mean. The same seed gives the same hours whatever the length of the horizon, apart from
the division by its largest hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.data.chance import Chance, persistent

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.timeline import Steps

__all__ = ["Profile", "profile_shape"]

Profile = Literal["flat", "inference", "ai-training", "mixed"]

MORNING = (0.80, 0.76, 0.73, 0.71, 0.70, 0.72, 0.76, 0.82, 0.88, 0.93, 0.97, 0.99)
AFTERNOON = (1.00, 1.00, 1.00, 1.00, 0.99, 0.97, 0.95, 0.94, 0.93, 0.91, 0.88, 0.84)
DAY_SHAPE = np.array((*MORNING, *AFTERNOON))
"""Inference by local clock hour on a working day."""

WEEKEND = 0.94
SATURDAY = 5
INFERENCE_NOISE, TRAINING_NOISE = 0.015, 0.010
HOUR_TO_HOUR = 0.7
FAILURES_PER_H = 1 / 24
IDLES_PER_H = 1 / (2 * 168)
TRAINING_SHARE = 0.6
NOISE, FAILURE, IDLE = 1, 2, 3


def profile_shape(profile: Profile, seed: int, steps: Steps) -> Floats:
    """Return demand relative to its peak on the steps of an operating year. Shape (n,).

    Parameters
    ----------
    profile
        Which profile.
    seed
        Seed; the same hours for the same seed.
    steps
        Steps of the operating year.
    """
    at = np.arange(steps.n) * steps.step_s // 3600
    inner = np.arange(max(1, steps.step_s // 3600))
    hours = int(at[-1] + inner[-1]) + 1
    training, inference = _training(seed, hours), _inference(seed, hours, steps)
    shape = {
        "flat": np.ones(hours),
        "inference": inference,
        "ai-training": training,
        "mixed": TRAINING_SHARE * training + (1 - TRAINING_SHARE) * inference,
    }[profile]
    values = shape[at[:, None] + inner].mean(axis=1)
    return np.asarray(np.round(values / values.max(), 6))


def _noise(seed: int, purpose: int, hours: int) -> Floats:
    return persistent(Chance(seed, NOISE, purpose).normal(hours), HOUR_TO_HOUR)


def _inference(seed: int, hours: int, steps: Steps) -> Floats:
    """Return hourly inference load from the first step on. Shape (hours,)."""
    local = steps.hourly(hours).local()
    clock, weekday = np.asarray(local.hour), np.asarray(local.day_of_week)
    shape = DAY_SHAPE[clock] * np.where(weekday >= SATURDAY, WEEKEND, 1.0)
    return np.asarray(shape * (1 + INFERENCE_NOISE * _noise(seed, 0, hours)))


def _training(seed: int, hours: int) -> Floats:
    """Return hourly training load from the first step on. Shape (hours,)."""
    load = 1 + TRAINING_NOISE * _noise(seed, 1, hours)
    failure = _dips(Chance(seed, FAILURE), hours, FAILURES_PER_H, (1, 2), (0.55, 0.85))
    idle = _dips(Chance(seed, IDLE), hours, IDLES_PER_H, (6, 18), (0.30, 0.45))
    return np.asarray(load * np.minimum(failure, idle))


def _dips(
    chance: Chance,
    hours: int,
    rate_per_h: float,
    length_h: tuple[int, int],
    depth: tuple[float, float],
) -> Floats:
    """Return 1, and less while a dip lasts; dips begin at random hours. Shape (hours,)."""
    draws = chance.uniform(3 * hours).reshape(hours, 3)
    level = np.ones(hours)
    for first in np.flatnonzero(draws[:, 0] < rate_per_h).tolist():
        lasts = length_h[0] + int(draws[first, 1] * (length_h[1] - length_h[0] + 1))
        floor = depth[0] + draws[first, 2] * (depth[1] - depth[0])
        level[first : first + lasts] = np.minimum(level[first : first + lasts], floor)
    return level
