"""A plan survives the way to its tables and back, bit for bit; broken tables are refused."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optmix.data.axis import Axis
from optmix.data.case import Case, SecurityPolicy
from optmix.data.equipment import BatteryProduct, FlexibleTier, GasSupply, GridTie, Stock, UnitType
from optmix.data.mix_io import frame_to_mix, mix_summary, mix_to_frame, read_mix, write_mix
from optmix.data.plan import Plan
from optmix.data.plan_io import (
    dispatch_columns,
    frame_to_plan,
    plan_to_frame,
    read_dispatch,
    write_dispatch,
)
from optmix.errors import SeriesError

STEPS = 6
# The clocks of Chicago go back at 07:00 UTC: the local hour 01:00 comes twice.
START = np.datetime64("2025-11-02T05:00", "s")


def unit(name: str) -> UnitType:
    flat = np.full(STEPS, 2.0)
    texts = {"name": name, "fuel": "natural_gas"}
    arrays = dict.fromkeys(("pmax_mw", "pmin_mw", "fuel_factor", "fuel_price_usd_per_mmbtu"), flat)
    lines = [field for field in UnitType.__dataclass_fields__ if field.startswith(("seg", "chord"))]
    rates = {"lb_per_mwh": {}, "lb_per_mmbtu": {}, "lb_per_start": {}}
    given = {**texts, **arrays, **dict.fromkeys(lines, flat), **rates, "net_rating_mw": 2.5}
    rest = {field: 1 for field in UnitType.__dataclass_fields__ if field not in given}
    return UnitType(**given, **rest)


def battery(name: str) -> BatteryProduct:
    numbers = {field: 1 for field in BatteryProduct.__dataclass_fields__ if field != "name"}
    return BatteryProduct(name=name, **{**numbers, "module_mw": 2.0, "module_mwh": 4.0})


def make_case() -> Case:
    """Two unit types, a battery, a tie, a tier and a stock over six hours in two years."""
    start = np.tile(START + np.arange(3) * np.timedelta64(1, "h"), 2)
    year = np.repeat([0, 1], 3)
    axis = Axis(
        step_h=1.0,
        start_utc=start,
        year=year,
        month=year,
        week=year,
        day=year,
        local_hour=np.array([0, 1, 1, 0, 1, 1]),
        year_name=("typical", "0070"),
        probability=np.array([0.5, 0.5]),
        month_label=("2025-11", "2025-11"),
        timezone="America/Chicago",
    )
    ones = np.ones(STEPS)
    tie = dict.fromkeys(GridTie.__dataclass_fields__, 1.0)
    return Case(
        name="test",
        axis=axis,
        demand_mw=ones * 3,
        temp_c=ones,
        units=(unit("titan-350"), unit("3516 H")),
        batteries=(battery("lfp-2h"),),
        grid=GridTie(**tie),
        tiers=(FlexibleTier("batch", ones, 1.0, np.ones(2), is_fast=False),),
        voll_usd_per_mwh=None,
        gas=GasSupply(ones, np.inf, np.inf),
        stocks=(Stock("tank", "diesel", 1, 0, 1, 1, 1, 0),),
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=True, swing_mw=0.0, bridge_h=0.25),
        maintenance_mode="none",
        is_blackout_week=np.zeros(2, dtype=bool),
        emissions=(),
        warnings=(),
    )


@pytest.fixture
def case() -> Case:
    return make_case()


def plan_of(case: Case, seed: int = 0, scale: float = 1.0) -> Plan:
    rng = np.random.default_rng(seed)
    rows = {
        **dict.fromkeys(("online", "starts", "stops", "in_maintenance"), len(case.units)),
        **dict.fromkeys(("output_mw", "fuel_mmbtu_per_h"), len(case.units)),
        **dict.fromkeys(("charge_mw", "discharge_mw", "soc_mwh", "cover_mw"), len(case.batteries)),
        "curtailed_mw": len(case.tiers),
        **dict.fromkeys(
            ("withdrawn_mmbtu_per_h", "refill_mmbtu_per_h", "content_mmbtu"), len(case.stocks)
        ),
    }
    counts = ("online", "starts", "stops", "in_maintenance")
    tables = {
        field: rng.integers(0, 9, (n, STEPS)) if field in counts else scale * rng.random((n, STEPS))
        for field, n in rows.items()
    }
    return Plan(
        units=np.arange(3, 3 + len(case.units)),
        modules=np.arange(5, 5 + len(case.batteries)),
        withdrawal_mw=0.1 + 0.2 if case.grid else 0.0,
        has_grid=case.grid is not None,
        import_mw=scale * rng.random(STEPS),
        export_mw=np.zeros(STEPS),
        unserved_mw=scale * rng.random(STEPS),
        **tables,
    )


def assert_same(left: Plan, right: Plan) -> None:
    for field in dataclasses.fields(Plan):
        expected, found = getattr(left, field.name), getattr(right, field.name)
        if isinstance(expected, np.ndarray):
            assert found.shape == expected.shape, field.name
            assert found.dtype == expected.dtype, field.name
            assert (found == expected).all(), field.name
        else:
            assert found == expected, field.name


def through_files(plan: Plan, case: Case, folder: Path) -> Plan:
    write_dispatch(plan_to_frame(plan, case), folder / "dispatch.csv")
    write_mix(mix_to_frame(mix_summary(plan, case), case), folder / "mix.csv")
    mix = frame_to_mix(read_mix(folder / "mix.csv"), case)
    return frame_to_plan(read_dispatch(folder / "dispatch.csv"), mix, case)


def test_a_plan_comes_back_from_its_table(case: Case) -> None:
    plan = plan_of(case)
    assert_same(plan, frame_to_plan(plan_to_frame(plan, case), mix_summary(plan, case), case))


@given(seed=st.integers(0, 2**32), exponent=st.integers(-12, 9))
def test_a_plan_comes_back_from_its_files_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, seed: int, exponent: int
) -> None:
    case = make_case()
    plan = plan_of(case, seed, scale=10.0**exponent)
    assert_same(plan, through_files(plan, case, tmp_path_factory.getbasetemp()))


def test_a_site_with_nothing_but_a_unit_comes_back(case: Case, tmp_path: Path) -> None:
    bare = dataclasses.replace(
        case, units=case.units[:1], batteries=(), grid=None, tiers=(), stocks=()
    )
    plan = dataclasses.replace(plan_of(bare), import_mw=np.zeros(STEPS))
    assert_same(plan, through_files(plan, bare, tmp_path))


def test_the_file_is_what_the_documentation_says(case: Case, tmp_path: Path) -> None:
    frame = plan_to_frame(plan_of(case), case)
    assert list(frame.columns) == dispatch_columns(case)
    write_dispatch(frame, tmp_path / "dispatch.csv")
    lines = (tmp_path / "dispatch.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == (
        "time,year,demand_mw,"
        "titan-350.online,titan-350.starts,titan-350.stops,titan-350.in_maintenance,"
        "titan-350.output_mw,titan-350.fuel_mmbtu_per_h,"
        "3516 H.online,3516 H.starts,3516 H.stops,3516 H.in_maintenance,"
        "3516 H.output_mw,3516 H.fuel_mmbtu_per_h,"
        "lfp-2h.charge_mw,lfp-2h.discharge_mw,lfp-2h.soc_mwh,lfp-2h.cover_mw,"
        "import_mw,export_mw,batch.curtailed_mw,unserved_mw,"
        "tank.withdrawn_mmbtu_per_h,tank.refill_mmbtu_per_h,tank.content_mmbtu,headroom_mw"
    )
    stamps = [line.split(",")[:2] for line in lines[1:]]
    assert stamps[:3] == [
        ["2025-11-02T00:00:00-05:00", "typical"],
        ["2025-11-02T01:00:00-05:00", "typical"],
        ["2025-11-02T01:00:00-06:00", "typical"],
    ]
    assert stamps[3][1] == "0070"


def test_headroom_is_what_the_units_online_could_add(case: Case) -> None:
    plan = plan_of(case)
    expected = 2.0 * plan.online.sum(axis=0) - plan.output_mw.sum(axis=0)
    assert plan_to_frame(plan, case)["headroom_mw"].to_numpy() == pytest.approx(expected)


def test_a_mix_tells_megawatts(case: Case) -> None:
    mix = mix_summary(plan_of(case), case)
    assert mix.units == {"titan-350": 3, "3516 H": 4}
    assert mix.battery == {"lfp-2h": 5}
    assert (mix.installed_mw, mix.battery_mw, mix.battery_mwh) == (17.5, 10.0, 20.0)
    table = mix_to_frame(mix, case).to_dict("records")
    assert table[-1] == {
        "kind": "grid", "name": "withdrawal", "count": 1, "mw": 0.1 + 0.2, "mwh": 0.0,
    }  # fmt: skip


def test_a_plan_that_exports_has_a_tie_even_without_withdrawal(case: Case) -> None:
    plan = dataclasses.replace(plan_of(case), withdrawal_mw=0.0, export_mw=np.ones(STEPS))
    mix = mix_summary(plan, case)
    assert frame_to_plan(plan_to_frame(plan, case), mix, case).has_grid
    idle = dataclasses.replace(plan, export_mw=np.zeros(STEPS))
    assert not frame_to_plan(plan_to_frame(idle, case), mix, case).has_grid


@pytest.mark.parametrize(
    ("column", "row", "value", "message"),
    [
        ("titan-350.online", 2, 1.5, "dispatch.csv:row 4: titan-350.online is .1.5., not a whole"),
        ("titan-350.online", 2, 1e300, "row 4: titan-350.online is .1e.300., not a whole number"),
        ("lfp-2h.soc_mwh", 0, np.nan, "row 2: lfp-2h.soc_mwh is .nan., not a finite number"),
        ("import_mw", 5, np.inf, "row 7: import_mw is .inf., not a finite number"),
        ("year", 3, "typical", 'row 5: this row is not the step of .* in year "0070"'),
    ],
)
def test_a_broken_value_is_refused_with_its_row(
    case: Case, column: str, row: int, value: object, message: str
) -> None:
    plan = plan_of(case)
    frame = plan_to_frame(plan, case)
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    with pytest.raises(SeriesError, match=message):
        frame_to_plan(frame, mix_summary(plan, case), case)


def test_columns_must_be_those_of_the_site(case: Case) -> None:
    plan = plan_of(case)
    frame = plan_to_frame(plan, case).rename(columns={"import_mw": "imports_mw"})
    with pytest.raises(SeriesError) as caught:
        frame_to_plan(frame, mix_summary(plan, case), case)
    missing, unknown = caught.value.problems
    assert missing.what == 'no column "import_mw"'
    assert missing.hint == 'did you mean "imports_mw"?'
    assert unknown.hint == 'did you mean "import_mw"?'


def test_rows_must_be_the_steps_of_the_site(case: Case) -> None:
    plan = plan_of(case)
    frame = plan_to_frame(plan, case)
    with pytest.raises(SeriesError, match="5 rows, but the site has 6 steps"):
        frame_to_plan(frame.iloc[:5], mix_summary(plan, case), case)
    swapped = frame.iloc[[1, 0, 2, 3, 4, 5]].reset_index(drop=True)
    with pytest.raises(SeriesError, match="row 2: this row is not the step of 2025-11-02T05:00"):
        frame_to_plan(swapped, mix_summary(plan, case), case)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'time,year\n"2025', "cannot be read"),
        (b"time,year\nyesterday,a\n", 'row 2: "yesterday" is no ISO 8601 stamp'),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "dispatch.csv"
    path.write_bytes(content)
    with pytest.raises(SeriesError, match=message):
        read_dispatch(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="count"), 'no column "count"'),
        (lambda frame: frame.iloc[1:], "rows are not what the site offers: unit titan-350"),
        (lambda frame: frame.assign(name="x"), "rows are not what the site offers: battery lfp-2h"),
        (lambda frame: pd.concat([frame, frame]), "rows are not what the site offers: battery"),
        (lambda frame: frame.assign(count="many"), 'row 2: count of "titan-350" is not a whole'),
        (lambda frame: frame.assign(count=0.5), 'row 3: count of "3516 H" is not a whole number'),
        (lambda frame: frame.assign(mw=np.inf), 'row 2: mw of "titan-350" is not a finite number'),
    ],
)
def test_a_broken_mix_is_refused(case: Case, change: object, message: str) -> None:
    frame = mix_to_frame(mix_summary(plan_of(case), case), case)
    with pytest.raises(SeriesError, match=message):
        frame_to_mix(change(frame), case)
