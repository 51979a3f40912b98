"""A folder of results for a site of one day: an engine, a battery that is not built, and a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from unit.verify.plans import make_plan

from optmix.data.build import build_case
from optmix.data.fingerprint import input_sha256
from optmix.data.mix_io import mix_summary
from optmix.data.plan_io import plan_to_frame
from optmix.report.files import Report, write_out
from optmix.schema.load import load_site
from optmix.schema.result import Result
from optmix.verify.agreement import emission_key
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from pathlib import Path

SITE = """\
schema_version = 1
name = "day"

[site]
latitude = 31.95
longitude = -102.18
timezone = "America/Chicago"

[demand]
series = { file = "demand.csv", column = "demand_mw" }

[[unit]]
name = "engine"
kind = "high-speed-engine"
rating_mw = 5.0
rating_basis = "net"
min_load_frac = 0.4
load_points_frac = [0.5, 1.0]
heat_rate_mmbtu_per_mwh = [10.0, 9.0]
ramp_frac_per_min = 1.0
capex_usd_per_kw = 1000.0
fom_usd_per_kw_yr = 10.0
vom_usd_per_mwh = 10.0
nox_lb_per_mwh = 0.5
life_yr = 20.0
n_max = 4

[[battery]]
technology = "lfp-2h"
n_max = 5

[grid]
withdrawal_max_mw = 10.0
energy_price = 50.0
demand_charge_usd_per_mw_month = 1000.0

[security]
loss_of_grid = false

[maintenance]
mode = "none"
"""
POWER_MW = np.where(np.arange(24) < 8, 6.0, 9.0)
IMPORT_MW = np.where(np.arange(24) < 8, 0.0, 2.0)


def write_folder(here: Path) -> Path:
    """Write a folder as ``optmix solve`` does, with a plan made by hand."""
    (here / "site.toml").write_text(SITE, encoding="utf-8")
    stamps = [f"2025-03-03T{hour:02d}:00" for hour in range(24)]
    rows = [f"{t},{mw}" for t, mw in zip(stamps, POWER_MW + IMPORT_MW, strict=True)]
    (here / "demand.csv").write_text("time,demand_mw\n" + "\n".join(rows) + "\n", encoding="utf-8")
    site = load_site(here / "site.toml")
    case = build_case(site)
    plan = make_plan(
        case, [2], online=[2], output_mw=[POWER_MW], withdrawal_mw=4.0, import_mw=IMPORT_MW
    )
    found = verify_plan(case, plan)
    assert found.findings == ()
    result = Result(
        name=site.name,
        status="optimal",
        objective_usd=found.objective_usd,
        bound_usd=found.objective_usd,
        gap=0.0,
        gap_target=0.001,
        method="monolithic",
        solver="by hand",
        seconds={},
        mix=mix_summary(plan, case),
        costs_usd=found.costs_usd,
        lcoe_usd_per_mwh=found.lcoe_usd_per_mwh,
        energy_mwh=found.energy_mwh,
        emissions={emission_key(name): tons for name, tons in found.emissions_tpy.items()},
        input_sha256=input_sha256(site),
        seed=0,
    ).with_dispatch(plan_to_frame(plan, case))
    write_out(here / "out", Report(site, case, result))
    return here / "out"
