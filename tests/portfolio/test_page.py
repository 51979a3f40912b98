"""The page of a portfolio says what `portfolio.json` says, and leads to reports of its sites."""

import json
from pathlib import Path

import pytest
from portfolio.made_up import SHOWN, failed, portfolio, site
from report.pages import drawn, elements
from report.test_page import at
from typer.testing import CliRunner

from optmix.cli.app import app
from optmix.errors import InputError
from optmix.portfolio.page import portfolio_page, read_result, write_page
from optmix.portfolio.records import PortfolioResult

every_one = pytest.mark.parametrize("name", SHOWN)


def words_of(result: PortfolioResult, *linked: str) -> str:
    return " ".join(" ".join(elements(portfolio_page(result, set(linked))).words).split())


@every_one
def test_every_figure_is_that_of_the_file_and_has_a_unit(name: str) -> None:
    document = json.loads(SHOWN[name].to_json())
    figures = elements(portfolio_page(SHOWN[name], set())).figures
    assert figures
    for figure in figures:
        assert figure.unit, figure
        if figure.at:
            assert figure.value == at(document, figure.at), figure
        shown = float(figure.text.replace(",", ""))
        digits = len(figure.text.partition("e")[0].partition(".")[2])
        assert abs(shown - figure.value * figure.scale) <= 0.5000001 * 10.0**-digits, figure


@every_one
def test_every_chart_says_in_words_what_it_shows(name: str) -> None:
    page = portfolio_page(SHOWN[name], set())
    assert set(elements(page).charts) == set(drawn(page))
    assert all(len(text) > 20 for text in elements(page).charts.values())


def test_sites_are_on_a_map_where_they_lie_apart() -> None:
    assert set(drawn(portfolio_page(SHOWN["many"], set()))) == {"energy-costs", "map"}
    together = [item.model_copy(update={"latitude": 31.0, "longitude": -99.0}) for item in SITES]
    assert set(drawn(portfolio_page(portfolio(*together), set()))) == {"energy-costs"}
    nowhere = [item.model_copy(update={"latitude": None, "longitude": None}) for item in SITES]
    assert set(drawn(portfolio_page(portfolio(*nowhere), set()))) == {"energy-costs"}


SITES = (site(0, "odessa"), site(1, "abilene"), site(2, "pecos"))


def test_the_ranking_begins_with_the_cheapest_energy() -> None:
    words = words_of(portfolio(*SITES))
    ranking = words.partition("Sites by cost of energy")[2]
    assert ranking.index("pecos") < ranking.index("abilene") < ranking.index("odessa")


def test_what_is_shared_is_told_with_its_price_and_who_would_take_more() -> None:
    page = elements(portfolio_page(SHOWN["shared"], set()))
    figures = {figure.at: figure for figure in page.figures}
    price = figures["/shared/limits/0/price_usd_per_yr"]
    assert (price.text, price.unit) == ("1,204,512", "USD/yr per unit")
    assert figures["/shared/limits/0/one_more/to/odessa"].unit == "units"
    assert figures["/shared/limits/1/price_usd_per_yr"].unit == "USD/yr per USD"
    assert figures["/shared/limits/2/by_site/abilene"].unit == "short ton/yr"
    assert "shared equipment allotted, proven within the gap asked for" in " ".join(page.words)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alone", "every site has a plan, proven within the gap asked for"),
        ("many", "60 of 61 sites have a plan"),
        ("none", "0 of 1 sites have a plan"),
        ("stopped", "stopped before the end: 1 of 2 sites have a plan"),
    ],
)
def test_the_page_begins_with_what_came_of_it(name: str, said: str) -> None:
    assert said in words_of(SHOWN[name])


def test_sites_without_a_plan_are_listed_with_their_reasons() -> None:
    words = words_of(SHOWN["many"])
    assert "lubbock failed campuses.csv:row 99 there is no plan" in words
    assert "the run was stopped before its turn" in words_of(SHOWN["stopped"])


def test_names_lead_to_reports_that_are_there(tmp_path: Path) -> None:
    result = portfolio(site(0, "west 1"), site(1, "east+2"))
    folder = tmp_path / "sites" / "west 1"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<p>", encoding="utf-8")
    text = write_page(tmp_path, result).read_text(encoding="utf-8")
    links = [link for link in elements(text).links if not link.startswith("#")]
    assert links == ["sites/west%201/report.html"]


def test_text_of_users_is_text_on_the_page() -> None:
    hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    changes = {hostile: hostile}
    bad = site(0, "odessa").model_copy(update={"warnings": (hostile,), "changes": changes})
    result = portfolio(bad, failed("x", hostile)).model_copy(update={"name": hostile})
    page = elements(portfolio_page(result, set()))
    assert len(page.scripts) == 3  # what draws, what shows the charts, what sorts
    assert not any("alert" in script for script in page.scripts)
    assert not any("alert" in link for link in page.links)
    assert "".join(page.words).count(hostile) >= 4


def test_the_command_writes_the_page_again(tmp_path: Path) -> None:
    result = portfolio(*SITES)
    (tmp_path / "portfolio.json").write_text(result.to_json(), encoding="utf-8")
    told = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "index.html").read_text("utf-8") == portfolio_page(result, set())
    refused = CliRunner().invoke(app, ["report", str(tmp_path), "--xlsx"])
    assert refused.exit_code == InputError.exit_code


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "portfolio.json").write_text('{"name": "x"}', encoding="utf-8")
    with pytest.raises(InputError, match="is_complete"):
        read_result(tmp_path)
    (tmp_path / "portfolio.json").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_result(tmp_path)
