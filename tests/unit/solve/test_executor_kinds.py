"""What a solve takes for an executor: one, or what makes one."""

from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from optmix.errors import InputError
from optmix.solve.api import _maker
from optmix.solve.decomposition.shared_executor import SharedExecutor


class Mine(Executor):
    """Has a method `submit`, as a class too."""


def test_a_class_makes_an_executor_for_each_worker() -> None:
    make = _maker(Mine)
    assert make is not None
    assert isinstance(make(), Mine)
    assert make() is not make()


def test_an_executor_serves_all_workers() -> None:
    with ThreadPoolExecutor(1) as given:
        make = _maker(given)
        assert make is not None
        assert isinstance(make(), SharedExecutor)


def test_what_runs_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="runs nothing"):
        _maker(3)
