"""What rules check with other parameters or on other sites than those of their scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from rules.kit import outcome_of
from rules.variants import VARIANTS
from unit.verify.plans import make_plan

from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case

NOW = np.array([False, True, False])


def broken(case: Case, rule_id: str, **plan: Any) -> set[str]:
    """Return what a plan with 20 MW of import, or as given, breaks of a rule."""
    given = {"withdrawal_mw": 30.0, "import_mw": 20.0, **plan}
    made = make_plan(case, given.pop("units", [2]), **given)
    return {each.what for each in verify_plan(case, made).findings if each.equation == rule_id}


@pytest.mark.parametrize(
    ("name", "plan", "said"),
    [
        ("sb6.firm-load-shed+export", {"export_mw": 5.0 * NOW}, "export while firm load is shed"),
        ("sb6.net-metering-review+export", {"export_mw": 5.0 * NOW}, "export under review"),
        ("tx.batch-timeline+export", {"export_mw": 5.0 * NOW}, "export before energization"),
        ("ercot.withdrawal-limit+export", {"export_mw": 5.0 * NOW}, "export above its limit"),
        ("fuel-security+no-import", {}, "import in an interruption of gas"),
        ("tx.batch-timeline+loss", {}, "the loss of one unit takes import above its cap"),
    ],
)
def test_a_plan_that_breaks_a_row_is_told_so(name: str, plan: dict[str, Any], said: str) -> None:
    variant = VARIANTS[name]
    assert said in broken(variant.case, variant.rule_id, **plan)
    kept = {"import_mw": 0.0, "withdrawal_mw": 0.0, "online": [2]}
    assert said not in broken(variant.case, variant.rule_id, **kept)


def test_what_is_emitted_is_counted_with_its_starts() -> None:
    """20 MWh of an hour at 0.5 lb and 2 starts of 2 lb, 2,920 times a year: 20.44 short tons."""
    variant = VARIANTS["air.site-tpy+actual"]
    plan = {
        "online": [2 * NOW],
        "output_mw": [20.0 * NOW],
        "import_mw": 20.0 * ~NOW,
    }
    made = make_plan(variant.case, [2], withdrawal_mw=30.0, **plan)
    found = outcome_of(verify_plan(variant.case, made), variant.rule_id)
    assert (found.status, found.margin) == ("fail", pytest.approx(9.0 - 20.44))
    assert broken(variant.case, variant.rule_id) == set()
