"""Reading a page without a browser: its figures, its charts, and what it refers to."""

import base64
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass
class Figure:
    """A number as a page shows it."""

    value: float
    at: str
    scale: float
    text: str = ""
    unit: str = ""


@dataclass
class Elements(HTMLParser):
    """What a test wants to know of a page."""

    figures: list[Figure] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    charts: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "data":
            scale = float(values.get("data-scale", "1"))
            self.figures.append(Figure(float(values["value"]), values.get("data-at", ""), scale))
        if tag == "script" and values.get("type") != "application/json":
            self.scripts.append("")
        self.links += [values[name] for name in ("href", "src", "action") if name in values]
        self.ids += [values["id"]] if "id" in values else []
        if "data-chart" in values:
            self.charts[values["data-chart"]] = values["aria-label"]
        if tag in ("data", "span", "script", "style"):
            self._open.append("unit" if values.get("class") == "unit" else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("data", "span", "script", "style"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        within = self._open[-1] if self._open else ""
        if within == "data":
            self.figures[-1].text += data
        elif within == "unit":
            self.figures[-1].unit += data
        elif within == "script" and self.scripts:
            self.scripts[-1] += data
        elif within not in ("script", "style"):
            self.words.append(data)


@lru_cache(maxsize=16)
def elements(page: str) -> Elements:
    """Read a page."""
    found = Elements()
    found.feed(page)
    found.close()
    return found


def drawn(page: str) -> dict[str, Any]:
    """Return the charts of a page as its script gets them."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    charts: dict[str, Any] = json.loads(text)["charts"]
    return charts


def decoded(values: dict[str, str]) -> NDArray[np.float64]:
    """Return an array of a chart."""
    raw = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    return raw.astype(np.float64)
