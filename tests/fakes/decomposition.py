"""A decomposition that solves in one piece, to test what is around the real one."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import ModuleType

import pytest

from optmix.data.case import Case
from optmix.schema.result import Certificate
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.proposal import Proposal
from optmix.solve.request import Request

HOW = "cuts of 53 windows"

CERTIFICATE = Certificate(
    how=HOW,
    bound_usd=1.0,  # other figures than those of the result, which must replace them
    objective_usd=2.0,
    gap=0.5,
    relaxed_bound_usd=1e6,
    rounds=17,
    windows=53,
    cuts=1901,
    fleets=1,
    workers=2,
    seconds={"build": 2.04, "relax": 8.0},
)


@dataclass
class FakeDecomposition:
    """Stands in for the real one, and keeps what it was asked.

    Attributes
    ----------
    spoil
        Makes its proposal one that is not true.
    requests
        What it was asked.
    """

    spoil: Callable[[Proposal], Proposal] = field(default=lambda proposal: proposal)
    requests: list[Request] = field(default_factory=list)

    def __call__(self, case: Case, request: Request) -> Proposal:
        self.requests.append(request)
        return self.spoil(replace(solve_monolithic(case, request), certificate=CERTIFICATE))


def fake_decomposition(monkeypatch: pytest.MonkeyPatch) -> FakeDecomposition:
    """Put the fake in the place of the real decomposition."""
    fake = FakeDecomposition()
    module = ModuleType("optmix.solve.decomposition.control")
    module.solve_decomposed = fake
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return fake
