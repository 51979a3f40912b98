"""The lines that annual cost is reported in. They add up to the objective."""

from __future__ import annotations

__all__ = ["COST_LINES"]

COST_LINES: dict[str, str] = {
    "unit_capital": "annuity of thermal units, fixed capital of a type present included",
    "unit_fom": "fixed operation and maintenance of thermal units, yearly site cost included",
    "fuel": "pipeline gas burned while running",
    "stock_fuel": "refills of on-site fuel, and the yearly cost of the stocks",
    "unit_vom": "variable operation and maintenance of thermal units",
    "starts": "fuel and wear of starts",
    "battery_capital": "annuity of battery modules",
    "battery_fom": "fixed operation and maintenance of batteries",
    "battery_vom": "variable cost of energy discharged",
    "grid_energy": "imported energy, adder included",
    "grid_demand": "monthly demand charge",
    "grid_coincident": "charge on import in coincident hours",
    "grid_capital": "annuity of the interconnection",
    "grid_security": "carrying cost of financial security",
    "grid_export": "income from exported energy, negative",
    "flexible": "curtailed flexible demand",
    "unserved": "unserved energy at the value of lost load",
    "emissions": "emission prices",
    "rules": "fees and securities that rules ask for, less what they pay",
}
"""Every cost line and what it holds, in USD per year."""
