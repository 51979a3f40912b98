"""Reports in a headless Chromium: charts are drawn, nothing is asked of a network."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from report.browser import DESKTOP, PHONE, Page
from report.pages import drawn
from report.sites import BATTERY, CAMPUS, NONE, SHOWN

from optmix.resources import instance_names

Solved = Callable[..., Path]

DRAWN = (
    "[...document.querySelectorAll('[data-chart]')].filter((p) => p.querySelector('svg')).length"
)
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


def looked_at(browser: Page, out: Path) -> None:
    """Open a report on a wide and on a narrow screen, light and dark, and see that all is well."""
    file = out / "report.html"
    text = file.read_text(encoding="utf-8")
    charts = len(drawn(text))
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        browser.size(*size)
        browser.prefer(scheme)
        browser.open(file)
        assert browser.complaints == []
        assert browser.requests == [file.resolve().as_uri()]
        assert browser.run(DRAWN) == charts
        assert browser.run(TOO_WIDE) <= 0


@pytest.mark.parametrize(
    "name",
    [
        "campus",
        "infeasible",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("rules", "years", "nothing", "one step")
        ),
    ],
)
def test_a_report_opens_without_complaints_and_requests(
    browser: Page, solved: Solved, name: str
) -> None:
    looked_at(browser, solved(*SHOWN[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", instance_names())
def test_the_report_of_every_instance_opens(browser: Page, solved: Solved, name: str) -> None:
    short = ("--gap", "10%", "--time-limit", "2m")
    if name.startswith("texas/"):
        short += ("--set", "time.hours=72")
    looked_at(browser, solved(f"@{name}", *short))


def colors(browser: Page) -> tuple[str, str]:
    style = "getComputedStyle(document.body)"
    return browser.run(f"{style}.backgroundColor"), browser.run(f"{style}.color")


def luminance(color: str) -> float:
    parts = [int(part) / 255.0 for part in color[4:-1].split(",")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


SMALL_TEXT = ".unit, .card dt, thead th, caption, a, .mark, .status, .about, small, footer p"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(browser: Page, solved: Solved, scheme: str) -> None:
    browser.prefer(scheme)
    browser.open(solved(*SHOWN["rules"]) / "report.html")
    ground, ink = colors(browser)
    panel = browser.run("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert (luminance(ground) > luminance(ink)) == (scheme == "light")
    found = browser.run(
        f"[...new Set([...document.querySelectorAll('{SMALL_TEXT}')]"
        ".map((e) => getComputedStyle(e).color))]"
    )
    for color in {*found, ink}:
        assert min(contrast(color, ground), contrast(color, panel)) >= 4.5, color


def test_the_button_turns_the_page_dark_and_light(browser: Page, solved: Solved) -> None:
    browser.prefer("light")
    browser.open(solved(*BATTERY) / "report.html")
    before = colors(browser)
    pressed = "document.getElementById('theme').getAttribute('aria-pressed')"
    assert browser.run(pressed) == "false"
    browser.run("document.getElementById('theme').click()")
    assert luminance(colors(browser)[0]) < luminance(before[0])
    assert browser.run(pressed) == "true"
    browser.run("document.getElementById('theme').click()")
    assert colors(browser) == before
    assert browser.run(pressed) == "false"


FIRST = "Number(document.querySelector('[data-window] input').value)"
FROM = "document.querySelector('[data-chart=dispatch-0]').data[0].y.length"


def test_weeks_are_gone_through_by_keys_alone(browser: Page, solved: Solved) -> None:
    out = solved(*CAMPUS, "--set", "time.hours=240")
    browser.open(out / "report.html")
    assert browser.run(FROM) == 168
    browser.run("document.querySelector('[data-window] input').focus()")
    browser.press("Home", 36)
    assert browser.run(FIRST) == 0
    browser.press("ArrowRight", 39)
    assert browser.run(FIRST) == 24
    browser.run("document.querySelector('[data-all]').focus()")
    browser.press("Enter", 13)
    assert browser.complaints == []
    browser.run("document.querySelector('[data-all]').click()")
    assert browser.run(FROM) == 240


def test_the_week_shown_is_told_in_words(browser: Page, solved: Solved) -> None:
    browser.open(solved(*CAMPUS, "--set", "time.hours=240") / "report.html")
    told = "document.querySelector('[data-window] input').getAttribute('aria-valuetext')"
    assert re.fullmatch(r"2025-08-\d\d to 2025-08-\d\d", browser.run(told))
    browser.run("document.querySelector('[data-window] input').focus()")
    browser.press("Home", 36)
    assert browser.run(told) == "2025-08-11 to 2025-08-17"
    browser.run("document.querySelector('[data-all]').click()")
    assert browser.run(told) == "2025-08-11 to 2025-08-20"


HIDDEN = (
    "[...document.querySelectorAll('details > :not(summary)')]"
    ".filter((e) => !e.checkVisibility() || e.getBoundingClientRect().height === 0).length"
)


BESIDE_PAPER = (
    "[...document.querySelectorAll('table')]"
    ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"
)


def test_paper_has_what_the_screen_folds(browser: Page, solved: Solved) -> None:
    browser.open(solved(*SHOWN["rules"]) / "report.html")
    assert browser.run(HIDDEN) > 0
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.querySelectorAll('details:not([open])').length") == 0
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run("document.querySelectorAll('details[open]').length") == 0
    browser.send("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.run(HIDDEN) == 0  # by styles alone, where scripts are off
        browser.size(760, 1100)  # A4 and letter paper are about so wide
        assert browser.run(BESIDE_PAPER) == 0
    finally:
        browser.send("Emulation.setEmulatedMedia", media="")
        browser.size(*DESKTOP)


def test_sources_can_be_read_on_a_phone(browser: Page, solved: Solved) -> None:
    browser.size(*PHONE)
    browser.open(solved(*CAMPUS) / "report.html")
    source = "document.querySelector('#inputs details td:last-child')"
    browser.run(f"{source}.closest('details').open = true")
    assert browser.run(f"{source}.getBoundingClientRect().width") > 200
    assert browser.run(f"{source}.closest('.scroll').tabIndex") == 0
    browser.size(*DESKTOP)


GONE = (
    "[...document.querySelectorAll('main > section > .scroll th, main > section > .scroll td')]"
    ".filter((e) => !e.checkVisibility()).length"
)


def test_a_phone_shows_every_column(browser: Page, solved: Solved) -> None:
    browser.size(*PHONE)
    browser.open(solved(*SHOWN["rules"]) / "report.html")
    assert browser.run(GONE) == 0
    assert browser.run(TOO_WIDE) <= 0  # what is wide is scrolled inside the page
    browser.size(*DESKTOP)


def test_the_page_can_be_printed(browser: Page, solved: Solved, tmp_path: Path) -> None:
    browser.open(solved(*CAMPUS) / "report.html")
    browser.write(tmp_path / "page.pdf", "Page.printToPDF", printBackground=True)
    assert (tmp_path / "page.pdf").stat().st_size > 50_000
    assert browser.complaints == []


def test_a_page_without_a_plan_has_nothing_to_draw(browser: Page, solved: Solved) -> None:
    browser.open(solved(*NONE) / "report.html")
    assert browser.run("document.querySelectorAll('[data-chart]').length") == 0
    ground = colors(browser)
    browser.run("document.getElementById('theme').click()")
    assert colors(browser) != ground
    assert browser.complaints == []


def test_the_name_of_a_rule_leads_to_its_words(browser: Page, solved: Solved) -> None:
    browser.open(solved(*SHOWN["rules"]) / "report.html")
    link = "document.querySelector('#rules table a')"
    browser.run(f"{link}.click()")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run(f"document.querySelector({link}.hash).open") is True
    folded = "document.querySelector('#rules details details')"
    browser.run(f"location.hash = {folded}.id")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run(f"{folded}.open && {folded}.parentElement.closest('details').open") is True
