"""Least-cost on-site generation mix for large electrical loads.

The public API and nothing else. Names are loaded at first use, so that ``import optmix`` and
``optmix --help`` import neither pandas nor Pyomo.

>>> import optmix as om
>>> callable(om.solve)
True
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from optmix._version import __version__

if TYPE_CHECKING:
    from optmix.explain.api import explain
    from optmix.explain.records import Explanation
    from optmix.portfolio.api import solve_portfolio
    from optmix.reliability.assess import assess
    from optmix.reliability.fleet import Fleet
    from optmix.reliability.result import ReliabilityResult
    from optmix.schema.load import load_site
    from optmix.schema.result import Result
    from optmix.solve.api import solve
    from optmix.verify.files import verify_out

__all__ = [
    "Explanation",
    "Fleet",
    "ReliabilityResult",
    "Result",
    "__version__",
    "assess",
    "explain",
    "load_site",
    "solve",
    "solve_portfolio",
    "verify_out",
]

_HOMES = {
    "Explanation": "optmix.explain.records",
    "Fleet": "optmix.reliability.fleet",
    "ReliabilityResult": "optmix.reliability.result",
    "Result": "optmix.schema.result",
    "assess": "optmix.reliability.assess",
    "explain": "optmix.explain.api",
    "load_site": "optmix.schema.load",
    "solve": "optmix.solve.api",
    "solve_portfolio": "optmix.portfolio.api",
    "verify_out": "optmix.verify.files",
}


class _PublicApi(ModuleType):
    """The class of this module, which keeps a public name from being shadowed by a subpackage.

    Importing anything under ``optmix.solve`` makes Python bind the subpackage to the attribute
    ``solve`` of ``optmix``, where the function belongs. Those bindings are dropped;
    ``from optmix.solve import api`` finds the subpackage without them.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


sys.modules[__name__].__class__ = _PublicApi
