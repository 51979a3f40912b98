"""What is shared goes where it saves most, and the proof of that holds."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import pytest

import optmix as om
from optmix.errors import InfeasibleError
from optmix.portfolio.read import read_portfolio
from optmix.verify.files import verify_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portfolio.kit import Solve

    from optmix.portfolio.records import PortfolioResult

NAMES = ("a", "b", "c")
TABLE = (
    "name,demand.peak_mw,fuel.price_usd_per_mmbtu,demand.voll_usd_per_mwh\n"
    "a,12,3,2000\nb,13,5,1000\nc,13,4,400\n"
)
MOST = (3, 5)
"""Engines and modules that a site could use at most."""


def write_portfolio(folder: Path, shared: str, gap: str = "1e-5") -> Path:
    (folder / "campuses.csv").write_text(TABLE, encoding="utf-8")
    file = folder / "portfolio.toml"
    file.write_text(
        'schema_version = 1\nbase = "@tutorial/engine-battery"\ntable = "campuses.csv"\n'
        f"[solve]\ngap = 1e-6\n[shared]\ngap = {gap}\n{shared}",
        encoding="utf-8",
    )
    return file


def equipment(engines: int, modules: int) -> str:
    return (
        f"battery_modules_max = {modules}\n[[shared.equipment]]\nname = 'engines'\n"
        f"family = 'high-speed-engine'\nn_max = {engines}\n"
    )


@pytest.fixture(scope="module")
def costs(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, dict[tuple[int, int], float]]:
    """Least cost of each site with so many engines and so many modules, solved one by one."""
    file = write_portfolio(tmp_path_factory.mktemp("brute"), equipment(9, 9))
    sites = {row.name: row.site for row in read_portfolio(file).rows}
    return {name: dict(_costs(site)) for name, site in sites.items() if site is not None}


def _costs(site: om.schema.site.Site) -> Iterator[tuple[tuple[int, int], float]]:
    for engines, modules in itertools.product(range(MOST[0] + 1), range(MOST[1] + 1)):
        (unit,), (battery,) = site.unit, site.battery
        fewer = site.model_copy(
            update={
                "unit": (unit.model_copy(update={"n_max": engines}),),
                "battery": (battery.model_copy(update={"n_max": modules}),),
            }
        )
        result = om.solve(fewer, gap=1e-6)
        yield (engines, modules), result.objective_usd or math.inf


def brute_force(
    costs: dict[str, dict[tuple[int, int], float]], engines: int, modules: int
) -> float:
    """Return the least total cost over all ways to share."""
    return min(
        sum(costs[name][share] for name, share in zip(NAMES, shares, strict=True))
        for shares in itertools.product(*(costs[name] for name in NAMES))
        if sum(share[0] for share in shares) <= engines
        and sum(share[1] for share in shares) <= modules
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("engines", "modules"), [(6, 3), (5, 8), (7, 0), (3, 2)])
def test_the_allocation_is_that_of_brute_force(
    engines: int,
    modules: int,
    costs: dict[str, dict[tuple[int, int], float]],
    solve: Solve,
    tmp_path: Path,
) -> None:
    file = write_portfolio(tmp_path, equipment(engines, modules))
    result = solve(file, tmp_path / "out")
    best = brute_force(costs, engines, modules)
    assert result.shared is not None
    assert result.shared.status == "optimal"
    assert result.shared.objective_usd == pytest.approx(best, rel=2e-5)
    assert result.shared.bound_usd is not None
    assert result.shared.bound_usd <= best * (1 + 1e-9)
    assert result.totals.objective_usd == pytest.approx(result.shared.objective_usd)
    for limit in result.shared.limits:
        assert limit.used == sum(limit.by_site.values()) <= limit.cap
        step = (1, 0) if limit.name == "engines" else (0, 1)
        saved = best - brute_force(costs, engines + step[0], modules + step[1])
        assert limit.one_more is not None
        assert limit.one_more.value_usd_per_yr == pytest.approx(saved, rel=1e-3, abs=3e-5 * best)
        low, high = limit.one_more.low_usd_per_yr, limit.one_more.high_usd_per_yr
        assert low - 1 <= saved <= high + 1
    for name in NAMES:
        assert verify_out(tmp_path / "out" / "sites" / name).findings == ()


def test_what_is_not_scarce_has_no_price(solve: Solve, tmp_path: Path) -> None:
    result = solve(write_portfolio(tmp_path, equipment(100, 100)), tmp_path / "out")
    assert result.shared is not None
    assert [limit.price_usd_per_yr for limit in result.shared.limits] == [0, 0]
    assert [limit.one_more and limit.one_more.value_usd_per_yr for limit in result.shared.limits]
    assert result.shared.n_solves == 6  # with all that they want, and with nothing


def test_limits_that_nobody_can_keep_are_told(solve: Solve, tmp_path: Path) -> None:
    file = write_portfolio(tmp_path, equipment(0, 0).replace("modules_max = 0", "modules_max = 1"))
    text = (tmp_path / "campuses.csv").read_text(encoding="utf-8")
    text = "\n".join(line.rpartition(",")[0] for line in text.splitlines())  # no lost load
    (tmp_path / "campuses.csv").write_text(text + "\n", encoding="utf-8")
    result = solve(file, tmp_path / "out")
    assert result.shared is not None
    assert result.shared.status == "infeasible"
    assert {item.status for item in result.sites} == {"failed"}
    assert {item.exit_code for item in result.sites} == {InfeasibleError.exit_code}
    assert "no allocation" in result.sites[0].problems[0]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_capital_is_kept_to(solve: Solve, tmp_path: Path) -> None:
    free = solve(write_portfolio(tmp_path, "capex_max_usd = 1e12\n"), tmp_path / "free")
    used = used_of(free)
    (tmp_path / "portfolio.toml").unlink()
    file = write_portfolio(tmp_path, f"capex_max_usd = {0.9 * used}\n", gap="0.01")
    held = solve(file, tmp_path / "held")
    assert used_of(held) <= 0.9 * used * (1 + 1e-9)
    assert held.shared is not None
    assert held.shared.gap is not None
    assert held.shared.objective_usd >= free.shared.objective_usd
    assert held.shared.limits[0].price_usd_per_yr > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_emissions_are_kept_to(solve: Solve, tmp_path: Path) -> None:
    table = TABLE.replace("voll_usd_per_mwh", "voll_usd_per_mwh,unit[0].co2_lb_per_mmbtu")
    table = table.replace("00\n", "00,117\n")

    def run(cap_tpy: float, out: str) -> PortfolioResult:
        text = f"emissions_max_tpy = {{ co2 = {cap_tpy} }}\n"
        file = write_portfolio(tmp_path, text, gap="0.01")
        (tmp_path / "campuses.csv").write_text(table, encoding="utf-8")
        return solve(file, tmp_path / out)

    used = used_of(run(1e8, "free"))
    held = run(0.95 * used, "held")
    assert 0 < used_of(held) <= 0.95 * used * (1 + 1e-6)
    assert held.shared is not None
    assert held.shared.gap is not None
    assert held.shared.gap <= 0.01


def used_of(result: PortfolioResult) -> float:
    assert result.shared is not None
    return result.shared.limits[0].used


@pytest.mark.slow
def test_a_site_that_fails_leaves_the_others_their_shares(solve: Solve, tmp_path: Path) -> None:
    file = write_portfolio(tmp_path, equipment(6, 3))
    path = tmp_path / "campuses.csv"
    path.write_text(path.read_text(encoding="utf-8") + "d,huge,3,\n", encoding="utf-8")
    result = solve(file, tmp_path / "out")
    assert [item.status for item in result.sites] == ["optimal"] * 3 + ["failed"]
    assert result.shared is not None
    assert result.shared.status == "optimal"
