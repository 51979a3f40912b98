"""Demand from each of its sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optmix.data.build import build_case
from optmix.data.demand import pue_ratio
from optmix.errors import SeriesError
from optmix.schema.demand import Pue

FOUR = {"hours": 4.0}


def test_a_series_is_gross_demand(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "mw\n3\n4\n5\n6\n"},
        time=FOUR,
        demand={"series": {"file": "d.csv", "column": "mw"}},
    )
    assert build_case(site).demand_mw.tolist() == [3, 4, 5, 6]


def test_a_series_is_scaled_to_the_peak_over_the_horizon(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "time,mw\n" + "".join(f"2025-01-01T{h:02d}:00,{h + 1}\n" for h in range(10))},
        time=FOUR,
        demand={"series": {"file": "d.csv", "column": "mw"}, "peak_mw": 8.0},
    )
    assert build_case(site).demand_mw.tolist() == [2, 4, 6, 8]


def test_a_series_of_zeros_cannot_be_scaled(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "mw\n0\n0\n0\n0\n"},
        time=FOUR,
        demand={"series": {"file": "d.csv", "column": "mw"}, "peak_mw": 8.0},
    )
    with pytest.raises(SeriesError, match="zero throughout"):
        build_case(site)


def test_it_load_is_multiplied_by_the_pue_of_the_step(make_site: Any) -> None:
    site = make_site(
        {"d.csv": "it,temp\n10,10\n10,20\n10,30\n20,100\n"},
        time=FOUR,
        demand={
            "it_series": {"file": "d.csv", "column": "it"},
            "pue": {"base": 1.2, "start_temp_c": 15.0, "rise_per_c": 0.01, "largest": 1.5},
        },
        weather={"series": {"file": "d.csv", "column": "temp"}},
    )
    assert build_case(site).demand_mw == pytest.approx(np.array([12.0, 12.5, 13.5, 30.0]))


def test_the_peak_of_a_profile_with_pue_is_that_of_it_load(make_site: Any) -> None:
    site = make_site(demand={"profile": "flat", "peak_mw": 10.0, "pue": {"base": 1.25}})
    assert build_case(site).demand_mw.tolist() == [12.5] * 24


def test_pue_rises_to_its_largest_value() -> None:
    pue = Pue(base=1.1, start_temp_c=20.0, rise_per_c=0.02, largest=1.3)
    got = pue_ratio(pue, np.array([-10.0, 20.0, 25.0, 40.0]))
    assert got.tolist() == pytest.approx([1.1, 1.1, 1.2, 1.3])


def test_flexible_tiers_have_limits_by_step_and_a_yearly_budget(make_site: Any) -> None:
    tier = {"name": "t", "frac": 0.1, "cost_usd_per_mwh": 300.0, "hours_per_year": 50.0}
    site = make_site(
        {"d.csv": "mw\n30\n40\n50\n60\n"},
        time=FOUR,
        demand={"series": {"file": "d.csv", "column": "mw"}, "flexible": (tier,)},
    )
    (got,) = build_case(site).tiers
    assert got.limit_mw == pytest.approx(np.array([3.0, 4.0, 5.0, 6.0]))
    assert got.budget_mwh.tolist() == [pytest.approx(50 * 0.1 * 60)]
    assert not got.is_fast
