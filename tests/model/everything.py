"""A small Case made by hand, to read: every part of the model in six steps.

Golden files are drawn from it, so its figures are chosen to be recognised: no two quantities share
one.
"""

from __future__ import annotations

import numpy as np
from model.cases import (
    make_axis,
    make_battery,
    make_case,
    make_gas,
    make_grid,
    make_stock,
    make_tier,
    make_unit,
)

from optmix.data.case import Case, EmissionBudget, SecurityPolicy


def everything() -> Case:
    """Return a case with every part of the model, in six half-hour steps.

    Two operating years: *typical*, steps 0 to 3 over two days, two weeks and two months; *hot*,
    steps 4 and 5. Each stands for a whole year, so a step of the first is 0.75 * 8760 / 4 = 1642.5
    hours of the average year and one of the second 0.25 * 8760 / 2 = 1095.

    =========  ========================================================================
    turbine    gas, 10 MW (6 in step 5), minimum 4, ramp 3 a step, up 3 and down 2 steps
    genset     diesel, 2 MW gross, 1.9 net (1.7 in step 5), minimum 0.6, ramp 1.8 a step
    lfp        2.5 MW, 3.6 usable of 4 MWh
    grid       2 to 8 MW, export 3; half in step 3, none in step 0
    batch      fast tier, 1.2 MW (0.9 in the hot year)
    cooling    slow tier, 0.7 MW
    lng, tank  stocks of gas and diesel
    gas        negative price in step 1
    =========  ========================================================================
    """
    axis = make_axis(
        (4, 2),
        step_h=0.5,
        probability=(0.75, 0.25),
        month=(0, 0, 1, 1, 2, 2),
        week=(0, 0, 1, 1, 2, 2),
        day=(0, 0, 1, 1, 2, 2),
    )
    gas_price = (3.0, -0.5, 3.25, 3.5, 4.0, 4.5)
    turbine = make_unit(
        axis,
        name="turbine",
        n_min=1,
        n_max=3,
        rating_mw=10.0,
        net_rating_mw=10.0,
        pmax_mw=(10.0, 10.0, 9.0, 9.0, 8.0, 6.0),
        pmin_mw=4.0,
        fuel_factor=(1.0, 1.0, 1.02, 1.02, 1.04, 1.1),
        segment_alpha_mmbtu_per_h=(20.0, 15.0),
        segment_beta_mmbtu_per_mwh=(7.0, 8.0),
        fuel_price_usd_per_mmbtu=gas_price,
        ramp_mw_per_step=3.0,
        step_mw=1.5,
        min_up_steps=3,
        min_down_steps=2,
        start_fuel_mmbtu=30.0,
        start_cost_usd=400.0,
        vom_usd_per_mwh=4.0,
        capital_usd_per_yr=900_000.0,
        fom_usd_per_yr=110_000.0,
        site_capital_usd_per_yr=70_000.0,
        site_fixed_usd_per_yr=12_000.0,
        planned_outage_h=336.0,
        max_units_in_maintenance=2,
        lb_per_mwh={"nox": 0.6, "co": 0.3},
        lb_per_mmbtu={"co2": 117.0},
        lb_per_start={"nox": 5.0},
    )
    genset = make_unit(
        axis,
        name="genset",
        fuel="diesel",
        n_max=5,
        rating_mw=2.0,
        net_rating_mw=1.9,
        pmax_mw=(1.9, 1.9, 1.9, 1.9, 1.9, 1.7),
        pmin_mw=0.6,
        ramp_mw_per_step=1.8,
        segment_alpha_mmbtu_per_h=(1.8,),
        segment_beta_mmbtu_per_mwh=(8.5,),
        fuel_price_usd_per_mmbtu=21.0,
        step_mw=1.1,
        start_fuel_mmbtu=0.2,
        start_cost_usd=25.0,
        vom_usd_per_mwh=13.0,
        capital_usd_per_yr=160_000.0,
        fom_usd_per_yr=17_000.0,
        lb_per_mwh={"nox": 1.4, "co": 0.8},
        lb_per_mmbtu={"co2": 163.0},
    )
    return make_case(
        axis,
        name="everything",
        demand_mw=(14.0, 13.0, 16.0, 18.0, 15.0, 17.0),
        units=(turbine, genset),
        batteries=(
            make_battery(
                n_max=6,
                module_mw=2.5,
                usable_mwh=3.6,
                eta_charge=0.96,
                eta_discharge=0.95,
                retention=0.999,
                soc_min_frac=0.1,
                soc_max_frac=0.9,
                cycles_per_year=300.0,
                aux_mw=0.02,
                vom_usd_per_mwh=1.0,
                capital_usd_per_yr=130_000.0,
                fom_usd_per_yr=14_000.0,
            ),
        ),
        grid=make_grid(
            axis,
            withdrawal_max_mw=8.0,
            withdrawal_min_mw=2.2,
            export_max_mw=3.0,
            availability=(0.0, 1.0, 1.0, 0.5, 1.0, 1.0),
            import_price_usd_per_mwh=(40.0, 42.0, 44.0, 46.0, 80.0, 90.0),
            export_price_usd_per_mwh=(31.0, 32.0, 33.0, 34.0, 65.0, 75.0),
            demand_charge_usd_per_mw_month=5_000.0,
            coincident_charge_usd_per_mw_yr=60_000.0,
            coincident_weight=(0.0, 0.0, 0.3, 0.7, 0.0, 1.0),
            capital_usd_per_mw_yr=23_000.0,
            capital_fixed_usd_per_yr=190_000.0,
            security_carry_usd_per_mw_yr=3_300.0,
        ),
        tiers=(
            make_tier(
                axis,
                limit_mw=(1.2, 1.2, 1.2, 1.2, 0.9, 0.9),
                cost_usd_per_mwh=150.0,
                budget_mwh=(2190.0, 1752.0),
                is_fast=True,
            ),
            make_tier(axis, "cooling", limit_mw=0.7, cost_usd_per_mwh=220.0, budget_mwh=876.0),
        ),
        voll_usd_per_mwh=9_000.0,
        gas=make_gas(axis, gas_price, daily_max_mmbtu=180.0, hourly_max_mmbtu_per_h=240.0),
        stocks=(
            make_stock(
                name="lng",
                fuel="natural_gas",
                capacity_mmbtu=640.0,
                min_content_mmbtu=64.0,
                refill_max_mmbtu_per_h=9.0,
                withdrawal_max_mmbtu_per_h=45.0,
                price_usd_per_mmbtu=11.0,
                fixed_usd_per_yr=88_000.0,
            ),
            make_stock(price_usd_per_mmbtu=21.0, fixed_usd_per_yr=6_000.0),
        ),
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=True, swing_mw=1.3, bridge_h=0.25),
        maintenance_mode="scheduled",
        is_blackout_week=np.array([False, True, False]),
        emissions=(
            EmissionBudget("nox", cap_tpy=65.7, is_potential=False, price_usd_per_ton=2_000.0),
            EmissionBudget("co", cap_tpy=65.0, is_potential=True, price_usd_per_ton=0.0),
            EmissionBudget("co2", cap_tpy=175_000.0, is_potential=True, price_usd_per_ton=20.0),
        ),
    )
