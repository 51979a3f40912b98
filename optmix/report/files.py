"""The folder OUT of a solve: what is in it, and how it is written."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optmix.errors import InputError, Problem
from optmix.report.explain_file import result_sha256
from optmix.report.out_folder import (
    EXPLAIN_FILE,
    INPUTS_FOLDER,
    LOG_FILE,
    MODEL_FILE,
    OUT_FILES,
    RESULT_FILE,
    SITE_FILE,
    cannot_write,
    require_free,
    require_replaceable,
)
from optmix.report.placing import place_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from optmix.data.case import Case
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["OUT_FILES", "Report", "require_free", "write_aside", "write_out"]

LONGEST_PREFIX = 100
"""How much of a folder's name goes into that of another; file systems allow about 255."""

_ODD = re.compile(r"[^A-Za-z0-9._-]")
"""Characters that copies of input files do without, so that their names read the same anywhere."""


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that goes into OUT.

    Attributes
    ----------
    site
        The site that was solved.
    case
        The same as numbers.
    result
        The answer, with its dispatch where there is a plan.
    log_lines
        Content of ``run.log``.
    explanation
        Content of ``explain.json``; none where nothing is explained.
    notes
        What a reader of the folder should know of its files.
    write_model
        Writes the mathematical model to a file, where it is to be kept.
    """

    site: Site
    case: Case
    result: Result
    log_lines: Sequence[str] = ()
    explanation: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    write_model: Callable[[Path], None] | None = field(default=None, repr=False)


def write_out(out: Path, report: Report, *, replaceable: frozenset[str] = frozenset()) -> None:
    """Write all files of a solve into a folder, at once.

    Parameters
    ----------
    out
        The folder.
    report
        What to write.
    replaceable
        Hashes of other inputs whose results may be replaced there, as `require_free` returns them.

    Raises
    ------
    InputError
        The folder is not free or cannot be written, or an input file has changed since it was
        read.
    """
    allowed = {report.result.input_sha256, *replaceable}

    def check() -> None:
        require_replaceable(out, allowed)

    try:
        check()
        # A link stays, and what it points to is replaced.
        place_folder(out.resolve(), lambda folder: _fill(folder, report), check)
    except OSError as error:
        raise InputError(cannot_write(out, error)) from error


def write_aside(out: Path, report: Report) -> Path:
    """Write all files of a solve into a new folder, since they cannot go where they should.

    Parameters
    ----------
    out
        Where they should have gone. The new folder is beside it, or else where the system keeps
        temporary files.
    report
        What to write; the mathematical model is left out, for writing it may be what failed.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    InputError
        It can be written nowhere, or an input file has changed since it was read.
    """
    report = replace(report, write_model=None)
    place = out.resolve()
    prefix = f"{place.name[:LONGEST_PREFIX]}-aside-"
    try:
        return _filled(prefix, place.parent, report)
    except OSError:
        try:
            return _filled(prefix, Path(tempfile.gettempdir()), report)
        except OSError as error:
            raise InputError(cannot_write(out, error)) from error


def _filled(prefix: str, parent: Path, report: Report) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        _fill(folder, report)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _fill(folder: Path, report: Report) -> None:
    result = report.result
    _write_site(folder, report.site, result.input_sha256)
    if result.mix is not None and result.dispatch is not None:
        from optmix.data.mix_io import MIX_FILE, mix_to_frame, write_mix
        from optmix.data.plan_io import DISPATCH_FILE, write_dispatch

        write_mix(mix_to_frame(result.mix, report.case), folder / MIX_FILE)
        write_dispatch(result.dispatch, folder / DISPATCH_FILE)
    written = result.to_json()
    if report.explanation is not None:
        tied = {**report.explanation, "result_sha256": result_sha256(_encoded(written))}
        text = json.dumps(tied, indent=2, ensure_ascii=False, allow_nan=False)
        _write(folder / EXPLAIN_FILE, text + "\n")
    if report.write_model is not None:
        report.write_model(folder / MODEL_FILE)
    _write(folder / LOG_FILE, "".join(f"{line}\n" for line in report.log_lines))
    _write(folder / RESULT_FILE, written)


def _write_site(folder: Path, site: Site, input_sha256: str) -> None:
    """Write the resolved site with copies of its series, and check that it is what was solved."""
    from optmix.data import fingerprint
    from optmix.schema.origin import Origin
    from optmix.schema.resolved import resolved_toml

    files = fingerprint.site_files(site)
    names = _copy_names(files)
    if files:
        (folder / INPUTS_FOLDER).mkdir()
    for name, path in files.items():
        shutil.copyfile(path, folder / names[name])
    copy = fingerprint.rename_files(site, lambda name, _: names[name])
    _write(folder / SITE_FILE, resolved_toml(copy))
    if fingerprint.input_sha256(copy.with_origin(Origin(folder=folder))) != input_sha256:
        what = "an input file was changed while the site was being solved"
        hint = "solve it again"
        raise InputError(Problem(what, ", ".join(files), hint=hint))


def _copy_names(files: Mapping[str, Path]) -> dict[str, str]:
    """Return where in OUT each file goes; two files of one name in two folders stay apart."""
    names: dict[str, str] = {}
    taken: dict[str, Path] = {}
    for name, path in files.items():
        stem, suffix = (_ODD.sub("_", part) for part in (path.stem, path.suffix))
        number, copy = 1, f"{stem}{suffix}"
        # Some file systems do not tell A.csv from a.csv.
        while taken.setdefault(copy.casefold(), path.resolve()) != path.resolve():
            number += 1
            copy = f"{stem}-{number}{suffix}"
        names[name] = f"{INPUTS_FOLDER}/{copy}"
    return names


def _write(path: Path, text: str) -> None:
    path.write_bytes(_encoded(text))


def _encoded(text: str) -> bytes:
    # File names need not be UTF-8, and the log may quote them.
    return text.encode("utf-8", errors="backslashreplace")
