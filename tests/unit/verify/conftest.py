"""Cases with correct plans, made by hand; `factory.py` tells what each is about."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from optmix.data.case import Case
from optmix.data.plan import Plan


def load_factory() -> ModuleType:
    # Tests are no packages, so what they share is loaded by its path.
    path = Path(__file__).with_name("factory.py")
    spec = importlib.util.spec_from_file_location("verify_factory", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


FACTORY = load_factory()
SCENES: dict[str, Callable[[], tuple[Case, Plan]]] = FACTORY.SCENES


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    return FACTORY


@pytest.fixture(scope="session")
def scenes() -> dict[str, tuple[Case, Plan]]:
    return {name: make() for name, make in SCENES.items()}


@pytest.fixture(scope="session", params=SCENES)
def scene(
    request: pytest.FixtureRequest, scenes: dict[str, tuple[Case, Plan]]
) -> tuple[Case, Plan]:
    return scenes[request.param]
