"""Whether anything that is built can fail, by the data of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.result import MixSummary

__all__ = ["NO_FAILURE_DATA", "has_failure_data"]

NO_FAILURE_DATA = "no failure data given"


def has_failure_data(mix: MixSummary, case: Case) -> bool:
    """Return whether the site states a failure of anything that is built.

    Without one, a fleet is never short for a failure, which says nothing of how reliable it is.

    Parameters
    ----------
    mix
        What is built.
    case
        The site in numbers.
    """
    units = any(
        mix.units.get(unit.name, 0) and (unit.forced_outage_frac or unit.start_failure_frac)
        for unit in case.units
    )
    modules = any(
        mix.battery.get(item.name, 0) and item.forced_outage_frac for item in case.batteries
    )
    tie = case.grid is not None and mix.grid_withdrawal_mw > 0 and case.grid.outages_per_year > 0
    causes = any(cause.outages_per_year > 0 for cause in case.failures.shared)
    return bool(units or modules or tie or causes)
