"""Rows that rules state with other parameters or on other sites than those of their scenes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from model.cases import N_MINUS_1, changed, make_axis, make_case, make_grid, make_stock, make_unit
from rules.kit import under

from optmix.data.rule_table import RuleChoice, RuleTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case

AXIS = replace(make_axis((3,)), month_label=("2025-07",))
EVENT = np.array([False, True, False])
UNIT = make_unit(AXIS, name="unit", n_max=2, lb_per_mwh={"nox": 0.5}, lb_per_start={"nox": 2.0})
CASE = make_case(
    AXIS,
    demand_mw=20.0,
    units=(UNIT,),
    stocks=(make_stock(name="lng", fuel="natural_gas", capacity_mmbtu=600.0),),
    grid=make_grid(AXIS, withdrawal_max_mw=30.0, export_max_mw=10.0),
    events={"firm_load_shed": EVENT, "gas_interruption": EVENT},
)
JULY_2 = {"energization_date": dt.date(2025, 7, 2)}
WLPUN = RuleChoice("ercot.withdrawal-limit", {"metering": "wlpun", "export_limit_mw": 4.0})


@dataclass(frozen=True, eq=False)
class Variant:
    """A rule on a site, and the families of rows that it states there."""

    rule_id: str
    case: Case
    families: tuple[str, ...]


def _variant(rule_id: str, params: Mapping[str, Any], *families: str, **parts: Any) -> Variant:
    return Variant(rule_id, under(changed(CASE, **parts), rule_id, params), families)


VARIANTS = {
    "sb6.firm-load-shed+export": _variant(
        "sb6.firm-load-shed", {}, "import_capped", "no_export", "ride_through"
    ),
    "sb6.net-metering-review+export": _variant(
        "sb6.net-metering-review",
        {"existing_units": ("unit",), "events_per_year": 0, **JULY_2},
        "import_capped",
        "not_yet_exported",
    ),
    "tx.batch-timeline+export": _variant(
        "tx.batch-timeline", JULY_2, "import_capped", "not_yet_exported"
    ),
    "tx.batch-timeline+loss": _variant(
        "tx.batch-timeline",
        {"withdrawal_by_year_mw": (15.0,)},
        "import_capped",
        "loss_within_cap",
        security=N_MINUS_1,
    ),
    "ercot.withdrawal-limit+export": Variant(
        "ercot.withdrawal-limit",
        changed(CASE, rules=RuleTable(choices=(WLPUN, RuleChoice("sb6.firm-load-shed", {})))),
        ("export_limited", "loss_within_limit", "loss_within_cap[sb6.firm-load-shed]"),
    ),
    "fuel-security+no-import": _variant(
        "fuel-security", {"is_import_allowed": False}, "pipeline_shut", "import_capped"
    ),
    "ercot.transmission-charge+minimum-billing": _variant(
        "ercot.transmission-charge", {"regime": "minimum-billing"}, "ratchet", "largest_import"
    ),
    "air.site-tpy+actual": _variant(
        "air.site-tpy", {"basis": "actual", "cap_tpy": 9.0, "pollutants": ("nox",)}, "nox[0]"
    ),
}
"""By the name of the golden file."""
