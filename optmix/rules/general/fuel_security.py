"""Running through an interruption of pipeline gas from fuel on site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.events import Draw, event_hours, event_mask
from optmix.rules.import_cap import ImportCap, cap_import, cap_slacks
from optmix.rules.relief import Relief, drawn_events
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import Count, Flag, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["FuelSecurity", "FuelSecurityParams"]


class FuelSecurityParams(Params):
    """Parameters of ``fuel-security``."""

    fuel_h: Positive = 48.0
    """Length of a drawn interruption."""
    events_per_year: Count = 1
    """Interruptions drawn in each operating year, where the site gives none."""
    seed: Count = 0
    """Seed of the draw."""
    is_import_allowed: Flag = True
    """Whether the grid may help meanwhile."""


class FuelSecurity(Rule[FuelSecurityParams]):
    r"""In the hours of an interruption no gas flows from the pipeline.

    What gas units burn then comes from stocks of gas on site:
    :math:`\sum_g f_{g,t} - \sum_r \delta_{r,t} \le 0`. The plan knows the hours beforehand, which
    matters little for stocks, since keeping them full costs nothing.
    """

    id = "fuel-security"
    title = "Fuel on site for an interruption of gas"
    cite = "a target of the planner; no law"
    evidence = (
        Evidence("D", "fuel_h, number and hours of interruptions", "scenarios of ours"),
        Evidence("D", "refills of stocks", "by road, go on meanwhile"),
    )
    params = FuelSecurityParams

    def applies(self, case: Case, params: FuelSecurityParams) -> Applicability:
        """Test for gas units and interruptions."""
        if not any(u.fuel == "natural_gas" and u.n_max > 0 for u in case.units):
            return Applicability.no("no gas unit is on offer")
        hours = event_hours(case, _mask(case, params))
        if hours == 0:
            return Applicability.no("no interruption falls into the horizon")
        source = "given" if "gas_interruption" in case.events else "drawn"
        warning = "" if case.stocks else "the site has no stock of fuel"
        return Applicability.yes(f"{hours:,.6g} hours without pipeline gas are {source}", warning)

    def words(self, params: FuelSecurityParams) -> str:
        """Say what is asked."""
        grid = "" if params.is_import_allowed else " and nothing is imported"
        return f"In an interruption of pipeline gas units burn fuel from site only{grid}."

    def build(self, block: RuleBlock, m: Model, params: FuelSecurityParams) -> None:
        """Shut the pipeline in the hours."""
        mask = _mask(block.case, params)
        hours = [t for t in m.TIMES if mask[t]]

        def pipeline_shut(t: int) -> Expr:
            burned = sum(m.fuel_mmbtu_per_h[g, t] for g in m.gas_units)
            return burned - sum(m.withdrawn_mmbtu_per_h[r, t] for r in m.gas_stocks) <= 0.0

        block.rows("pipeline_shut", hours, pipeline_shut)
        cap = self.import_cap(block.case, params)
        if cap is not None:
            cap_import(block, m, cap)

    def import_cap(self, case: Case, params: FuelSecurityParams) -> ImportCap | None:
        """Return that nothing is imported in the hours, unless the grid may help."""
        if case.grid is None or params.is_import_allowed:
            return None
        return ImportCap.in_steps(_mask(case, params))

    def reliefs(self, case: Case, params: FuelSecurityParams) -> Iterator[Relief]:
        """Yield what may give way."""
        if case.grid is not None and not params.is_import_allowed:
            yield Relief("is_import_allowed", value=False, loosest=True)
        yield from drawn_events(case, "gas_interruption", params, "fuel_h")

    def check(self, plan: Plan, case: Case, params: FuelSecurityParams) -> RuleCheck:
        """Look at the pipeline in the hours, and at what is left in the stocks."""
        mask, step_h = _mask(case, params), case.axis.step_h
        flow, burned = _pipeline_mmbtu_per_h(case, plan)
        left, content = np.where(mask, -step_h * flow, np.inf), plan.content_mmbtu
        what = "gas from the pipeline while it is interrupted"
        slacks = [
            Slack("stock below its least content", "MMBtu", _left(content[row], stock_min, mask), c)
            for row, (stock_min, c) in enumerate(
                (stock.min_content_mmbtu, stock.capacity_mmbtu) for stock in case.stocks
            )
        ]
        slacks.append(Slack(what, "MMBtu", left, step_h * burned, is_ban=True))
        cap = self.import_cap(case, params)
        if cap is not None:
            what = "import in an interruption of gas"
            slacks += cap_slacks(plan, case, cap, what, is_ban=True)
        return RuleCheck(tuple(slacks), _rows(plan, case, mask, burned))


def _mask(case: Case, params: FuelSecurityParams) -> NDArray[np.bool_]:
    draw = Draw(params.events_per_year, params.fuel_h, params.seed)
    return event_mask(case, "gas_interruption", draw)


def _left(content_mmbtu: Floats, least_mmbtu: float, mask: NDArray[np.bool_]) -> Floats:
    return np.where(mask, content_mmbtu - least_mmbtu, np.inf)


def _pipeline_mmbtu_per_h(case: Case, plan: Plan) -> tuple[Floats, Floats]:
    """Return what comes by pipeline, and what gas units burn. Shape (T,) each."""
    burned = np.zeros(case.axis.n_steps)
    for row, unit in enumerate(case.units):
        if unit.fuel == "natural_gas":
            burned += plan.fuel_mmbtu_per_h[row]
    flow = burned.copy()
    for row, stock in enumerate(case.stocks):
        if stock.fuel == "natural_gas":
            flow -= plan.withdrawn_mmbtu_per_h[row]
    return flow, burned


def _rows(
    plan: Plan, case: Case, mask: NDArray[np.bool_], burned: Floats
) -> tuple[EvidenceRow, ...]:
    step_h = case.axis.step_h
    gas = step_h * float(burned[mask].sum())
    imported = step_h * float(plan.import_mw[mask].sum())
    left = [
        EvidenceRow(
            what=f"{stock.name}: least content in them",
            value=float(plan.content_mmbtu[row][mask].min()),
            unit="MMBtu",
        )
        for row, stock in enumerate(case.stocks)
    ]
    return (
        EvidenceRow(what="hours without pipeline gas", value=event_hours(case, mask), unit="h"),
        EvidenceRow(what="gas burned in them", value=gas, unit="MMBtu"),
        EvidenceRow(what="import in them", value=imported, unit="MWh"),
        *left,
    )
