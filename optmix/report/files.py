"""The folder OUT of a solve: what is in it, when it may be replaced, and how it is written."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from optmix.data.case import Case
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = [
    "INPUTS_FOLDER",
    "LOG_FILE",
    "OUT_FILES",
    "RESULT_FILE",
    "SITE_FILE",
    "Report",
    "require_free",
    "write_out",
]

RESULT_FILE = "result.json"
SITE_FILE = "site.resolved.toml"
LOG_FILE = "run.log"
EXPLAIN_FILE = "explain.json"
MODEL_FILE = "model.mps"
INPUTS_FOLDER = "inputs"

_ODD = re.compile(r"[^A-Za-z0-9._-]")
"""Characters that copies of input files do without, so that their names read the same anywhere."""

OUT_FILES = frozenset(
    {
        RESULT_FILE,
        SITE_FILE,
        LOG_FILE,
        EXPLAIN_FILE,
        MODEL_FILE,
        "mix.csv",
        "dispatch.csv",
        "report.html",
    }
)
"""Every file that optmix writes into OUT."""


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
        Content of ``explain.json``, where there is no plan.
    write_model
        Writes the mathematical model to a file, where it is to be kept.
    """

    site: Site
    case: Case
    result: Result
    log_lines: Sequence[str] = ()
    explanation: Mapping[str, Any] | None = None
    write_model: Callable[[Path], None] | None = field(default=None, repr=False)


def require_free(out: Path, input_sha256: str, *, force: bool) -> None:
    """Make sure that results may be written to a folder.

    A folder that is absent or empty is free. One that an earlier run wrote is free if that run had
    the same input, or with ``force``. Files of others are never removed.

    Raises
    ------
    InputError
        The folder is not free.
    """
    where = f"-o {out}"
    if out.exists() and not out.is_dir():
        raise InputError(Problem("this is a file", where, "a folder, new or empty"))
    _require_writable(out)
    if not out.is_dir():
        return
    if Path.cwd().is_relative_to(out.resolve()):
        hint = "name a folder inside it, for example -o out"
        raise InputError(
            Problem("you are in this folder, so it cannot be replaced", where, "", hint)
        )
    foreign = _foreign(out)
    if foreign:
        shown = ", ".join(foreign[:5]) + (", …" if len(foreign) > 5 else "")  # noqa: PLR2004
        what = f"the folder holds what optmix did not write: {shown}"
        hint = "move that away, or name another folder"
        raise InputError(Problem(what, where, "a folder, new or empty", hint))
    if any(out.iterdir()) and not force and _hash_in(out) != input_sha256:
        what = "the folder holds the result of another input"
        hint = "--force replaces it; or name another folder"
        raise InputError(Problem(what, where, "a folder, new or empty", hint))


def _require_writable(out: Path) -> None:
    """Find out whether a folder can be made there by making one."""
    place = out.resolve()
    around = next(parent for parent in place.parents if parent.exists())
    try:
        with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=around):
            pass
    except OSError as error:
        raise InputError(_cannot_write(out, error)) from error


def _cannot_write(out: Path, error: OSError) -> Problem:
    what = f"the results cannot be written: {error.strerror or error}"
    return Problem(what, f"-o {out}", "a folder that can be written to")


def _foreign(out: Path) -> list[str]:
    """Return what in a folder is not known to come from an earlier run."""
    entries = sorted(out.iterdir())
    if entries and not (out / RESULT_FILE).is_file():
        return [path.name for path in entries]
    foreign = [
        path.name
        for path in entries
        if path.is_symlink()
        or not (path.name in OUT_FILES if path.is_file() else path.name == INPUTS_FOLDER)
    ]
    inputs = out / INPUTS_FOLDER
    if inputs.is_dir() and not inputs.is_symlink():
        site = out / SITE_FILE
        text = site.read_text(encoding="utf-8", errors="replace") if site.is_file() else ""
        foreign += [
            f"{INPUTS_FOLDER}/{path.name}"
            for path in sorted(inputs.iterdir())
            if not path.is_file() or f"{INPUTS_FOLDER}/{path.name}" not in text
        ]
    return foreign


def _hash_in(out: Path) -> str | None:
    try:
        document = json.loads((out / RESULT_FILE).read_bytes())
    except (OSError, ValueError):
        return None
    found = document.get("input_sha256") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


def write_out(out: Path, report: Report, *, force: bool) -> None:
    """Write all files of a solve into a folder, in one step.

    Parameters
    ----------
    out
        The folder.
    report
        What to write.
    force
        Whether the result of another input may be replaced.

    Raises
    ------
    InputError
        The folder is not free or cannot be written, or an input file has changed since it was
        read.
    """
    from optmix.report.placing import place_folder

    require_free(out, report.result.input_sha256, force=force)
    try:
        # A link stays, and what it points to is replaced.
        place_folder(out.resolve(), lambda folder: _fill(folder, report))
    except OSError as error:
        raise InputError(_cannot_write(out, error)) from error


def _fill(folder: Path, report: Report) -> None:
    result = report.result
    _write_site(folder, report.site, result.input_sha256)
    if result.mix is not None and result.dispatch is not None:
        from optmix.data.mix_io import MIX_FILE, mix_to_frame, write_mix
        from optmix.data.plan_io import DISPATCH_FILE, write_dispatch

        write_mix(mix_to_frame(result.mix, report.case), folder / MIX_FILE)
        write_dispatch(result.dispatch, folder / DISPATCH_FILE)
    if report.explanation is not None:
        text = json.dumps(report.explanation, indent=2, ensure_ascii=False, allow_nan=False)
        _write(folder / EXPLAIN_FILE, text + "\n")
    if report.write_model is not None:
        report.write_model(folder / MODEL_FILE)
    _write(folder / LOG_FILE, "".join(f"{line}\n" for line in report.log_lines))
    _write(folder / RESULT_FILE, result.to_json())


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
    # File names need not be UTF-8, and the log may quote them.
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
