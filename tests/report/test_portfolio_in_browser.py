"""The page of a portfolio in a headless Chromium: it draws, sorts, and asks no network."""

from pathlib import Path

import pytest
from portfolio.made_up import SHOWN
from report.browser import DESKTOP, PHONE, Page
from report.pages import drawn
from report.test_browser import DRAWN, TOO_WIDE

from optmix.portfolio.page import write_page


@pytest.mark.parametrize("name", [pytest.param("many", marks=pytest.mark.slow), "shared", "none"])
def test_the_page_opens_without_complaints_and_requests(
    browser: Page, name: str, tmp_path: Path
) -> None:
    file = write_page(tmp_path, SHOWN[name])
    charts = len(drawn(file.read_text(encoding="utf-8")))
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        browser.size(*size)
        browser.prefer(scheme)
        browser.open(file)
        assert browser.complaints == []
        assert browser.requests == [file.resolve().as_uri()]
        assert browser.run(DRAWN) == charts
        assert browser.run(TOO_WIDE) <= 0


NAMES = (
    "[...document.querySelectorAll('#ranking tbody tr')]"
    ".map((row) => row.querySelector('th').textContent.trim())"
)
HEADS = "[...document.querySelectorAll('#ranking thead th')]"


def test_the_ranking_is_sorted_by_keys_alone(browser: Page, tmp_path: Path) -> None:
    browser.open(write_page(tmp_path, SHOWN["shared"]))
    assert browser.run(NAMES) == ["abilene", "odessa"]  # cheapest energy first
    head = f"{HEADS}.find((head) => head.textContent.startsWith('Annual cost'))"
    browser.run(f"{head}.querySelector('button').focus()")
    browser.press("Enter", 13)
    assert browser.run(f"{head}.getAttribute('aria-sort')") == "ascending"
    assert browser.run(NAMES) == ["odessa", "abilene"]
    browser.press("Enter", 13)
    assert browser.run(f"{head}.getAttribute('aria-sort')") == "descending"
    assert browser.run(NAMES) == ["abilene", "odessa"]
    assert browser.complaints == []
