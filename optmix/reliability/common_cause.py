"""Common causes: what takes every unit of several classes at once.

Given which causes are at work, units are independent again. So every index is the mean over the
combinations of causes, 2 to the number of causes, of which those that take the same classes are one
scenario. Causes start and end independently of each other, each at constant rates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem
from optmix.reliability.components import CommonCause
from optmix.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.reliability.components import UnitClass

__all__ = ["MOST_CAUSES", "Scenario", "beta_factor", "scenarios"]

MOST_CAUSES = 12
"""Most causes of one system: 4,096 combinations."""


@dataclass(frozen=True)
class Scenario:
    """Classes that are lost together.

    Attributes
    ----------
    lost
        Names of classes and storage products.
    probability
        Share of time.
    repair_flow_per_h
        Probability times endings of active causes less starts of others, per hour.
    """

    lost: frozenset[str]
    probability: float
    repair_flow_per_h: float


def scenarios(causes: Sequence[CommonCause]) -> tuple[Scenario, ...]:
    """Return every scenario, the one without any loss first.

    Raises
    ------
    InputError
        There are too many causes.
    """
    at_work = [cause for cause in causes if cause.probability > 0]
    if len(at_work) > MOST_CAUSES:
        what = f"{len(at_work)} common causes make {2 ** len(at_work)} combinations"
        hint = "join causes that affect the same units"
        raise InputError(Problem(what, "common causes", f"at most {MOST_CAUSES} of them", hint))
    found: dict[frozenset[str], tuple[float, float]] = {}
    for active in product((False, True), repeat=len(at_work)):
        probability, rate = 1.0, 0.0
        lost: set[str] = set()
        for cause, is_active in zip(at_work, active, strict=True):
            ending = 1.0 / cause.mean_h
            if is_active:
                probability, rate = probability * cause.probability, rate + ending
                lost.update(cause.affects)
            else:
                standing = 1.0 - cause.probability
                probability *= standing
                rate -= ending * cause.probability / standing
        old = found.get(frozenset(lost), (0.0, 0.0))
        found[frozenset(lost)] = (old[0] + probability, old[1] + probability * rate)
    return tuple(Scenario(lost, *figures) for lost, figures in found.items())


def beta_factor(unit: UnitClass, beta_frac: float) -> tuple[UnitClass, CommonCause]:
    r"""Split forced outages into independent ones and those that take the whole class.

    Parameters
    ----------
    unit
        A class whose outage probability is the same in every step.
    beta_frac
        Share of outages that are common, from 0 to below 1.

    Returns
    -------
    tuple
        The class with :math:`(1 - \beta) q` left to each unit, and a cause of probability
        :math:`\beta q` that lasts as long as a repair.

    Raises
    ------
    InputError
        The share is not from 0 to below 1.

    Source
    ------
    Beta-factor model: Fleming 1975; IEC 61508-6, annex D.
    """
    if not 0 <= beta_frac < 1:
        where = f'units "{unit.name}"'
        raise InputError(Problem(f"beta_frac is {beta_frac:g}", where, "from 0 to below 1"))
    mean_frac = float(unit.outage_frac.mean())
    cause = CommonCause(
        name=f"common cause of {unit.name}",
        outages_per_year=beta_frac * mean_frac * HOURS_PER_YEAR / unit.mttr_h,
        mean_h=unit.mttr_h,
        affects=(unit.name,),
    )
    return replace(unit, outage_frac=(1.0 - beta_frac) * unit.outage_frac), cause
