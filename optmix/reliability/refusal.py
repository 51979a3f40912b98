"""A proof that fleets miss a target, in the names of a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.reliability.lifting import Box
    from optmix.reliability.refusing import Proof

__all__ = ["Refusal", "refusal_of"]


@dataclass(frozen=True)
class Refusal:
    """A proof that no fleet within these counts meets the target.

    So a fleet that does has ``units[g] > most_units[g]`` for some type, or more or fewer modules of
    some product, or more withdrawal. What stands at the most that the site offers cannot help.

    Attributes
    ----------
    most_units, most_modules, most_withdrawal_mw
        The largest fleet refused.
    least_modules
        Fleets with fewer modules are not refused: they may lose fewer hours.
    lole_low_h, eue_low_mwh
        Proven least loss of it in a year; 0 for the figure that the target does not limit.
    unit_mw, firm_mw
        Of types that were counted together: what one unit gives at most, and how much all of them
        must give for a fleet not to be refused.
    module_mwh, least_mwh, most_mwh
        Of products that were counted together: what one module stores, and between which energies
        all of them store for a fleet to be refused.
    """

    most_units: dict[str, int]
    most_modules: dict[str, int]
    least_modules: dict[str, int]
    most_withdrawal_mw: float
    lole_low_h: float
    eue_low_mwh: float
    unit_mw: dict[str, float] = field(default_factory=dict)
    firm_mw: float = 0.0
    module_mwh: dict[str, float] = field(default_factory=dict)
    least_mwh: float = 0.0
    most_mwh: float = 0.0


def refusal_of(box: Box, case: Case, proof: Proof) -> Refusal:
    """Return what is known of a box of fleets that is refused."""
    loss, small = proof.loss(box), proof.small
    is_firm = box.is_firm or (False,) * len(box.units)
    types = list(zip(case.units, is_firm, small.most_mw.tolist(), strict=True))
    products = [item.name for item in case.batteries]
    is_pooled = box.stored_mwh is not None
    least_mwh, most_mwh = box.stored_mwh or (0.0, 0.0)
    apart = [] if is_pooled else products
    return Refusal(
        {unit.name: n for (unit, firm, _), n in zip(types, box.units, strict=True) if not firm},
        dict(zip(apart, box.modules, strict=False)),
        dict(zip(apart, box.least_modules, strict=False)),
        box.withdrawal_mw,
        loss if proof.is_hours else 0.0,
        0.0 if proof.is_hours else loss,
        {unit.name: mw for unit, firm, mw in types if firm},
        box.firm_mw,
        dict(zip(products, small.module_mwh.tolist(), strict=True)) if is_pooled else {},
        least_mwh,
        small.next_mwh(most_mwh) if is_pooled else 0.0,
    )
