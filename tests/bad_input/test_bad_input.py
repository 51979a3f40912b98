"""Every bad input is refused with a message that says what, where, what is allowed, and a hint."""

from pathlib import Path

import pytest
from bad_input.cases import CASES
from bad_input.kit import GOOD, GOOD_SERIES, BadInput, write_good

from optmix.errors import InputError, Problem
from optmix.schema.load import load_site


def assert_refuses(error: InputError, case: BadInput) -> None:
    assert any(says(problem, case) for problem in error.problems), told(error)
    for problem in error.problems:
        # Whatever is wrong, each message tells all four.
        assert all((problem.what, problem.where, problem.allowed, problem.hint)), str(problem)
    assert error.exit_code == 3


def says(problem: Problem, case: BadInput) -> bool:
    return all(
        getattr(case, part) in getattr(problem, part)
        for part in ("what", "where", "allowed", "hint")
    )


def told(error: InputError) -> str:
    return "\n".join(str(problem) for problem in error.problems)


@pytest.mark.parametrize("case", [c for c in CASES if c.stage == "load"], ids=lambda c: c.name)
def test_reading_refuses(case: BadInput, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_site(case.write(tmp_path))
    assert_refuses(caught.value, case)


@pytest.mark.parametrize("case", [c for c in CASES if c.stage == "data"], ids=lambda c: c.name)
def test_building_the_numbers_refuses(case: BadInput, tmp_path: Path) -> None:
    from optmix.rules.in_force import ready_case

    site = load_site(case.write(tmp_path))
    with pytest.raises(InputError) as caught:
        ready_case(site)
    assert_refuses(caught.value, case)


@pytest.mark.parametrize("base", [GOOD, GOOD_SERIES])
def test_the_site_that_all_cases_spoil_is_good(base: str, tmp_path: Path) -> None:
    from optmix.data.build import build_case

    case = build_case(load_site(write_good(tmp_path, base)))
    assert case.demand_mw.tolist() == [20.0] * 24


def test_case_names_are_distinct() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [c for c in CASES if c.stage == "load"], ids=lambda c: c.name)
def test_a_message_is_a_few_short_lines(case: BadInput, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_site(case.write(tmp_path))
    for problem in caught.value.problems:
        assert len(str(problem).splitlines()) <= 3
        assert max(map(len, str(problem).splitlines())) < 600
