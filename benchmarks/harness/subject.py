"""An instance on its way through the phases: each result is made when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.data.build import build_case
from optmix.data.plan import Plan
from optmix.model.assemble import build_model
from optmix.schema.load import load_site
from optmix.solve.handoff import hand_off

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.site import Site
    from optmix.solve.handoff import Handoff


@dataclass
class Subject:
    """One instance."""

    path: str

    @cached_property
    def site(self) -> Site:
        return load_site(self.path)

    @cached_property
    def case(self) -> Case:
        return build_case(self.site)

    @cached_property
    def model(self) -> Any:
        return build_model(self.case)

    @cached_property
    def handoff(self) -> Handoff:
        return hand_off(self.model)

    @cached_property
    def idle_plan(self) -> Plan:
        """A plan in which nothing is built: wrong, and checked as long as a right one."""
        case = self.case
        steps = case.axis.n_steps
        rows = {
            "units": len(case.units),
            "batteries": len(case.batteries),
            "tiers": len(case.tiers),
            "stocks": len(case.stocks),
        }

        def none(of: str) -> Any:
            return np.zeros((rows[of], steps))

        counts = {
            name: none("units").astype(np.int64)
            for name in ("online", "starts", "stops", "in_maintenance")
        }
        return Plan(
            units=np.zeros(rows["units"], dtype=np.int64),
            modules=np.zeros(rows["batteries"], dtype=np.int64),
            withdrawal_mw=0.0,
            has_grid=False,
            **counts,
            output_mw=none("units"),
            fuel_mmbtu_per_h=none("units"),
            charge_mw=none("batteries"),
            discharge_mw=none("batteries"),
            soc_mwh=none("batteries"),
            cover_mw=none("batteries"),
            import_mw=np.zeros(steps),
            export_mw=np.zeros(steps),
            curtailed_mw=none("tiers"),
            unserved_mw=np.zeros(steps),
            withdrawn_mmbtu_per_h=none("stocks"),
            refill_mmbtu_per_h=none("stocks"),
            content_mmbtu=none("stocks"),
        )
