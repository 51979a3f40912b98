"""One row of a portfolio: a site that is ready to be solved, or what is wrong with it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optmix.errors import InputError, OptmixWarning, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optmix.schema.site import Site

__all__ = ["Draft", "Row", "located", "read_row"]


@dataclass(frozen=True)
class Draft:
    """A row before its site is read.

    Attributes
    ----------
    where
        Where it stands: ``campuses.csv:row 3`` or ``portfolio.toml:12``.
    path
        Its site; none where the row names none and there is no base.
    name
        Its name; empty for that of the site.
    changes
        Fields to set, by dotted key.
    problems
        What is wrong with the row itself.
    """

    where: str
    path: str | Path | None
    name: str = ""
    changes: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of a portfolio.

    Attributes
    ----------
    name
        Its name, which is also that of its folder.
    where
        Where it stands in the input.
    site
        The site; none where it cannot be used.
    problems
        Why it cannot.
    changes
        Fields that were set.
    notes
        Warnings that came up while it was read.
    """

    name: str
    where: str
    site: Site | None
    problems: tuple[Problem, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def refused(self, problem: Problem) -> Row:
        """Return the same row with one more problem."""
        return Row(self.name, self.where, None, (*self.problems, problem), self.changes, self.notes)


def read_row(draft: Draft, number: int) -> Row:
    """Read the site of a row; what is wrong with it stays with the row.

    Parameters
    ----------
    draft
        The row.
    number
        Its number, which names a row that has no better name.
    """
    from optmix.schema.load import load_site

    spare = draft.name or f"row-{number}"
    problems = list(draft.problems)
    if draft.path is None:
        allowed = "a path in the row, or base in the portfolio"
        hint = 'write base = "site.toml" in portfolio.toml, or a column "site" in the table'
        problems.append(Problem("no site is named", draft.where, allowed, hint))
    if problems or draft.path is None:
        return Row(spare, draft.where, None, tuple(problems), draft.changes)
    changes = dict(draft.changes) | ({"name": draft.name} if draft.name else {})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", OptmixWarning)
        try:
            site = load_site(draft.path, changes)
        except InputError as error:
            told = tuple(located(problem, draft.where) for problem in error.problems)
            return Row(spare, draft.where, None, told, draft.changes)
    notes = tuple(str(item.message) for item in caught)
    return Row(site.name, draft.where, site, (), draft.changes, notes)


def located(problem: Problem, where: str) -> Problem:
    """Say in which row of the portfolio a problem of a site stands."""
    place = problem.where.removeprefix("--set ")
    return Problem(problem.what, f"{where}: {place}", problem.allowed, problem.hint)
