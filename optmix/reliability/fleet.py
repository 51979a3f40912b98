"""A fleet: how many units and modules are built, and what withdrawal is contracted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["GRID", "Fleet"]

GRID = "grid"
"""Name of the tie among the units."""


@dataclass(frozen=True)
class Fleet:
    """What is built. What is not named is not built.

    Attributes
    ----------
    units
        Units by type.
    modules
        Battery modules by product.
    withdrawal_mw
        Contracted grid withdrawal.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    modules: Mapping[str, int] = field(default_factory=dict)
    withdrawal_mw: float = 0.0

    @classmethod
    def of_plan(cls, plan: Plan, case: Case) -> Fleet:
        """Return what a plan builds."""
        return cls(
            {unit.name: n for unit, n in zip(case.units, plan.units.tolist(), strict=True)},
            {item.name: n for item, n in zip(case.batteries, plan.modules.tolist(), strict=True)},
            float(plan.withdrawal_mw),
        )

    @classmethod
    def of_mix(cls, mix: Mapping[str, float], case: Case, where: str = "mix") -> Fleet:
        """Return the fleet that names and numbers stand for, ``grid`` being the withdrawal in MW.

        Raises
        ------
        InputError
            A name is not on offer, or a number is no count.
        """
        units = {unit.name for unit in case.units}
        modules = {item.name for item in case.batteries}
        problems = []
        for name, number in mix.items():
            if name in units | modules:
                if number < 0 or number != int(number):
                    what = f"{name} is {number:g}"
                    problems.append(Problem(what, where, "a whole number, 0 or more"))
            elif name == GRID and case.grid is not None:
                if number < 0:
                    problems.append(Problem(f"grid is {number:g}", where, "0 or more, in MW"))
            else:
                problems.append(_unknown(name, case, where))
        if problems:
            raise InputError(problems)
        return cls(
            {name: int(number) for name, number in mix.items() if name in units},
            {name: int(number) for name, number in mix.items() if name in modules},
            float(mix.get(GRID, 0.0)) if case.grid is not None else 0.0,
        )

    def beyond_offer(self, case: Case) -> Iterator[str]:
        """Yield in words what is more than the site offers."""
        for unit in case.units:
            if self.units.get(unit.name, 0) > unit.n_max:
                yield f"{self.units[unit.name]} of {unit.name} are more than its n_max {unit.n_max}"
        for item in case.batteries:
            if self.modules.get(item.name, 0) > item.n_max:
                found = self.modules[item.name]
                yield f"{found} of {item.name} are more than its n_max {item.n_max}"
        most_mw = case.grid.withdrawal_max_mw if case.grid is not None else 0.0
        if self.withdrawal_mw > most_mw:
            yield (
                f"{self.withdrawal_mw:g} MW of withdrawal are more than withdrawal_max_mw "
                f"{most_mw:g}"
            )


def _unknown(name: str, case: Case, where: str) -> Problem:
    known = [*(unit.name for unit in case.units), *(item.name for item in case.batteries)]
    known += [GRID] * (case.grid is not None)
    if name == GRID:
        return Problem("the site has no grid tie", where, ", ".join(known), "add [grid] to it")
    what = f'"{name}" is not on offer at {case.name}'
    return Problem(what, where, ", ".join(known), did_you_mean(name, known))
