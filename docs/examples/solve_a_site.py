"""Solve a site, look at the plan, and ask what a change would cost."""

# %% A site that ships with optmix, with dearer gas
import optmix as om

site = om.load_site("@tutorial/engine-battery", {"fuel.price_usd_per_mmbtu": 5.0})

# %% The plan: what is built, what it costs, and how far that is proven
result = om.solve(site, gap=1e-3)
print(f"{result.name}: {result.status}")
print(f"cost {result.objective_usd:,.0f} USD/yr, none below {result.bound_usd:,.0f} USD/yr")
print(f"{result.lcoe_usd_per_mwh:.2f} USD/MWh served")
print("units:", result.mix.units, "battery modules:", result.mix.battery)

# %% How it runs: a DataFrame with units in the names of its columns
shown = ["time", "demand_mw", "engine-5mw.output_mw", "battery-2h.soc_mwh"]
print(result.dispatch[shown].head(3).to_string(index=False))

# %% Charts are figures of Plotly; in a notebook they show themselves
result.plot.dispatch().write_html("dispatch.html")
result.plot.duration().write_html("duration.html")

# %% What if batteries cost four times as much?
dearer = om.load_site("@tutorial/engine-battery", {"battery.battery-2h.capex_usd_per_kwh": 800.0})
other = om.solve(dearer, gap=1e-3)
print("with dearer batteries:", other.mix.units, other.mix.battery)
