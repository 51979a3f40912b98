"""The steps of operating years and their calendar."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from optmix.data.timeline import Steps, lay_out, year_steps
from optmix.errors import SchemaError
from optmix.schema.origin import Origin
from optmix.schema.surroundings import Time

TEXAS = "America/Chicago"


def made(stamps: pd.DatetimeIndex | None = None, zone: str = TEXAS, **time: object) -> Steps:
    utc = None
    if stamps is not None:
        utc = np.asarray(stamps.tz_convert("UTC").tz_localize(None), dtype="datetime64[s]")
    return year_steps(Time.model_validate(time), utc, zone, Origin(), ("time",))


def hours_of(first: str, n: int, minutes: int = 60) -> pd.DatetimeIndex:
    return pd.date_range(first, periods=n, freq=f"{minutes}min", tz=TEXAS)


def refusal(stamps: pd.DatetimeIndex | None = None, **time: object) -> str:
    with pytest.raises(SchemaError) as caught:
        made(stamps, **time)
    return str(caught.value)


def test_by_default_a_year_of_hours_from_january_2025() -> None:
    steps = made()
    assert (steps.n, steps.step_s) == (8760, 3600)
    assert steps.local()[0].isoformat() == "2025-01-01T00:00:00-06:00"
    assert steps.local()[-1].isoformat() == "2025-12-31T23:00:00-06:00"


def test_a_leap_year_has_8784_hours() -> None:
    assert made(start=dt.date(2024, 1, 1)).n == 8784
    assert made(start=dt.date(2023, 3, 1)).n == 8784
    assert made(start=dt.date(2024, 3, 1)).n == 8760


def test_the_demand_series_sets_what_time_does_not() -> None:
    stamps = hours_of("2023-06-01", 96, minutes=15)
    steps = made(stamps)
    assert (steps.n, steps.step_s) == (96, 900)
    assert steps.local()[0].isoformat() == "2023-06-01T00:00:00-05:00"
    longer = made(stamps, step_h=1.0)
    assert (longer.n, longer.step_s) == (24, 3600)
    part = made(stamps, start=dt.datetime(2023, 6, 1, 12), hours=6.0)  # noqa: DTZ001 - local
    assert (part.n, part.local()[0].hour) == (24, 12)


def test_a_single_stamp_is_one_hour() -> None:
    steps = made(hours_of("2023-06-01", 1))
    assert (steps.n, steps.step_s) == (1, 3600)


def test_a_gap_in_the_series_does_not_shorten_the_horizon() -> None:
    assert made(hours_of("2023-06-01", 48).delete(20)).n == 48


def test_a_day_of_changing_clocks_has_23_or_25_hours() -> None:
    spring = made(start=dt.date(2025, 3, 9), hours=48.0)
    assert np.bincount(lay_out([spring], ["y"], [1.0]).day).tolist() == [23, 24, 1]
    autumn = made(start=dt.date(2025, 11, 2), hours=48.0)
    assert np.bincount(lay_out([autumn], ["y"], [1.0]).day).tolist() == [25, 23]


@pytest.mark.parametrize("step_h", [0.0833, 0.25, 0.3333333, 0.5, 1.0, 2.0, 6.0, 24.0])
def test_steps_that_fit_a_day_are_exact(step_h: float) -> None:
    steps = made(hours=24.0, step_h=step_h)
    assert steps.n * steps.step_s == 86_400


@pytest.mark.parametrize("step_h", [0.01, 0.4, 0.7, 1.5, 5.0, 7.0])
def test_other_steps_are_refused(step_h: float) -> None:
    assert "fit a whole number of times into a day" in refusal(step_h=step_h)


def test_a_series_of_odd_steps_is_refused() -> None:
    assert "the step of the demand series is 0.75 h" in refusal(hours_of("2025-01-01", 8, 45))


def test_a_horizon_of_part_of_a_step_is_refused() -> None:
    assert "24.5 h is not a whole number of steps" in refusal(hours=24.5)


def test_a_horizon_longer_than_a_year_is_refused_with_the_way_out() -> None:
    told = refusal(hours_of("2023-01-01", 9000))
    assert "9,000 h long" in told
    assert "[[operating_year]]" in told


def test_a_start_after_the_series_is_refused() -> None:
    told = refusal(hours_of("2023-01-01", 24), start=dt.date(2024, 1, 1))
    assert "at least one step" in told


def test_a_start_that_clocks_skip_is_refused() -> None:
    skipped = dt.datetime(2025, 3, 9, 2, 30)  # noqa: DTZ001 - local
    assert "clocks skip it" in refusal(start=skipped)


def test_a_start_that_clocks_repeat_is_the_first() -> None:
    twice = dt.datetime(2025, 11, 2, 1)  # noqa: DTZ001 - local
    assert made(start=twice, hours=1.0).local()[0].isoformat() == "2025-11-02T01:00:00-05:00"


def test_the_calendar_follows_local_time() -> None:
    axis = lay_out([made()], ["year"], [1.0])
    assert axis.month_label == tuple(f"2025-{month:02d}" for month in range(1, 13))
    assert np.bincount(axis.month)[:3].tolist() == [744, 672, 743]  # March loses an hour
    assert axis.local_hour[:25].tolist() == [*range(24), 0]
    assert len(np.unique(axis.day)) == 365
    assert axis.annual_factor.tolist() == [1.0]
    assert axis.month_factor.tolist() == [1.0]


def test_weeks_are_blocks_of_168_h_and_the_last_holds_the_rest() -> None:
    axis = lay_out([made()], ["year"], [1.0])
    sizes = np.bincount(axis.week)
    assert len(sizes) == 52
    assert sizes[:51].tolist() == [168] * 51
    assert sizes[51] == 192
    short = lay_out([made(hours=24.0)], ["year"], [1.0])
    assert short.week.tolist() == [0] * 24


def test_years_stand_one_after_the_other() -> None:
    first = made(start=dt.date(2021, 2, 1), hours=720.0)
    second = made(start=dt.date(2023, 7, 1), hours=360.0)
    axis = lay_out([first, second], ["cold", "hot"], [0.25, 0.75])
    assert axis.n_steps == 1080
    assert axis.year_first.tolist() == [0, 720]
    assert axis.month_label == ("2021-02", "2021-03", "2023-07")
    assert axis.month_year.tolist() == [0, 0, 1]
    assert axis.week_year.tolist() == [0, 0, 0, 0, 1, 1]
    assert axis.day[719] + 1 == axis.day[720]
    assert axis.before(720) == 1079
    assert axis.annual_factor.tolist() == [8760 / 720, 8760 / 360]
    assert axis.hours_per_year.sum() == pytest.approx(8760)


def test_probabilities_of_few_digits_are_made_whole() -> None:
    years = [made(hours=24.0)] * 3
    axis = lay_out(years, ["a", "b", "c"], [0.333333] * 3)
    assert axis.probability.tolist() == [1 / 3] * 3
