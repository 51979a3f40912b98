"""Portfolios are read whole: from a file, a folder or a table, with what is wrong row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optmix.errors import InputError
from optmix.portfolio.read import Campuses, read_portfolio
from optmix.portfolio.sweep import combinations
from optmix.schema.portfolio import Sweep

if TYPE_CHECKING:
    from pathlib import Path


def portfolio(folder: Path, text: str) -> Campuses:
    path = folder / "portfolio.toml"
    path.write_text(f"schema_version = 1\n{text}", encoding="utf-8")
    return read_portfolio(path)


def test_a_row_of_a_table_overrides_fields_of_its_site(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "name,fuel.price_usd_per_mmbtu,unit.engine-5mw.n_max,weather.temp_c\n"
        "north,3.25,3,\nsouth,,5,30\n",
        encoding="utf-8",
    )
    read = portfolio(tmp_path, 'base = "@tutorial/one-engine"\ntable = "t.csv"\n')
    north, south = (row.site for row in read.rows)
    assert north is not None
    assert south is not None
    assert (north.name, north.fuel.price_usd_per_mmbtu, north.unit[0].n_max) == ("north", 3.25, 3)
    assert south.fuel.price_usd_per_mmbtu == 4.0  # an empty cell leaves the base as it is
    assert (south.unit[0].n_max, south.weather.temp_c) == (5, 30)


def test_what_is_wrong_with_a_row_stays_with_the_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "name,site,site.altitude_m\na,@tutorial/one-engine,0\nb,@tutorial/one-engine,high\n"
        "c,@tutorial/none,0\nd,@tutorial/one-engine\na,@tutorial/one-engine,1\n,,5\n",
        encoding="utf-8",
    )
    rows = read_portfolio(tmp_path / "t.csv").rows
    said = [" ".join(str(problem) for problem in row.problems) for row in rows]
    assert [row.site is None for row in rows] == [True] * 6
    assert len({row.name for row in rows}) == 6
    assert "stands more than once" in said[0]
    assert 't.csv:row 3: site.altitude_m: altitude_m is the text "high"' in said[1]
    assert "no instance of that name" in said[2]
    assert "2 cells, the header 3" in said[3]
    assert "no site is named" in said[5]


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    import pandas as pd

    pytest.importorskip("pyarrow")
    frame = pd.DataFrame(
        {
            "name": ["a", "b"],
            "site": ["@tutorial/one-engine"] * 2,
            "unit[0].n_max": [3.0, None],
            "site.altitude_m": [10.0, 20.0],
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    a, b = (row.site for row in read_portfolio(tmp_path / "t.parquet").rows)
    assert a is not None
    assert b is not None
    assert (a.unit[0].n_max, b.unit[0].n_max, b.site.altitude_m) == (3, 4, 20)


def test_a_sweep_takes_every_combination(tmp_path: Path) -> None:
    read = portfolio(
        tmp_path,
        'base = "@tutorial/one-engine"\n[sweep]\nover."site.altitude_m" = [0, 500]\n'
        'over."fuel.price_usd_per_mmbtu" = { first = 3, last = 3.3, step = 0.1 }\n',
    )
    assert [row.name for row in read.rows][:2] == ["one-engine-001", "one-engine-002"]
    prices = [row.site.fuel.price_usd_per_mmbtu for row in read.rows if row.site]
    assert prices == [3, 3.1, 3.2, 3.3] * 2


def test_a_sweep_of_lists_takes_them_together() -> None:
    sweep = Sweep(combine="listed", over={"a": (1, 2), "b": ("x", "y")})
    assert combinations(sweep, "") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"a": (1, 2), "b": (1,)}, "differ in length: a 2, b 1"),
        ({"a": {"first": 0, "last": 1, "step": 1e-6}}, "1,000,001 variations"),
        ({"a": {"first": 5, "last": 3, "step": 0.5}}, "a goes from 5 up to 3, which is no value"),
    ],
)
def test_a_sweep_that_cannot_be_meant_is_refused(over: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        combinations(Sweep.model_validate({"combine": "listed", "over": over}), "p.toml:3")


def test_a_folder_is_a_portfolio_of_its_folders_and_files(tmp_path: Path) -> None:
    from optmix.resources import resolve

    text = resolve("@tutorial/one-engine").read_text(encoding="utf-8")
    (tmp_path / "north").mkdir()
    demand = resolve("@tutorial/one-engine").parent / "demand.csv"
    for folder in (tmp_path, tmp_path / "north"):
        (folder / "demand.csv").write_bytes(demand.read_bytes())
    (tmp_path / "north" / "site.toml").write_text(text, encoding="utf-8")
    (tmp_path / "south.toml").write_text(text, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    rows = {row.name: row for row in read_portfolio(tmp_path).rows}
    assert sorted(rows) == ["empty", "north", "south"]
    assert rows["north"].site is not None
    assert rows["south"].site is not None
    assert "has no site.toml" in str(rows["empty"].problems[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no sites"),
        ('bas = "x"\n', 'unknown key "bas"'),
        ('base = "x"\ntable = "none.csv"\n', "no such file"),
        ('[[shared.equipment]]\nname = "x"\nn_max = -1\n', "n_max is -1"),
        ('[[shared.equipment]]\nname = "x"\nfamily = "steam"\nn_max = 1\n', "family is the text"),
        ("[shared]\nemissions_max_tpy = { xyz = 3 }\n", "xyz"),
        ('[sweep]\nover."a" = []\n', "over"),
        ("[solve]\ngap = 2\n", "gap is 2"),
    ],
)
def test_a_portfolio_that_is_wrong_itself_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as caught:
        portfolio(tmp_path, text)
    assert all(item.what and item.where and item.hint for item in caught.value.problems)


ENGINES = '[[shared.equipment]]\nname = "x"\nn_max = 1\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENGINES, "the limit names no equipment"),
        (ENGINES + 'technology = ["g3520"]\n', 'no technology is called "g3520"'),
        (ENGINES + 'technology = ["titan-350"]\n', "no site can choose anything that fits"),
        (ENGINES + 'vendor = "Solar Turbine"\n', "no site can choose anything that fits"),
        (2 * (ENGINES + 'family = "high-speed-engine"\n'), 'the name "x" stands for more than one'),
    ],
)
def test_a_limit_that_would_bind_nobody_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as caught:
        portfolio(tmp_path, f'base = "@tutorial/engine-battery"\n{text}')
    assert all(item.where.startswith("portfolio.toml:") for item in caught.value.problems)


def test_a_limit_that_fits_what_a_site_can_choose_is_taken(tmp_path: Path) -> None:
    names = '["g3520k", "7ha-03"]'  # the second one is in the catalog, but not on offer here
    text = f'base = "@texas/islanded-300mw"\n{ENGINES}technology = {names}\n'
    (limit,) = portfolio(tmp_path, text).shared.equipment
    assert limit.n_max == 1


def test_a_table_with_a_bad_header_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,,name,Path\na,b,c,d\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_portfolio(path)
    assert len(caught.value.problems) == 3
