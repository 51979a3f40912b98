"""The portfolios that ship with optmix: ``@portfolio/name``."""

from __future__ import annotations

from pathlib import Path

from optmix.errors import Problem, UnknownNameError, did_you_mean
from optmix.resources import shipped

__all__ = ["PORTFOLIO_FILE", "portfolio_names", "resolve_portfolio"]

FOLDER = "portfolio"

PORTFOLIO_FILE = "portfolio.toml"


def portfolio_names() -> tuple[str, ...]:
    """Return the names of the shipped portfolios.

    Examples
    --------
    >>> "engine-slots" in portfolio_names()
    True
    """
    found = (shipped("instances") / FOLDER).glob(f"*/{PORTFOLIO_FILE}")
    return tuple(sorted(path.parent.name for path in found))


def resolve_portfolio(reference: str | Path) -> Path:
    """Turn what a user wrote for a portfolio into a path: ``@portfolio/name`` is a shipped one.

    Parameters
    ----------
    reference
        A path, returned as it is, or ``@portfolio/`` and a name.

    Raises
    ------
    UnknownNameError
        No shipped portfolio has that name.
    """
    text = str(reference)
    if not text.startswith("@"):
        return Path(reference)
    known = [f"@{FOLDER}/{name}" for name in portfolio_names()]
    if text in known:
        return shipped("instances") / text.removeprefix("@") / PORTFOLIO_FILE
    raise UnknownNameError(
        Problem(
            what="no portfolio of that name ships with optmix",
            where=text,
            allowed=", ".join(known),
            hint=did_you_mean(text, known) or "a file of your own is named without @",
        )
    )
