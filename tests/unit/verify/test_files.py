"""A written plan is checked from its files alone, and broken files are refused with their place."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.verify.written import write_folder

from optmix.errors import InputError
from optmix.verify.files import FileVerification, verify_out


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("written"))


@pytest.fixture
def out(written: Path, tmp_path: Path) -> Path:
    """A copy of that folder, without anything beside it."""
    copy = tmp_path / "@out"
    shutil.copytree(written, copy)
    return copy


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewrite_cell(path: Path, row: int, column: str, value: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[row].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def rewrite_result(out: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = out / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def equations(checked: FileVerification) -> set[str]:
    return {finding.equation for finding in checked.findings}


def test_a_folder_is_checked_from_its_files_alone(out: Path) -> None:
    checked = verify_out(out)
    assert checked.findings == ()
    assert checked.is_correct
    assert checked.result.objective_usd == pytest.approx(checked.verification.objective_usd)


def test_the_folder_may_be_given_as_text_and_from_inside(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verify_out(str(out)).is_correct
    monkeypatch.chdir(out.parent)
    assert verify_out("@out").is_correct
    monkeypatch.chdir(out)
    assert verify_out(".").is_correct


@pytest.mark.parametrize(
    ("column", "value", "broken"),
    [
        ("engine.output_mw", "9.001", {"BAL-1", "FUE-1", "OUT-2"}),
        ("engine.online", "1", {"COM-2", "DIS-1"}),
        ("engine.starts", "1", {"COM-2"}),
        ("lfp-2h.soc_mwh", "0.5", {"BAT-2", "BAT-3"}),
        ("import_mw", "4.5", {"GRD-1", "BAL-1"}),
        ("unserved_mw", "0.5", {"UNS-1", "BAL-1"}),
        ("demand_mw", "10.999", {"OUT-11"}),
        ("headroom_mw", "0.5", {"OUT-11"}),
        ("headroom_mw", "plenty", {"OUT-11"}),
    ],
)
def test_a_changed_cell_of_the_dispatch(
    out: Path, column: str, value: str, broken: set[str]
) -> None:
    rewrite_cell(out / "dispatch.csv", 20, column, value)
    checked = verify_out(out)
    assert broken <= equations(checked)
    steps = {finding.step for finding in checked.findings if finding.equation[:3] != "OUT"}
    assert steps <= {19, 20}


@pytest.mark.parametrize("column", ["mw", "mwh"])
def test_a_changed_size_in_the_mix(out: Path, column: str) -> None:
    rewrite_cell(out / "mix.csv", 1, column, "12.5")
    assert equations(verify_out(out)) == {"OUT-11"}


def test_a_changed_count_in_the_mix(out: Path) -> None:
    rewrite_cell(out / "mix.csv", 1, "count", "3")
    assert {"OUT-1", "OUT-2", "OUT-4", "OUT-11"} <= equations(verify_out(out))


def test_a_changed_withdrawal(out: Path) -> None:
    rewrite_cell(out / "mix.csv", 3, "mw", "1.5")
    assert {"GRD-1", "OUT-1"} <= equations(verify_out(out))


def test_a_changed_site_has_another_hash(out: Path) -> None:
    rewrite(out / "site.resolved.toml", "vom_usd_per_mwh = 10.0", "vom_usd_per_mwh = 11.0")
    assert {"OUT-10", "OUT-2", "OUT-4"} <= equations(verify_out(out))


def test_a_changed_series_has_another_hash(out: Path) -> None:
    (series,) = (out / "inputs").iterdir()
    rewrite(series, "T05:00,6.0", "T05:00,6.5")
    assert {"OUT-10", "BAL-1", "OUT-11"} <= equations(verify_out(out))


def test_a_changed_result(out: Path) -> None:
    rewrite_result(out, lambda result: result["costs_usd"].update(fuel=1.0))
    assert equations(verify_out(out)) == {"OUT-2", "OUT-3"}


def test_figures_beyond_belief_are_findings_too(out: Path) -> None:
    rewrite_cell(out / "dispatch.csv", 5, "import_mw", "1e300")
    checked = verify_out(out)
    assert {"PLAN-3"} <= equations(checked)


def problems(out: Path) -> list[Any]:
    with pytest.raises(InputError) as caught:
        verify_out(out)
    assert all(problem.what and problem.where for problem in caught.value.problems)
    return list(caught.value.problems)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "nowhere")
    assert "does not exist" in problem.what
    assert "optmix solve" in problem.hint


def test_a_file_in_place_of_the_folder(out: Path) -> None:
    (problem,) = problems(out / "result.json")
    assert "is no folder" in problem.what


def test_an_empty_folder_lacks_everything(tmp_path: Path) -> None:
    names = ("site.resolved.toml", "mix.csv", "dispatch.csv", "result.json")
    assert len(problems(tmp_path)) == len(names)


@pytest.mark.parametrize(
    "name", ["site.resolved.toml", "mix.csv", "dispatch.csv", "result.json", "inputs/demand.csv"]
)
@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe\x00\x01"),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.write_text("[]\n", encoding="utf-8"),
    ],
    ids=["missing", "empty", "binary", "truncated", "folder", "nonsense"],
)
def test_a_damaged_file_is_refused_by_name(
    out: Path, name: str, damage: Callable[[Path], object]
) -> None:
    damage(out / name)
    told = "\n".join(map(str, problems(out)))
    assert Path(name).name in told or "its series have changed" in told


def test_a_series_cut_short_is_told_before_the_tables_that_no_longer_fit(out: Path) -> None:
    path = out / "inputs" / "demand.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:13]) + "\n", "utf-8")
    changed, misfit = problems(out)
    assert "the site or its series have changed" in changed.what
    assert misfit.where == "dispatch.csv"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"gap": 0.0', '"gap": "small"', "result.json (gap)"),
        ('"seed": 0', '"seed": 0, "extra": 1', "result.json (extra)"),
        ('"schema_version": 1', '"schema_version": 2', "result.json (schema_version)"),
        ('"seed": 0', '"seed": ', "result.json:"),
    ],
)
def test_a_result_that_is_not_valid_names_the_field(
    out: Path, old: str, new: str, place: str
) -> None:
    rewrite(out / "result.json", old, new)
    assert any(problem.where.startswith(place) for problem in problems(out))


@pytest.mark.parametrize("status", ["infeasible", "no_plan"])
def test_a_run_without_a_plan_says_so(out: Path, status: str) -> None:
    rewrite_result(out, lambda result: result.update(status=status))
    (problem,) = problems(out)
    assert "no plan to verify" in problem.what
    (out / "dispatch.csv").unlink()
    (problem,) = problems(out)
    assert "no plan to verify" in problem.what


@pytest.mark.parametrize("value", ["", "nan", "inf", "much", "0.5"])
def test_a_count_that_is_none_is_refused_with_its_row(out: Path, value: str) -> None:
    rewrite_cell(out / "dispatch.csv", 7, "engine.online", value)
    (problem,) = problems(out)
    assert problem.where == "dispatch.csv:row 8"
