"""What a network of PyPSA does not have of a site, or has otherwise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.report.pypsa.equipment import needs_commitment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType

__all__ = ["left_out"]


BEFORE = (
    "all units are off before the first step, where optmix has those of the last one; PyPSA can be "
    "told that one module runs before, not how many do, and cannot tie its last step to its first, "
    "so it pays for a start of each unit that runs in the first step"
)
"""Handing over the units of the plan's last step would not make the two alike either: PyPSA would
have them for nothing and could end with fewer."""


def left_out(case: Case, *, is_sized: bool) -> Iterator[str]:
    """Yield, in words, each thing that the network leaves out or approximates.

    Parameters
    ----------
    case
        The site.
    is_sized
        Whether the network has the sizes of a plan, so that costs of a site are known.
    """
    for unit in case.units:
        yield from _of_unit(unit)
    for item in case.batteries:
        yield f"{item.name}: charging and discharging share no limit, and cycles have none"
    if any(item.aux_mw for item in case.batteries) and not is_sized:
        yield "auxiliaries of batteries"
    yield from _of_site(case)
    if not is_sized and any(_site_usd(unit) for unit in case.units):
        yield "costs of a site that has any unit of a type"


def _of_unit(unit: UnitType) -> Iterator[str]:
    if len(unit.segment_alpha_mmbtu_per_h) > 1:
        yield f"{unit.name}: the fuel curve is one line from least to full load, which is dearer"
    if unit.min_down_steps > 1:
        yield f"{unit.name}: minimum down time, which PyPSA has for one module only"
    if needs_commitment(unit):
        yield f"{unit.name}: {BEFORE}"


def _of_site(case: Case) -> Iterator[str]:
    security, gas = case.security, case.gas
    if security.loss_of_unit or security.loss_of_grid or security.swing_mw:
        yield "operating reserve"
    if case.maintenance_mode == "scheduled":
        yield "planned maintenance by week"
    if case.stocks:
        yield "fuel on site"
    if math.isfinite(gas.daily_max_mmbtu) or math.isfinite(gas.hourly_max_mmbtu_per_h):
        yield "limits of the gas supply"
    if any(math.isfinite(budget.cap_tpy) for budget in case.emissions):
        yield "emission caps"
    if not case.rules.is_empty:
        yield "rules"
    if case.failures.target is not None:
        yield "the reliability target"


def _site_usd(unit: UnitType) -> float:
    return unit.site_capital_usd_per_yr + unit.site_fixed_usd_per_yr
