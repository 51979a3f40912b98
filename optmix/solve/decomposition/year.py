"""A year put together from windows: who settles what first, and how the pieces join.

Windows are coloured so that neighbours differ. Those of the first colour are operated alone; those
of the next find what their neighbours settled in the steps that both model, and keep to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from optmix.data.plan import Plan
from optmix.model.commitment import where_switching_pays
from optmix.solve.decomposition.operate import Pins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.operate import Piece

__all__ = ["Year", "colours"]

CARRIED: Final = {
    "online": "online",
    "started": "starts",
    "stopped": "stops",
    "output_mw": "output_mw",
    "charge_mw": "charge_mw",
    "discharge_mw": "discharge_mw",
    "soc_mwh": "soc_mwh",
    "withdrawn_mmbtu_per_h": "withdrawn_mmbtu_per_h",
    "refill_mmbtu_per_h": "refill_mmbtu_per_h",
    "content_mmbtu": "content_mmbtu",
}
"""Variables that rows across a border refer to, and their names in a plan."""

PER_SITE: Final = ("units", "modules", "withdrawal_mw", "has_grid")
"""Entries of a plan that have no steps."""


def colours(windows: list[Window]) -> list[list[int]]:
    """Return the windows by colour: neighbours in a cyclic year never share one.

    Examples
    --------
    >>> from types import SimpleNamespace as Piece
    >>> colours([Piece(years=[0]) for _ in range(5)])
    [[0, 2], [1, 3], [4]]
    """
    by_year: dict[int, list[int]] = {}
    for number, window in enumerate(windows):
        by_year.setdefault(window.years[0], []).append(number)
    shares: list[list[int]] = [[], [], []]
    for numbers in by_year.values():
        for place, number in enumerate(numbers):
            is_odd_one_out = place == len(numbers) - 1 and place % 2 == 0 and place > 0
            shares[2 if is_odd_one_out else place % 2].append(number)
    return [share for share in shares if share]


@dataclass(eq=False)
class Year:
    """What the windows have settled so far, over all operating years.

    Attributes
    ----------
    case, windows
        The site, and what its years are cut into.
    is_settled
        Which steps are settled. Shape (T,).
    """

    case: Case
    windows: list[Window]
    is_settled: NDArray[np.bool_] = field(init=False)
    _arrays: dict[str, Any] = field(init=False, default_factory=dict)
    _per_site: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing settled."""
        self.is_settled = np.zeros(self.case.axis.n_steps, dtype=np.bool_)

    def settle(self, number: int, piece: Piece) -> None:
        """Take over the core of a window."""
        window = self.windows[number]
        core = np.array(window.core)
        inside = slice(len(window.lead), len(window.lead) + len(core))
        for item in fields(Plan):
            value = getattr(piece.plan, item.name)
            if item.name in PER_SITE:
                known = self._per_site.get(item.name, value)
                self._per_site[item.name] = max(known, value) if np.isscalar(value) else value
                continue
            shape = (*value.shape[:-1], self.case.axis.n_steps)
            whole = self._arrays.setdefault(item.name, np.zeros(shape, dtype=value.dtype))
            whole[..., core] = value[..., inside]
        self.is_settled[core] = True

    def unsettle(self, number: int) -> None:
        """Let a window be operated anew."""
        self.is_settled[np.array(self.windows[number].core)] = False

    def neighbours(self, number: int) -> tuple[int, int]:
        """Return the windows before and after one in its cyclic year."""
        year = self.windows[number].years
        same = [k for k, window in enumerate(self.windows) if window.years == year]
        place = same.index(number)
        return same[place - 1], same[(place + 1) % len(same)]

    def pins(self, number: int) -> Pins | None:
        """Return what is settled in the steps at the margins of a window."""
        window = self.windows[number]
        steps = np.array(window.steps)
        is_known = self.is_settled[steps]
        if not is_known.any():
            return None
        values = {
            name: np.where(is_known, self._arrays[entry][:, steps].astype(float), np.nan)
            for name, entry in CARRIED.items()
        }
        for name in ("started", "stopped"):
            values[name] = self._without_border(values[name], steps, is_known)
        return Pins(is_known, values)

    def _without_border(
        self, values: Floats, steps: NDArray[np.int64], is_known: NDArray[np.bool_]
    ) -> Floats:
        """Leave starts and stops open where the units online before them are not settled."""
        before = np.array([self.case.axis.before(int(t)) for t in steps])
        is_border = is_known & ~self.is_settled[before]
        values[np.ix_(self._is_derived(), is_border)] = np.nan
        return values

    def _is_derived(self) -> NDArray[np.bool_]:
        """Return the types whose starts and stops are just the changes of units online."""
        whole = where_switching_pays(self.case)
        return np.array([unit.name not in whole for unit in self.case.units], dtype=np.bool_)

    def plan(self) -> Plan:
        """Return the plan of all steps, which does not change when windows are operated anew."""
        arrays = {name: values.copy() for name, values in self._arrays.items()}
        before = [self.case.axis.before(t) for t in range(self.case.axis.n_steps)]
        change = arrays["online"] - arrays["online"][:, before]
        rows = self._is_derived().reshape(-1, 1)
        arrays["starts"] = np.where(rows, np.maximum(change, 0), arrays["starts"])
        arrays["stops"] = np.where(rows, np.maximum(-change, 0), arrays["stops"])
        return Plan(**arrays, **self._per_site)
