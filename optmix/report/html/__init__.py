"""The report of a plan as one HTML file that needs no network."""
