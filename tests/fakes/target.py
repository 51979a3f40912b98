"""Small sites with a reliability target, and their loss of load counted state by state."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from model.cases import make_axis, make_battery, make_case, make_unit

from optmix.data.case import Case
from optmix.data.reliability import FailureData, LossLimit
from optmix.reliability.weeks import Calendar

STEPS = 8
"""Two steps a week, four weeks."""


def site(
    random: np.random.Generator,
    limit: LossLimit,
    *,
    n_types: int = 2,
    n_max: int = 3,
    mode: str = "scheduled",
    n_batteries: int = 0,
    **of_battery: Any,
) -> Case:
    axis = make_axis((STEPS,), week=np.repeat(np.arange(4), 2).tolist())
    weeks_h = 168 * float(axis.annual_factor[0])
    units = tuple(
        make_unit(
            axis,
            name=f"type {k}",
            n_max=n_max,
            pmax_mw=(size := float(random.choice([3.0, 5.0, 8.0]))),
            net_rating_mw=size,
            forced_outage_frac=float(random.choice([0.05, 0.1, 0.2])),
            mttr_h=float(random.choice([2.0, 20.0])),
            planned_outage_h=weeks_h * float(random.choice([0.0, 0.5, 1.0])),
            max_units_in_maintenance=int(random.integers(1, 3)),
        )
        for k in range(n_types)
    )
    return make_case(
        axis,
        units=units,
        batteries=tuple(
            make_battery(name=f"battery {b}", n_max=2, **of_battery) for b in range(n_batteries)
        ),
        demand_mw=random.choice([4.0, 7.0, 9.0, 12.0], STEPS),
        maintenance_mode=mode,
        is_blackout_week=np.array([False, True, False, False]),
        failures=FailureData(target=limit, accuracy_frac=1e-3),
    )


def losses(case: Case, counts: Sequence[int], week: int) -> tuple[float, float]:
    """Return hours and energy lost in a week with counts in service, state by state."""
    axis = case.axis
    outages = [unit.forced_outage_frac for unit in case.units]
    hours = energy = 0.0
    for up in itertools.product(*(range(n + 1) for n in counts)):
        chance = math.prod(
            math.comb(n, u) * (1 - out) ** u * out ** (n - u)
            for n, u, out in zip(counts, up, outages, strict=True)
        )
        for t in np.flatnonzero(axis.week == week).tolist():
            has = sum(u * unit.pmax_mw[t] for u, unit in zip(up, case.units, strict=True))
            short = max(0.0, float(case.demand_mw[t] - has))
            weight = chance * float(axis.hours_per_year[t])
            hours, energy = hours + weight * (short > 0), energy + weight * short
    return hours, energy


def schedules(case: Case, counts: Sequence[int]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield every schedule of maintenance that gives all units their weeks. Shape (G, K)."""
    calendar = Calendar.of(case)
    if not calendar.is_scheduled:
        yield np.zeros((len(counts), len(case.axis.week_year)), dtype=np.int64)
        return
    need = calendar.weeks_per_unit[:, 0] * np.asarray(counts)
    rows = [
        [
            row
            for row in itertools.product(
                *(
                    range(min(n, most) + 1) if is_open else (0,)
                    for is_open in (calendar.is_open if most else [False] * calendar.n_blocks)
                )
            )
            if sum(row) >= least - 1e-9
        ]
        for n, most, least in zip(counts, calendar.most_out.tolist(), need.tolist(), strict=True)
    ]
    for each in itertools.product(*rows):
        yield np.array(each, dtype=np.int64)


def least_losses(case: Case, counts: Sequence[int]) -> tuple[float, float]:
    """Return the least hours and energy over all schedules; infinite where there is none."""
    known: dict[tuple[int, ...], tuple[float, float]] = {}
    best = (math.inf, math.inf)
    for weeks in schedules(case, counts):
        total = [0.0, 0.0]
        for k in range(weeks.shape[1]):
            left = tuple(int(n - m) for n, m in zip(counts, weeks[:, k], strict=True))
            found = known.setdefault((k, *left), losses(case, left, k))
            total = [a + b for a, b in zip(total, found, strict=True)]
        best = (min(best[0], total[0]), min(best[1], total[1]))
    return best
