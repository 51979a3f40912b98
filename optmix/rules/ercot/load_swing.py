"""Swings of load within seconds: the grid takes a little, the site the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.relief import less, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["ErcotLoadSwing", "ErcotLoadSwingParams"]


class ErcotLoadSwingParams(Params):
    """Parameters of ``ercot.load-swing``."""

    swing_mw: NonNegative | None = None
    """Largest change of load within seconds; by default ``security.swing_mw`` of the site."""
    grid_limit_mw: NonNegative = 10.0
    """Most of it that the grid takes within five seconds."""


class ErcotLoadSwing(Rule[ErcotLoadSwingParams]):
    r"""RES-3, less what the grid takes where there is a tie that is available.

    Block loading of the units online is the ``step_frac`` of each.

    .. math:: \sum_s r_{s,t} + \sum_g \phi^{step}_g P_g u_{g,t} \ge S - L\, y^{grid} [avail_t > 0]
    """

    id = "ercot.load-swing"
    title = "Load swings within seconds"
    cite = "ERCOT board material, September 2026"
    evidence = (
        Evidence("P", "ERCOT board, September 2026", "10 MW within 5 s is what the grid takes"),
        Evidence("D", "block loading and battery cover", "what takes up the rest, as in RES-3"),
    )
    params = ErcotLoadSwingParams

    def applies(self, case: Case, params: ErcotLoadSwingParams) -> Applicability:
        """Test for a swing."""
        swing = _swing_mw(case, params)
        if swing == 0:
            return Applicability.no("no swing_mw is given")
        if case.grid is None:
            return Applicability.yes(f"the site is islanded and takes up all of {swing:,.6g} MW")
        if swing <= params.grid_limit_mw:
            return Applicability.yes(f"the tie takes up all of {swing:,.6g} MW, if it is built")
        return Applicability.yes(
            f"of {swing:,.6g} MW a tie takes up {params.grid_limit_mw:,.6g} MW"
        )

    def words(self, params: ErcotLoadSwingParams) -> str:
        """Say what is asked."""
        swing = params.swing_mw
        shown = "swing_mw of the site" if swing is None else f"{swing:,.6g} MW"
        return (
            f"Batteries and units online take up a swing of {shown}, less "
            f"{params.grid_limit_mw:,.6g} MW where a tie is contracted for as much."
        )

    def asks(self, case: Case, params: ErcotLoadSwingParams) -> bool:
        """Ask nothing where RES-3 asks for as much."""
        return case.security.swing_mw < _swing_mw(case, params)

    def build(self, block: RuleBlock, m: Model, params: ErcotLoadSwingParams) -> None:
        """Ask for it in every step, where RES-3 does not ask for more."""
        case, swing = block.case, _swing_mw(block.case, params)
        if not self.asks(case, params):
            return
        limit = _grid_limit_mw(case, params)

        def taken_on_site(t: int) -> Expr:
            covered = sum(m.cover_mw[s, t] for s in m.STORAGE)
            return covered + sum(m.unit[g].step_mw * m.online[g, t] for g in m.UNITS)

        def swing_taken_up(t: int) -> Expr:
            grid = sum(float(limit[t]) * m.has_tie[k] for k in m.TIES)
            return taken_on_site(t) + grid >= swing

        def swing_within_withdrawal(t: int) -> Expr:
            return taken_on_site(t) + sum(m.withdrawal_mw[k] for k in m.TIES) >= swing

        block.rows("swing_taken_up", list(m.TIMES), swing_taken_up, needs_supply=True)
        # A tie without withdrawal takes up nothing, though the model may say that it is there.
        times = [t for t in m.TIMES if limit[t] > 0]
        block.rows("swing_within_withdrawal", times, swing_within_withdrawal, needs_supply=True)

    def reliefs(self, case: Case, params: ErcotLoadSwingParams) -> Iterator[Relief]:
        """Yield what may give way."""
        if not self.asks(case, params):
            return
        swing = _swing_mw(case, params)
        yield from less("swing_mw", swing, unit="MW")
        if case.grid is not None:
            yield from more("grid_limit_mw", params.grid_limit_mw, swing, "MW")

    def check(self, plan: Plan, case: Case, params: ErcotLoadSwingParams) -> RuleCheck:
        """Compare what takes it up with the swing, in every step."""
        swing = _swing_mw(case, params)
        covered = np.asarray(plan.cover_mw.sum(axis=0), dtype=np.float64)
        blocks = np.zeros(case.axis.n_steps)
        for row, unit in enumerate(case.units):
            blocks += unit.step_mw * plan.online[row]
        grid = np.minimum(_grid_limit_mw(case, params), plan.withdrawal_mw)
        taken = covered + blocks + grid
        worst = int(np.argmin(taken))
        rows = (
            EvidenceRow(what="swing", value=swing, unit="MW"),
            EvidenceRow(
                what="batteries, in the worst step", value=float(covered[worst]), unit="MW"
            ),
            EvidenceRow(
                what="units online, in the worst step", value=float(blocks[worst]), unit="MW"
            ),
            EvidenceRow(
                what="grid, in the worst step",
                value=float(taken[worst] - covered[worst] - blocks[worst]),
                unit="MW",
            ),
        )
        what = "a swing of load that nothing takes up within seconds"
        size = swing + taken
        return RuleCheck((Slack(what, "MW", taken - swing, size),), rows)


def _swing_mw(case: Case, params: ErcotLoadSwingParams) -> float:
    return case.security.swing_mw if params.swing_mw is None else params.swing_mw


def _grid_limit_mw(case: Case, params: ErcotLoadSwingParams) -> Floats:
    """Return what a tie would take up in each step. Shape (T,)."""
    if case.grid is None:
        return np.zeros(case.axis.n_steps)
    return np.where(case.grid.availability > 0, params.grid_limit_mw, 0.0)
