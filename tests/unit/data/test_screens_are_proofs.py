"""What a screen calls impossible, the solver cannot plan either."""

from __future__ import annotations

import random
from typing import Any

import pytest

from optmix.data.build import build_case
from optmix.data.screens import screen
from optmix.solve.api import solve


def random_site(draw: random.Random, engine: dict[str, Any], battery: dict[str, Any]) -> Any:
    """Tables of a site of a few hours, near the border of what its equipment can do."""
    hours = draw.choice([2, 4, 8])
    demand = [
        draw.choice([0, 2, 5, 10, 30, 40, 50, 60]) if draw.random() < 0.4 else 20
        for _ in range(hours)
    ]
    units = tuple(
        {
            **engine,
            "name": f"unit {number}",
            "rating_mw": draw.choice([3.0, 10.0, 20.0]),
            "n_min": draw.choice([0, 0, 0, 1]),
            "n_max": draw.choice([1, 2, 3, 6, 12]),
            "min_load_frac": draw.choice([0.0, 0.3, 0.5]),
            "ramp_frac_per_min": draw.choice([0.5, 0.004, 0.008]),
            "min_down_h": draw.choice([0.0, 1.0, 2.0]),
            "step_frac": draw.choice([0.0, 0.2]),
        }
        for number in range(draw.choice([1, 2]))
    )
    tier = {"name": "t", "frac": 0.2, "cost_usd_per_mwh": 100.0, "is_fast": draw.random() < 0.5}
    return {
        "files": {"d.csv": "mw\n" + "".join(f"{mw}\n" for mw in demand)},
        "time": {"hours": float(hours)},
        "demand": {
            "series": {"file": "d.csv", "column": "mw"},
            "flexible": (tier,) if draw.random() < 0.3 else (),
        },
        "unit": units,
        "battery": ({**battery, "n_max": draw.choice([1, 4, 8])},) if draw.random() < 0.4 else (),
        "grid": {"withdrawal_max_mw": draw.choice([5.0, 20.0])} if draw.random() < 0.3 else None,
        "security": {
            "loss_of_unit": draw.choice([None, False]),
            "swing_mw": draw.choice([0.0, 0.0, 0.0, 8.0, 20.0]),
        },
        "fuel": {"mdq_mmbtu_per_day": draw.choice([None, None, 100.0 * hours])},
    }


@pytest.mark.slow
def test_no_site_that_is_called_impossible_has_a_plan(
    make_site: Any, engine: dict[str, Any], battery: dict[str, Any]
) -> None:
    draw = random.Random(20250101)  # noqa: S311 - sites to try, not secrets
    proofs = 0
    for _ in range(120):
        site = make_site(**random_site(draw, engine, battery))
        errors = [f for f in screen(site, build_case(site)) if f.severity == "error"]
        if errors:
            proofs += 1
            assert solve(site, gap=0.5).status == "infeasible", errors
    assert proofs > 30
