"""What can be said about a site without solving it, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from optmix.cli.terminal import Terminal
from optmix.errors import Problem

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.site import Site

__all__ = ["Complaint", "screened"]


@dataclass(frozen=True)
class Complaint:
    """One thing about a site, and whether it stands in the way of a plan.

    Attributes
    ----------
    severity
        ``error`` where nothing can be planned, ``warning`` otherwise.
    problem
        What, where, what is allowed, and what to do.
    is_proof
        Whether the error is a proof that the site, as valid as it is, has no plan.
    """

    severity: Literal["error", "warning"]
    problem: Problem
    is_proof: bool = False

    def tell(self, terminal: Terminal) -> None:
        """Print it on stderr."""
        (terminal.error if self.severity == "error" else terminal.warn)(str(self.problem))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"severity": self.severity, **asdict(self.problem)}


def screened(site: Site, case: Case) -> Iterator[Complaint]:
    """Yield what the checks that need no solver find."""
    from optmix.data.screens import screen

    for found in screen(site, case):
        yield Complaint(found.severity, found.problem, is_proof=found.severity == "error")
