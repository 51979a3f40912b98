"""``explain.json`` in OUT: what it says, and which result it speaks of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from optmix.errors import InputError, Problem
from optmix.explain.records import Explanation
from optmix.report.out_folder import EXPLAIN_FILE, RESULT_FILE
from optmix.report.place_file import place_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "Cause",
    "SavedExplanation",
    "explanation_of",
    "read_explanation",
    "result_sha256",
    "save_explanation",
    "saved_form",
]

STALE = (
    f"{EXPLAIN_FILE} does not speak of this {RESULT_FILE} and is left out; "
    "`optmix explain OUT --save` writes it anew"
)

ALLOWED = "what `optmix explain OUT --save` writes"
HINT = "write it anew with that, or remove it"


class Cause(BaseModel):
    """Why a site can have no plan, as checks that need no solver see it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    severity: str
    """``error`` where it rules out every plan."""
    what: str
    """What is wrong."""
    where: str = ""
    """Where."""
    allowed: str = ""
    """What is allowed."""
    hint: str = ""
    """What to do."""


class SavedExplanation(Explanation):
    """An explanation as OUT holds it."""

    name: str = ""
    """Name of the site."""
    screens: tuple[Cause, ...] = ()
    """Why there is no plan, of a solve that found none."""
    result_sha256: str = ""
    """Hash of the ``result.json`` that is explained."""


def result_sha256(content: bytes) -> str:
    """Return the hash of a ``result.json``, which ties an explanation to it."""
    return hashlib.sha256(content).hexdigest()


def explanation_of(told: Mapping[str, Any] | None, status: str) -> SavedExplanation:
    """Return an explanation with all its fields; one that says nothing where there is none."""
    return SavedExplanation.model_validate({"status": status, **(told or {})})


def read_explanation(out: Path) -> tuple[dict[str, Any] | None, str]:
    """Read the explanation of the result that a folder holds.

    Parameters
    ----------
    out
        The folder.

    Returns
    -------
    dict or None, and str
        The explanation as plain values; none where there is none of this result. Then what is to
        be told of that, or nothing.

    Raises
    ------
    InputError
        The file is no explanation.
    """
    path = out / EXPLAIN_FILE
    if not path.is_file():
        return None, ""
    try:
        found = SavedExplanation.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError([_problem(path, fault) for fault in error.errors()]) from error
    if found.result_sha256 != result_sha256((out / RESULT_FILE).read_bytes()):
        return None, STALE
    return found.model_dump(mode="json"), ""


def _problem(path: Path, fault: Mapping[str, Any]) -> Problem:
    place = ".".join(map(str, fault["loc"]))
    where = f"{path}: {place}" if place else f"{path}"
    return Problem(f"this is no explanation: {fault['msg']}", where, ALLOWED, HINT)


def save_explanation(out: Path, told: Explanation, explained_sha256: str) -> Path:
    """Write the explanation of a result beside it, whole or not at all; return where it is.

    Parameters
    ----------
    out
        The folder of the solve.
    told
        The explanation.
    explained_sha256
        Hash of the ``result.json`` that was explained.

    Raises
    ------
    InputError
        The folder holds another result by now, or cannot be written.
    """
    if result_sha256((out / RESULT_FILE).read_bytes()) != explained_sha256:
        what = "the folder got another result while its first one was being explained"
        raise InputError(Problem(what, str(out), hint="explain it again"))
    saved = saved_form(told, explained_sha256, _screens(out))
    return place_file(out / EXPLAIN_FILE, saved.to_json().encode("utf-8"))


def saved_form(
    told: Explanation, explained_sha256: str, screens: Sequence[Mapping[str, Any]] = ()
) -> SavedExplanation:
    """Return an explanation as a folder holds it, tied to the result that was explained."""
    return SavedExplanation.model_validate(
        told.model_dump() | {"screens": screens, "result_sha256": explained_sha256}
    )


def _screens(out: Path) -> Sequence[Mapping[str, Any]]:
    """Return what the solve saw without a solver; an explanation found later knows it not."""
    try:
        found, _ = read_explanation(out)
    except InputError:  # it is about to be replaced
        return ()
    screens: Sequence[Mapping[str, Any]] = found["screens"] if found else ()
    return screens
