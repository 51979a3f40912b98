"""Cases with correct plans, made by hand; `scenes.py` tells what each is about."""

import pytest
from unit.verify.plans import Scene
from unit.verify.scenes import SCENES


@pytest.fixture(scope="session")
def scenes() -> dict[str, Scene]:
    return {name: make() for name, make in SCENES.items()}


@pytest.fixture(scope="session", params=SCENES)
def scene(request: pytest.FixtureRequest, scenes: dict[str, Scene]) -> Scene:
    return scenes[request.param]
