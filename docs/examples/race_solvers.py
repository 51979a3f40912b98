"""Race profiles of a solver over small sites, and rank them as the field does."""

# %% A race: two profiles, two sites
from pathlib import Path

from optmix.bench.instance import instances_of
from optmix.bench.race import Race
from optmix.bench.runner import run_one, runs_of
from optmix.bench.statistics import standings
from optmix.bench.summary import run_line, standing_cells

race = Race.model_validate(
    {
        "schema_version": 1,
        "title": "Two profiles",
        "purpose": "Is looking for plans first worth it on small sites?",
        "solvers": ["highs", "highs:fast"],
        "time_limits_s": [60.0],
        "instance": [{"site": "@tutorial/one-engine"}, {"site": "@tutorial/engine-battery"}],
    }
)

# %% Each run has a process of its own, and its plan is verified
rows = []
for run in runs_of(race, instances_of(race.instance, folder=Path())):
    rows.append(run_one(run))
    print(run_line(rows[-1]))

# %% The ranking: share solved, shifted geometric mean of time
scores = standings(rows)
for cells in standing_cells(scores):
    print("  ".join(cells))
