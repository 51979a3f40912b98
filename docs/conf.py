"""How Sphinx builds the documentation."""

import sys
from pathlib import Path

from optmix import __version__

project = "optmix"
author = "The optmix developers"
project_copyright = f"2026, {author}"
version = release = __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

extensions = [
    "catalog_pages",
    "benchmark_pages",
    "concept_pages",
    "myst_parser",
    "package_pages",
    "reference_pages",
    "rule_pages",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

html_theme = "furo"
html_static_path = ["_static"]
html_title = f"optmix {release}"

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

# Signatures carry the types; descriptions carry units and shapes.
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_attr_annotations = False
napoleon_custom_sections = [("Shape", "params_style"), ("Units", "params_style"), "Source"]
