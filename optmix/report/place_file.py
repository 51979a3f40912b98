"""Put one file in its place whole, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.errors import InputError
from optmix.report.out_folder import PART, cannot_write

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["place_file"]


def place_file(path: Path, content: bytes) -> Path:
    """Write a file under another name, then rename it; return where it is.

    Raises
    ------
    InputError
        It cannot be written there; what stood there still does.
    """
    part = path.with_name(path.name + PART)
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise InputError(cannot_write(path, error)) from error
    return path
