"""Equipment, capital and emissions that all sites of a portfolio share.

The least total cost within the shared limits is bracketed from both sides. A site solved under
prices of what is shared bounds its cost at every share it may get, and so does a site solved with a
given share for all smaller ones; both are cuts of a master whose whole-numbered optimum no
allocation can undercut. Each such solve also gives a plan, and the best combination of plans within
the limits is the allocation.
"""
