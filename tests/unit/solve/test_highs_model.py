from pathlib import Path

import highspy
import numpy as np
import pytest

from optmix.errors import InputError, SchemaError, SolverError
from optmix.solve.highs_model import apply_options, check_options, new_highs
from optmix.solve.highs_run import run_highs
from optmix.solve.linear_program import LinearProgram


@pytest.fixture
def everything() -> LinearProgram:
    """Every kind of row, bound and column, and an offset."""
    inf = np.inf
    return LinearProgram.from_matrix(
        [1.0, -2.0, 3.0, 0.5],
        [[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1], [0, 0, 1, -1]],
        row_bounds=([1.0, -inf, 2.0, -3.0], [1.0, 4.0, inf, 5.0]),
        col_bounds=([-inf, 0.0, -2.0, 1.0], [inf, 7.0, 3.0, 1.0]),
        is_integer=[False, True, False, True],
        offset=11.0,
    )


def read(path: Path) -> highspy.Highs:
    highs = new_highs()
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    assert highs.run() == highspy.HighsStatus.kOk
    return highs


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_a_file_has_the_same_optimum(
    everything: LinearProgram, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"model{suffix}"
    everything.write(file)
    claim = run_highs(everything, {"mip_rel_gap": 0.0})
    assert claim.values is not None
    optimum = everything.objective(claim.values)
    assert read(file).getObjectiveValue() == pytest.approx(optimum)


def test_an_mps_file_holds_the_same_arrays(everything: LinearProgram, tmp_path: Path) -> None:
    file = tmp_path / "model.mps"
    everything.write(file)
    lp = read(file).getLp()
    assert list(lp.col_lower_) == everything.col_lower.tolist()
    assert list(lp.col_upper_) == everything.col_upper.tolist()
    assert list(lp.row_lower_) == everything.row_lower.tolist()
    assert list(lp.row_upper_) == everything.row_upper.tolist()
    assert lp.offset_ == everything.offset


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_names_that_a_format_forbids_are_mended_and_stay_distinct(
    everything: LinearProgram, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"model{suffix}"
    everything.write(
        file,
        column_names=["on[1,a]", "on(1,a)", "free", "2 big"],
        row_names=["e1", "e1", "", "größe"],
    )
    lp = read(file).getLp()
    assert set(lp.col_names_) == {"on(1,a)", "on(1,a)#2", "_free", "_2_big"}
    # The LP format has no two-sided rows: HiGHS writes a lower and an upper one.
    sides = {"gr__e"} if suffix == ".mps" else {"gr__elo", "gr__eup"}
    assert set(lp.row_names_) == {"e1", "e1#2", "_"} | sides


def test_maximisation_is_kept(tmp_path: Path, knapsack: LinearProgram) -> None:
    file = tmp_path / "model.mps"
    knapsack.write(file)
    highs = new_highs()
    highs.readModel(str(file))
    assert highs.getLp().sense_ == highspy.ObjSense.kMaximize


def test_another_suffix_is_refused(everything: LinearProgram, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.mps or \.lp"):
        everything.write(tmp_path / "model.xml")


def test_a_folder_that_is_absent_is_told(everything: LinearProgram, tmp_path: Path) -> None:
    with pytest.raises(SolverError, match="is the folder there"):
        everything.write(tmp_path / "absent" / "model.mps")


def test_every_unknown_or_refused_option_is_named() -> None:
    options = {"mip_rel_gapp": 0.1, "presolve": "banana", "mip_rel_gap": -1.0, "threads": 1}
    with pytest.raises(SchemaError) as caught:
        check_options(options, where="highs.toml: profile.fast.options")
    first, second, third = caught.value.problems
    assert first.where == "highs.toml: profile.fast.options.mip_rel_gapp"
    assert first.hint.startswith('did you mean "mip_rel_gap"')
    assert "'banana' for presolve" in second.what
    assert "-1.0 for mip_rel_gap" in third.what


def test_known_options_are_set() -> None:
    highs = new_highs()
    apply_options(highs, {"mip_rel_gap": 0.25, "presolve": "off", "threads": 1})
    apply_options(highs, {"mip_allow_restart": False})  # known, though not among `getOptions`
    options = highs.getOptions()
    assert (options.mip_rel_gap, options.presolve, options.threads) == (0.25, "off", 1)
