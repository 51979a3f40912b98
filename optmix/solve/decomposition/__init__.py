"""Solve a year window by window: sizes in a master, operation in windows, a certified gap."""
