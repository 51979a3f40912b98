"""What counts as on-site backup generating facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from optmix.rules.measures import (
    capability_at_peak_mw,
    has_on_site_units,
    mean_demand_mw,
    peak_demand_mw,
)
from optmix.rules.relief import less
from optmix.rules.rule import (
    Applicability,
    Evidence,
    EvidenceRow,
    Params,
    Rule,
    RuleCheck,
    Slack,
    UnitNames,
)
from optmix.schema.base import Flag, Fraction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Model, RuleBlock

__all__ = ["SbSixBackupDefinition", "SbSixBackupDefinitionParams"]


class SbSixBackupDefinitionParams(Params):
    """Parameters of ``sb6.backup-definition``."""

    frac: Fraction = 0.50
    """Share of on-site demand that the facilities can serve."""
    basis: Literal["peak", "mean"] = "peak"
    """Which demand is meant."""
    count_battery: Flag = False
    """Whether power of batteries counts."""
    backup_units: UnitNames = ()
    """Units that do not export; by default all of them, and none where the site may export."""
    qualify: Flag = False
    """Whether the plan is held to meet the definition, and not only tested for it."""


class SbSixBackupDefinition(Rule[SbSixBackupDefinitionParams]):
    """A definition, not a duty: a plan is tested for it, and held to it where the user asks so."""

    id = "sb6.backup-definition"
    title = "On-site backup generating facilities"
    cite = "PURA 37.0561 (e)"
    evidence = (
        Evidence("S", "PURA 37.0561 (e)", "not exporting, and able to serve half of the demand"),
        Evidence("U", "basis of the 50 %", "whether peak, mean or contracted demand is meant"),
        Evidence("D", "capability", "that of each unit in the hour of highest demand"),
    )
    params = SbSixBackupDefinitionParams
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixBackupDefinitionParams) -> Applicability:
        """Test for units on offer."""
        if not has_on_site_units(case):
            return Applicability.no("no generating unit is on offer")
        asked = "the plan is held to meet it" if params.qualify else "the plan is tested for it"
        return Applicability.yes(f"generating units are on offer; {asked}")

    def words(self, params: SbSixBackupDefinitionParams) -> str:
        """Say what the definition is."""
        verb = "must be" if params.qualify else "would be"
        return (
            f"Units that do not export {verb} able to serve {params.frac:.0%} of "
            f"{params.basis} demand to count as on-site backup."
        )

    def asks(self, case: Case, params: SbSixBackupDefinitionParams) -> bool:  # noqa: ARG002
        """Ask nothing where the plan is tested only."""
        return params.qualify

    def build(self, block: RuleBlock, m: Model, params: SbSixBackupDefinitionParams) -> None:
        """Hold the fleet to the definition, if asked to."""
        if not self.asks(block.case, params):
            return
        case = block.case
        units = sum(
            capability_at_peak_mw(case, u) * m.n_units[u.name] for u in _backup(case, params)
        )
        batteries = sum(
            item.module_mw * m.n_modules[item.name]
            for item in case.batteries
            if params.count_battery
        )
        needed = params.frac * _basis_mw(case, params)
        block.rows("enough_backup", [0], lambda _: units + batteries >= needed)

    def reliefs(self, case: Case, params: SbSixBackupDefinitionParams) -> Iterator[Relief]:
        """Yield what may give way."""
        if self.asks(case, params):
            yield from less("frac", params.frac)

    def check(self, plan: Plan, case: Case, params: SbSixBackupDefinitionParams) -> RuleCheck:
        """Compare what does not export with demand."""
        by_unit = _backup_mw(plan, case, params)
        total, needed = sum(by_unit.values()), params.frac * _basis_mw(case, params)
        rows = [
            EvidenceRow(what=f"backup of {name}", value=mw, unit="MW")
            for name, mw in by_unit.items()
        ]
        rows += [
            EvidenceRow(what="backup in all", value=total, unit="MW"),
            EvidenceRow(what="needed", value=needed, unit="MW"),
            EvidenceRow(what="meets the definition", value=bool(total >= needed)),
        ]
        if not params.qualify:
            return RuleCheck(rows=tuple(rows), is_told_only=True)
        what = "on-site backup is less than the definition asks for"
        one = max((capability_at_peak_mw(case, unit) for unit in case.units), default=0.0)
        return RuleCheck((Slack(what, "MW", total - needed, needed, one),), tuple(rows))


def _names(case: Case) -> list[str]:
    return [unit.name for unit in case.units]


def _backup(case: Case, params: SbSixBackupDefinitionParams) -> list[UnitType]:
    """Return the types that count: those named, or all where nothing is exported."""
    if params.backup_units:
        return [unit for unit in case.units if unit.name in params.backup_units]
    exports = case.grid is not None and case.grid.export_max_mw > 0
    return [] if exports else list(case.units)


def _backup_mw(plan: Plan, case: Case, params: SbSixBackupDefinitionParams) -> dict[str, float]:
    count = dict(zip(_names(case), plan.units.tolist(), strict=True))
    found = {
        unit.name: count[unit.name] * capability_at_peak_mw(case, unit)
        for unit in _backup(case, params)
    }
    if params.count_battery:
        for item, modules in zip(case.batteries, plan.modules.tolist(), strict=True):
            found[item.name] = modules * item.module_mw
    return found


def _basis_mw(case: Case, params: SbSixBackupDefinitionParams) -> float:
    return peak_demand_mw(case) if params.basis == "peak" else mean_demand_mw(case)
