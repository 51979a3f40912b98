"""How a site is solved: hand-off to solvers, solver profiles, methods, progress and limits."""
