"""What `optmix explain --save` keeps in OUT, and how the report shows it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from report.pages import elements
from report.sites import ONE
from typer.testing import CliRunner

from optmix.cli.app import app
from optmix.errors import InputError
from optmix.explain.records import Explanation, LimitUse, RunnerUp, Step
from optmix.report.explain_file import result_sha256, save_explanation
from optmix.report.html.page import html_report
from optmix.report.read_out import read_report

Solved = Callable[..., Path]

TOO_SMALL = "@edge/infeasible-capacity"

TOLD = Explanation(
    name="one-engine",
    status="optimal",
    is_complete=False,
    runners_up=(RunnerUp(mix={"engine-5mw": 4, "grid": 12.5}, cost_usd=123_456, above_frac=0.012),),
    steps=(
        Step(
            name="engine-5mw",
            count=3,
            change=1,
            status="optimal",
            cost_usd=9e5,
            difference_usd=654_321,
            low_usd=600_001,
            high_usd=700_002,
        ),
    ),
    limits=(LimitUse(field="x", what="the most", unit="MW", limit=7.25, worth_fixed_usd=31_337),),
    notes=("Beware of the worth.",),
)


@pytest.fixture
def out(solved: Solved, tmp_path: Path) -> Path:
    return Path(shutil.copytree(solved(*ONE), tmp_path / "out"))


def hash_in(out: Path) -> str:
    return result_sha256((out / "result.json").read_bytes())


def words(out: Path) -> str:
    return " ".join(elements(html_report(read_report(out))).words)


def test_what_was_saved_is_on_the_page(out: Path) -> None:
    assert "optmix explain OUT --save" in words(out)
    assert save_explanation(out, TOLD, hash_in(out)) == out / "explain.json"
    page = html_report(read_report(out))
    shown = {figure.text: figure.unit for figure in elements(page).figures}
    wanted = {"123,456": "USD/yr", "12.50": "MW", "654,321": "USD/yr", "7.25": "MW"}
    wanted |= {"600,001": "USD/yr", "700,002": "USD/yr", "31,337": "USD/yr"}
    assert wanted.items() <= shown.items()
    assert "4&nbsp;engine-5mw" in page
    assert "Not everything was tried in the time given" in page
    assert "Beware of the worth." in page
    assert "shows other mixes, one more and one fewer" not in page


def test_an_explanation_of_another_result_is_left_out_with_a_warning(out: Path) -> None:
    save_explanation(out, TOLD, hash_in(out))
    result = json.loads((out / "result.json").read_bytes())
    (out / "result.json").write_text(json.dumps(result | {"seed": 5}), encoding="utf-8")
    assert read_report(out).explanation is None
    assert "does not speak of this result.json" in words(out)
    assert "Beware of the worth." not in words(out)
    told = CliRunner().invoke(app, ["report", str(out)])
    assert told.exit_code == 0
    assert "warning: explain.json does not speak of this result.json" in told.stderr


def test_a_result_that_came_meanwhile_is_not_explained(out: Path) -> None:
    with pytest.raises(InputError, match="another result while its first one"):
        save_explanation(out, TOLD, "0" * 64)
    assert not (out / "explain.json").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "explain.json: "),
        ("{no json", "explain.json: "),
        ('{"status": "optimal", "steps": 5}', "explain.json: steps"),
        ('{"status": "optimal", "runners_up": [{"mix": {}}]}', "explain.json: runners_up.0"),
        ('{"status": "optimal", "colour": 1}', "explain.json: colour"),
        ('{"status": "optimal", "screens": [{"where": 1}]}', "explain.json: screens.0"),
    ],
)
def test_what_is_no_explanation_is_an_error_with_its_place(out: Path, text: str, said: str) -> None:
    (out / "explain.json").write_text(text, encoding="utf-8")
    told = CliRunner().invoke(app, ["report", str(out)])
    assert told.exit_code == 3
    assert said in told.stderr
    assert "this is no explanation" in told.stderr
    assert "what `optmix explain OUT --save` writes" in told.stderr
    assert "Traceback" not in told.stderr


def test_explain_saves_what_it_prints_and_solve_may_replace_it(out: Path) -> None:
    told = CliRunner().invoke(app, ["explain", str(out), "--save", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == json.loads((out / "explain.json").read_bytes())
    assert f"wrote {out / 'explain.json'}" in told.stderr
    assert "One more or one fewer of a type" in words(out)
    again = CliRunner().invoke(app, ["solve", *ONE, "-o", str(out), "-q"])
    assert again.exit_code == 0, again.output
    assert not (out / "explain.json").exists()


def test_save_is_for_all_of_a_solved_folder(out: Path) -> None:
    of_site = CliRunner().invoke(app, ["explain", *ONE, "--save"])
    of_rule = CliRunner().invoke(app, ["explain", str(out), "--rule", "x", "--save"])
    assert of_site.exit_code == of_rule.exit_code == 2
    assert "is for a solved folder" in of_site.output
    assert "leave out --rule" in of_rule.output


def test_the_causes_that_solve_saw_stay(solved: Solved, tmp_path: Path) -> None:
    out = Path(shutil.copytree(solved(TOO_SMALL), tmp_path / "none"))
    solve_said = json.loads((out / "explain.json").read_bytes())
    assert solve_said["result_sha256"] == hash_in(out)
    assert solve_said["screens"]
    later = Explanation(name="none", status="infeasible", notes=("Found later.",))
    save_explanation(out, later, hash_in(out))
    assert json.loads((out / "explain.json").read_bytes())["screens"] == solve_said["screens"]
    assert "Found later." in words(out)
