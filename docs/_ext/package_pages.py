"""Add every module of a package to the page that lists them, so that none is left out."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGES = {
    "reference/bench": "optmix.bench",
    "reference/decomposition": "optmix.solve.decomposition",
}


# Sphinx would take it for the type of that name wherever a signature has one.
LEFT_OUT = {"optmix.bench.race": "set"}


def modules(package: str) -> list[str]:
    """Return the names of all modules of a package."""
    path = importlib.import_module(package).__path__
    return [f"{package}.{found.name}" for found in pkgutil.iter_modules(path)]


def section(module: str) -> str:
    """Return the part of a page that documents a module."""
    title = module.rpartition(".")[2]
    options = "   :members:\n"
    if module in LEFT_OUT:
        options += f"   :exclude-members: {LEFT_OUT[module]}\n"
    return f"## {title}\n\n```{{eval-rst}}\n.. automodule:: {module}\n{options}```"


def add_to_page(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the modules to their page as Sphinx reads it."""
    if docname in PAGES:
        parts = [source[0], *(section(module) for module in modules(PAGES[docname]))]
        source[0] = "\n\n".join(parts) + "\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
