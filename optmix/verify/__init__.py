"""A second opinion on any plan: every equation and every cost, recomputed with numpy alone.

Written from the description of the site model and not from the code that builds it, so that a
mistake in one does not hide in the other.
"""
