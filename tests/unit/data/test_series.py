"""Series on steps: every rule of optmix.data.series, and every defect with its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optmix.data import tables
from optmix.data.series import Quantity, SeriesReader
from optmix.data.timeline import Steps
from optmix.errors import SchemaError, SeriesError
from optmix.schema.origin import Origin
from optmix.schema.series import SeriesRef

if TYPE_CHECKING:
    from pathlib import Path

MW = Quantity("demand in MW", lowest=0.0)
PRICE = Quantity("price of gas in USD/MMBtu", -1e5, 1e5, holds_gaps=True)
TEXAS = "America/Chicago"


def steps(start: str = "2025-01-01 00:00", n: int = 4, minutes: int = 60) -> Steps:
    first = pd.Timestamp(start, tz=TEXAS).tz_convert("UTC").tz_localize(None).as_unit("s")
    at = first.to_datetime64().astype("datetime64[s]") + np.arange(n) * np.timedelta64(minutes, "m")
    return Steps(at, minutes * 60, TEXAS)


def read(
    folder: Path,
    text: str | bytes,
    on: Steps,
    quantity: Quantity = MW,
    name: str = "d.csv",
    **ref: object,
) -> list[float]:
    body = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(body)
    series = SeriesRef.model_validate({"file": name, "column": "mw", **ref})
    reader = SeriesReader(Origin(folder=folder), TEXAS)
    return reader.on(on, series, ("demand", "series"), quantity).tolist()


def stamped(start: str, n: int, minutes: int = 60, column: str = "mw") -> str:
    """Local rows with offsets, valued 0, 1, 2, …"""
    local = pd.date_range(start, periods=n, freq=f"{minutes}min", tz=TEXAS)
    rows = [f"{stamp.isoformat()},{value}" for value, stamp in enumerate(local)]
    return "\n".join([f"time,{column}", *rows, ""])


def naive(first: str, last: str, freq: str = "h") -> str:
    """Local clock times without offset as a meter logs them, valued 0, 1, 2, …"""
    local = pd.date_range(pd.Timestamp(first, tz=TEXAS), pd.Timestamp(last, tz=TEXAS), freq=freq)
    clock = local.tz_localize(None)
    return "\n".join(["time,mw", *(f"{t},{v}" for v, t in enumerate(clock)), ""])


def problem(folder: Path, text: str | bytes, on: Steps, **kwargs: object) -> str:
    with pytest.raises(SeriesError) as caught:
        read(folder, text, on, **kwargs)  # type: ignore[arg-type]
    return str(caught.value)


# --- How values meet steps ----------------------------------------------------------------------


def test_a_series_as_fine_as_the_steps_is_taken_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, stamped("2025-01-01", 4), steps()) == [0, 1, 2, 3]


def test_a_longer_series_is_cut_to_the_horizon(tmp_path: Path) -> None:
    assert read(tmp_path, stamped("2024-12-31", 60), steps()) == [24, 25, 26, 27]


def test_a_file_without_stamps_is_read_row_by_row(tmp_path: Path) -> None:
    assert read(tmp_path, "mw,other\n5,a\n6,b\n7,c\n8,d\n", steps()) == [5, 6, 7, 8]


def test_a_coarser_series_is_held(tmp_path: Path) -> None:
    quarter_hours = steps(n=8, minutes=15)
    assert read(tmp_path, stamped("2025-01-01", 2), quarter_hours) == [0] * 4 + [1] * 4


def test_a_finer_series_is_averaged_over_each_step(tmp_path: Path) -> None:
    got = read(tmp_path, stamped("2025-01-01", 16, minutes=15), steps())
    assert got == [1.5, 5.5, 9.5, 13.5]


def test_the_factor_multiplies_every_value(tmp_path: Path) -> None:
    text = stamped("2025-01-01", 4).replace(",3\n", ",3000\n")
    assert read(tmp_path, text, steps(), factor=0.001)[3] == 3.0


def test_comment_lines_above_the_header_are_skipped_and_counted(tmp_path: Path) -> None:
    text = "# seed 7\n# made by hand\n" + stamped("2025-01-01", 4).replace(",3\n", ",x\n")
    assert "d.csv:row 7" in problem(tmp_path, text, steps())


def test_a_quoted_line_break_does_not_shift_the_rows(tmp_path: Path) -> None:
    text = 'note,mw\n"two\nlines",1\n"",2\n"",x\n"",4\n'
    assert "d.csv:row 5" in problem(tmp_path, text, steps())


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfmw\n1\n2\n3\n4\n", steps()) == [1, 2, 3, 4]


def test_blank_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "mw,x\n1,a\n2,a\n3,a\n4,a\n\n,\n", steps()) == [1, 2, 3, 4]


def test_the_time_column_may_be_named(tmp_path: Path) -> None:
    text = "a,when,mw\n2020-01-01,2025-01-01T00:00,4\n2020-01-02,2025-01-01T01:00,5\n"
    assert read(tmp_path, text, steps(n=2), time_column="when") == [4, 5]


def test_monthly_values_hold_for_the_local_month(tmp_path: Path) -> None:
    text = "Month,mw\n2025-01,3.5\n2025-02,4.5\n"
    assert read(tmp_path, text, steps("2025-01-31 22:00"), PRICE) == [3.5, 3.5, 4.5, 4.5]


def test_first_days_of_months_are_months(tmp_path: Path) -> None:
    text = "Month,mw\n2025-01-01,3.5\n2025-02-01,4.5\n"
    assert read(tmp_path, text, steps("2025-01-31 22:00"), PRICE) == [3.5, 3.5, 4.5, 4.5]


def test_daily_prices_are_held_over_a_weekend(tmp_path: Path) -> None:
    text = "Date,mw\n2025-01-03,3.0\n2025-01-06,4.0\n"
    got = read(tmp_path, text, steps("2025-01-03 00:00", n=4 * 24), PRICE)
    assert got == [3.0] * 72 + [4.0] * 24


def test_days_before_the_first_price_take_the_first_price(tmp_path: Path) -> None:
    text = "Date,mw\n2025-01-03,3.0\n2025-01-06,4.0\n"
    assert read(tmp_path, text, steps("2025-01-01 00:00", n=24), PRICE) == [3.0] * 24


def test_daily_prices_are_not_held_for_longer_than_five_days(tmp_path: Path) -> None:
    text = "Date,mw\n2025-01-03,3.0\n2025-01-10,4.0\n"
    told = problem(tmp_path, text, steps("2025-01-03 00:00", n=7 * 24), quantity=PRICE)
    assert "no value for 2025-01-09T00:00:00-06:00" in told


def test_days_without_a_row_are_missing_for_anything_but_prices_of_fuel(tmp_path: Path) -> None:
    text = "Date,mw\n2025-01-03,3.0\n2025-01-06,4.0\n"
    assert "2025-01-04" in problem(tmp_path, text, steps("2025-01-03 00:00", n=72))


def test_local_stamps_that_are_all_midnights_are_days(tmp_path: Path) -> None:
    # 9 March 2025 has 23 hours, so as instants these would not be at equal distances.
    text = "Date,mw\n2025-03-08 00:00,3\n2025-03-09 00:00,4\n2025-03-10 00:00,5\n"
    got = read(tmp_path, text, steps("2025-03-09 22:00", n=3))
    assert got == [4, 4, 5]


def test_values_outside_the_horizon_may_be_bad(tmp_path: Path) -> None:
    text = "Date,mw\n2024-12-30,\n2025-01-01,3.0\n2025-01-02,4.0\n"
    assert read(tmp_path, text, steps(), PRICE) == [3.0] * 4


# --- Clocks that change -------------------------------------------------------------------------


def test_local_stamps_skip_an_hour_in_spring(tmp_path: Path) -> None:
    text = naive("2025-03-09 00:00", "2025-03-09 05:00")
    assert "02:00" not in text
    assert read(tmp_path, text, steps("2025-03-09 00:00", n=5)) == [0, 1, 2, 3, 4]


def test_local_stamps_repeat_an_hour_in_autumn_the_first_is_daylight_time(tmp_path: Path) -> None:
    text = naive("2025-11-02 00:00", "2025-11-02 03:00")
    assert text.count("01:00") == 2
    assert read(tmp_path, text, steps("2025-11-02 00:00", n=5)) == [0, 1, 2, 3, 4]


def test_quarter_hours_repeat_in_autumn_as_a_block(tmp_path: Path) -> None:
    text = naive("2025-11-02 00:00", "2025-11-02 02:45", freq="15min")
    got = read(tmp_path, text, steps("2025-11-02 00:00", n=16, minutes=15))
    assert got == list(range(16))


def test_a_row_missing_in_the_double_hour_is_refused(tmp_path: Path) -> None:
    lines = naive("2025-11-02 00:00", "2025-11-02 03:00").splitlines()
    del lines[3]  # the second 01:00
    told = problem(tmp_path, "\n".join(lines), steps("2025-11-02 00:00", n=5))
    assert "no value for 2025-11-02T01:00:00-06:00" in told
    assert "d.csv:row 4" in told
    assert "needs rows twice" in told


def test_standard_time_all_year_is_refused_with_the_zone_to_state(tmp_path: Path) -> None:
    clock = pd.date_range("2025-01-01", periods=8760, freq="h")
    text = "\n".join(["time,mw", *(f"{t},1" for t in clock)])
    told = problem(tmp_path, text, steps(n=8760))
    row = 2 + (31 + 28 + 8) * 24 + 2
    assert f"d.csv:row {row}" in told
    assert "clocks skip it" in told
    assert 'timezone = "Etc/GMT+6"' in told
    assert read(tmp_path, text, steps(n=8760), timezone="Etc/GMT+6") == [1.0] * 8760


def test_standard_time_in_autumn_alone_is_refused_with_the_zone_to_state(tmp_path: Path) -> None:
    clock = pd.date_range("2025-11-01", periods=48, freq="h")
    text = "\n".join(["time,mw", *(f"{t},1" for t in clock)])
    told = problem(tmp_path, text, steps("2025-11-01 00:00", n=49))
    assert 'timezone = "Etc/GMT+6"' in told


def test_stamps_with_offsets_need_no_rule(tmp_path: Path) -> None:
    text = stamped("2025-11-02", 25)
    assert read(tmp_path, text, steps("2025-11-02 00:00", n=25)) == list(range(25))


def test_utc_stamps_may_end_in_z(tmp_path: Path) -> None:
    text = "time,mw\n2025-01-01T06:00Z,1\n2025-01-01T07:00Z,2\n"
    assert read(tmp_path, text, steps(n=2)) == [1, 2]


# --- Defects ------------------------------------------------------------------------------------

GOOD = "time,mw\n2025-01-01T00:00,1\n2025-01-01T01:00,2\n2025-01-01T02:00,3\n2025-01-01T03:00,4\n"

DEFECTS = {
    "missing column": (GOOD.replace("mw", "demand_mw"), 'd.csv:row 1: no column "mw"'),
    "columns are listed": (GOOD.replace("mw", "demand_mw"), '"time", "demand_mw"'),
    "near name": (GOOD.replace("mw", "mws"), 'did you mean "mws"'),
    "double column": ("mw,mw\n1,2\n", "stands 2 times in the header"),
    "blank": (GOOD.replace(",3", ","), 'd.csv:row 4: column "mw" is blank'),
    "short row": (GOOD.replace(",3", ""), 'd.csv:row 4: column "mw" is blank'),
    "text": (GOOD.replace(",3", ",n/a"), 'row 4: column "mw" is "n/a", not a number'),
    "not a number": (GOOD.replace(",3", ",NaN"), 'is "NaN", not a number'),
    "infinite": (GOOD.replace(",3", ",inf"), 'column "mw" is inf'),
    "absurd": (GOOD.replace(",3", ",1e308"), "is 1e308"),
    "negative": (GOOD.replace(",3", ",-3"), "is -3"),
    "allowed range": (GOOD.replace(",3", ",-3"), "allowed: demand in MW, a number from 0"),
    "decimal comma": (GOOD.replace(",3", ",3,5"), "row 4: 3 fields where the header has 2"),
    "duplicate": (GOOD.replace("02:00", "01:00"), "row 4: stamp"),
    "duplicate names both rows": (GOOD.replace("02:00", "01:00"), "stands in row 3 too"),
    "unsorted": (GOOD.replace("T02:00", "T00:30"), "is before that of row 3"),
    "gap": (GOOD.replace("2025-01-01T02:00,3\n", ""), "no value for 2025-01-01T02:00:00-06:00"),
    "gap names the row": (GOOD.replace("2025-01-01T02:00,3\n", ""), "d.csv:row 4"),
    "too short": (GOOD.replace("2025-01-01T03:00,4\n", ""), "d.csv:row 5: no value for"),
    "begins late": (GOOD.replace("2025-01-01T00:00,1\n", ""), "no value for 2025-01-01T00:00:00"),
    "other year": (GOOD.replace("2025", "2023"), "set start and hours in [time]"),
    "odd distance": (GOOD.replace("T03:00", "T03:25"), "85 min after"),
    "stamp of another form": (GOOD.replace("T02:00", "T02:00Z"), "not a stamp of the form"),
    "no such day": (GOOD.replace("-01T02", "-41T02"), "is not a time of the calendar"),
    "hour 24": (GOOD.replace("T03:00", "T24:00"), "row 5"),
    "blank stamp": (GOOD.replace("2025-01-01T02:00", ""), "d.csv:row 4: the stamp is blank"),
    "american dates": (GOOD.replace("2025-01-01T", "1/1/2025 "), "is not an ISO 8601 stamp"),
    "semicolons": (GOOD.replace(",", ";"), 'columns are separated by ";"'),
    "tabs": (GOOD.replace(",", "\t"), "columns are separated by a tab"),
    "empty": ("", "the file is empty"),
    "header only": ("time,mw\n", "no rows below the header"),
    "blank rows only": ("time,mw\n,\n\n", "no rows below the header"),
    "comments only": ("# a\n# b\n", "no rows below the header"),
    "too few rows without stamps": ("mw\n1\n2\n", "2 rows where the horizon has 4 steps"),
    "too many rows without stamps": ("mw\n" + "1\n" * 9, "set hours = 9 in [time]"),
    "blank row between": ("mw\n1\n\n3\n4\n", 'd.csv:row 3: column "mw" is blank'),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    text, expected = DEFECTS[name]
    assert expected in problem(tmp_path, text, steps())


SCRAPS = st.one_of(
    st.sampled_from(',\n"-:TZ#;\r\x00é \u2028'),
    st.sampled_from(("2025", "inf", "1e400", "24:00", "-06:00", "02-30", "0001-01-01", "20250101")),
    st.sampled_from(("9999-12-31T23:00", "2025-W01", "2025-01-01T02:00,3\n")),
)


@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), SCRAPS), min_size=1, max_size=4
    )
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_file_gives_numbers_or_an_error_with_its_place(
    tmp_path: Path, cuts: list[tuple[int, int, str]]
) -> None:
    text = GOOD
    for at, length, scrap in cuts:
        text = text[:at] + scrap + text[at + length :]
    values, problems = [0.0], []
    try:
        values = read(tmp_path, text, steps())
    except SeriesError as error:
        problems = list(error.problems)
    assert np.isfinite(values).all()
    assert all(problem.where.startswith("d.csv") for problem in problems)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    told = problem(tmp_path, "zeit,mw\n2025-01-01T00:00,1\n# März".encode("latin-1"), steps(n=1))
    assert "not UTF-8 text (byte 0xe4)" in told
    assert "CSV UTF-8" in told


def test_utf_16_is_refused(tmp_path: Path) -> None:
    assert "not UTF-8" in problem(tmp_path, GOOD.encode("utf-16"), steps())


def test_a_step_that_does_not_divide_is_refused(tmp_path: Path) -> None:
    told = problem(tmp_path, stamped("2025-01-01", 20, minutes=45), steps())
    assert "60 min is not a multiple of 45 min" in told


def test_finer_stamps_beside_the_steps_are_missing_stamps(tmp_path: Path) -> None:
    told = problem(tmp_path, stamped("2025-01-01 00:05", 60, minutes=15), steps())
    assert "no value for 2025-01-01T00:00:00-06:00" in told


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    told = problem(tmp_path, "mw\n" + "x\n" * 40, steps(n=40))
    assert told.count("not a number") == 5
    assert "… and 35 more rows" in told


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGEST_BYTES", 20)
    assert "allowed: at most" in problem(tmp_path, GOOD, steps())


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_ROWS", 3)
    assert "more than 3 rows" in problem(tmp_path, GOOD, steps())


def test_a_file_outside_the_site_is_refused(tmp_path: Path) -> None:
    reader = SeriesReader(Origin(folder=tmp_path), TEXAS)
    ref = SeriesRef(file="../secret.csv", column="mw")
    with pytest.raises(SchemaError, match="leads out of the folder"):
        reader.open(ref, ("demand", "series"))


# --- Parquet ------------------------------------------------------------------------------------


def test_parquet_is_read_with_stamps_in_a_column_or_the_index(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    stamps = pd.date_range("2025-01-01", periods=4, freq="h", tz=TEXAS, name="time")
    frame = pd.DataFrame({"mw": [1.5, 2.5, 3.5, 4.5]}, index=stamps)
    for shape in (frame, frame.reset_index()):
        shape.to_parquet(tmp_path / "made.parquet")
        body = (tmp_path / "made.parquet").read_bytes()
        assert read(tmp_path, body, steps(), name="d.parquet") == [1.5, 2.5, 3.5, 4.5]


def test_a_bad_value_in_parquet_is_told_with_its_row(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    pd.DataFrame({"mw": [1.0, None, 3.0, 4.0]}).to_parquet(tmp_path / "made.parquet")
    body = (tmp_path / "made.parquet").read_bytes()
    assert "d.parquet:row 2" in problem(tmp_path, body, steps(), name="d.parquet")
    assert 'no column "kw"' in problem(tmp_path, body, steps(), name="d.parquet", column="kw")


def test_a_file_that_only_claims_to_be_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    assert "not a Parquet file" in problem(tmp_path, GOOD, steps(), name="d.parquet")


def test_parquet_without_its_reader_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_engine(*_: object, **__: object) -> None:
        raise ImportError("Unable to find a usable engine")

    monkeypatch.setattr(pd, "read_parquet", no_engine)
    told = problem(tmp_path, "PAR1", steps(), name="d.parquet")
    assert 'pip install "optmix[parquet]"' in told
