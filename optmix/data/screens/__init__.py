"""Checks of a site that need no solver: ``screen`` returns what is impossible or looks wrong.

An ``error`` is a proof: no plan can satisfy the site. A ``warning`` is a value that is probably
not what was meant, or a choice that cannot be used. Each is one function of the files beside this
one; where a proof rests on a bound, its docstring says why the bound holds.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from optmix.data.screens.choices import (
    screen_choices,
    screen_maintenance,
    screen_potential_emissions,
)
from optmix.data.screens.energy import screen_energy, screen_fuel
from optmix.data.screens.finding import ScreenFinding
from optmix.data.screens.place import screen_place
from optmix.data.screens.power import screen_peak, screen_ramp, screen_swing
from optmix.data.screens.reserve import screen_loss_of_unit, screen_low_demand
from optmix.data.screens.scale import coefficient_ranges, screen_scale
from optmix.data.screens.slips import screen_slips

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.site import Site

__all__ = ["ScreenFinding", "coefficient_ranges", "screen"]

SCREENS = (
    screen_choices,
    screen_peak,
    screen_energy,
    screen_fuel,
    screen_ramp,
    screen_low_demand,
    screen_loss_of_unit,
    screen_swing,
    screen_maintenance,
    screen_potential_emissions,
    screen_slips,
    screen_place,
    screen_scale,
)


def screen(site: Site, case: Case) -> list[ScreenFinding]:
    """Return every finding about a site, errors first.

    Parameters
    ----------
    site
        The instance, for the places that findings point to.
    case
        Its numbers, as :func:`optmix.data.build.build_case` returns them.
    """
    findings = chain.from_iterable(check(site, case) for check in SCREENS)
    return sorted(findings, key=lambda finding: finding.severity)
