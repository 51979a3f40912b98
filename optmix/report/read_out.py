"""Read a folder that a solve wrote back into what was written there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from optmix.errors import InputError, Problem
from optmix.report.explain_file import read_explanation
from optmix.report.files import Report
from optmix.report.out_folder import RESULT_FILE, SITE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from optmix.schema.result import Result

__all__ = ["read_curve", "read_report"]

CURVE_FILE = "nines.json"

HINT = "name a folder that optmix solve wrote with -o"


def read_report(out: Path) -> Report:
    """Read result, site, operation and explanation from a folder, with a plan or without.

    Parameters
    ----------
    out
        The folder.

    Raises
    ------
    InputError
        A file is missing or broken. Whether the plan holds is the business of
        :func:`optmix.verify_out`.

    Notes
    -----
    An explanation of another result is left out, and ``notes`` of the report says so.
    """
    from optmix.rules.in_force import ready_case
    from optmix.schema.load import load_site

    for name in (RESULT_FILE, SITE_FILE):
        if not (out / name).is_file():
            raise InputError(Problem(f"no file {name} in this folder", str(out), hint=HINT))
    site = load_site((out / SITE_FILE).absolute())
    case = ready_case(site)
    result = _result(out / RESULT_FILE)
    if result.mix is not None:
        result = result.with_dispatch(_dispatch(out, case.axis.timezone))
    explanation, note = read_explanation(out)
    notes = (note,) if note else ()
    return Report(site=site, case=case, result=result, explanation=explanation, notes=notes)


def _result(path: Path) -> Result:
    from optmix.schema.result import Result

    try:
        return Result.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{path}: {'.'.join(map(str, first['loc']))}"
        raise InputError(Problem(first["msg"], where, hint="restore the file")) from error


def _dispatch(out: Path, timezone: str) -> pd.DataFrame:
    from optmix.data.plan_io import DISPATCH_FILE, read_dispatch

    path = out / DISPATCH_FILE
    if not path.is_file():
        raise InputError(Problem(f"no file {DISPATCH_FILE} in this folder", str(out), hint=HINT))
    table = read_dispatch(path)
    return table.assign(time=table["time"].dt.tz_convert(timezone))


def read_curve(out: Path) -> list[dict[str, Any]]:
    """Return the rows of the curve of costs by nines that a folder is part of; none without one.

    Raises
    ------
    InputError
        The file of the curve is broken.
    """
    path = out.resolve().parent / CURVE_FILE
    if not path.is_file():
        return []
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_bytes())["rows"]
        is_part = any(row["folder"] == out.resolve().name for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        what = "this is no curve of costs by nines"
        raise InputError(Problem(what, str(path), hint="restore the file, or remove it")) from error
    return rows if is_part else []
