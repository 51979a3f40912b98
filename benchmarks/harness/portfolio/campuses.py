"""Generated campuses: the same number gives the same ones on every machine."""

from __future__ import annotations

import csv
import math
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.portfolio.records import PortfolioResult

BASE = "@texas/islanded-300mw"
BASE_MW = 300
BASE_UNITS = {"titan-350": 20, "lm2500-g4": 22, "w18v50sg": 30, "j624": 130, "g3520k": 220}
BASE_MODULES = {"lfp-2h": 120, "lfp-4h": 120}
LEAST_MW, MOST_MW = 20, 1000
LEAST_USD, MOST_USD = 2.5, 6.0
SWING_SHARE = 0.3
HOURS_PER_YEAR = 8760
SHORT = {
    "time.start": "2030-08-05",
    "maintenance.mode": "derate",
    "maintenance.blackout_weeks": "[]",
}
"""Of horizons below a year: they begin in the heat of August, and leave no time for a schedule."""

SCARCE_SHARE = 0.8
"""What is shared is so much of what the campuses take when it is not."""


def write_campuses(folder: Path, n_sites: int, hours: int) -> Path:
    """Write a portfolio of campuses of 20 to 1,000 MW, each with a gas price of its own."""
    chance = random.Random(2026)  # noqa: S311 - made-up sites, not secrets
    header = ["name", "demand.peak_mw", "security.swing_mw", "fuel.price_usd_per_mmbtu"]
    header += [f"unit.{name}.n_max" for name in BASE_UNITS]
    header += [f"battery.{name}.n_max" for name in BASE_MODULES]
    same = SHORT | {"time.hours": hours} if hours < HOURS_PER_YEAR else {}
    with (folder / "campuses.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*header, *same])
        for number in range(n_sites):
            # As many small campuses as large ones, by order of magnitude.
            peak_mw = round(math.exp(chance.uniform(math.log(LEAST_MW), math.log(MOST_MW))))
            scale = peak_mw / BASE_MW
            most = [math.ceil(n * scale) + 3 for n in (BASE_UNITS | BASE_MODULES).values()]
            price = round(chance.uniform(LEAST_USD, MOST_USD), 2)
            swing_mw = round(SWING_SHARE * peak_mw, 1)
            rows.writerow([f"campus-{number:04}", peak_mw, swing_mw, price, *most, *same.values()])
    file = folder / "portfolio.toml"
    text = f'schema_version = 1\nbase = "{BASE}"\ntable = "campuses.csv"\n'
    file.write_text(text, encoding="utf-8")
    return file


def share_scarce(file: Path, free: PortfolioResult) -> None:
    """Let campuses share 20 % less than they took of two types of unit and of modules."""
    taken = sorted(free.totals.units.items(), key=lambda item: -item[1])[:2]
    blocks = [
        f'[[shared.equipment]]\nname = "{name}"\ntechnology = ["{name}"]\n'
        f"n_max = {math.floor(SCARCE_SHARE * count)}\n"
        for name, count in taken
    ]
    modules = math.floor(SCARCE_SHARE * sum(free.totals.battery.values()))
    with file.open("a", encoding="utf-8") as text:
        text.write(f"[shared]\nbattery_modules_max = {modules}\n{''.join(blocks)}")
