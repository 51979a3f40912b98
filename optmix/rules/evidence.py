"""Where a rule is written, and how far that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["GRADES", "Evidence", "Grade", "confidence_of", "grades_of"]

Grade = Literal["P", "S", "U", "D"]

GRADES: dict[Grade, str] = {
    "P": "primary text or quotation",
    "S": "secondary source",
    "U": "unverified",
    "D": "modelling default, not law",
}
"""How far a piece of evidence can be trusted."""


@dataclass(frozen=True)
class Evidence:
    """One source of a rule.

    Attributes
    ----------
    grade
        How far it can be trusted, a key of :data:`GRADES`.
    source
        Where it is written; for ``D``, what it is a default of.
    says
        What it says, in words of ours.
    """

    grade: Grade
    source: str
    says: str

    def __str__(self) -> str:
        """Return it in one line, with its grade in words."""
        return f"{self.source} ({GRADES[self.grade]}): {self.says}"


def grades_of(evidence: Iterable[Evidence]) -> tuple[Grade, ...]:
    """Return the grades of some evidence, the most trustworthy first."""
    found = {piece.grade for piece in evidence}
    return tuple(grade for grade in GRADES if grade in found)


def confidence_of(evidence: Sequence[Evidence]) -> str:
    """Return how far some evidence can be trusted, in words."""
    sources = {
        grade: ", ".join(piece.source for piece in evidence if piece.grade == grade)
        for grade in grades_of(evidence)
    }
    return "; ".join(f"{GRADES[grade]}: {named}" for grade, named in sources.items())
