import pickle
import subprocess
import sys

import pytest

import optmix


@pytest.mark.parametrize("name", optmix.__all__)
def test_every_public_name_can_be_loaded(name: str) -> None:
    assert name in dir(optmix)
    assert getattr(optmix, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'solv'"):
        _ = optmix.solv


@pytest.mark.parametrize(
    "first",
    ["import optmix.solve", "from optmix.solve import api", "from optmix import solve"],
)
def test_solve_is_the_function_whatever_was_imported_before(first: str) -> None:
    # A subpackage has the same name, and importing it would put it in the function's place.
    code = f"{first}; import optmix, inspect; assert inspect.isfunction(optmix.solve)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_solve_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(optmix.solve)) is optmix.solve  # noqa: S301 - our own bytes
