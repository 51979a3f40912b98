"""Which method would solve a site, told before anything is solved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optmix.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.site import Site
    from optmix.solve.method import Method

__all__ = ["method_of"]


def method_of(
    site: Site, case: Case, *, method: str | None = None, solver: str | None = None
) -> Method:
    """Return the method that ``solve`` would use; the solver need not be installed.

    Parameters
    ----------
    site, case
        The site, and the same as numbers.
    method, solver
        Options of the command line, which precede those of the site.

    Raises
    ------
    InputError
        The solver is not known, or does not do what is asked for.
    """
    from optmix.solve.method import choose_method
    from optmix.solve.profiles import load_profile

    try:
        profile = load_profile(solver or site.solve.solver)
    except UnknownNameError as error:
        where = "--solver" if solver else site.origin.where("solve", "solver")
        raise InputError([replace(problem, where=where) for problem in error.problems]) from error
    where = "--method" if method else site.origin.where("solve", "method")
    return choose_method(method or site.solve.method, case, profile, where=where)
