"""The folder OUT of a solve: which files it may hold, and when results may be put there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem
from optmix.report.placing import recover

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = [
    "EXPLAIN_FILE",
    "INPUTS_FOLDER",
    "LOG_FILE",
    "MODEL_FILE",
    "OUT_FILES",
    "PART",
    "REPORT_FILE",
    "RESULT_FILE",
    "SITE_FILE",
    "WORKBOOK_FILE",
    "cannot_write",
    "require_free",
    "require_replaceable",
]

RESULT_FILE = "result.json"
SITE_FILE = "site.resolved.toml"
LOG_FILE = "run.log"
EXPLAIN_FILE = "explain.json"
MODEL_FILE = "model.mps"
REPORT_FILE = "report.html"
WORKBOOK_FILE = "report.xlsx"
INPUTS_FOLDER = "inputs"
PART = ".part"
"""Ends the name of a report that is being written."""

OUT_FILES = frozenset(
    {
        RESULT_FILE,
        SITE_FILE,
        LOG_FILE,
        EXPLAIN_FILE,
        EXPLAIN_FILE + PART,
        MODEL_FILE,
        "mix.csv",
        "dispatch.csv",
        REPORT_FILE,
        REPORT_FILE + PART,
        WORKBOOK_FILE,
        WORKBOOK_FILE + PART,
    }
)
"""Every file that optmix writes into OUT."""


def require_free(out: Path, input_sha256: str, *, force: bool) -> frozenset[str]:
    """Make sure that results may be written to a folder, and can be.

    A folder that is absent or empty is free. One that an earlier run wrote is free if that run had
    the same input, or with ``force``. Files of others are never removed.

    Parameters
    ----------
    out
        The folder.
    input_sha256
        Hash of the input whose results are to be written.
    force
        Whether the result of another input that stands there now may be replaced.

    Returns
    -------
    frozenset of str
        Hashes of the inputs whose results may be replaced there. A result that comes there later
        is not among them: nobody has agreed to lose it.

    Raises
    ------
    InputError
        The folder is not free, or cannot be written.
    """
    try:
        _require_writable(out)
        replaceable = {input_sha256} | ({_hash_in(out)} if force and out.is_dir() else set())
        require_replaceable(out, replaceable)
    except (OSError, RuntimeError) as error:  # links that go in circles are a RuntimeError
        raise InputError(cannot_write(out, error)) from error
    return frozenset(replaceable)


def _require_writable(out: Path) -> None:
    """Find out whether a folder can be made there by making one."""
    place = out.resolve()
    around = next(parent for parent in place.parents if parent.exists())
    if around == place.parent:
        recover(place)
    # As long a name as that of the sibling that is renamed in the end.
    with tempfile.TemporaryDirectory(prefix=f".{place.name}.", suffix=".new", dir=around):
        pass


def require_replaceable(out: Path, replaceable: Container[str]) -> None:
    """Make sure that what stands in the place of a folder may be removed.

    Parameters
    ----------
    out
        The folder.
    replaceable
        Hashes of the inputs whose results may be replaced.

    Raises
    ------
    InputError
        It must stay.
    """
    where = f"-o {out}"
    if out.exists() and not out.is_dir():
        raise InputError(Problem("this is a file", where, "a folder, new or empty"))
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
    if any(out.iterdir()) and _hash_in(out) not in replaceable:
        what = "the folder holds the result of another input"
        hint = "--force replaces it; or name another folder"
        raise InputError(Problem(what, where, "a folder, new or empty", hint))


def cannot_write(out: Path, error: OSError | RuntimeError) -> Problem:
    """Say that results cannot be written to a folder, and why."""
    cause = getattr(error, "strerror", None) or error
    what = f"the results cannot be written: {cause}"
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


def _hash_in(out: Path) -> str:
    """Return the hash of the input whose result a folder holds, or an empty text."""
    try:
        document = json.loads((out / RESULT_FILE).read_bytes())
    except (OSError, ValueError):
        return ""
    found = document.get("input_sha256") if isinstance(document, dict) else None
    return found if isinstance(found, str) else ""
