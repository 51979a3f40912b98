"""A mix as the command line takes it: ``--mix g3520k=20,lfp-4h=10,grid=100``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.schema.result import Result

__all__ = ["mix_option"]


def mix_option(result: Result, fewer: int = 0) -> str:
    """Return what is built as the value of ``--mix``; empty where nothing is.

    Parameters
    ----------
    result
        A result.
    fewer
        How many units of the most frequent type to leave out; without units it is empty.
    """
    mix = result.mix
    if mix is None or (fewer and not any(mix.units.values())):
        return ""
    counts: dict[str, float] = {**mix.units, **mix.battery, "grid": mix.grid_withdrawal_mw}
    if fewer:
        counts[max(mix.units, key=lambda name: mix.units[name])] -= fewer
    return ",".join(f"{name}={count:.10g}" for name, count in counts.items() if count)
