"""Races: instances, solver profiles, methods and seeds run against each other, each run apart."""
