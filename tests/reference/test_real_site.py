"""A site on real input: Midland weather, ERCOT prices of 2023, Henry Hub gas of 2023.

The series stay where they are, beside the project; the test names them by absolute path, as a user
does on the command line.
"""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import optmix as om
from optmix.cli.app import app
from optmix.data.build import build_case
from optmix.schema.site import Site
from optmix.verify.files import verify_out

SITE = """
schema_version = 1
name = "midland-2023"

[site]
latitude = 31.95
longitude = -102.18
altitude_m = 872
timezone = "America/Chicago"

[time]
start = 2023-08-14
hours = 168

[demand]
profile = "inference"
peak_mw = 100.0
seed = 7

[weather]
tmy3 = "named on the command line"

[fuel]
basis_usd_per_mmbtu = -0.50
transport_usd_per_mmbtu = 0.40

[fuel.price_usd_per_mmbtu]
file = "named on the command line"
column = "Price"

[[unit]]
technology = "w20v34sg"
n_max = 16

[[unit]]
technology = "titan-130"
n_max = 10

[[battery]]
technology = "lfp-2h"
n_max = 40

[grid]
withdrawal_max_mw = 60.0
demand_charge_usd_per_mw_month = 5000.0
interconnection_usd_per_mw = 150000.0
energy_adder_usd_per_mwh = 3.0

[grid.energy_price]
file = "named on the command line"
column = "dam_spp_usd_per_mwh"

[solve]
gap = 0.005
"""


@pytest.fixture
def files(reference: Path) -> dict[str, str]:
    """The real series, by the field of the site that each is for."""
    data = reference / "data"
    return {
        "weather.tmy3": str(data / "weather_tmy3" / "tmy3_midland.csv"),
        "grid.energy_price.file": str(data / "prices" / "ercot_dam_hb_hubavg_hourly_2023.csv"),
        "fuel.price_usd_per_mmbtu.file": str(data / "gas" / "henry_hub_monthly.csv"),
    }


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    """The site file alone in a folder."""
    path = tmp_path / "site.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


@pytest.fixture
def site(site_file: Path, files: dict[str, str]) -> Site:
    """The site with its real series."""
    return om.load_site(site_file, files)


def test_the_real_week_is_hot_and_its_prices_spike(site: Site) -> None:
    case = build_case(site)
    assert case.grid is not None
    assert 33.0 < case.temp_c.max() < 40.0
    price = case.grid.import_price_usd_per_mwh
    assert price.max() > 1000.0, "ERCOT's August of 2023 had scarcity prices"
    # Henry Hub averaged 2.58 USD/MMBtu in August 2023 (EIA); basis and transport take off 0.10.
    np.testing.assert_allclose(case.gas.price_usd_per_mmbtu, 2.48, atol=0.005)


def test_the_real_site_is_solved_and_its_plan_holds(site: Site) -> None:
    result = om.solve(site)
    assert result.status == "optimal"
    assert result.findings == ()
    assert result.gap is not None
    assert result.gap <= 0.005
    assert result.mix is not None
    # At prices of a thousand dollars on-site units pay for themselves; at night the grid is cheap.
    assert result.mix.installed_mw > 40.0
    assert result.mix.grid_withdrawal_mw > 0.0
    dispatch = result.dispatch
    assert dispatch is not None
    case = build_case(site)
    assert case.grid is not None
    dear = case.grid.import_price_usd_per_mwh > 500.0
    cheap = case.grid.import_price_usd_per_mwh < 30.0
    assert dispatch["import_mw"][dear].mean() < dispatch["import_mw"][cheap].mean()


def test_the_written_plan_of_the_real_site_stands_alone(
    site_file: Path, files: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    settings = [f"--set={key}={path}" for key, path in files.items()]
    ran = CliRunner().invoke(app, ["solve", str(site_file), "-o", str(out), *settings])
    assert ran.exit_code == 0, ran.output
    assert {path.name for path in (out / "inputs").iterdir()} >= {"tmy3_midland.csv"}
    moved = out.rename(tmp_path / "moved")
    assert verify_out(moved).findings == ()
