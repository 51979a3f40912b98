"""What is to be explained: a solved site with its plan, or one without any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optmix.data.mix_io import MIX_FILE, frame_to_mix, read_mix
from optmix.data.plan_io import DISPATCH_FILE, frame_to_plan, read_dispatch
from optmix.errors import InputError, NoPlanError, Problem
from optmix.rules.in_force import ready_case
from optmix.schema.load import load_site
from optmix.schema.result import Result
from optmix.schema.site import Site
from optmix.verify.check import verify_plan
from optmix.verify.files import RESULT_FILE, SITE_FILE, verify_out

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.explain.session import Session
    from optmix.verify.check import Verification

__all__ = ["Subject", "folder_of", "site_of", "subject_of", "subject_of_result"]

OWN_SHARE: Final = 0.5
"""Share of the time limit that the site itself may take, so that some is left to explain it."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A site, its result, and its plan where there is one.

    Attributes
    ----------
    site, case
        The site, and the same as numbers.
    result
        How its solve ended.
    plan, verification
        The plan and its check; none where there is no plan.
    """

    site: Site
    case: Case
    result: Result
    plan: Plan | None = None
    verification: Verification | None = None


def folder_of(what: Site | str | Path) -> Path | None:
    """Return the folder that ``optmix solve`` wrote, if that is what is named."""
    is_folder = not isinstance(what, Site) and (Path(what) / RESULT_FILE).is_file()
    return Path(what) if is_folder else None  # type: ignore[arg-type]


def site_of(what: Site | str | Path) -> Site:
    """Return the site that is to be explained, solved or not.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if isinstance(what, Site):
        return what
    folder = folder_of(what)
    return load_site(what if folder is None else (folder / SITE_FILE).absolute())


def subject_of(what: Site | str | Path, session: Session) -> Subject:
    """Return what is to be explained; a site that was not solved yet is solved first.

    Parameters
    ----------
    what
        A site, a site file, or a folder that ``optmix solve`` wrote.
    session
        Clock and solves.

    Raises
    ------
    InputError
        It cannot be read, or the files of the folder do not hold together.
    NoPlanError
        It is not known whether there is a plan.
    """
    folder = folder_of(what)
    if folder is not None:
        return _from_folder(folder)
    site = site_of(what)
    limit = session.time_limit_s
    at_most_s = None if limit is None else OWN_SHARE * limit
    result = session.solved(site, "the site itself", at_most_s=at_most_s)
    return subject_of_result(site, result)


def _from_folder(folder: Path) -> Subject:
    site = site_of(folder)
    result = Result.model_validate_json((folder / RESULT_FILE).read_bytes())
    if result.mix is None:
        return subject_of_result(site, result)
    checked = verify_out(folder)
    if checked.findings:
        first = checked.findings[0]
        what = f"the plan does not hold: {first.equation} {first.what}"
        raise InputError(Problem(what, str(folder), hint="solve it again"))
    case = ready_case(site)
    mix = frame_to_mix(read_mix(folder / MIX_FILE), case)
    plan = frame_to_plan(read_dispatch(folder / DISPATCH_FILE), mix, case)
    return Subject(site, case, result, plan, checked.verification)


def subject_of_result(site: Site, result: Result) -> Subject:
    """Return what is to be explained of a site that has just been solved.

    Raises
    ------
    NoPlanError
        It is not known whether there is a plan.
    """
    case = ready_case(site)
    if result.status == "no_plan":
        raise NoPlanError(f"no plan is known, and no proof that there is none: {result.reason}")
    if result.mix is None or result.dispatch is None:
        return Subject(site, case, result)
    plan = frame_to_plan(result.dispatch, result.mix, case)
    return Subject(site, case, result, plan, verify_plan(case, plan))
