"""The Case: everything the equations need, as frozen numpy arrays.

Shapes are those of ``optmix.data.axis``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optmix.data.reliability import FailureData
from optmix.data.rule_table import RuleTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.axis import Axis
    from optmix.data.equipment import (
        BatteryProduct,
        FlexibleTier,
        GasSupply,
        GridTie,
        Stock,
        UnitType,
    )
    from optmix.schema.operation import Pollutant

__all__ = ["Case", "EmissionBudget", "SecurityPolicy"]


@dataclass(frozen=True)
class SecurityPolicy:
    """Which reserve equations hold; ``swing_mw`` of 0 switches RES-3 off."""

    loss_of_unit: bool
    loss_of_grid: bool
    swing_mw: float
    bridge_h: float


@dataclass(frozen=True)
class EmissionBudget:
    """Cap (``inf`` where there is none) and price of one pollutant."""

    pollutant: Pollutant
    cap_tpy: float
    is_potential: bool
    price_usd_per_ton: float


@dataclass(frozen=True, eq=False)
class Case:
    """One site as numbers.

    Attributes
    ----------
    demand_mw, temp_c
        Gross demand and ambient temperature of each step. Shape (T,).
    voll_usd_per_mwh
        Value of lost load; ``None`` where every step must be served in full.
    maintenance_mode
        ``scheduled``, ``derate`` or ``none``, after the fallback for short horizons.
    is_blackout_week
        Whether a maintenance week is closed to planned outages. Shape (K,).
    warnings
        What the user should know about how the inputs were read.
    failures
        What can fail besides single units.
    wacc
        Weighted average cost of capital, for annuities of what rules ask for.
    longitude
        Degrees east, for rules by region; none where it is not known.
    rules
        What the site says about rules.
    events
        Whether each step is an hour of scarcity, by the kinds of `optmix.schema.events` that are
        given. Shape (T,).
    """

    name: str
    axis: Axis
    demand_mw: Floats
    temp_c: Floats
    units: tuple[UnitType, ...]
    batteries: tuple[BatteryProduct, ...]
    grid: GridTie | None
    tiers: tuple[FlexibleTier, ...]
    voll_usd_per_mwh: float | None
    gas: GasSupply
    stocks: tuple[Stock, ...]
    security: SecurityPolicy
    maintenance_mode: str
    is_blackout_week: NDArray[np.bool_]
    emissions: tuple[EmissionBudget, ...]
    warnings: tuple[str, ...]
    failures: FailureData = field(default_factory=FailureData)
    wacc: float = 0.09
    longitude: float | None = None
    rules: RuleTable = field(default_factory=RuleTable)
    events: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
