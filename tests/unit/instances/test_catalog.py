"""The catalog: every figure has a source, and the reference table has the same figure."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from optmix.resources import shipped

CATALOG = shipped("instances") / "catalog"
IDS = sorted(path.stem for path in CATALOG.glob("*.toml"))

PROMISED = {
    "titan-130", "titan-250", "titan-350", "lm2500-g4", "tm2500", "lm6000-pf", "pe6000",
    "novalt16", "sgt-800", "7f-05", "g3520k", "g3516h", "cg260-16", "j620", "j624", "j920",
    "w20v34sg", "w18v50sg", "w20v31sg", "b36-45v20", "mtu-20v4000", "diesel-3mw",
    "lfp-1h", "lfp-2h", "lfp-4h",
}  # fmt: skip
"""Ids that scripts of users rely on."""

ROW = {
    "18v51-60g": "Everllence 18V51/60G",
    "7f-05": "GE 7F.05 simple cycle",
    "7ha-03": "GE 7HA.03 simple cycle",
    "7ha-cc": "7HA CC 1x1x1 single shaft",
    "b36-45v20": "Bergen B36:45V20",
    "bloom-sofc": "Bloom Energy Server (SOFC)",
    "cc-150mw": "2x1 SGT-800/LM6000-class CC",
    "cg260-16": "Cat CG260-16 (60 Hz)",
    "diesel-3mw": "Diesel standby genset 3 MW",
    "ft8-mobilepac": "FT8 MobilePac",
    "ftai-mod-1": "FTAI Mod-1 (CFM56)",
    "g20cm34": "Cat G20CM34 (10 MW)",
    "g3516h": "Cat G3516H",
    "g3520k": "Cat G3520K",
    "himsen-h54gv": "HiMSEN H54GV (20 MW class)",
    "j620": "Jenbacher J620",
    "j624": "Jenbacher J624",
    "j920": "Jenbacher J920 FleXtra",
    "lfp-1h": "LFP battery 2 h",
    "lfp-2h": "LFP battery 2 h",
    "lfp-4h": "LFP battery 4 h",
    "lm2500-g4": "LM2500+G4 / LM2500XPRESS",
    "lm6000-pf": "LM6000PF+ (S&L 4x54 MW block, per unit)",
    "mtu-20v4000": "mtu 20V4000 L64 gas",
    "novalt16": "NovaLT16",
    "pe6000": "PE6000 (CF6-80C2 rebuild)",
    "sgt-800": "SGT-800 (57 MW)",
    "sgt-a05": "SGT-A05 (501-KB7)",
    "titan-130": "Titan 130",
    "titan-250": "Titan 250",
    "titan-350": "Titan 350",
    "tm2500": "TM2500 (mobile)",
    "w18v50sg": "Wartsila 18V50SG",
    "w20v31sg": "Wartsila 20V31SG",
    "w20v34sg": "Wartsila 20V34SG / 34SG",
}
"""Row of the reference table for each id. There is no row for one hour: it shares that of two."""

AS_IT_IS = {
    "rating_mw": "rating_mw",
    "cold_start_min": "cold_start_min",
    "hot_start_min": "hot_start_min",
    "min_up_h": "min_up_h",
    "min_down_h": "min_down_h",
    "start_fuel_mmbtu": "start_fuel_mmbtu_hhv_per_start",
    "start_cost_usd": "start_nonfuel_cost_usd_per_start",
    "derate_start_temp_c": "derate_start_temp_c",
    "derate_start_altitude_m": "derate_start_altitude_m",
    "capex_low_usd_per_kw": "capex_low_usd_per_kw",
    "capex_usd_per_kw": "capex_mid_usd_per_kw",
    "capex_high_usd_per_kw": "capex_high_usd_per_kw",
    "controls_capex_usd_per_kw": "scr_oxcat_capex_usd_per_kw",
    "fom_usd_per_kw_yr": "fom_usd_per_kw_yr",
    "vom_usd_per_mwh": "vom_usd_per_mwh",
    "life_yr": "economic_life_yr",
    "nox_lb_per_mwh": "nox_lb_per_mwh_scr",
    "co_lb_per_mwh": "co_lb_per_mwh_catalyst",
    "voc_lb_per_mwh": "voc_lb_per_mwh_catalyst",
    "uncontrolled_nox_lb_per_mwh": "nox_lb_per_mwh_no_scr",
    "uncontrolled_co_lb_per_mwh": "co_lb_per_mwh_no_catalyst",
    "uncontrolled_voc_lb_per_mwh": "voc_lb_per_mwh_no_catalyst",
    "mttr_h": "mttr_h",
    "planned_outage_h": "planned_outage_h_per_yr",
}

PERCENT = {
    "min_load_frac": "min_stable_load_pct",
    "ramp_frac_per_min": "ramp_pct_per_min",
    "derate_frac_per_c": "derate_pct_per_c",
    "heat_rate_penalty_frac_per_c": "heat_rate_penalty_pct_per_c",
    "derate_frac_per_100m": "derate_pct_per_100m",
    "forced_outage_frac": "forced_outage_rate_pct",
}

ENGINES = ("high-speed-engine", "medium-speed-engine", "diesel-standby")


def figures(technology: str) -> dict[str, Any]:
    return tomllib.loads((CATALOG / f"{technology}.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table(reference: Path) -> dict[str, dict[str, str]]:
    with (reference / "technologies.csv").open(encoding="utf-8", newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file)}


def test_every_promised_technology_is_there() -> None:
    assert set(IDS) >= PROMISED


def test_every_technology_is_compared_with_a_row() -> None:
    assert sorted(ROW) == IDS


@pytest.mark.parametrize("technology", IDS)
def test_every_number_has_a_source(technology: str) -> None:
    entry = figures(technology)
    sources = entry.pop("source")
    assert set(sources) - set(entry) == {"default"}
    for source in sources.values():
        assert source["ref"]
        assert source["confidence"]


@pytest.mark.parametrize("technology", IDS)
def test_general_knowledge_is_marked_unverified(technology: str) -> None:
    for field, source in figures(technology)["source"].items():
        if source["ref"].startswith("General engineering knowledge"):
            assert source["confidence"] == "unverified", field


@pytest.mark.parametrize("technology", [name for name in IDS if not name.startswith("lfp")])
def test_thermal_figures_are_those_of_the_table(
    technology: str, table: dict[str, dict[str, str]]
) -> None:
    entry = figures(technology)
    row = table[ROW[technology]]
    expected = {field: float(row[column]) for field, column in AS_IT_IS.items()}
    expected |= {field: float(row[column]) / 100 for field, column in PERCENT.items()}
    expected["start_failure_frac"] = 1 - float(row["start_reliability_pct"]) / 100
    months = (float(row["lead_time_low_months"]), float(row["lead_time_high_months"]))
    expected["lead_time_months"] = sum(months) / 2
    is_engine = entry["kind"] in ENGINES
    expected["aux_frac"] = float(row["aux_load_pct_of_gross"]) / 100 if is_engine else 0.0

    assert {field: entry[field] for field in expected} == pytest.approx(expected, rel=1e-12)
    assert entry["rating_basis"] == ("gross" if is_engine else "net")
    assert entry["fuel"] == row["fuel"]
    assert entry["load_points_frac"] == [0.5, 0.75, 1.0]
    assert entry["heat_rate_mmbtu_per_mwh"] == [
        pytest.approx(float(row[f"heat_rate_{load}_btu_per_kwh_hhv"]) / 1000)
        for load in (50, 75, 100)
    ]


@pytest.mark.parametrize("technology", [name for name in IDS if not name.startswith("lfp")])
def test_co2_by_fuel_agrees_with_co2_by_output(
    technology: str, table: dict[str, dict[str, str]]
) -> None:
    entry = figures(technology)
    by_output = entry["co2_lb_per_mmbtu"] * entry["heat_rate_mmbtu_per_mwh"][-1]
    assert by_output == pytest.approx(float(table[ROW[technology]]["co2_lb_per_mwh"]), abs=0.6)


@pytest.mark.parametrize(("technology", "hours"), [("lfp-1h", 1), ("lfp-2h", 2), ("lfp-4h", 4)])
def test_battery_figures_are_those_of_the_table(
    technology: str, hours: int, table: dict[str, dict[str, str]]
) -> None:
    entry = figures(technology)
    row = table[ROW[technology]]
    cost_usd_per_kw = entry["capex_usd_per_kw"] + hours * entry["capex_usd_per_kwh"]
    life_yr = float(row["economic_life_yr"])
    mean_left = 1 - float(row["degradation_pct_per_yr"]) / 100 * life_yr / 2

    assert entry["module_mwh"] == entry["module_mw"] * hours
    assert entry["capex_usd_per_kwh"] == float(row["capex_energy_mid_usd_per_kwh"])
    assert entry["rte_frac"] == float(row["round_trip_efficiency_pct"]) / 100
    assert entry["capacity_frac"] == pytest.approx(float(row["usable_dod_pct"]) / 100 * mean_left)
    assert entry["cycles_per_year"] == float(row["cycle_life"]) / life_yr
    assert entry["aux_frac"] == float(row["aux_load_pct_of_rated"]) / 100
    assert entry["forced_outage_frac"] == float(row["forced_outage_rate_pct"]) / 100
    assert entry["mttr_h"] == float(row["mttr_h"])
    assert entry["fom_usd_per_kw_yr"] == pytest.approx(0.025 * cost_usd_per_kw)
    if hours > 1:
        assert cost_usd_per_kw == float(row["capex_mid_usd_per_kw"])
        assert entry["fom_usd_per_kw_yr"] == float(row["fom_usd_per_kw_yr"])
