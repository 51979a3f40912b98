"""Results of single sites in OUT: put there whole, and found again by a later run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import ValidationError

from optmix.errors import InputError
from optmix.portfolio.ledger import Ledger
from optmix.portfolio.records import SiteOutcome, failed_row, outcome_of
from optmix.report.out_folder import RESULT_FILE, cannot_write
from optmix.report.placing import place_folder

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.portfolio.rows import Row
    from optmix.portfolio.task import Delivery

__all__ = ["LEDGER_FOLDER", "SITES_FOLDER", "Shelf"]

SITES_FOLDER, LEDGER_FOLDER = "sites", "ledger"


class Shelf:
    """The folders of sites in OUT, and the ledger that vouches for them.

    Parameters
    ----------
    out
        The folder of the portfolio.
    """

    def __init__(self, out: Path) -> None:
        self._sites = out / SITES_FOLDER
        self.ledger = Ledger(out / LEDGER_FOLDER)

    def find(self, row: Row, key: str) -> SiteOutcome | None:
        """Return what an earlier run found for the same site; none if it must be solved."""
        entry = self.ledger.get(key)
        if entry is None or entry.get("result_sha256") != self._digest(row.name):
            return None
        try:
            known = SiteOutcome.model_validate(entry.get("outcome"))
        except ValidationError:  # of another version of optmix
            return None
        own = failed_row(row)
        of_row = ("where", "changes", "name", "latitude", "longitude")
        return known.model_copy(update={field: getattr(own, field) for field in of_row})

    def keep(self, row: Row, key: str, delivery: Delivery) -> SiteOutcome:
        """Put a delivery in its place; return the outcome of its row.

        Raises
        ------
        InputError
            It cannot be written.
        """
        outcome = outcome_of(row, delivery)
        if delivery.result is None:
            return outcome  # it is tried again: what went wrong may have been mended

        def fill(folder: Path) -> None:
            for name, content in delivery.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

        target = self._sites / row.name
        try:
            place_folder(target.resolve(), fill)
            entry = {"result_sha256": self._digest(row.name), "outcome": outcome.model_dump()}
            self.ledger.put(key, entry)
        except OSError as error:
            raise InputError(cannot_write(target, error)) from error
        return outcome

    def _digest(self, name: str) -> str:
        try:
            content = (self._sites / name / RESULT_FILE).read_bytes()
        except OSError:
            return ""
        return hashlib.sha256(content).hexdigest()
