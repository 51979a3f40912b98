"""What every input record shares: frozen, strict, no unknown keys, bounded numbers.

Numbers carry their unit in the name of the field. The bounds here only keep out slips such as
``1e308``; tighter ones stand with the field they belong to.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Count", "Fraction", "Name", "NonNegative", "Positive", "Price", "Record", "Signed"]

LARGEST = 1e9
"""No quantity of a site, in any unit used here, comes near this."""

Positive = Annotated[float, Field(gt=0, le=LARGEST, strict=True)]
NonNegative = Annotated[float, Field(ge=0, le=LARGEST, strict=True)]
Signed = Annotated[float, Field(ge=-LARGEST, le=LARGEST, strict=True)]
Fraction = Annotated[float, Field(ge=0, le=1, strict=True)]
Price = Annotated[float, Field(ge=-1e5, le=1e5, strict=True)]
Count = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$")]


class Record(BaseModel):
    """Base of every record of an input file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=True,
    )
