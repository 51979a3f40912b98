"""Read a portfolio: its file, a folder of sites, or a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem, SchemaError
from optmix.portfolio.rows import Draft, Row, read_row
from optmix.portfolio.shared.check import shared_problems
from optmix.portfolio.shipped import PORTFOLIO_FILE, resolve_portfolio
from optmix.portfolio.sweep import combinations, varied
from optmix.portfolio.table import is_table, located, read_table
from optmix.resources import SITE_FILE
from optmix.schema.document import read_document
from optmix.schema.origin import Origin
from optmix.schema.portfolio import Portfolio, PortfolioSolve, Shared
from optmix.schema.validation import validated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Campuses", "read_portfolio"]


@dataclass(frozen=True)
class Campuses:
    """A portfolio as it was read.

    Attributes
    ----------
    name
        Its name.
    rows
        Its sites, the bad ones among them, in the order of the input. Their names differ.
    shared
        What the sites share.
    solve
        How each is solved.
    description
        What it is about.
    """

    name: str
    rows: tuple[Row, ...]
    shared: Shared = field(default_factory=Shared)
    solve: PortfolioSolve = field(default_factory=PortfolioSolve)
    description: str = ""


def read_portfolio(path: str | Path) -> Campuses:
    """Read a portfolio and all of its sites.

    Parameters
    ----------
    path
        ``portfolio.toml`` or its folder; a folder in which every folder, and every TOML or JSON
        file, is a site; a CSV or Parquet table whose column ``site`` names the site of each row; or
        ``@portfolio/name``, a portfolio that ships with optmix.

    Returns
    -------
    Campuses
        With a row for each site. What is wrong with one site is kept in its row.

    Raises
    ------
    InputError
        The portfolio itself cannot be read; with everything that is wrong.
    """
    path = resolve_portfolio(path)
    if path.is_dir() and not (path / PORTFOLIO_FILE).is_file():
        return Campuses(path.resolve().name, _rows(list(_in_folder(path))))
    if is_table(path):
        return Campuses(path.stem, _rows(read_table(_existing(path), None)))
    return _from_file(path / PORTFOLIO_FILE if path.is_dir() else path)


def _existing(path: Path) -> Path:
    if not path.is_file():
        hint = "check its name"
        allowed = "portfolio.toml, a table, or a folder of sites"
        raise InputError(Problem("no such file", str(path), allowed, hint))
    return path


def _in_folder(folder: Path) -> Iterator[Draft]:
    found = sorted(folder.iterdir())
    sites = [
        item
        for item in found
        if not item.name.startswith(".")
        and (item.is_dir() or item.suffix.lower() in {".toml", ".json"})
    ]
    if not sites:
        hint = f"write a {PORTFOLIO_FILE}, or put one folder a site there"
        allowed = f"folders with a {SITE_FILE} each, or site files"
        raise InputError(Problem("this folder has no sites", str(folder), allowed, hint))
    for item in sites:
        # The sites of several folders are often copies of one, with its name.
        yield Draft(item.name, item, name=item.name if item.is_dir() else item.stem)


def _from_file(path: Path) -> Campuses:
    document = read_document(path)
    origin = Origin(path=path, folder=path.parent, lines=document.lines)
    portfolio, faults = validated(Portfolio, document.values)
    if portfolio is None:
        faults.sort(key=lambda fault: origin.line(*fault.location))
        raise SchemaError([fault.problem(origin) for fault in faults])
    drafts = _drafts(portfolio, origin)
    if portfolio.sweep is not None:
        sets = combinations(portfolio.sweep, origin.where("sweep"))
        drafts = [row for draft in drafts for row in varied(draft, sets, _stem(draft))]
    if not drafts:
        hint = "name sites under [[site]], a table, or a base with a [sweep]"
        raise SchemaError(Problem("the portfolio has no sites", path.name, "one or more", hint))
    rows = _rows(drafts)
    sites = [row.site for row in rows if row.site is not None]
    problems = shared_problems(portfolio.shared, sites, origin)
    if problems:
        raise SchemaError(problems)
    return Campuses(portfolio.name, rows, portfolio.shared, portfolio.solve, portfolio.description)


def _drafts(portfolio: Portfolio, origin: Origin) -> list[Draft]:
    folder = origin.folder
    base = located(portfolio.base, folder) if portfolio.base else None
    drafts = [
        Draft(
            where=origin.where("site", number),
            path=located(entry.path, folder) if entry.path else base,
            name=entry.name or "",
            changes=entry.set,
        )
        for number, entry in enumerate(portfolio.site)
    ]
    if portfolio.table is not None:
        drafts += read_table(_existing(origin.folder / portfolio.table), base)
    if not drafts and base is not None:
        drafts = [Draft(origin.where("base"), base)]
    return drafts


def _stem(draft: Draft) -> str:
    """Return a name for variations of a row that has none."""
    path = Path(str(draft.path or "site"))
    return path.parent.name if path.name == SITE_FILE else path.stem


def _rows(drafts: Sequence[Draft]) -> tuple[Row, ...]:
    rows = [read_row(draft, number) for number, draft in enumerate(drafts, start=1)]
    # Some file systems do not tell A from a.
    counts = Counter(row.name.casefold() for row in rows)
    return tuple(
        row if counts[row.name.casefold()] == 1 else _named_apart(row, number)
        for number, row in enumerate(rows, start=1)
    )


def _named_apart(row: Row, number: int) -> Row:
    """Refuse a row whose name another one has; its own name is then made different."""
    hint = "give each row a name of its own; without one it is that of its site"
    what = f'the name "{row.name}" stands more than once'
    problem = Problem(what, row.where, "a name that no other site has", hint)
    refused = row.refused(problem)
    return Row(f"{row.name}-row-{number}", row.where, None, refused.problems, row.changes)
