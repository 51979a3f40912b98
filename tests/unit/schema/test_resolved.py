"""The resolved form of a site shows every default, and reads back as an equal site."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from strategies.site_values import record_values

from optmix.resources import instance_names
from optmix.schema.load import load_site, make_site
from optmix.schema.merge import merged_with_catalog
from optmix.schema.resolved import resolved_toml
from optmix.schema.site import Site
from optmix.schema.technology import BatteryTechnology, ThermalTechnology


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record_values(Site))
def test_any_site_reads_back_as_an_equal_site(values: dict[str, Any]) -> None:
    site = Site.model_validate(values)
    text = resolved_toml(site)
    read, faults = merged_with_catalog(tomllib.loads(text))
    assert faults == []
    again = Site.model_validate(read)
    assert again == site
    assert resolved_toml(again) == text


@pytest.mark.parametrize("name", instance_names())
def test_shipped_sites_read_back_as_equal_sites(name: str, tmp_path: Path) -> None:
    site = load_site(f"@{name}")
    path = tmp_path / "site.resolved.toml"
    path.write_text(resolved_toml(site), encoding="utf-8")
    assert load_site(path) == site


def test_every_default_is_visible() -> None:
    resolved = tomllib.loads(resolved_toml(make_site(MINIMAL)))
    assert resolved["site"]["wacc"] == 0.09
    assert resolved["security"]["bridge_h"] == 0.25
    assert resolved["emissions"]["co2"]["basis"] == "actual"
    for name, field in Site.model_fields.items():
        assert name in resolved or field.default in {None, ()}, name


def test_every_figure_of_the_catalog_is_visible() -> None:
    resolved = tomllib.loads(resolved_toml(make_site(MINIMAL)))
    for table, kind in (("unit", ThermalTechnology), ("battery", BatteryTechnology)):
        (entry,) = resolved[table]
        for name, field in kind.model_fields.items():
            assert name in entry or field.default is None, name


def test_a_resolved_site_does_not_read_the_catalog(tmp_path: Path) -> None:
    text = resolved_toml(make_site(MINIMAL)).replace('"titan-350"', '"no-longer-sold"')
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    (unit,) = load_site(path).unit
    assert (unit.technology, unit.name, unit.rating_mw) == ("no-longer-sold",) * 2 + (38.0,)


def test_an_empty_list_of_tables_is_left_out_so_that_one_can_be_added() -> None:
    text = resolved_toml(make_site(MINIMAL))
    assert "fuel_stock" not in tomllib.loads(text)
    more = '\n[[fuel_stock]]\nname = "tank"\nfuel = "diesel"\ncapacity_mmbtu = 10\n'
    more += "price_usd_per_mmbtu = 20\nrefill_max_mmbtu_per_day = 5\n"
    assert make_site(tomllib.loads(text + more)).fuel_stock[0].name == "tank"


MINIMAL: dict[str, Any] = {
    "schema_version": 1,
    "name": "minimal",
    "site": {"latitude": 31.95, "longitude": -102.18, "timezone": "America/Chicago"},
    "demand": {"profile": "flat", "peak_mw": 10},
    "unit": [{"technology": "titan-350", "n_max": 2}],
    "battery": [{"technology": "lfp-2h", "n_max": 2}],
}
