"""Put the report beside the files it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.report.html.page import html_report
from optmix.report.out_folder import REPORT_FILE
from optmix.report.place_file import place_file
from optmix.report.read_out import read_curve

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.report.files import Report

__all__ = ["write_html"]


def write_html(out: Path, report: Report, other: Report | None = None) -> Path:
    """Write ``report.html`` into a folder, whole or not at all; return where it is.

    A folder that is part of a curve of costs by nines has that on its page.

    Parameters
    ----------
    out
        The folder of the solve.
    report
        What was solved.
    other
        Another solve to compare it with.

    Raises
    ------
    InputError
        It cannot be written there.
    """
    return place_file(
        out / REPORT_FILE, html_report(report, other, read_curve(out)).encode("utf-8")
    )
