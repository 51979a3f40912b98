"""Results compare by what `result.json` says."""

import pickle

import pandas as pd
import pytest

from optmix.schema.result import Result

FRAME = pd.DataFrame({"demand_mw": [1.0, 2.0]})


def a_result(**fields: object) -> Result:
    known = {
        "name": "a site",
        "status": "optimal",
        "objective_usd": 2.0,
        "bound_usd": 2.0,
        "gap": 0.0,
        "method": "monolithic",
        "solver": "highs",
        "seconds": {"solve": 1.0},
        "mix": None,
        "costs_usd": {"fuel": 2.0},
        "lcoe_usd_per_mwh": 1.0,
        "energy_mwh": {"demand": 2.0},
        "emissions": {},
        "input_sha256": "0" * 64,
        "seed": 0,
    }
    return Result.model_validate(known | fields)


@pytest.mark.parametrize("other", [a_result(), a_result().with_dispatch(FRAME + 1.0)])
def test_results_that_say_the_same_are_equal_whatever_is_attached(other: Result) -> None:
    result = a_result().with_dispatch(FRAME)
    assert result == other
    assert other == result
    assert result == result.with_dispatch(FRAME.copy())


def test_results_that_say_different_things_are_not_equal() -> None:
    result = a_result().with_dispatch(FRAME)
    assert result != a_result(seed=1).with_dispatch(FRAME)
    assert result != a_result(costs_usd={"fuel": 3.0})
    assert result != "a result"


def test_a_result_equals_itself_read_from_its_file() -> None:
    result = a_result().with_dispatch(FRAME)
    assert Result.model_validate_json(result.to_json()) == result


def test_a_table_is_attached_to_a_copy_and_travels_with_it() -> None:
    plain = a_result()
    result = plain.with_dispatch(FRAME)
    assert plain.dispatch is None
    assert result.dispatch is FRAME
    copy = pickle.loads(pickle.dumps(result))  # noqa: S301 - just made here
    assert copy.dispatch.equals(FRAME)
