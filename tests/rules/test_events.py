"""Event hours: given or drawn, by year, always the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest
from model.cases import changed, make_case
from unit.verify.factory import make_axis

from optmix.rules.events import (
    WINDOWS,
    Draw,
    EventKind,
    event_hours,
    event_mask,
    first_steps,
)
from optmix.rules.in_force import ready_case, rules_in_force
from optmix.schema.events import Events
from optmix.schema.load import load_site

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.data.case import Case

YEAR = make_case(make_axis([8760], start="2025-01-01"))
TWO_YEARS = make_case(make_axis([8760, 8760], start="2025-01-01", probability=(0.5, 0.5)))


def calendar(case: Case, steps: list[int]) -> tuple[list[int], list[int]]:
    axis = case.axis
    months = [int(axis.month_label[month][5:]) for month in axis.month[steps].tolist()]
    return months, axis.local_hour[steps].tolist()


def test_a_site_can_give_every_kind() -> None:
    assert set(Events.model_fields) == set(get_args(EventKind)) == set(WINDOWS)


@pytest.mark.parametrize("kind", get_args(EventKind))
@pytest.mark.parametrize("seed", range(5))
def test_events_are_drawn_from_their_window(kind: EventKind, seed: int) -> None:
    mask = event_mask(YEAR, kind, Draw(3, 4.0, seed))
    firsts = first_steps(YEAR, mask)
    months, hours = calendar(YEAR, firsts)
    assert len(firsts) == 3
    assert event_hours(YEAR, mask) == 12.0
    assert set(months) <= set(WINDOWS[kind].months)
    assert set(hours) <= set(WINDOWS[kind].hours)


def test_the_same_seed_gives_the_same_hours_and_another_one_others() -> None:
    first, again, other = (event_mask(YEAR, "emergency", Draw(2, 8.0, seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_years_and_kinds_differ() -> None:
    shed = event_mask(TWO_YEARS, "firm_load_shed", Draw(1, 24.0))
    gas = event_mask(TWO_YEARS, "gas_interruption", Draw(1, 24.0))
    assert (shed[:8760] != shed[8760:]).any()
    assert (shed != gas).any()
    assert shed[:8760].sum() == shed[8760:].sum() == 24


def test_what_a_site_gives_goes_before_any_draw() -> None:
    given = np.zeros(8760, dtype=np.bool_)
    given[[7, 8, 8759]] = True
    case = changed(YEAR, events={"emergency": given})
    mask = event_mask(case, "emergency", Draw(2, 8.0))
    assert mask is given
    assert first_steps(case, mask) == [7, 8759]


def test_without_a_draw_there_are_none() -> None:
    assert not event_mask(YEAR, "emergency").any()


def test_a_horizon_outside_the_window_has_none() -> None:
    week = make_case(make_axis([168], start="2025-03-03"))
    for kind in get_args(EventKind):
        assert not event_mask(week, kind, Draw(2, 8.0)).any()


def test_as_many_events_are_drawn_as_there_is_room_for() -> None:
    day = make_case(make_axis([24], start="2025-07-01"))
    mask = event_mask(day, "emergency", Draw(50, 1.0))
    assert 1 <= len(first_steps(day, mask)) <= 2  # four hours may begin, with one free between
    assert event_mask(day, "emergency", Draw(1, 100.0)).all()


def test_quarter_hours_make_an_event_as_long() -> None:
    day = make_case(make_axis([96], step_h=0.25, start="2025-07-01"))
    mask = event_mask(day, "emergency", Draw(1, 2.1))
    assert event_hours(day, mask) == 2.25


SITE = """\
schema_version = 1
name = "tied"

[site]
latitude = 31.95
longitude = -102.18
timezone = "America/Chicago"

[time]
start = 2025-07-01
hours = 24

[demand]
profile = "flat"
peak_mw = 100

[[unit]]
technology = "j620"
n_max = 60

[grid]
withdrawal_max_mw = 100
energy_price = 30

[rules]
pack = "tx-2026-10"
"""
YEARS = """
[events]
emergency = { file = "eea.csv", column = "eea" }

[[operating_year]]
name = "plain"
probability = 0.9

[[operating_year]]
name = "storm"
probability = 0.1
events = { firm_load_shed = { file = "eea.csv", column = "shed" } }
"""


def written(folder: Path, more: str = "") -> Path:
    rows = [f"{int(17 <= hour < 20)},{0.5 * (hour < 2)}" for hour in range(24)]
    (folder / "eea.csv").write_text("\n".join(["eea,shed", *rows]) + "\n")
    (folder / "site.toml").write_text(SITE + more)
    return folder / "site.toml"


def test_years_carry_events_of_their_own(tmp_path: Path) -> None:
    """A year without its own has those of the site; one with some has no others."""
    case = ready_case(load_site(written(tmp_path, YEARS)))
    assert np.flatnonzero(case.events["emergency"]).tolist() == [17, 18, 19]
    assert np.flatnonzero(case.events["firm_load_shed"]).tolist() == [24, 25]
    reasons = {each.rule.id: each.applicability.reason for each in rules_in_force(case)}
    assert reasons["sb6.deploy-or-curtail"] == "3 hours of emergency are given"


def test_events_are_part_of_the_input(tmp_path: Path) -> None:
    from optmix.data.fingerprint import input_sha256, site_files

    site = load_site(written(tmp_path, YEARS))
    before = input_sha256(site)
    assert site_files(site) == {"eea.csv": tmp_path / "eea.csv"}
    (tmp_path / "eea.csv").write_text((tmp_path / "eea.csv").read_text().replace("0,0.5", "1,0.5"))
    assert input_sha256(site) != before


def test_a_case_travels_with_its_events_and_rules(tmp_path: Path) -> None:
    import pickle

    case = ready_case(load_site(written(tmp_path, YEARS)))
    copy = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own
    assert copy.rules == case.rules
    assert [each.params for each in rules_in_force(copy)] == [
        each.params for each in rules_in_force(case)
    ]
    assert (copy.events["emergency"] == case.events["emergency"]).all()
