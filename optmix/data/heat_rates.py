"""Fuel of a unit as convex pieces in its output, from heat rates at load points.

Fuel at a load point is heat rate times output, ``F = h * x * P``, where ``x`` is the share of net
rating ``P``. Between neighbouring points fuel runs along a line ``alpha + beta * p``; the lowest
line is extended down to minimum load and the highest up to what a cold day allows. Where these
lines are convex, fuel is the largest of them, which needs no integer variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.schema.technology import ThermalTechnology

__all__ = ["FuelCurve", "fuel_curve"]


@dataclass(frozen=True, eq=False)
class FuelCurve:
    """Fuel of one unit online, without the ambient penalty.

    Attributes
    ----------
    alpha_mmbtu_per_h, beta_mmbtu_per_mwh
        Lines of the segments, from low load to high. Shape (J,).
    """

    alpha_mmbtu_per_h: Floats
    beta_mmbtu_per_mwh: Floats

    def fuel_mmbtu_per_h(self, output_mw: Floats) -> Floats:
        """Return the fuel at each output. Shape as ``output_mw``."""
        lines = self.alpha_mmbtu_per_h + np.multiply.outer(output_mw, self.beta_mmbtu_per_mwh)
        return np.asarray(lines.max(axis=-1), dtype=np.float64)

    def chord(self, pmin_mw: Floats, pmax_mw: Floats) -> tuple[Floats, Floats]:
        """Return the line from minimum to full load, as alpha and beta. Shape as ``pmin_mw``.

        Where both are one point the line is level, and right at that point.
        """
        low, high = self.fuel_mmbtu_per_h(pmin_mw), self.fuel_mmbtu_per_h(pmax_mw)
        span = pmax_mw - pmin_mw
        beta = np.where(span > 0, (high - low) / np.where(span > 0, span, 1.0), 0.0)
        return np.asarray(low - beta * pmin_mw), np.asarray(beta)


def fuel_curve(unit: ThermalTechnology, net_rating_mw: float) -> FuelCurve:
    """Return the fuel of one unit.

    Parameters
    ----------
    unit
        The machine, with heat rates (HHV) at its load points; that its fuel is convex has been
        checked with the rest of the site.
    net_rating_mw
        Its net rating, of which load points are shares.

    Examples
    --------
    A 10 MW engine of 9 MMBtu/MWh at half and 8 at full load burns 45 and 80 MMBtu/h:

    >>> from types import SimpleNamespace
    >>> engine = SimpleNamespace(load_points_frac=(0.5, 1.0), heat_rate_mmbtu_per_mwh=(9.0, 8.0))
    >>> curve = fuel_curve(engine, 10.0)
    >>> curve.alpha_mmbtu_per_h.tolist(), curve.beta_mmbtu_per_mwh.tolist()
    ([10.0], [7.0])
    """
    output = np.array(unit.load_points_frac) * net_rating_mw
    fuel = np.array(unit.heat_rate_mmbtu_per_mwh) * output
    beta = np.diff(fuel) / np.diff(output)
    return FuelCurve(fuel[:-1] - beta * output[:-1], beta)
