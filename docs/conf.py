"""How Sphinx builds the documentation."""

from sphinx.application import Sphinx

from optmix import __version__

project = "optmix"
author = "The optmix developers"
project_copyright = f"2026, {author}"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"optmix {release}"

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

# Signatures carry the types; descriptions carry units and shapes.
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_custom_sections = [("Shape", "params_style"), ("Units", "params_style"), "Source"]


def keep_header_lines(  # the signature is Sphinx's
    _app: object, what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Show what a concept adds and needs as the lines its docstring has, not as one paragraph."""
    if what == "module":
        lines[:] = [f"| {line}" if line.startswith(("Adds ", "Needs ")) else line for line in lines]


def setup(app: Sphinx) -> None:
    """Connect what this file adds."""
    app.connect("autodoc-process-docstring", keep_header_lines)
