"""EPW and TMY3 as they come, put on steps in local standard time."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from optmix.data.timeline import Steps, year_steps
from optmix.data.typical_year import TypicalYear
from optmix.data.weather_files import read_epw, read_tmy3
from optmix.errors import SeriesError
from optmix.schema.origin import Origin
from optmix.schema.surroundings import Time

TEXAS = "America/Chicago"
DAYS = [
    d
    for d in (dt.date(2024, 1, 1) + dt.timedelta(n) for n in range(366))
    if (d.month, d.day) != (2, 29)
]


def temp(day: dt.date, hour: int) -> float:
    """A temperature that tells its month, day and hour: 1 January hour 3 is 0.103."""
    return round(day.month - 1 + day.day / 100 * 10 + hour / 1000, 3)


def epw() -> list[str]:
    head = [
        "LOCATION,Midland Intl Ap,TX,USA,TMY3,722650,31.95,-102.18,-6.0,872.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,made for a test",
        "COMMENTS 2,",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    rows = [
        f"1999,{d.month},{d.day},{h},0,?9?9?9?9E0?9?9,{temp(d, h)},-3.9,51,91600,0,0,290,0,0,0"
        for d in DAYS
        for h in range(1, 25)
    ]
    return head + rows


def tmy3() -> list[str]:
    head = [
        '722650,"MIDLAND INTERNATIONAL AP",TX,-6.0,31.950,-102.183,872',
        "Date (MM/DD/YYYY),Time (HH:MM),ETR (W/m^2),Dry-bulb (C),Dry-bulb source,Dew-point (C)",
    ]
    rows = [
        f"{d.month:02d}/{d.day:02d}/1989,{h:02d}:00,0,{temp(d, h)},A,-13.3"
        for d in DAYS
        for h in range(1, 25)
    ]
    return head + rows


def steps(start: dt.date, hours: float, step_h: float = 1.0, zone: str = TEXAS) -> Steps:
    time = Time.model_validate({"start": start, "hours": hours, "step_h": step_h})
    return year_steps(time, None, zone, Origin(), ("time",))


def write(folder: Path, lines: list[str]) -> Path:
    path = folder / "weather"
    path.write_text("\r\n".join([*lines, ""]), encoding="latin-1", newline="")
    return path


Reader = Callable[[Path, str], TypicalYear]
Lines = Callable[[], list[str]]
READERS = pytest.mark.parametrize(("read", "lines"), [(read_epw, epw), (read_tmy3, tmy3)])


@READERS
def test_the_hour_that_ends_at_one_is_the_first_step(
    tmp_path: Path, read: Reader, lines: Lines
) -> None:
    year = read(write(tmp_path, lines()), "w")
    on = year.on(steps(dt.date(2025, 1, 1), 24.0))
    assert on[0] == temp(dt.date(2024, 1, 1), 1)
    assert on[-1] == temp(dt.date(2024, 1, 1), 24)
    assert (year.offset_h, year.latitude, year.altitude_m) == (-6.0, 31.95, 872.0)


@READERS
def test_daylight_saving_time_is_undone(tmp_path: Path, read: Reader, lines: Lines) -> None:
    year = read(write(tmp_path, lines()), "w")
    on = year.on(steps(dt.date(2025, 7, 1), 24.0))
    assert on[0] == temp(dt.date(2024, 6, 30), 24)
    assert on[1] == temp(dt.date(2024, 7, 1), 1)


def test_29_february_takes_the_day_before(tmp_path: Path) -> None:
    year = read_epw(write(tmp_path, epw()), "w")
    on = year.on(steps(dt.date(2024, 2, 28), 72.0))
    assert on[24:48].tolist() == on[:24].tolist()
    assert on[48] == temp(dt.date(2024, 3, 1), 1)


def test_short_steps_hold_and_long_steps_average(tmp_path: Path) -> None:
    year = read_tmy3(write(tmp_path, tmy3()), "w")
    hourly = year.on(steps(dt.date(2025, 1, 1), 24.0))
    quarters = year.on(steps(dt.date(2025, 1, 1), 24.0, 0.25))
    assert quarters.tolist() == np.repeat(hourly, 4).tolist()
    long = year.on(steps(dt.date(2025, 1, 1), 24.0, 4.0))
    assert long.tolist() == pytest.approx(hourly.reshape(6, 4).mean(axis=1).tolist())


def test_a_whole_year_takes_every_hour_once(tmp_path: Path) -> None:
    year = read_tmy3(write(tmp_path, tmy3()), "w")
    on = year.on(steps(dt.date(2025, 1, 1), 8760.0, zone="Etc/GMT+6"))
    assert on.tolist() == [temp(d, h) for d in DAYS for h in range(1, 25)]


@READERS
def test_the_name_of_the_station_may_hold_any_letter(
    tmp_path: Path, read: Reader, lines: Lines
) -> None:
    text = lines()
    text[0] = text[0].replace("M", "Ñ", 1)
    assert "idland" in read(write(tmp_path, text), "w").place.lower()


def changed(lines: list[str], row: int, old: str, new: str) -> list[str]:
    assert old in lines[row - 1]
    lines[row - 1] = lines[row - 1].replace(old, new)
    return lines


T = f"{temp(dt.date(2024, 1, 2), 1)},"  # 2 January, the hour that ends at one
DEFECTS = {
    "epw missing value": (read_epw, changed(epw(), 33, T, "99.9,"), "row 33: dry bulb of 99.9"),
    "tmy3 missing": (read_tmy3, changed(tmy3(), 27, T, "-9900,"), "row 27: dry bulb of -9900"),
    "epw text": (read_epw, changed(epw(), 33, T, "n/a,"), "w:row 33"),
    "epw double hour": (
        read_epw,
        changed(epw(), 10, ",1,1,2,0", ",1,1,1,0"),
        'w:row 10: "1/1 1" stands twice',
    ),
    "epw no such day": (
        read_epw,
        changed(epw(), 10, ",1,1,2,0", ",2,30,2,0"),
        "is not an hour of a year",
    ),
    "epw too short": (read_epw, epw()[:-1], "8,759 hours"),
    "tmy3 too short": (read_tmy3, tmy3()[:100], "98 hours"),
    "epw cut line": (read_epw, [*epw()[:-1], "1999,12,31"], "3 fields where at least 7"),
    "epw without location": (read_epw, epw()[1:], "does not begin with LOCATION"),
    "epw is a csv": (read_epw, ["time,temp_c", "2025-01-01T00:00,3"], "weather.series"),
    "tmy3 is a csv": (read_tmy3, ["time,temp_c", "2025-01-01T00:00,3"], "weather.series"),
    "tmy3 without its column": (
        read_tmy3,
        changed(tmy3(), 2, "Dry-bulb (C)", "T"),
        'no column "Dry-bulb (C)"',
    ),
    "tmy3 odd station": (read_tmy3, changed(tmy3(), 1, "-6.0", "west"), "not described in numbers"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    read, lines, expected = DEFECTS[name]
    with pytest.raises(SeriesError) as caught:
        read(write(tmp_path, lines), "w")
    assert expected in str(caught.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weather").write_text("")
    with pytest.raises(SeriesError, match="0 bytes"):
        read_epw(tmp_path / "weather", "w")


def test_the_reduced_form_of_a_real_station_is_read(reference: Path) -> None:
    path = reference / "data" / "weather_tmy3" / "tmy3_midland.csv"
    year = read_tmy3(path, path.name)
    assert year.place == "MIDLAND INTERNATIONAL AP"
    assert year.altitude_m == 872.0
    on = year.on(steps(dt.date(2025, 1, 1), 8760.0, zone="Etc/GMT+6"))
    direct = pd.read_csv(path, comment="#")["temp_c"].to_numpy()
    assert on.tolist() == direct.tolist()
    assert np.percentile(on, 99) == pytest.approx(36.1, abs=0.05)
