"""BND-1: no quantity of a plan is negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.rows import Rows
from optmix.verify.tolerances import ENERGY_FLOOR_MWH, EXACT, FUEL_FLOOR_MMBTU, POWER_FLOOR_MW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["bounds"]

_PER_SUBJECT = (
    ("units", "online", "units", EXACT),
    ("units", "starts", "units", EXACT),
    ("units", "stops", "units", EXACT),
    ("units", "in_maintenance", "units", EXACT),
    ("units", "output_mw", "MW", POWER_FLOOR_MW),
    ("units", "fuel_mmbtu_per_h", "MMBtu/h", FUEL_FLOOR_MMBTU),
    ("batteries", "charge_mw", "MW", POWER_FLOOR_MW),
    ("batteries", "discharge_mw", "MW", POWER_FLOOR_MW),
    ("batteries", "soc_mwh", "MWh", ENERGY_FLOOR_MWH),
    ("batteries", "cover_mw", "MW", POWER_FLOOR_MW),
    ("tiers", "curtailed_mw", "MW", POWER_FLOOR_MW),
    ("stocks", "withdrawn_mmbtu_per_h", "MMBtu/h", FUEL_FLOOR_MMBTU),
    ("stocks", "refill_mmbtu_per_h", "MMBtu/h", FUEL_FLOOR_MMBTU),
    ("stocks", "content_mmbtu", "MMBtu", FUEL_FLOOR_MMBTU),
)
"""Owner in the Case, field of the Plan, unit, tolerance."""

_PER_SITE = ("import_mw", "export_mw", "unserved_mw")


def bounds(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of BND-1."""
    for owner, field, unit, tolerance in _PER_SUBJECT:
        for thing, values in zip(getattr(case, owner), getattr(plan, field), strict=True):
            what = f"{field} is negative"
            yield Rows.at_most("BND-1", what, unit, 0.0, values, tolerance, subject=thing.name)
    for field in _PER_SITE:
        what, values = f"{field} is negative", getattr(plan, field)
        yield Rows.at_most("BND-1", what, "MW", 0.0, values, POWER_FLOOR_MW)
