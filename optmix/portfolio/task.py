"""What a worker does: solve the site of a parcel, and send back the folder of its answer."""

from __future__ import annotations

import tempfile
import time
import traceback
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.errors import InputError, OptmixError, OptmixWarning, Problem, SolverError
from optmix.portfolio.inline import Inline
from optmix.portfolio.parcel import unpack, versions

if TYPE_CHECKING:
    from optmix.portfolio.parcel import Parcel
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["Delivery", "deliver"]


@dataclass(frozen=True, eq=False)
class Delivery:
    """What came of a parcel.

    Attributes
    ----------
    result
        The answer; none where the site could not be solved.
    files
        Content of each file of its folder, where they are wanted.
    problems, failure
        What is wrong with the input, or in words what else went wrong.
    trace
        Where a defect of optmix showed itself.
    exit_code
        That of ``optmix solve`` in the same case.
    seconds
        Wall time in the worker.
    """

    result: Result | None = None
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    failure: str = ""
    trace: str = ""
    exit_code: int = 0
    seconds: float = 0.0


def deliver(parcel: Parcel) -> Delivery:
    """Solve the site of a parcel; whatever goes wrong is part of the delivery."""
    began = time.perf_counter()
    try:
        _insist_on_versions(parcel)
        with tempfile.TemporaryDirectory(prefix="optmix-") as folder:
            result, files = _solved(parcel, Path(folder))
    except InputError as error:
        return Delivery(problems=error.problems, exit_code=error.exit_code, seconds=_since(began))
    except OptmixError as error:
        return Delivery(failure=str(error), exit_code=error.exit_code, seconds=_since(began))
    except Exception as error:  # noqa: BLE001 - a defect; it must not end the other sites
        said = f"a bug in optmix ({type(error).__name__}: {error})"
        trace = traceback.format_exc()
        return Delivery(failure=said, trace=trace, exit_code=1, seconds=_since(began))
    return Delivery(result, files, seconds=_since(began))


def _since(began: float) -> float:
    return time.perf_counter() - began


def _insist_on_versions(parcel: Parcel) -> None:
    own = versions()
    other = [
        f"{name} {own[name]} instead of {wanted}"
        for name, wanted in parcel.versions.items()
        if own[name] != wanted
    ]
    if other:
        raise SolverError(f"the worker has {', '.join(other)}; install the same versions there")


def _solved(parcel: Parcel, folder: Path) -> tuple[Result, dict[str, bytes]]:
    from optmix.solve.api import solve

    site = unpack(parcel, folder / "in")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptmixWarning)  # they are in the result
        # One thread and one process: other sites are solved beside this one.
        result = solve(site, **asdict(parcel.options), threads=1, workers=1, executor=Inline)
    if result.input_sha256 != parcel.input_sha256:
        raise SolverError("the site arrived at the worker other than it was sent")
    return result, _files_of(site, result, folder / "out") if parcel.wants_files else {}


def _files_of(site: Site, result: Result, out: Path) -> dict[str, bytes]:
    """Return the files that `optmix solve` would have written."""
    from optmix.report.files import Report, write_out
    from optmix.rules.in_force import ready_case

    why = {"status": result.status, "reason": result.reason} if result.mix is None else None
    log = [f"{result.status}: {result.reason}"]
    write_out(out, Report(site, ready_case(site), result, log, why))
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
