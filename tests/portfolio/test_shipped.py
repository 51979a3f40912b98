"""The portfolios that ship with optmix: each is sound, and comes to what its README says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from optmix.cli.app import app
from optmix.errors import UnknownNameError
from optmix.portfolio.read import read_portfolio
from optmix.portfolio.shipped import portfolio_names, resolve_portfolio

if TYPE_CHECKING:
    from pathlib import Path

    from portfolio.kit import Solve

SITES = {"engine-slots": 3, "gas-price": 8, "west-texas": 5}


def test_every_shipped_portfolio_is_listed() -> None:
    told = CliRunner().invoke(app, ["list", "portfolios", "--json"])
    rows = json.loads(told.stdout)
    assert {row["name"]: row["n_sites"] for row in rows} == {
        f"@portfolio/{name}": count for name, count in SITES.items()
    }
    assert all(len(row["description"]) > 20 for row in rows)
    assert CliRunner().invoke(app, ["list", "portfolios"]).exit_code == 0


@pytest.mark.parametrize("name", SITES)
def test_every_row_of_a_shipped_portfolio_can_be_used(name: str) -> None:
    found = read_portfolio(f"@portfolio/{name}")
    assert (found.name, len(found.rows)) == (name, SITES[name])
    for row in found.rows:
        assert (row.problems, row.notes) == ((), ())
    assert (resolve_portfolio(f"@portfolio/{name}").parents[1] / "README.md").is_file()


def test_a_misspelt_portfolio_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError) as caught:
        read_portfolio("@portfolio/west-texa")
    (problem,) = caught.value.problems
    assert problem.hint is not None
    assert "@portfolio/west-texas" in problem.hint
    assert portfolio_names() == tuple(sorted(SITES))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["gas-price", "west-texas"])
def test_sites_that_share_nothing_are_all_solved(name: str, solve: Solve, tmp_path: Path) -> None:
    result = solve(f"@portfolio/{name}", tmp_path)
    assert {item.status for item in result.sites} == {"optimal"}
    if name == "gas-price":
        cheap, dear = (item.lcoe_usd_per_mwh or 0.0 for item in (result.sites[0], result.sites[-1]))
        assert cheap < dear  # both gas and capital cost more in the last one


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_scarce_engines_go_where_they_save_most(solve: Solve, tmp_path: Path) -> None:
    result = solve("@portfolio/engine-slots", tmp_path)
    assert result.shared is not None
    assert result.shared.status == "optimal"
    (slots,) = result.shared.limits
    assert slots.used <= slots.cap
    assert slots.price_usd_per_yr > 0.0
