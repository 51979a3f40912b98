"""Shape, type and finiteness of a plan: what must hold before any equation can be evaluated.

PLAN-1  every array has the shape that its site asks for
PLAN-2  counts are whole numbers, by their type
PLAN-3  every figure is a finite number of believable size
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.schema.result import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["COUNTS", "LARGEST", "SHAPES", "normalised", "structure"]

LARGEST = 1e12
"""No figure of a plan comes near this; beyond it, sums and products would overflow."""

COUNTS = frozenset({"units", "modules", "online", "starts", "stops", "in_maintenance"})
"""The fields of a plan that hold whole numbers."""

SHAPES = {
    "units": "G",
    "modules": "S",
    "withdrawal_mw": "",
    "online": "GT",
    "starts": "GT",
    "stops": "GT",
    "in_maintenance": "GT",
    "output_mw": "GT",
    "fuel_mmbtu_per_h": "GT",
    "charge_mw": "ST",
    "discharge_mw": "ST",
    "soc_mwh": "ST",
    "cover_mw": "ST",
    "import_mw": "T",
    "export_mw": "T",
    "curtailed_mw": "JT",
    "unserved_mw": "T",
    "withdrawn_mmbtu_per_h": "RT",
    "refill_mmbtu_per_h": "RT",
    "content_mmbtu": "RT",
}
"""The shape of each field of a plan, in the letters of :class:`optmix.data.plan.Plan`."""


def structure(case: Case, plan: Plan) -> list[Finding]:
    """Return what keeps a plan from being checked at all."""
    length = {
        "G": len(case.units),
        "S": len(case.batteries),
        "J": len(case.tiers),
        "R": len(case.stocks),
        "T": case.axis.n_steps,
    }
    findings = []
    for name, letters in SHAPES.items():
        shape = tuple(length[letter] for letter in letters)
        finding = _field(name, getattr(plan, name), shape)
        if finding:
            findings.append(finding)
    has_grid: object = plan.has_grid
    if not isinstance(has_grid, bool | np.bool_):
        findings.append(_structural("PLAN-2", "has_grid", "is neither true nor false"))
    return findings


def normalised(plan: Plan) -> Plan:
    """Return a sound plan with counts as 64-bit integers and figures as 64-bit floats.

    Small or unsigned integers would overflow in differences.
    """
    arrays: dict[str, Any] = {
        name: np.asarray(getattr(plan, name), dtype=np.int64 if name in COUNTS else np.float64)
        for name, letters in SHAPES.items()
        if letters
    }
    return dataclasses.replace(plan, withdrawal_mw=float(plan.withdrawal_mw), **arrays)


def _field(name: str, value: object, shape: tuple[int, ...]) -> Finding | None:
    try:
        array = np.asarray(value)
    except ValueError:
        return _structural("PLAN-1", name, f"is ragged, expected shape {shape}")
    if array.shape != shape:
        return _structural("PLAN-1", name, f"has shape {array.shape}, expected {shape}")
    if array.dtype.kind not in ("iu" if name in COUNTS else "iuf"):
        wanted = "whole numbers" if name in COUNTS else "numbers"
        return _structural("PLAN-2", name, f"holds {array.dtype}, expected {wanted}")
    is_bad = ~(np.abs(array.astype(np.float64)) <= LARGEST)
    return _not_finite(name, is_bad) if is_bad.any() else None


def _structural(equation: str, name: str, what: str) -> Finding:
    return Finding(equation=equation, what=f"{name} {what}", subject=name, excess=1.0, unit="field")


def _not_finite(name: str, is_bad: NDArray[np.bool_]) -> Finding:
    finding = Finding(
        equation="PLAN-3",
        what=f"{name} holds figures that are not finite, or beyond belief",
        subject=name,
        excess=float(is_bad.sum()),
        unit="figures",
    )
    if not SHAPES[name].endswith("T"):
        return finding
    steps = np.flatnonzero(is_bad.reshape(-1, is_bad.shape[-1]).any(axis=0))
    return finding.model_copy(update={"step": int(steps[0]), "n_steps": len(steps)})
