"""Every coefficient has the unit that its row and its variable ask for.

`rescale` puts a case into other units, each quantity by the unit in its name, and compares the
program built from it with the first one: `misfits` names what does not scale as its unit says.
Rows state their unit in the docstring of their equation, so these tests hold the docstrings, the
names and the arithmetic to each other. That the comparison would notice a missing factor is shown
twice: by leaving out one input after the other, and by equations with the factor left out.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from model.everything import everything
from model.rescale import CONSTANTS, misfits, powers

from optmix.data.axis import Axis
from optmix.data.case import Case, EmissionBudget, SecurityPolicy
from optmix.data.equipment import BatteryProduct, FlexibleTier, GasSupply, GridTie, Stock, UnitType
from optmix.model import assemble

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = (
    Axis,
    BatteryProduct,
    Case,
    EmissionBudget,
    FlexibleTier,
    GasSupply,
    GridTie,
    SecurityPolicy,
    Stock,
    UnitType,
)
NOT_IN_THE_MODEL = {
    "year",  # the index of the operating year
    "module_mwh",  # nameplate; the model uses what is usable of it
    "mttr_h",
    "outages_per_year",
    "outage_mean_h",
}
MEASURED = sorted({field.name for part in PARTS for field in fields(part) if powers(field.name)})
USED = [name for name in MEASURED if name not in NOT_IN_THE_MODEL]


def test_every_row_bound_and_cost_scales_as_its_unit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert misfits(everything(), monkeypatch) == set()


@pytest.mark.parametrize("forgotten", [*USED, *CONSTANTS])
def test_a_quantity_left_in_its_old_unit_is_noticed(
    forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert misfits(everything(), monkeypatch, but=forgotten)


@pytest.mark.parametrize("name", sorted(NOT_IN_THE_MODEL))
def test_what_the_model_does_not_use_changes_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert misfits(everything(), monkeypatch, but=name) == set()


def _without_length_of_step(m: Any, s: str, t: int) -> Any:
    battery = m.battery_product[s]
    return m.soc_mwh[s, t] == (
        battery.retention * m.soc_mwh[s, m.before[t]]
        + battery.eta_charge * m.charge_mw[s, t]
        - m.discharge_mw[s, t] / battery.eta_discharge
    )


def _without_bridging_time(m: Any, s: str, t: int) -> Any:
    return m.cover_mw[s, t] <= m.soc_mwh[s, t]


def _power_for_energy(m: Any, s: str, t: int) -> Any:
    battery = m.battery_product[s]
    return m.soc_mwh[s, t] <= battery.soc_max_frac * battery.module_mw * m.n_modules[s]


@pytest.mark.parametrize(
    ("equation", "wrong"),
    [
        ("soc_balance", _without_length_of_step),
        ("cover_within_energy", _without_bridging_time),
        ("most_soc", _power_for_energy),
    ],
)
def test_an_equation_that_mixes_units_is_named(
    equation: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong.__name__ = equation
    wrong.__doc__ = next(e.rule.__doc__ for e in _equations() if e.name == equation)
    _exchange(monkeypatch, equation, wrong)

    assert misfits(everything(), monkeypatch) == {equation}


def _equations() -> list[Any]:
    return [equation for concept in assemble.CONCEPTS for equation in concept.equations]


def _exchange(monkeypatch: pytest.MonkeyPatch, name: str, rule: Callable[..., Any]) -> None:
    """Build with another rule for one equation."""
    concepts = tuple(
        replace(
            concept,
            equations=tuple(
                replace(e, rule=rule) if e.name == name else e for e in concept.equations
            ),
        )
        for concept in assemble.CONCEPTS
    )
    monkeypatch.setattr(assemble, "CONCEPTS", concepts)
