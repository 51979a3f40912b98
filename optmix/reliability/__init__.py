"""How often a fleet fails to meet demand: exact, or certified, never by a reserve margin.

>>> import numpy as np
>>> from optmix.reliability import System, UnitClass, assess_system
>>> hours = np.arange(24)
>>> three = UnitClass("engine", 3, np.full(24, 10.0), np.full(24, 0.1), 40.0, hours * 0)
>>> system = System(1.0, np.full(24, 20.0), hours * 0.0, hours * 0, hours * 0, hours * 0 + 1.0,
...     (three,))
>>> round(assess_system(system).lole_h.value, 6)
0.672
"""

from optmix.reliability.adequacy import Adequacy, Loss
from optmix.reliability.assess import assess, assess_system
from optmix.reliability.common_cause import beta_factor
from optmix.reliability.components import CommonCause, DeratedState, Storage, UnitClass
from optmix.reliability.deterministic import common_cause_floor_h, expected_energy_mwh, n_plus
from optmix.reliability.fleet import Fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.result import Interval, ReliabilityResult
from optmix.reliability.standby import demand_conditional_outage_frac, transient
from optmix.reliability.survival import BackupBattery, BackupUnits, outage_survival
from optmix.reliability.system import System
from optmix.reliability.tables import read_load, read_units, system_from_tables

__all__ = [
    "Adequacy",
    "BackupBattery",
    "BackupUnits",
    "CommonCause",
    "DeratedState",
    "Fleet",
    "Interval",
    "Loss",
    "ReliabilityResult",
    "Storage",
    "System",
    "UnitClass",
    "assess",
    "assess_system",
    "beta_factor",
    "common_cause_floor_h",
    "demand_conditional_outage_frac",
    "expected_energy_mwh",
    "n_plus",
    "outage_survival",
    "read_load",
    "read_units",
    "system_from_tables",
    "system_of",
    "transient",
]
