"""The answer on one screen, for each way a solve can end."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

import optmix as om
from optmix.data.build import build_case
from optmix.report.files import Report
from optmix.report.summary import result_summary, verification_summary
from optmix.schema.result import Certificate, Finding
from optmix.verify.check import verify_plan
from optmix.verify.files import FileVerification


def rendered(renderable: RenderableType, width: int = 80) -> str:
    stream = StringIO()
    Console(file=stream, width=width, markup=False).print(renderable)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert max(map(len, lines)) <= width
    return " ".join(" ".join(lines).split())


@pytest.fixture(scope="module")
def report() -> Report:
    """A campus with engines, batteries and a grid tie, solved roughly."""
    site = om.load_site(
        "@texas/grid-300mw-fortnight", {"time.hours": 6, "battery[0].n_min": 2, "solve.gap": 0.05}
    )
    result = om.solve(site)
    assert result.mix is not None
    return Report(site=site, case=build_case(site), result=result)


def changed(report: Report, **update: object) -> Report:
    result = report.result.model_copy(update=update)
    return Report(site=report.site, case=report.case, result=result, explanation=report.explanation)


def test_everything_built_is_shown_with_its_size(report: Report) -> None:
    text = rendered(result_summary(report))
    mix = report.result.mix
    for unit in report.case.units:
        n = mix.units[unit.name]
        size = f"{n * unit.net_rating_mw:,.2f}".rstrip("0").rstrip(".")
        assert (f"{unit.name} {n} {size}" in text) == (n > 0)
    battery = report.case.batteries[0]
    n = mix.battery[battery.name]
    assert f"{battery.name} {n} {n * battery.module_mw:g} {n * battery.module_mwh:g}" in text
    assert ("grid withdrawal" in text) == (mix.grid_withdrawal_mw > 0)


def test_every_cost_line_that_matters_is_shown(report: Report) -> None:
    text = rendered(result_summary(report), width=120)
    shown = [usd for usd in report.result.costs_usd.values() if abs(usd) >= 0.5]
    assert shown
    for usd in shown:
        assert f" {usd:,.0f} " in text
    assert f"all {report.result.objective_usd:,.0f}" in text


def test_the_proof_and_the_check_are_shown(report: Report) -> None:
    text = rendered(result_summary(report, Path("here")))
    assert f"at most {report.result.gap:.3%} above the best possible cost" in text
    assert f"0 violations of {report.result.n_checks:,} checks" in text
    assert text.endswith("Files here/")


def test_a_plan_without_a_bound_does_not_claim_a_proof(report: Report) -> None:
    told = changed(report, status="feasible", gap=None, bound_usd=None)
    text = rendered(result_summary(told))
    assert "a plan, not proven to the gap asked for" in text
    assert "Proof none: the solver gave no bound" in text


CERTIFICATE = Certificate(
    how="cuts of 53 windows",
    bound_usd=2_000_500.0,
    relaxed_bound_usd=1_999_000.0,
    rounds=1,
    windows=53,
    cuts=1901,
    fleets=2,
    workers=2,
    seconds={"build": 2.04, "relax": 8.0},
)


def test_a_certificate_is_shown_in_two_lines(report: Report) -> None:
    text = rendered(result_summary(changed(report, certificate=CERTIFICATE)))
    assert (
        "Bound cuts of 53 windows; lifted from 1,999,000 USD by windows solved with integers "
        "Search 1 round, 53 windows, 1,901 cuts, 2 fleets, 2 workers; seconds: build 2.0, relax 8.0"
    ) in text


@pytest.mark.parametrize("update", [{"relaxed_bound_usd": None}, {"bound_usd": 1_999_000.0}])
def test_a_bound_that_was_not_lifted_is_not_called_so(
    report: Report, update: dict[str, float | None]
) -> None:
    certificate = CERTIFICATE.model_copy(update=update)
    text = rendered(result_summary(changed(report, certificate=certificate)))
    assert "Bound cuts of 53 windows Search" in text


def test_a_plan_without_a_certificate_has_no_such_lines(report: Report) -> None:
    text = rendered(result_summary(report))
    assert "Bound" not in text
    assert "Search" not in text


def test_warnings_are_shown_as_they_are(report: Report) -> None:
    told = changed(report, warnings=("watch [bold]this[/bold]",))
    assert "Warning watch [bold]this[/bold]" in rendered(result_summary(told))


def test_without_a_plan_there_is_a_reason(report: Report) -> None:
    nothing = {"mix": None, "objective_usd": None, "lcoe_usd_per_mwh": None, "costs_usd": {}}
    told = changed(report, status="infeasible", reason="proven so", **nothing)
    screens = [
        {"severity": "error", "what": "too little", "where": "site.toml:3"},
        {"severity": "warning", "what": "odd", "where": "site.toml:4"},
    ]
    why = Report(
        site=told.site, case=told.case, result=told.result, explanation={"screens": screens}
    )
    text = rendered(result_summary(why))
    assert "infeasible: no plan exists Reason proven so Cause site.toml:3: too little" in text
    assert "odd" not in text
    assert "Annual cost" not in text


def test_findings_are_listed_up_to_a_limit(report: Report) -> None:
    from optmix.data.plan_io import frame_to_plan

    plan = frame_to_plan(report.result.dispatch, report.result.mix, report.case)
    findings = tuple(
        Finding(
            equation=f"BAL-{n}", what="off", subject="bus", step=n, excess=1.5, unit="MW", n_steps=n
        )
        for n in range(1, 26)
    )
    checked = FileVerification(
        folder=Path(),
        result=report.result,
        verification=verify_plan(report.case, plan),
        findings=findings,
    )
    text = rendered(verification_summary(checked))
    assert "25 violations of" in text
    assert "BAL-20" in text
    assert "BAL-21" not in text
    assert "and 5 more" in text
    assert "1.5 MW 2 and 1 more" in text
