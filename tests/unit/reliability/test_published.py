"""Published systems, through the public API, from CSV."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.reliability import rts79_load_mw, rts79_units, simple_system, system_with, units_of

from optmix.errors import SeriesError
from optmix.reliability import (
    Storage,
    assess_system,
    read_load,
    read_units,
    system_from_tables,
)
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.sequential import simulate_years

SIGMAS = 3.0


@pytest.fixture(scope="module")
def expected(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "reliability" / "expected.json").read_text())
    return found


def test_rts79_from_csv_gives_the_published_indices(
    reference: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    load = rts79_load_mw(reference)
    (tmp_path / "load.csv").write_text(
        "# IEEE RTS-79\nhour,load_mw\n"
        + "".join(f"{t},{mw!r}\n" for t, mw in enumerate(load.tolist()))
    )
    system = system_from_tables(
        read_units(reference / "reliability" / "rts79_units.csv"), read_load(tmp_path / "load.csv")
    )
    found = assess_system(system)
    wanted = expected["RTS-79"]["computed_here"]
    assert found.kind == "exact"
    assert found.hours == 8736  # never rescaled to 8,760
    assert found.demand_mwh == pytest.approx(15_297_075, abs=1.0)
    assert found.lole_h.value == pytest.approx(9.394175, rel=1e-6)
    assert found.lole_h.value == pytest.approx(
        expected["RTS-79"]["published"]["LOLE_h_per_yr"], rel=1e-5
    )
    assert found.lole_days is not None
    assert found.lole_days.value == pytest.approx(1.368863, rel=1e-6)
    assert found.eue_mwh.value == pytest.approx(wanted["EENS_MWh_per_yr"], rel=1e-6)
    assert found.eue_ppm.value == pytest.approx(wanted["NEUE_ppm"], rel=1e-4)
    assert found.lolf_per_yr is not None
    assert found.lolf_per_yr.value == pytest.approx(
        wanted["LOLF_occ_per_yr_continuous_FD"], rel=1e-4
    )
    assert found.mean_duration_h is not None
    assert found.mean_duration_h.value == pytest.approx(9.394175 / 2.01967, rel=1e-4)
    assert found.availability.value == pytest.approx(1 - 9.394175 / 8736, abs=1e-9)
    assert found.energy_availability.value == pytest.approx(0.999923, abs=1e-6)


def test_a_state_that_equals_load_is_no_loss(reference: Path) -> None:
    """Counting ``X <= L`` as loss gives 9.418 h, rounding load to 1 MW 9.368 h."""
    load = rts79_load_mw(reference)
    system = system_from_tables(rts79_units(reference), load + 1e-6)
    counted = assess_system(system)
    assert counted.lole_h.value == pytest.approx(9.418, abs=5e-4)
    rounded = assess_system(system_from_tables(rts79_units(reference), np.rint(load)))
    assert rounded.lole_h.value == pytest.approx(9.368, abs=5e-4)


def test_rts96_as_one_node(reference: Path, expected: dict[str, Any]) -> None:
    load = rts79_load_mw(reference, peak_mw=8550.0)
    found = assess_system(system_from_tables(rts79_units(reference, times=3), load))
    wanted = expected["RTS-96_single_node"]["computed_here"]
    assert found.lole_h.value == pytest.approx(wanted["LOLE_h_per_yr"], rel=1e-7)
    assert found.eue_mwh.value == pytest.approx(wanted["EENS_MWh_per_yr"], rel=1e-6)


def test_three_units_of_billinton_and_allan(expected: dict[str, Any]) -> None:
    """Load just above each level of capacity reads the table off as probabilities of loss."""
    wanted = expected["BillintonAllan_3unit_COPT"]["P_outage"]
    units = [(2, 25.0, 0.02), (1, 50.0, 0.02)]
    cumulative = 0.0
    for out_mw in (100, 75, 50, 25):
        cumulative += wanted[str(out_mw)]
        system = simple_system(units, [100.0 - out_mw + 1.0])
        assert assess_system(system).lole_h.value == pytest.approx(cumulative, rel=1e-12)


def test_five_units_on_a_straight_load_duration_line(expected: dict[str, Any]) -> None:
    """Billinton and Allan, table 2.8: load falls straight from 160 to 64 MW."""
    n = 960  # midpoints, so that every level of capacity lies between two of them
    load = 160.0 - 96.0 * (np.arange(n) + 0.5) / n
    system = system_with(
        [units_of(n, 5, 40.0, 0.01)], load, hours_per_year=np.full(n, 365.0 / n), step_h=24.0
    )
    found = assess_system(system).lole_h.value
    assert found == pytest.approx(expected["BillintonAllan_5x40"]["LOLE_d_per_365"], rel=1e-6)


def test_singlenode_a_of_pras(expected: dict[str, Any]) -> None:
    wanted = expected["PRAS_singlenode_a"]
    load, wind = np.array(wanted["load"], float), np.array(wanted["vg"], float)
    system = system_with([units_of(4, 3, 10.0, 0.1), units_of(4, 1, wind, 0.0, name="wind")], load)
    found = assess_system(system)
    assert found.lole_h.value == pytest.approx(wanted["LOLE"], rel=1e-12)
    assert found.eue_mwh.value == pytest.approx(wanted["EUE_total"], rel=1e-12)
    for t in range(4):
        one = system_with(
            [units_of(1, 3, 10.0, 0.1), units_of(1, 1, wind[t], 0.0, name="wind")], load[t : t + 1]
        )
        assert assess_system(one).lole_h.value == pytest.approx(wanted["LOLP"][t], rel=1e-12)
        assert assess_system(one).eue_mwh.value == pytest.approx(wanted["EUE"][t], rel=1e-12)


def test_system_2_of_pras_with_storage() -> None:
    """NREL's PRAS, TestData.jl: 10 MW and 10 MWh, each up 9 hours in 10 whatever was before.

    There storage starts empty. Here time is cyclic, so a shortage that counts for nothing comes
    first and empties it.
    """
    unit = units_of(3, 1, 10.0, 0.1, mttr_h=1 / 0.9)
    store = Storage("Stor 1", 1, 10.0, 10.0, outage_frac=0.1, mttr_h=1 / 0.9)
    system = system_with(
        [unit], [1_000.0, 8.0, 9.0], storage=(store,), hours_per_year=np.array([0.0, 1.0, 1.0])
    )
    proven = assess_with_storage(system, 1e-3, method="exact", convention="hourly")
    assert proven.lole_h.low == pytest.approx(0.2, rel=1e-9)
    assert proven.lole_h.high == pytest.approx(0.2, rel=1e-9)
    assert proven.eue_mwh.low == pytest.approx(1.5542, rel=1e-9)
    assert proven.eue_mwh.high == pytest.approx(1.5542, rel=1e-9)
    years = simulate_years(system, 200_000, seed=2, convention="hourly")
    assert abs(years.lole_h - 0.2) < SIGMAS * years.lole_error_h
    assert abs(years.eue_mwh - 1.5542) < SIGMAS * years.eue_error_mwh


def test_rts79_by_simulation_of_years(reference: Path, expected: dict[str, Any]) -> None:
    system = system_from_tables(rts79_units(reference), rts79_load_mw(reference))
    years = simulate_years(system, 3_000, seed=79, convention="hourly")
    published, computed = (expected["RTS-79"][key] for key in ("published", "computed_here"))
    assert abs(years.lole_h - published["LOLE_h_per_yr"]) < SIGMAS * years.lole_error_h
    assert abs(years.eue_mwh - computed["EENS_MWh_per_yr"]) < SIGMAS * years.eue_error_mwh
    frequency, error = computed["LOLF_occ_per_yr_hourly_seqMC"], computed["LOLF_seqMC_stderr"]
    assert abs(years.lolf_per_yr - frequency) < SIGMAS * np.hypot(years.lolf_error_per_yr, error)
    assert years.lole_error_h < 0.05 * years.lole_h


def test_units_are_read_by_the_names_that_sources_use(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("Unit,Size_MW,N,Q\nA,10,3,0.1\nB,5,,0.2\n")
    first, second = read_units(path, mttr_h=30.0)
    assert (first.name, first.capacity_mw, first.count, first.outage_frac) == ("A", 10.0, 3, 0.1)
    assert (second.count, second.mttr_h) == (1, 30.0)
    path.write_text("capacity_mw,mttf_h,mttr_h\n10,950,50\n")
    assert read_units(path)[0].outage_frac == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("capacity_mw,q,mttr_h\n10,1.0,40\n", "units.csv:row 2: the forced outage rate is 1"),
        ("capacity_mw,q,mttr_h\n10,-0.1,40\n", 'outage_frac is "-0.1"'),
        ("capacity_mw,q\n10,0.1\n", "no mttr_h"),
        ("q,mttr_h\n0.1,40\n", "no capacity_mw"),
        ("capacity_mw,mttr_h\n10,40\n", "no forced outage rate"),
        ("capacity_mw,q,mttr_h\n10,x,40\n", 'outage_frac is "x"'),
        ("capacity_mw,q,mttf_h,mttr_h\n10,0.1,950,50\n", "mean times make it 0.05"),
        ("capacity_mw,q,mttr_h,count\n10,0.1,40,1.5\n", "count is 1.5"),
        ("capacity_mw,q\n", "has no rows"),
    ],
)
def test_a_bad_table_of_units_is_an_error_with_its_row(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "units.csv"
    path.write_text(text)
    with pytest.raises(SeriesError) as raised:
        read_units(path)
    assert said in str(raised.value)


def test_a_bad_table_of_load_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_text("hour,power\n1,2\n")
    with pytest.raises(SeriesError, match="no column of load"):
        read_load(path)
    path.write_text("load\n1\n-2\n")
    with pytest.raises(SeriesError, match="row 3"):
        read_load(path)
    with pytest.raises(SeriesError, match="cannot be read"):
        read_load(tmp_path / "none.csv")
