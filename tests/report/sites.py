"""Sites that show what a report can show, and take seconds to solve."""

from pathlib import Path

SMALL = str(Path(__file__).with_name("campus.toml"))
CAMPUS = (SMALL, "--gap", "2%")
"""Engines, a battery, a tie, flexible demand, four days."""

RULED = (*CAMPUS, "--set", "rules.pack=tx-2026-10")

BATTERY = ("@tutorial/engine-battery",)
ONE = ("@tutorial/one-engine",)
NONE = ("@edge/infeasible-nox-cap",)
YEARS = ("@edge/multi-year",)
FEWER = ("@edge/zero-demand",)
STEP = ("@edge/one-step",)

SHOWN = {
    "campus": CAMPUS,
    "rules": RULED,
    "battery": BATTERY,
    "infeasible": NONE,
    "years": YEARS,
    "nothing": FEWER,
    "one step": STEP,
}
