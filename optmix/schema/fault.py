"""One mistake in a record, before it is known in which file and line it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from optmix.errors import Problem
from optmix.schema.origin import Location, Origin

__all__ = ["Fault"]


@dataclass(frozen=True)
class Fault:
    """One mistake at one place of a record.

    Attributes
    ----------
    location
        Path of keys from the record in question.
    what, allowed, hint
        As in ``Problem``.
    is_absence
        Whether a required field is absent.
    """

    location: Location
    what: str
    allowed: str
    hint: str
    is_absence: bool = False

    def under(self, parents: Location) -> Fault:
        """Return the same fault seen from a record that holds this one."""
        return replace(self, location=(*parents, *self.location))

    def problem(self, origin: Origin) -> Problem:
        """Return the message, with the line that the user wrote."""
        return Problem(self.what, origin.where(*self.location), self.allowed, self.hint)
