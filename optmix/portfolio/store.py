"""Results and operation of all sites as Parquet files, for queries over the whole portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.data.plan_io import DISPATCH_FILE
from optmix.errors import InputError, Problem
from optmix.portfolio.roll_up import SUMMARY_FILE
from optmix.portfolio.shelf import SITES_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.portfolio.records import PortfolioResult

__all__ = ["STORE_FOLDER", "require_store", "write_store"]

STORE_FOLDER = "store"


def require_store() -> Any:
    """Return the library that writes Parquet.

    Raises
    ------
    InputError
        It is not installed.
    """
    try:
        import duckdb
    except ImportError:
        hint = "pip install 'optmix[store]'"
        what = "the library that writes Parquet is not installed"
        raise InputError(Problem(what, "--store", "no --store", hint)) from None
    return duckdb


def write_store(out: Path, result: PortfolioResult) -> None:
    """Write ``results.parquet`` and one file of operation for each solved site.

    The columns of operation differ from site to site; a query over all of them takes them by name:
    ``SELECT * FROM read_parquet('OUT/store/dispatch/*.parquet', union_by_name = true)``.

    Parameters
    ----------
    out
        The folder of the portfolio.
    result
        What was written there.

    Raises
    ------
    InputError
        The extra ``store`` is not installed.
    """
    duckdb = require_store()
    store = out / STORE_FOLDER
    (store / "dispatch").mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as base:
        _to_parquet(base, "*", out / SUMMARY_FILE, store / "results.parquet")
        for item in result.sites:
            source = out / SITES_FOLDER / item.name / DISPATCH_FILE
            if item.is_solved and source.is_file():
                columns = f"'{_quoted(item.name)}' AS site, *"
                _to_parquet(base, columns, source, store / "dispatch" / f"{item.name}.parquet")


def _to_parquet(base: Any, columns: str, source: Path, target: Path) -> None:
    new = target.with_name(f".{target.name}.new")
    base.execute(
        # Names of files cannot be parameters of COPY.
        f"COPY (SELECT {columns} FROM read_csv('{_quoted(source)}')) "  # noqa: S608
        f"TO '{_quoted(new)}' (FORMAT parquet)"
    )
    new.replace(target)


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
