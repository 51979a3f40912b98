"""Size several campuses at once, and see who gets scarce engines."""

# %% Three campuses as variations of one site; engines are scarce
from pathlib import Path

import optmix as om

Path("portfolio.toml").write_text(
    """
schema_version = 1
name = "three campuses"
base = "@tutorial/one-engine"

[sweep]
over."fuel.price_usd_per_mmbtu" = [3.0, 4.0, 5.0]
over."demand.voll_usd_per_mwh" = [300.0]

[[shared.equipment]]
name = "engines"
family = "high-speed-engine"
n_max = 5
""",
    encoding="utf-8",
)

# %% The same call goes on where an earlier run was broken off
result = om.solve_portfolio("portfolio.toml", "out", workers=2)
print(f"{result.totals.n_solved} of {result.totals.n_sites} solved")
print(f"{result.totals.objective_usd:,.0f} USD/yr together")

# %% Who gets what, and what one more would be worth
(engines,) = result.shared.limits
print("engines by site:", engines.by_site)
if engines.one_more is not None:
    print(f"one more is worth {engines.one_more.value_usd_per_yr:,.0f} USD/yr")

# %% Each site has a folder of its own, which can be verified without a solver
for site in result.sites:
    checked = om.verify_out(Path("out") / "sites" / site.name)
    print(site.name, site.mix.units if site.mix else "no plan", len(checked.findings), "violations")
