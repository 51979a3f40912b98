import math

import pytest

from optmix.cli.values import parse_gap, parse_setting, parse_time_s


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("0.1%", 0.001),
        ("0.001", 0.001),
        ("1e-4", 0.0001),
        ("0", 0.0),
        (" 5 % ", 0.05),
        ("99.9%", 0.999),
        ("1e-2%", 1e-4),
    ],
)
def test_a_gap_is_a_share_or_a_percentage(text: str, gap: float) -> None:
    assert parse_gap(text) == gap


@pytest.mark.parametrize("text", ["", "%", "small", "-1%", "1", "100%", "5", "nan", "inf", "0.1%%"])
def test_what_is_no_gap_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no gap|is not from 0 to 1"):
        parse_gap(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("0.5", 0.5),
        ("10m", 600),
        ("2h", 7200),
        ("1d", 86400),
        ("1h30m", 5400),
        ("1 H 30 M", 5400),
        ("1.5h", 5400),
    ],
)
def test_a_time_is_seconds_unless_it_says_otherwise(text: str, seconds: float) -> None:
    assert parse_time_s(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "0s", "-5", "10 min", "h", "nan", "inf", "m10"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time|is not a time above 0"):
        parse_time_s(text)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("demand.peak_mw=20", "demand.peak_mw", 20),
        ("wacc = 0.08", "wacc", 0.08),
        ("a=true", "a", True),
        ("a=[1, 2]", "a", [1, 2]),
        ('a="b=c"', "a", "b=c"),
        ("a=b=c", "a", "b=c"),
        ("site.timezone=America/Chicago", "site.timezone", "America/Chicago"),
        ("a=", "a", ""),
        ("a=1\nb=2", "a", "1\nb=2"),
        ("a=1 # one", "a", 1),
    ],
)
def test_a_setting_is_a_key_and_a_value_of_toml_or_text(text: str, key: str, value: object) -> None:
    assert parse_setting(text) == (key, value)


def test_a_setting_keeps_the_type_of_a_number() -> None:
    assert isinstance(parse_setting("a=1")[1], int)
    assert isinstance(parse_setting("a=1.0")[1], float)
    assert math.isnan(parse_setting("a=nan")[1])


@pytest.mark.parametrize("text", ["", "a", "=1"])
def test_a_setting_without_key_or_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not key=value"):
        parse_setting(text)
