"""Solve the plant with Calliope: `python run_calliope.py JOB ANSWER`, in an environment of its own.

Calliope makes the model and writes it to a file, which HiGHS reads: that is how it would hand the
model to a solver itself, but it does not pass on the bound, nor a plan after a time limit. Units of
a type are counted in whole numbers and so are those that run, as in optmix; it knows neither fuel
at no load nor starts. Costs of a horizon are brought to a year.
"""

from __future__ import annotations

import json
import logging
import math
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import calliope
import highspy
import pandas as pd

HOURS_PER_YEAR = 8760.0
HAS_PLAN = 2
"""HiGHS calls the plan feasible."""


def per(value: float, dim: str, index: str) -> dict[str, Any]:
    return {"data": value, "index": index, "dims": dim}


def definition(site: dict[str, Any]) -> dict[str, Any]:
    """Return the model of Calliope in its own words."""
    gas = site["fuel"]["price_usd_per_mmbtu"]
    techs: dict[str, Any] = {"load": {"name": "load", "base_tech": "demand", "carrier_in": "power"}}
    for unit in site["unit"]:
        cost = gas * unit["heat_rate_mmbtu_per_mwh"][-1] + unit["vom_usd_per_mwh"]
        techs[unit["name"].replace("-", "_")] = {
            "name": unit["name"],
            "base_tech": "supply",
            "carrier_out": "power",
            "cap_method": "integer",
            "integer_dispatch": True,
            "purchased_units_max": unit["n_max"],
            "flow_cap_per_unit": per(unit["rating_mw"], "carriers", "power"),
            "flow_out_min_relative": per(unit["min_load_frac"], "carriers", "power"),
            "lifetime": unit["life_yr"],
            "cost_flow_cap": per(1000.0 * unit["capex_usd_per_kw"], "costs", "monetary"),
            "cost_om_annual": per(1000.0 * unit["fom_usd_per_kw_yr"], "costs", "monetary"),
            "cost_flow_out": per(cost, "costs", "monetary"),
        }
    for battery in site["battery"]:
        hours_of = battery["module_mwh"] / battery["module_mw"]
        capital = battery["capex_usd_per_kw"] + battery["capex_usd_per_kwh"] * hours_of
        techs[battery["name"]] = {
            "name": battery["name"],
            "base_tech": "storage",
            "carrier_in": "power",
            "carrier_out": "power",
            "cap_method": "integer",
            "purchased_units_max": battery["n_max"],
            "flow_cap_per_unit": per(battery["module_mw"], "carriers", "power"),
            "storage_cap_per_unit": battery["module_mwh"],
            "flow_out_eff": battery["rte_frac"] ** 0.5,
            "flow_in_eff": battery["rte_frac"] ** 0.5,
            "lifetime": battery["life_yr"],
            "cost_flow_cap": per(1000.0 * capital, "costs", "monetary"),
            "cost_om_annual": per(1000.0 * battery["fom_usd_per_kw_yr"], "costs", "monetary"),
            "cost_flow_out": per(battery["vom_usd_per_mwh"], "costs", "monetary"),
        }
    return {
        "config": {
            "init": {"name": "peers", "extra_math": ["milp"]},
            "build": {"ensure_feasibility": False},
            "solve": {"solver": "appsi_highs"},
        },
        "data_definitions": {
            "objective_cost_weights": per(1, "costs", "monetary"),
            "bigM": 1e6,
            "cost_interest_rate": per(site["site"]["wacc"], "costs", "monetary"),
        },
        "techs": techs,
        "nodes": {"campus": {"techs": dict.fromkeys(techs)}},
        "data_tables": {
            "demand": {
                "data": "demand",
                "rows": "timesteps",
                "columns": ["techs", "nodes"],
                "add_dims": {"parameters": "sink_use_equals"},
            }
        },
    }


def main() -> None:
    logging.disable(logging.WARNING)
    job = json.loads(sys.argv[1])
    began = time.perf_counter()
    site = json.loads(Path(job["site"]).read_text(encoding="utf-8"))
    demand_mw = pd.read_csv(Path(job["site"]).with_name("series.csv"))["demand_mw"]
    hours = len(demand_mw)
    index = pd.date_range(site["time"]["start"], periods=hours, freq="h", name="timesteps")
    columns = pd.MultiIndex.from_tuples([("load", "campus")], names=["techs", "nodes"])
    table = pd.DataFrame(demand_mw.to_numpy()[:, None], index=index, columns=columns)
    model = calliope.read_dict(definition(site), data_table_dfs={"demand": table})
    model.build()
    highs = highspy.Highs()
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model.lp")
        model.backend.to_lp(file)
        highs.readModel(file)
    built_s = time.perf_counter() - began
    options = {"mip_rel_gap": job["gap"], "time_limit": job["time_limit_s"], "output_flag": False}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.run()
    info = highs.getInfo()
    scale = HOURS_PER_YEAR / hours
    cost, bound = info.objective_function_value, info.mip_dual_bound
    has_plan = info.primal_solution_status == HAS_PLAN and math.isfinite(cost)
    gap = (cost - bound) / cost if has_plan else None
    is_done = gap is not None and gap <= job["gap"] * (1 + 1e-6)
    answer = {
        "total_s": time.perf_counter() - began,
        "build_s": built_s,
        "status": "optimal" if is_done else "feasible" if has_plan else "no_plan",
        "objective_usd": cost * scale if has_plan else None,
        "bound_usd": bound * scale if math.isfinite(bound) else None,
        "gap": gap,
    }
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
