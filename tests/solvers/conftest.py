"""Skip what needs a solver that is not installed here."""

import pytest

from optmix.solve.installed import availability


@pytest.fixture(autouse=True)
def _skip_without_the_solver(request: pytest.FixtureRequest) -> None:
    for marker in request.node.iter_markers("solver"):
        found = availability(marker.args[0])
        if not found.usable:
            pytest.skip(found.why_not)
