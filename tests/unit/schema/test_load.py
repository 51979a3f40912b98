"""A site is read from a path, a folder or a name, and every mistake is told at once."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from bad_input.kit import GOOD, GOOD_SERIES, write_good
from hypothesis import given
from hypothesis import strategies as st

from optmix.errors import InputError, SchemaError
from optmix.resources import instance_names
from optmix.schema.load import load_site, make_site

CLI_EXAMPLE = """\
schema_version = 1
name = "midland-300mw"

[site]
latitude = 31.95
longitude = -102.18
altitude_m = 872
timezone = "America/Chicago"
wacc = 0.09

[demand]
series = { file = "demand.csv", column = "demand_mw" }

[weather]
series = { file = "weather.csv", column = "temp_c" }

[fuel]
price_usd_per_mmbtu = 3.50

[[unit]]
technology = "titan-350"
n_max = 14

[[unit]]
technology = "g3520k"
n_max = 150

[[battery]]
technology = "lfp-4h"
n_max = 200

[grid]
withdrawal_max_mw = 150
energy_price = { file = "price.csv", column = "usd_per_mwh" }
demand_charge_usd_per_mw_month = 6000
interconnection_usd_per_mw = 150000
energization_date = 2029-01-01

[reliability]
target = "nines"
availability = 0.9999
n_plus = 1

[rules]
pack = "tx-2026-10"
[rules."air.site-tpy"]
lane = "minor-source"

[solve]
gap = 0.001
time_limit_s = 600
"""


def test_the_site_of_the_manual_is_valid() -> None:
    site = make_site(tomllib.loads(CLI_EXAMPLE))
    assert [unit.name for unit in site.unit] == ["titan-350", "g3520k"]
    assert site.rules.model_extra == {"air.site-tpy": {"lane": "minor-source"}}


@pytest.mark.parametrize("name", instance_names())
def test_shipped_sites_are_valid(name: str) -> None:
    assert load_site(f"@{name}").origin.path is not None


def test_a_folder_means_the_site_in_it(tmp_path: Path) -> None:
    path = write_good(tmp_path)
    assert load_site(tmp_path) == load_site(path) == load_site(str(path))
    assert load_site(tmp_path).origin.folder == tmp_path


def test_json_and_toml_mean_the_same(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    values = tomllib.loads(GOOD)
    values["time"]["start"] = values["time"]["start"].isoformat()
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")
    assert load_site(path) == load_site(write_good(tmp_path, GOOD))
    values["grid"]["gap"] = 1
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"site\.json:37 \(grid\.gap\): unknown key"):
        load_site(path)


def test_the_origin_knows_the_line_of_every_field(tmp_path: Path) -> None:
    origin = load_site(write_good(tmp_path, GOOD)).origin
    assert origin.where("unit", 0, "n_max") == "site.toml:24 (unit[0].n_max)"
    assert origin.where("unit", 0, "capex_usd_per_kw") == "site.toml:22 (unit[0].capex_usd_per_kw)"
    assert origin.where("rules", "pack") == "site.toml (rules.pack)"
    assert origin.where() == "site.toml"


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD_SERIES
    for old, new in [
        ("latitude", "latitud"),
        ("0.09", "9"),
        ("American", "American"),
        ('"America/Chicago"', '"Chicago"'),
        ("= 3.5", '= "cheap"'),
        ('"g3520k"', '"g3520"'),
        ("n_max = 4", "n_max = 4\nsoc_min_frac = 0.9\nsoc_max_frac = 0.2"),
        ("withdrawal_max_mw = 10", "withdrawal_max_mw = -10"),
    ]:
        text = text.replace(old, new)
    path = write_good(tmp_path)
    path.write_text(text + '\n[[unit]]\ntechnology = "j620"\nn_min = 3\nn_max = 2\n')
    with pytest.raises(SchemaError) as caught:
        load_site(path)
    problems = caught.value.problems
    assert [problem.what.split(",")[0] for problem in problems] == [
        "latitude is missing",
        'unknown key "latitud"',
        "wacc is 9",
        'price_usd_per_mmbtu is the text "cheap"',
        'the catalog has no technology "g3520"',
        '"lfp-2h" has soc_min_frac 0.9',
        "withdrawal_max_mw is -10",
        '"j620" has n_min 3',
    ]
    lines = [int(problem.where.split(":")[1].split()[0]) for problem in problems]
    assert lines == sorted(lines)


def test_one_misspelt_table_does_not_hide_what_is_wrong_between_others() -> None:
    values = tomllib.loads(CLI_EXAMPLE)
    values["solve"]["gapp"] = 1
    values["unit"][1] = {"technology": "titan-350", "n_max": 1}
    values["unit"] += [{"technology": "diesel-3mw", "n_max": 1}]
    with pytest.raises(SchemaError) as caught:
        make_site(values)
    assert [problem.what for problem in caught.value.problems] == [
        'unknown key "gapp"',
        'the name "titan-350" stands twice',
        '"diesel-3mw" burns diesel, and the site has no stock of it',
    ]


def test_a_site_without_a_file_names_the_field() -> None:
    values = tomllib.loads(CLI_EXAMPLE)
    values["unit"][0]["n_max"] = -1
    with pytest.raises(SchemaError, match=r"site \(unit\[0\]\.n_max\): n_max is -1"):
        make_site(values)


def test_values_are_not_changed_by_reading() -> None:
    values = tomllib.loads(CLI_EXAMPLE)
    make_site(values, overrides={"unit[0].n_max": 3})
    assert values == tomllib.loads(CLI_EXAMPLE)


def test_a_link_to_a_site_reads_series_beside_the_link(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    path = write_good(inner)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    shutil.copy(inner / "demand.csv", tmp_path)
    assert load_site(link).origin.file("demand.csv") == tmp_path / "demand.csv"


@given(st.binary(max_size=200), st.sampled_from(["site.toml", "site.json"]))
def test_no_file_leads_to_anything_but_a_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any", numbered=True) / name
    path.write_bytes(content)
    with pytest.raises(InputError):
        load_site(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["site", "name", "demand", "unit", "battery", "grid", "rules", "solve", "operating_year"]
)
INNER = st.dictionaries(
    st.sampled_from(["technology", "n_max", "name", "source", "series", "air.x", "flexible"]),
    VALUES,
)


@given(KEYS, VALUES | INNER | st.lists(INNER, max_size=2))
def test_no_value_leads_to_anything_but_a_site_or_a_message(key: str, value: object) -> None:
    outcome: object
    try:
        outcome = make_site({**tomllib.loads(CLI_EXAMPLE), key: value}).name
    except InputError as error:
        outcome = error.problems
    assert outcome


def test_reading_a_site_needs_neither_numpy_nor_pandas_nor_pyomo() -> None:
    code = (
        "import sys; from optmix.schema.load import load_site; load_site('@tutorial/one-engine');"
        "from optmix.schema.export import site_json_schema; site_json_schema();"
        "from optmix.schema.resolved import resolved_toml;"
        "print([m for m in ('numpy', 'pandas', 'pyomo', 'highspy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
