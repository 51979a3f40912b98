"""The frame of every page: styles, scripts and data stand in the file, and no other is allowed."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from optmix._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jinja2 import Environment

    from optmix.report.html.charts import Chart

__all__ = ["framed"]

ASSETS = resources.files("optmix.report.html") / "assets"


def framed(
    template: str,
    charts: Iterable[Chart],
    scripts: Sequence[str] = ("report.js",),
    windows: Mapping[str, Mapping[str, float]] | None = None,
    **values: Any,
) -> str:
    """Return the text of a page.

    Parameters
    ----------
    template
        Its template, which extends ``frame.html.j2``.
    charts
        What is drawn on it. A page without charts comes without the library that draws.
    scripts
        Scripts of its own, by file name.
    windows
        Charts that are shown in parts: steps in all, steps shown, and hours a step.
    values
        What the template shows.
    """
    figures = {chart.id: chart.figure for chart in charts}
    texts = [*([_plotly()] if figures else []), *map(_asset, scripts)]
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            version=__version__,
            style=Markup(_asset("report.css")),  # noqa: S704 - a file of this package
            scripts=[Markup(text) for text in texts],  # noqa: S704 - files of installed packages
            script_hashes=" ".join(map(_hash, texts)) or "'none'",
            data=_data({"charts": figures, "windows": windows or {}}),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("optmix.report.html", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data(values: Mapping[str, Any]) -> Markup:
    """Return what the scripts draw, as JSON that cannot end the element it stands in."""
    text = json.dumps(values, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - made safe right here
