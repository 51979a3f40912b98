"""Physical constants and conversions, each with its source.

Conventions, everywhere in optmix: MW, MWh, MMBtu (higher heating value), USD, hours, degrees
Celsius, metres. A name carries the unit of its value as a suffix.
"""

from __future__ import annotations

__all__ = [
    "HOURS_PER_WEEK",
    "HOURS_PER_YEAR",
    "KW_PER_MW",
    "LB_PER_MWH_PER_G_PER_BHP_H",
    "LB_PER_SHORT_TON",
    "MMBTU_PER_MWH",
    "MMBTU_PER_MWH_PER_BTU_PER_KWH",
    "MONTHS_PER_YEAR",
    "NOX_LB_PER_MMBTU_PER_PPM",
    "USD_PER_KUSD",
]

HOURS_PER_YEAR = 8760.0
"""Hours of a common year; horizons shorter than this stand for it."""

HOURS_PER_WEEK = 168.0
"""Hours of a week, the step of planned maintenance."""

MONTHS_PER_YEAR = 12
"""Months of a year; monthly charges of a shorter horizon scale up to it."""

KW_PER_MW = 1000.0
"""Kilowatts in a megawatt (SI)."""

USD_PER_KUSD = 1000.0
"""The model counts money in thousand USD so that coefficients stay within 1e-3 to 1e5."""

LB_PER_SHORT_TON = 2000.0
"""Pounds in a short ton, the ton of United States air permits (NIST Handbook 44, appendix C)."""

MMBTU_PER_MWH = 3.412142
"""Heat of a megawatt-hour: 1 kWh is 3,412.142 Btu (International Table). No heat rate is lower."""

MMBTU_PER_MWH_PER_BTU_PER_KWH = 1e-3
"""1 Btu/kWh is 1e-3 MMBtu/MWh."""

NOX_LB_PER_MMBTU_PER_PPM = 0.003684
"""NOx of natural gas (HHV) per ppm by volume, dry, at 15 % oxygen: 40 CFR 60, appendix A-7, method
19: 1.194e-7 lb/scf per ppm, 8,710 dscf/MMBtu, 20.9 / (20.9 - 15)."""

LB_PER_MWH_PER_G_PER_BHP_H = 3.05
"""Emission of an engine per MWh of electricity: 453.592 g/lb, 0.745700 kWh/bhp-h, and a generator
that turns 97 % of shaft power into electricity."""
