"""The verified answer, as ``result.json`` holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RESULT_SCHEMA_VERSION",
    "Certificate",
    "EvidenceRow",
    "Finding",
    "MixSummary",
    "OneFewer",
    "ReliabilitySummary",
    "Result",
    "RuleMargin",
    "RuleOutcome",
    "RuleSource",
    "RuleStatus",
    "Setting",
]

RESULT_SCHEMA_VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class MixSummary(_Part):
    """What is built."""

    units: dict[str, int]
    """Units by type."""
    battery: dict[str, int]
    """Battery modules by product."""
    battery_mw: float
    """Battery power at the bus."""
    battery_mwh: float
    """Battery nameplate energy."""
    grid_withdrawal_mw: float
    """Contracted withdrawal."""
    installed_mw: float
    """Net ISO rating of all thermal units."""


class Finding(_Part):
    """One constraint that a plan breaks, as the verifier saw it."""

    equation: str
    """Id of the equation, for example ``BAT-2``."""
    what: str
    """What is wrong, in words."""
    subject: str = ""
    """Unit type, battery product or other thing concerned."""
    step: int | None = None
    """First step concerned, counted from 0 over all operating years."""
    excess: float
    """Largest violation, in ``unit``."""
    unit: str
    """Unit of ``excess``."""
    n_steps: int = 1
    """How many steps are concerned."""


class OneFewer(_Part):
    """The fleet without one of its units or modules, with maintenance in its best weeks."""

    name: str
    """Unit type or battery product."""
    lole_h: float
    """Loss of load expectation per year; the middle of its interval."""
    eue_mwh: float
    """Expected unserved energy per year; the middle of its interval."""
    is_met: bool
    """Whether it would surely meet the target still."""


class ReliabilitySummary(_Part):
    """How often the lights stay on."""

    method: str = "not assessed"
    """How the figures were computed."""
    interval_kind: Literal["", "exact", "certified", "confidence"] = ""
    """What low and high mean: known up to rounding, proven bounds, or a confidence interval."""
    has_failure_data: bool | None = None
    """Whether the site states a failure of anything that is built; where it does not, that no load
    is lost says nothing."""
    hours: float | None = None
    """Length of the year that the figures are for."""
    lole_h: float | None = None
    """Loss of load expectation per year."""
    lole_low_h: float | None = None
    """Lower end of its interval."""
    lole_high_h: float | None = None
    """Upper end of its interval."""
    lole_days: float | None = None
    """Expected days per year with loss of load at the worst step of the day."""
    eue_mwh: float | None = None
    """Expected unserved energy per year."""
    eue_low_mwh: float | None = None
    """Lower end of its interval."""
    eue_high_mwh: float | None = None
    """Upper end of its interval."""
    eue_ppm: float | None = None
    """Expected unserved energy in millionths of demand."""
    availability: float | None = None
    """Share of time without loss of load."""
    energy_availability: float | None = None
    """Share of energy served."""
    lolf_per_yr: float | None = None
    """Expected events of loss of load per year."""
    mean_duration_h: float | None = None
    """Mean duration of an event."""
    n_plus: int | None = None
    """Largest units that may be out in every step; none where load is not met even with all."""
    n_plus_asked: int = 0
    """The same as the site asks for; it is told beside the target and is no constraint."""
    common_cause_floor_h: float | None = None
    """Loss of load that common causes alone force."""
    transient_h: float | None = None
    """Hours per year between trips that nothing covers and the start of other units, with the units
    that run in the plan; not part of ``lole_h``. For a fleet without a plan no more units run than
    load needs."""
    relief_h: float | None = None
    """Expected hours per year in which flexible demand is given up."""
    seconds: float | None = None
    """Wall time of the assessment."""
    target: str = ""
    """The target in words, with its unit; empty where the site has none."""
    is_met: bool | None = None
    """Whether the upper end of the interval is within the target; none without a target."""
    one_fewer: tuple[OneFewer, ...] = ()
    """What one unit or module fewer of each kind would mean, where there is a target."""
    warnings: tuple[str, ...] = ()
    """What makes the figures less sure than they look."""


RuleStatus = Literal["pass", "fail", "not applicable", "checklist", "info", "not checked"]
"""``checklist`` leaves something to do outside the model; ``info`` has no limit to keep, and tells
figures or adds to the cost. Without a plan nothing is checked."""

Setting = bool | int | float | str | tuple[float, ...] | tuple[str, ...] | None
"""Value of a parameter of a rule; a date is text."""


class EvidenceRow(_Part):
    """One line of what shows how a plan stands to a rule."""

    what: str
    """What is told."""
    value: bool | int | float | str
    """The figure, or the words."""
    unit: str = ""
    """Unit of a figure."""


class RuleMargin(_Part):
    """What a plan leaves to one limit of a rule."""

    what: str
    """What would be wrong where nothing is left, in words."""
    of: str = ""
    """Pollutant, unit type or other thing concerned."""
    margin: float
    """Least slack, in ``unit``; negative where the limit is broken."""
    unit: str
    """Its unit."""
    binds: bool = False
    """Whether nothing is left."""
    binding_hours: float = 0.0
    """Hours in which nothing is left, over all operating years; 0 where it has no hours."""


class RuleSource(_Part):
    """One source of a rule."""

    grade: Literal["P", "S", "U", "D"]
    """How far it can be trusted: primary, secondary, unverified, or a default that is no law."""
    source: str
    """Where it is written."""
    says: str
    """What it says."""


class RuleOutcome(_Part):
    """How one rule bears on the plan."""

    id: str
    """Id of the rule."""
    title: str = ""
    """What it is about."""
    applies: bool
    """Whether it applies to this site."""
    reason: str = ""
    """Why it applies, or not."""
    status: RuleStatus
    """Whether the plan keeps it."""
    words: str = ""
    """What it asks for, with its parameters."""
    margin: float | None = None
    """Least slack, in ``unit``: that of the tightest of ``margins``, as a share of the limit."""
    unit: str = ""
    """Unit of the margin."""
    margin_of: str = ""
    """What the margin is that of: a pollutant, a unit type; empty where the rule has but one."""
    margins: tuple[RuleMargin, ...] = ()
    """What is left to each of its limits, the tightest first."""
    binding_hours: float = 0.0
    """Hours in which it binds, over all operating years."""
    params: dict[str, Setting] = Field(default_factory=dict)
    """Parameters used."""
    set_by: dict[str, str] = Field(default_factory=dict)
    """Where each parameter comes from: ``default``, ``pack`` or ``site``."""
    evidence: str = ""
    """Where the rule is written."""
    grades: tuple[Literal["P", "S", "U", "D"], ...] = ()
    """Grades of its sources, the most trustworthy first."""
    sources: tuple[RuleSource, ...] = ()
    """Its sources, each with its grade."""
    confidence: str = ""
    """How far these can be trusted, in words."""
    to_show: tuple[str, ...] = ()
    """What it wants beside what a plan can keep: open until the planner shows it, also where the
    status is ``pass``."""
    evidence_rows: tuple[EvidenceRow, ...] = ()
    """What shows how the plan stands to it."""
    cost_usd: float = 0.0
    """What it adds to the annual cost by itself, not counting what the plan does because of it."""
    price_usd: float | None = None
    """Annual cost with the rule minus annual cost without it."""


class Certificate(_Part):
    """How the decomposition proved its bound, and what that took."""

    how: str
    """How the bound was built, in words."""
    bound_usd: float | None = None
    """No plan costs less than this; the bound of the result."""
    objective_usd: float | None = None
    """Annual cost of the plan; that of the result."""
    gap: float | None = None
    """``(objective - bound) / |objective|``; that of the result."""
    relaxed_bound_usd: float | None = None
    """Bound before it was lifted by windows solved with integers."""
    rounds: int
    """How often the master was solved."""
    windows: int
    """Windows of time that the horizon was cut into."""
    cuts: int
    """Cuts that the windows gave to the master."""
    fleets: int
    """Fleets whose integer operation was tried."""
    workers: int
    """Processes that solved the windows."""
    seconds: dict[str, float]
    """Wall time by phase of the decomposition."""


@dataclass(frozen=True)
class _Attached:
    """A table that goes along with a result; what a result says does not depend on it."""

    frame: Any = field(default=None, compare=False)


class Result(_Part):
    """Everything that was decided and proved about one site.

    Two results are equal if their ``result.json`` is; the table of operation is not compared.
    """

    schema_version: Literal[1] = 1
    """Version of this format."""
    name: str
    """Name of the site."""
    status: Literal["optimal", "feasible", "infeasible", "no_plan"]
    """``optimal`` means proven within the requested gap."""
    objective_usd: float | None
    """Annual cost of the plan."""
    bound_usd: float | None
    """No plan costs less than this."""
    gap: float | None
    """``(objective - bound) / |objective|``."""
    gap_target: float | None = None
    """Gap that was asked for; ``status`` is ``optimal`` if and only if ``gap`` is within it."""
    method: str
    """How the site was solved: ``monolithic`` or ``decomposition``."""
    solver: str
    """Solver and profile."""
    seconds: dict[str, float]
    """Wall time by phase."""
    certificate: Certificate | None = None
    """How the bound was proved; none where the solver's own bound is all there is."""
    mix: MixSummary | None
    """What is built; none where there is no plan."""
    costs_usd: dict[str, float]
    """Annual cost by line; the lines add up to ``objective_usd``."""
    lcoe_usd_per_mwh: float | None
    """Annual cost per MWh served."""
    energy_mwh: dict[str, float]
    """Annual energy by source and use."""
    emissions: dict[str, float]
    """Annual emissions in short tons."""
    emissions_unknown: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Unit types that are built without a figure of a pollutant, by pollutant as in ``emissions``;
    what they emit of it is not counted there."""
    reliability: ReliabilitySummary = ReliabilitySummary()
    """Reliability of the fleet."""
    rules: tuple[RuleOutcome, ...] = ()
    """How each rule bears on the plan."""
    findings: tuple[Finding, ...] = ()
    """What the verifier found; empty for every plan that ``solve`` returns."""
    n_checks: int = 0
    """How many rows the verifier checked."""
    reason: str = ""
    """Why the solve ended as it did, in words."""
    warnings: tuple[str, ...] = ()
    """What the user should know."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Versions of optmix, Python, Pyomo and the solver."""
    input_sha256: str
    """Hash of the resolved site and its series."""
    seed: int
    """Seed of the solver."""

    _dispatch: _Attached = PrivateAttr(default=_Attached())

    @property
    def dispatch(self) -> pd.DataFrame | None:
        """One row a step, the columns of ``dispatch.csv``; none where there is no plan."""
        frame: pd.DataFrame | None = self._dispatch.frame
        return frame

    def with_dispatch(self, frame: pd.DataFrame) -> Result:
        """Return the same result with the table of its operation attached."""
        result = self.model_copy()
        result._dispatch = _Attached(frame)  # noqa: SLF001 - the table is not part of result.json
        return result

    @property
    def plot(self) -> Any:
        """Charts: ``.dispatch()``, ``.costs()``, ``.duration()``; see `optmix.report.plots`."""
        return _report("plots").Plots(self)

    def _repr_html_(self) -> str:
        """Return the answer as notebooks show it."""
        text: str = _report("notebook").result_html(self)
        return text

    def to_json(self) -> str:
        """Return the text of ``result.json``."""
        return self.model_dump_json(indent=2) + "\n"


def _report(module: str) -> Any:
    """Return a module of `optmix.report`, which stands above this one and imports it."""
    return import_module(f"optmix.report.{module}")
