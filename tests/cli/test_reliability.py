import json
from collections.abc import Callable

import pytest
from typer.testing import Result

Cli = Callable[..., Result]

SITE = "@tutorial/n-plus-one"
OUTAGES = ("--set", "unit.engine-5mw.forced_outage_frac=0.1")


def test_a_fleet_is_assessed_on_one_screen(cli: Cli) -> None:
    told = cli("reliability", SITE, "--mix", "engine-5mw=6", *OUTAGES, "-q")
    assert (told.exit_code, told.stderr) == (0, "")
    for part in ("n-plus-one: 6 engine-5mw", "loss of load, h", "N+1", "exact up to rounding"):
        assert part in told.stdout


def test_the_same_as_json(cli: Cli) -> None:
    told = cli("reliability", SITE, "--mix", "engine-5mw=6,turbine-10mw=0", *OUTAGES, "--json")
    assert told.exit_code == 0
    assert "stand for a year" in told.stderr
    found = json.loads(told.stdout)
    assert found["site"] == "n-plus-one"
    assert found["mix"]["units"] == {"engine-5mw": 6, "turbine-10mw": 0}
    reliability = found["reliability"]
    assert reliability["interval_kind"] == "exact"
    # Demand is 18 MW for 12 h, 24 MW for 12 h: four or five of six engines are needed.
    assert reliability["lole_low_h"] <= reliability["lole_h"] <= reliability["lole_high_h"]
    assert reliability["hours"] == 8760


@pytest.mark.parametrize(
    ("mix", "code", "said"),
    [
        ("engine-5=6", 3, 'did you mean "engine-5mw"?'),
        ("engine-5mw=1.5", 3, "a whole number"),
        ("grid=5", 3, "the site has no grid tie"),
        ("engine-5mw", 2, "is not name=number"),
        ("engine-5mw=1,engine-5mw=2", 2, "stands twice"),
        ("engine-5mw=x", 2, "is not name=number"),
    ],
)
def test_a_mix_that_cannot_be_is_refused(cli: Cli, mix: str, code: int, said: str) -> None:
    told = cli("reliability", SITE, "--mix", mix)
    assert told.exit_code == code
    assert said in " ".join(told.stderr.replace("│", " ").split())
    assert told.stdout == ""


def test_more_than_is_on_offer_is_a_warning(cli: Cli) -> None:
    told = cli("reliability", SITE, "--mix", "engine-5mw=40")
    assert told.exit_code == 0
    assert "more than its n_max" in told.stderr
