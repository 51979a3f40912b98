"""Sites made by hand, with their files, for the tests of the data layer."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from optmix.schema.origin import Origin
from optmix.schema.site import Site

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = {
    "name": "engine",
    "kind": "medium-speed-engine",
    "rating_mw": 10.0,
    "rating_basis": "net",
    "min_load_frac": 0.4,
    "load_points_frac": (0.5, 0.75, 1.0),
    "heat_rate_mmbtu_per_mwh": (9.0, 8.4, 8.2),
    "ramp_frac_per_min": 0.5,
    "capex_usd_per_kw": 1000.0,
    "fom_usd_per_kw_yr": 10.0,
    "vom_usd_per_mwh": 5.0,
    "life_yr": 25.0,
    "n_max": 5,
}
BATTERY = {
    "name": "battery",
    "module_mw": 2.0,
    "module_mwh": 4.0,
    "rte_frac": 0.81,
    "capex_usd_per_kw": 200.0,
    "capex_usd_per_kwh": 300.0,
    "fom_usd_per_kw_yr": 8.0,
    "life_yr": 15.0,
    "n_max": 10,
}
BASE: dict[str, Any] = {
    "schema_version": 1,
    "name": "test",
    "site": {
        "latitude": 31.95,
        "longitude": -102.18,
        "altitude_m": 872.0,
        "timezone": "America/Chicago",
    },
    "time": {"hours": 24.0},
    "demand": {"profile": "flat", "peak_mw": 20.0},
    "unit": (ENGINE,),
    "maintenance": {"mode": "none"},
}


class MakeSite(Protocol):
    """Returns a site: the base, tables merged into it, and the files it names."""

    def __call__(self, files: dict[str, str] | None = None, **tables: Any) -> Site: ...


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """One engine type of 10 MW at Midland, flat demand of 20 MW, 24 hours of 1 h."""

    def make(files: dict[str, str] | None = None, **tables: Any) -> Site:
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        content = {**copy.deepcopy(BASE), **tables}
        return Site.model_validate(content).with_origin(Origin(folder=tmp_path))

    return make


@pytest.fixture
def engine() -> dict[str, Any]:
    """Figures of a 10 MW engine."""
    return dict(ENGINE)


@pytest.fixture
def battery() -> dict[str, Any]:
    """Figures of a 2 MW, 4 MWh module."""
    return dict(BATTERY)
