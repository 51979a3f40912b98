"""Points that move with the state of charge, against the law of every single state of charge."""

from collections import defaultdict

import numpy as np
import pytest
from fakes.reliability import system_with, units_of

from optmix.reliability import Storage, System
from optmix.reliability.chains import populations
from optmix.reliability.count_matrices import count_axis
from optmix.reliability.pool import pool_of
from optmix.reliability.risk import step_before
from optmix.reliability.soc_chain import SocChain

MODULES, MODULE_MW, MODULE_MWH = 2, 5.0, 7.0
ETA_CHARGE, ETA_DISCHARGE = 0.8, 1.0
HOURS = 6
RARE = 1e-9


def system_of(seed: int) -> System:
    """Return two classes, the second with weather, and two modules that fail often."""
    random = np.random.default_rng(seed)
    units = [
        units_of(HOURS, 2, 10.0, 0.12, name="engine", mttr_h=6.0),
        units_of(HOURS, 1, 6.0, 0.1 + 0.05 * np.sin(np.arange(HOURS)), name="aero", mttr_h=4.0),
    ]
    battery = Storage(
        *("battery", MODULES, MODULE_MW, MODULE_MWH, ETA_CHARGE, ETA_DISCHARGE),
        outage_frac=0.15,
        mttr_h=5.0,
    )
    return system_with(units, random.integers(9, 27, HOURS) + 0.37, storage=(battery,))


def followed(system: System, *, from_full: bool) -> tuple[float, float]:
    """Return hours and energy lost in the second of two rounds, all states of charge kept apart."""
    units, stores, _ = populations(system)
    before = step_before(system.year)
    axes = [count_axis(item, before, 0.0) for item in (*units, *stores)]
    sizes = [axis.size for axis in axes]
    law: dict[tuple[int, ...], dict[float, float]] = {}
    for out in np.ndindex(*sizes):
        start = np.prod([axis.law[axis.kind[0], n] for axis, n in zip(axes, out, strict=True)])
        full = (MODULES - out[-1]) * MODULE_MWH
        law[out] = {full if from_full else 0.0: float(start)}
    lole = eue = 0.0
    for hour in range(2 * HOURS):
        t = hour % HOURS
        moved: dict[tuple[int, ...], dict[float, float]] = {}
        for out, stored in law.items():
            up = [unit.count[t] - n for unit, n in zip(units, out[:-1], strict=True)]
            capacity = sum(
                n * unit.capacity_mw[t] for n, unit in zip(up, system.units, strict=True)
            )
            over = float(capacity - system.load_mw[t])
            modules = MODULES - out[-1]
            power, full = modules * MODULE_MW, modules * MODULE_MWH
            after: dict[float, float] = defaultdict(float)
            for soc, chance in stored.items():
                short = max(-over, 0.0)
                given = min(short, power, soc * ETA_DISCHARGE)
                if hour >= HOURS and short - given > 1e-9:
                    lole += chance
                    eue += chance * (short - given)
                new = soc - given / ETA_DISCHARGE
                new += min(max(over, 0.0), power) * ETA_CHARGE
                after[round(min(max(new, 0.0), full), 9)] += chance
            moved[out] = after
        law = {out: defaultdict(float) for out in law}
        following = (t + 1) % HOURS
        matrices = [axis.matrices[axis.kind[following]] for axis in axes]
        for was, stored in moved.items():
            for to in law:
                chance = np.prod([m[a, b] for m, a, b in zip(matrices, to, was, strict=True)])
                kept = min(1.0, (MODULES - to[-1]) / max(MODULES - was[-1], 1))
                for soc, of in stored.items():
                    if chance * of > RARE:
                        law[to][round(soc * kept, 9)] += float(chance * of)
    days = float(system.hours_per_year.sum()) / HOURS
    return days * lole, days * eue


@pytest.mark.parametrize("seed", [1, 2])
def test_points_enclose_every_single_state_of_charge(seed: int) -> None:
    system = system_of(seed)
    chain = SocChain.build(system, pool_of(system), 1e-13)
    assert chain is not None
    high, low = followed(system, from_full=False), followed(system, from_full=True)
    assert low[0] < high[0] < 1.05 * low[0]
    for bins, near in ((7, 1.3), (400, 1.01)):
        down, up, split = (chain.run(bins, rounding) for rounding in ("down", "up", "split"))
        assert high[0] * (1 - 1e-3) < down.lole_h < near * high[0]
        assert high[1] * (1 - 1e-3) < down.eue_mwh < near * high[1]
        assert low[0] / near < up.lole_h < low[0] * (1 + 1e-3)
        assert low[1] / near < up.eue_mwh < low[1] * (1 + 1e-3)
        assert high[1] * (1 - 1e-3) < split.eue_mwh < near * high[1]
