"""Check a written plan from its files alone.

OUT-10  ``input_sha256`` is the hash of the site in the folder
OUT-11  the columns of ``dispatch.csv`` and ``mix.csv`` that follow from the others do so
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import ValidationError

from optmix.data.fingerprint import input_sha256
from optmix.data.mix_io import MIX_FILE, frame_to_mix, mix_to_frame, read_mix
from optmix.data.plan_io import DISPATCH_FILE, frame_to_plan, read_dispatch
from optmix.errors import InputError, Problem
from optmix.rules.in_force import ready_case
from optmix.schema.load import load_site
from optmix.schema.result import Finding, Result
from optmix.verify.agreement import agreement
from optmix.verify.check import Verification, verify_plan
from optmix.verify.rows import Rows
from optmix.verify.tolerances import POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pydantic_core import ErrorDetails

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.schema.result import MixSummary

    Floats = NDArray[np.float64]

__all__ = ["FileVerification", "verify_out"]

RESULT_FILE = "result.json"
SITE_FILE = "site.resolved.toml"
NEEDED = (SITE_FILE, MIX_FILE, DISPATCH_FILE, RESULT_FILE)

_HINT = "name the folder that optmix solve wrote with -o"


@dataclass(frozen=True)
class FileVerification:
    """What the check of a folder found.

    Attributes
    ----------
    folder
        The folder.
    result
        What ``result.json`` reports.
    verification
        The check of the plan against the site, both as the folder holds them.
    findings
        What is broken, in the plan and between the files; empty where all is well.
    """

    folder: Path
    result: Result
    verification: Verification
    findings: tuple[Finding, ...]

    @property
    def is_correct(self) -> bool:
        """Whether nothing is broken."""
        return not self.findings


def verify_out(folder: str | Path) -> FileVerification:
    """Check the plan that ``optmix solve`` wrote into a folder, from its files alone.

    Parameters
    ----------
    folder
        The folder given as ``-o``.

    Returns
    -------
    FileVerification
        Findings about the plan, and about files that disagree.

    Raises
    ------
    InputError
        A file is missing or broken, or the folder holds no plan.
    """
    folder = Path(folder)
    _need_files(folder)
    result = _read_result(folder / RESULT_FILE)
    site = load_site((folder / SITE_FILE).absolute())  # a folder may be called "@x"
    changes = tuple(_changes(result.input_sha256, input_sha256(site)))
    try:
        case = ready_case(site)
        mix_table, table = read_mix(folder / MIX_FILE), read_dispatch(folder / DISPATCH_FILE)
        mix = frame_to_mix(mix_table, case)
        plan = frame_to_plan(table, mix, case)
    except InputError as error:
        # Files that no longer fit together are best explained by what has changed.
        hint = "restore the files that the site names, or solve it again"
        causes = [Problem(change.what, SITE_FILE, hint=hint) for change in changes]
        raise InputError([*causes, *error.problems]) from error
    verification = verify_plan(case, plan)
    findings = (
        *verification.findings,
        *agreement(case, plan, verification, result),
        *changes,
        *_derived_columns(case, plan, table),
        *_mix_sizes(case, mix, mix_table),
    )
    return FileVerification(folder, result, verification, findings)


def _need_files(folder: Path) -> None:
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise InputError(Problem(f'"{folder}" {what}', str(folder), "a folder", _HINT))
    problems = [
        Problem(f"no file {name} in this folder", str(folder), ", ".join(NEEDED), _HINT)
        for name in NEEDED
        if not (folder / name).is_file()
    ]
    if problems and (folder / RESULT_FILE).is_file():
        # A run without a plan writes no tables; its result then says why, which tells more.
        _read_result(folder / RESULT_FILE)
    if problems:
        raise InputError(problems)


def _read_result(path: Path) -> Result:
    """Read ``result.json`` and make sure that it has a plan."""
    try:
        result = Result.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", path.name)) from error
    except ValidationError as error:
        raise InputError([_result_problem(path.name, item) for item in error.errors()]) from error
    if result.status not in ("optimal", "feasible"):
        raise InputError(
            Problem(
                f'status is "{result.status}": there is no plan to verify',
                RESULT_FILE,
                'a result whose status is "optimal" or "feasible"',
            )
        )
    return result


def _result_problem(name: str, item: ErrorDetails) -> Problem:
    """Turn one complaint of pydantic into a Problem with its place."""
    message = item["msg"]
    line = re.search(r"line (\d+)", message) if item["type"] == "json_invalid" else None
    place = ".".join(map(str, item["loc"]))
    where = f"{name}:{line[1]}" if line else f"{name} ({place})" if place else name
    return Problem(message, where, hint="solve the site again, or restore the file")


def _changes(reported: str, expected: str) -> Iterator[Finding]:
    if reported != expected:
        yield Finding(
            equation="OUT-10",
            what="the site or its series have changed since they were solved: "
            f"input_sha256 is {reported[:12]}…, the folder gives {expected[:12]}…",
            subject="input_sha256",
            excess=1.0,
            unit="hashes",
        )


def _derived_columns(case: Case, plan: Plan, table: pd.DataFrame) -> Iterator[Finding]:
    """Check the columns of ``dispatch.csv`` that follow from the site and the other columns."""
    headroom = np.zeros(case.axis.n_steps)
    for g, unit in enumerate(case.units):
        headroom += unit.pmax_mw * plan.online[g] - plan.output_mw[g]
    size = case.demand_mw + sum(unit.pmax_mw * count for unit, count in _counted(case, plan))
    for name, expected in (("demand_mw", case.demand_mw), ("headroom_mw", headroom)):
        rows = Rows.equal(
            "OUT-11",
            f"{name} of {DISPATCH_FILE} does not follow from the site and the plan",
            "MW",
            _numbers(table, name),
            expected,
            allowance(POWER_FLOOR_MW, size),
            subject=name,
        )
        yield from filter(None, [rows.finding()])


def _mix_sizes(case: Case, mix: MixSummary, table: pd.DataFrame) -> Iterator[Finding]:
    """Check the sizes of ``mix.csv``, which follow from its counts."""
    expected = mix_to_frame(mix, case).set_index(["kind", "name"])
    found = table.set_index(["kind", "name"]).reindex(expected.index)
    for name in ("mw", "mwh"):
        sizes = expected[name].to_numpy(dtype=np.float64)
        off = np.abs(_numbers(found, name) - sizes) - allowance(POWER_FLOOR_MW, sizes)
        if not (off <= 0).all():
            yield Finding(
                equation="OUT-11",
                what=f"{name} of {MIX_FILE} does not follow from its counts",
                subject=name,
                excess=float(np.nanmax(off)) if np.isfinite(off).any() else 1.0,
                unit="MW or MWh",
            )


def _counted(case: Case, plan: Plan) -> Iterator[tuple[UnitType, int]]:
    return zip(case.units, plan.units.tolist(), strict=True)


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as numbers; what is no number, or absent, is not a number."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
