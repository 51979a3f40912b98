"""Write a site as the folder of CSV files that PyPSA imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem
from optmix.report.out_folder import cannot_write
from optmix.report.placing import place_folder
from optmix.report.pypsa.equipment import add_battery, add_fixed_cost, add_tier, add_unit
from optmix.report.pypsa.left_out import left_out
from optmix.report.pypsa.network import Network
from optmix.report.pypsa.tie import add_tie

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.data.case import Case
    from optmix.schema.result import MixSummary

__all__ = ["write_pypsa"]

NOTES_FILE = "LEFT_OUT.txt"


def write_pypsa(folder: Path, case: Case, mix: MixSummary | None = None) -> list[str]:
    """Write a network of one bus, with sizes to be chosen or those of a plan.

    Parameters
    ----------
    folder
        A folder that does not exist yet.
    case
        The site.
    mix
        Sizes of a plan, to be held; without them the network chooses within the site's limits.

    Returns
    -------
    list of str
        What the network leaves out or has otherwise; the folder says so too.

    Raises
    ------
    InputError
        The site has several operating years, or the folder cannot be written.
    """
    if case.axis.n_years > 1:
        what = f"the site has {case.axis.n_years} operating years"
        raise InputError(Problem(what, "--to pypsa", "a site with one operating year"))
    network = _network(case, mix)
    notes = list(left_out(case, is_sized=mix is not None))

    def fill(place: Path) -> None:
        network.write(place)
        text = "".join(f"- {note}\n" for note in notes)
        (place / NOTES_FILE).write_text(
            f"Left out, or otherwise than in the site:\n{text}", "utf-8"
        )

    try:
        place_folder(folder.resolve(), fill)
    except OSError as error:
        raise InputError(cannot_write(folder, error)) from error
    return notes


def _network(case: Case, mix: MixSummary | None) -> Network:
    network = Network(case.axis)
    network.add("buses", "site", carrier="AC")
    for name in ("AC", *dict.fromkeys(unit.fuel for unit in case.units)):
        network.add("carriers", name, co2_emissions=0.0)
    for unit in case.units:
        n = mix.units[unit.name] if mix else None
        add_unit(network, case, unit, (unit.n_min, unit.n_max) if n is None else (n, n))
    for item in case.batteries:
        n = mix.battery[item.name] if mix else None
        add_battery(network, case, item, (item.n_min, item.n_max) if n is None else (n, n))
    auxiliaries_mw = 0.0
    if mix is not None:
        auxiliaries_mw = sum(item.aux_mw * mix.battery[item.name] for item in case.batteries)
        add_fixed_cost(network, "costs of the site", _site_usd_per_yr(case, mix))
    network.add("loads", "demand", bus="site", p_set=case.demand_mw + auxiliaries_mw)
    for tier in case.tiers:
        add_tier(network, case, tier)
    if case.voll_usd_per_mwh is not None:
        most_mw = float(case.demand_mw.max())
        cost = {"marginal_cost": case.voll_usd_per_mwh}
        network.add("generators", "unserved", bus="site", p_nom=most_mw, **cost)
    if case.grid is not None:
        least, most = case.grid.withdrawal_min_mw, case.grid.withdrawal_max_mw
        size = (least, most) if mix is None else (mix.grid_withdrawal_mw,) * 2
        add_tie(network, case, case.grid, size)
    return network


def _site_usd_per_yr(case: Case, mix: MixSummary) -> float:
    """Return what the site costs because it has units of a type, or a tie, at all."""
    usd = sum(
        unit.site_capital_usd_per_yr + unit.site_fixed_usd_per_yr
        for unit in case.units
        if mix.units[unit.name]
    )
    if case.grid is not None and mix.grid_withdrawal_mw > 0:
        usd += case.grid.capital_fixed_usd_per_yr
    return usd
