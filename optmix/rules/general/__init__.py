"""Targets that a planner may set anywhere; none of them is law."""
