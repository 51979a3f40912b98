"""A time series named in a site file: where it is and which column to read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optmix.schema.base import FileName, Record

__all__ = ["SeriesRef"]


class SeriesRef(Record):
    """One column of a CSV or Parquet file beside the site file."""

    file: FileName
    """Path relative to the folder of the site file; it may not leave that folder."""
    column: str = Field(min_length=1, max_length=200)
    """Name of the column that holds the values."""
    time_column: str | None = Field(default=None, min_length=1, max_length=200)
    """Name of the column of ISO 8601 stamps; by default a first column that holds stamps.

    A file without stamps is read row by row from the first step of the horizon."""
    timezone: str | None = None
    """Timezone of stamps without an offset; by default the timezone of the site."""
    factor: Annotated[float, Field(gt=0, le=1e6, strict=True)] = 1.0
    """Every value is multiplied by this, for example 0.001 for a column in kW."""
