"""Texas Senate Bill 6 of 2025: large loads that ask for a connection to the grid of ERCOT."""
