"""Small units counted together as firm capacity, against every fleet that this rules out."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from model.cases import make_axis, make_battery, make_case, make_unit

from optmix.data.arrays import Floats, Ints
from optmix.data.case import Case
from optmix.data.equipment import BatteryProduct, UnitType
from optmix.data.reliability import FailureData, LossLimit
from optmix.reliability import Fleet
from optmix.reliability.firm import FirmNeed
from optmix.reliability.lifting import Box
from optmix.reliability.refusing import Proof
from optmix.reliability.small import SMALL as SMALL_SHARE
from optmix.reliability.target import SizingTarget

LARGE, SMALL, MODULES = range(5), range(5), range(4)
TRIES = 12


def site(seed: int, lole_h: float) -> Case:
    """Return two weeks with large units, small ones, and two products of storage."""
    random = np.random.default_rng(seed)
    axis = make_axis((336,), week=np.repeat([0, 1], 168).tolist())
    large = make_unit(
        axis, name="large", n_max=4, pmax_mw=10.0, pmin_mw=4.0, forced_outage_frac=0.05, mttr_h=20.0
    )
    small = make_unit(
        axis, name="small", n_max=4, pmax_mw=2.0, pmin_mw=0.8, forced_outage_frac=0.03, mttr_h=10.0
    )
    short = make_battery(name="short", module_mw=2.0, usable_mwh=4.0, module_mwh=4.0, n_max=3)
    long = make_battery(name="long", module_mw=2.0, usable_mwh=8.0, module_mwh=8.0, n_max=3)
    return make_case(
        axis,
        units=(large, small),
        batteries=(short, long),
        demand_mw=random.uniform(12.0, 22.0, 336),
        failures=FailureData(target=LossLimit(lole_h=lole_h)),
    )


def is_ruled_out(box: Box, case: Case, counts: tuple[int, int, int, int]) -> bool:
    """Return whether a refused box says that a fleet misses the target."""
    large, small, *modules = counts
    most_mw = float(case.units[1].pmax_mw.max())
    if large > box.units[0] or small * most_mw > box.firm_mw:
        return False
    assert box.stored_mwh is not None
    least, most = box.stored_mwh
    return least <= float(np.dot([item.usable_mwh for item in case.batteries], modules)) <= most


@pytest.mark.parametrize(("seed", "lole_h"), [(1, 0.5), (2, 2.0), (3, 8.0)])
def test_every_fleet_ruled_out_is_refused_alone(seed: int, lole_h: float) -> None:
    case = site(seed, lole_h)
    proof = Proof(case, case.failures.target)
    n_ruled_out = 0
    for counts in ((2, 1, 1, 0), (1, 3, 1, 1), (2, 2, 0, 2), (3, 0, 2, 0)):
        large, small, short, long = counts
        fleet = Fleet({"large": large, "small": small}, {"short": short, "long": long})
        for box in FirmNeed(case, proof).boxes(Box.of(fleet, case)):
            assert proof.refuses(box)
            assert is_ruled_out(box, case, counts)
            # Else the row of the master would not cut off the fleet that was asked about.
            assert box.firm_mw > small * float(case.units[1].pmax_mw.max())
            for other in product(LARGE, SMALL, MODULES, MODULES):
                if is_ruled_out(box, case, other):
                    n_ruled_out += 1
                    exact = Box((other[0], other[1]), other[2:], 0.0, other[2:])
                    assert proof.loss(exact) >= min(proof.loss(box), proof.limit_of(exact)) * 0.999
    assert n_ruled_out > 50


def test_without_small_units_there_is_nothing_to_count_together() -> None:
    case = site(1, 1.0)
    fleet = Fleet({"large": 0, "small": 2}, {"short": 1})
    proof = Proof(case, case.failures.target)
    assert list(FirmNeed(case, proof).boxes(Box.of(fleet, case))) == []


@pytest.mark.parametrize(
    "seed", [1, 5, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (0, 2, 3, 4))]
)
def test_no_fleet_within_the_target_has_less_power_than_is_needed(seed: int) -> None:
    """Corners of all kinds, with every schedule, and storage run as it is assessed."""
    random = np.random.default_rng(seed)
    case = mixed_site(random)
    target = SizingTarget.of(case)
    assert target is not None
    mw, mwh = (np.array([*each.values()]) for each in (target.unit_mw, target.module_mwh))
    n_told = n_within = 0
    for _ in range(TRIES):
        units, modules = random.integers(1, 4, 3), random.integers(0, 3, 2)
        stored_mwh = float(mwh @ modules)
        fleet = Fleet(named(case.units, units), named(case.batteries, modules))
        if not stored_mwh or not target.assess(fleet, target.best_weeks(fleet)).meets:
            continue
        n_within += 1
        for corner, small in corners(units, mw):
            within = (stored_mwh * random.choice([0.0, 0.5, 1.0]), stored_mwh)
            needed_mw = target.least_power_mw(named(case.units, corner), within, 0.0, small)
            assert needed_mw <= float(mw @ units) * (1 + 1e-9)
            n_told += needed_mw > float(mw @ corner)
    assert n_told >= n_within > 1


def named(items: tuple[UnitType, ...] | tuple[BatteryProduct, ...], counts: Ints) -> dict[str, int]:
    return {item.name: int(n) for item, n in zip(items, counts, strict=True)}


def corners(units: Ints, mw: Floats) -> Iterator[tuple[Ints, tuple[bool, ...] | None]]:
    """Yield corners below a fleet; the last has all its large units."""
    yield np.zeros_like(units), None
    yield np.maximum(units - 1, 0), None
    small = mw < SMALL_SHARE * mw.max()
    if units[~small].any():
        yield np.where(small, 0, units), tuple(small.tolist())


def mixed_site(random: np.random.Generator) -> Case:
    """Return four weeks with one large type, two small ones, and batteries of unlike duration."""
    weeks = np.repeat(np.arange(4), 6)
    axis = make_axis((len(weeks),), week=weeks.tolist())
    week_h = 168 * float(axis.annual_factor[0])

    def unit(name: str, mw: float) -> UnitType:
        return make_unit(
            axis,
            name=name,
            n_max=4,
            pmax_mw=mw * random.uniform(0.9, 1.0, len(weeks)),
            net_rating_mw=mw,
            forced_outage_frac=float(random.choice([0.05, 0.15])),
            mttr_h=float(random.choice([2.0, 8.0])),
            planned_outage_h=week_h * float(random.choice([0.0, 0.5, 1.0])),
            max_units_in_maintenance=2,
        )

    def battery(name: str, mwh: float) -> BatteryProduct:
        return make_battery(name=name, n_max=2, module_mw=2.0, usable_mwh=mwh, module_mwh=mwh)

    return make_case(
        axis,
        units=(unit("large", 8.0), unit("middle", 3.0), unit("small", 2.0)),
        batteries=(battery("short", 3.0), battery("long", 7.0)),
        demand_mw=random.choice([5.0, 8.0, 11.0, 14.0], len(weeks)),
        maintenance_mode="scheduled",
        is_blackout_week=np.array([False, True, False, False]),
        failures=FailureData(
            target=LossLimit(lole_h=float(random.choice([400.0, 900.0]))), accuracy_frac=1e-3
        ),
    )
