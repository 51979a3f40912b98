"""Small units counted together as firm capacity, against every fleet that this rules out."""

from itertools import product

import numpy as np
import pytest
from model.cases import make_axis, make_battery, make_case, make_unit

from optmix.data.case import Case
from optmix.data.reliability import FailureData, LossLimit
from optmix.reliability import Fleet
from optmix.reliability.firm import lacking
from optmix.reliability.lifting import Box
from optmix.reliability.refusing import Proof

LARGE, SMALL, MODULES = range(5), range(5), range(4)


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
    if box.is_pooled:
        stored = [item.usable_mwh for item in case.batteries]
        return float(np.dot(stored, modules)) <= float(np.dot(stored, box.modules))
    return all(
        low <= n <= high
        for low, n, high in zip(box.least_modules, modules, box.modules, strict=True)
    )


@pytest.mark.parametrize(("seed", "lole_h"), [(1, 0.5), (2, 2.0), (3, 8.0)])
def test_every_fleet_ruled_out_is_refused_alone(seed: int, lole_h: float) -> None:
    case = site(seed, lole_h)
    proof = Proof(case, case.failures.target)
    n_ruled_out = 0
    for counts in ((2, 1, 1, 0), (1, 3, 1, 1), (2, 2, 0, 2), (3, 0, 2, 0)):
        large, small, short, long = counts
        fleet = Fleet({"large": large, "small": small}, {"short": short, "long": long})
        for box in lacking(proof, case, Box.of(fleet, case)):
            assert proof.refuses(box)
            assert is_ruled_out(box, case, counts)
            # Else the row of the master would not cut off the fleet that was asked about.
            assert box.firm_mw > small * float(case.units[1].pmax_mw.max())
            if box.is_pooled:
                stored = [item.usable_mwh for item in case.batteries]
                assert np.dot(stored, box.modules) > np.dot(stored, (short, long))
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
    assert list(lacking(proof, case, Box.of(fleet, case))) == []
