"""Which method solves a site."""

from dataclasses import replace

import numpy as np
import pytest

from optmix.data.build import build_case
from optmix.data.case import Case
from optmix.data.timeline import Steps, lay_out
from optmix.errors import InputError
from optmix.schema.load import load_site
from optmix.solve.method import METHODS, choose_method
from optmix.solve.profiles import load_profile

HIGHS = load_profile("highs:fast")
GLPK = load_profile("glpk")


@pytest.fixture(scope="module")
def short() -> Case:
    return build_case(load_site("@tutorial/one-engine"))


def with_steps(case: Case, n: int, step_s: int, n_years: int = 1) -> Case:
    start = np.datetime64("2025-01-01T00:00:00", "s") + np.arange(n) * np.timedelta64(step_s, "s")
    years = [Steps(start, step_s, "UTC")] * n_years
    names = [str(year) for year in range(n_years)]
    return replace(case, axis=lay_out(years, names, [1 / n_years] * n_years))


@pytest.mark.parametrize(
    ("n", "step_s", "n_years", "method"),
    [
        (300, 3600, 1, "monolithic"),
        (301, 3600, 1, "decomposition"),
        (8760, 3600, 1, "decomposition"),
        (28, 86400, 1, "monolithic"),
        (29, 86400, 1, "decomposition"),
        (100, 3600, 3, "monolithic"),
        (101, 3600, 3, "decomposition"),
    ],
)
def test_auto_decomposes_what_has_many_steps_or_many_days(
    short: Case, n: int, step_s: int, n_years: int, method: str
) -> None:
    case = with_steps(short, n, step_s, n_years)
    assert choose_method("auto", case, HIGHS) == method
    assert choose_method("auto", case, GLPK) == "monolithic"


def test_auto_counts_steps_once_for_each_type(short: Case) -> None:
    case = with_steps(short, 168, 3600)
    assert choose_method("auto", case, HIGHS) == "monolithic"
    assert choose_method("auto", replace(case, units=case.units * 2), HIGHS) == "decomposition"


@pytest.mark.parametrize("n", [24, 8760])
def test_what_is_named_is_what_is_used(short: Case, n: int) -> None:
    case = with_steps(short, n, 3600)
    assert choose_method("monolithic", case, HIGHS) == "monolithic"
    assert choose_method("monolithic", case, GLPK) == "monolithic"
    assert choose_method("decomposition", case, HIGHS) == "decomposition"


def test_the_decomposition_needs_highs(short: Case) -> None:
    with pytest.raises(InputError, match="with HiGHS, not with GLPK") as caught:
        choose_method("decomposition", short, GLPK, where="site.toml:7")
    (problem,) = caught.value.problems
    assert problem.where == "site.toml:7"
    assert "monolithic" in problem.allowed


def test_a_name_that_is_no_method_is_refused(short: Case) -> None:
    with pytest.raises(InputError, match='no method "decompositon"') as caught:
        choose_method("decompositon", short, HIGHS)
    (problem,) = caught.value.problems
    assert problem.allowed == ", ".join(METHODS)
    assert problem.hint == 'did you mean "decomposition"?'
