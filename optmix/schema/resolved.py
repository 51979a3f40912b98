"""The resolved form of a site: every default visible, every figure of the catalog written out."""

from __future__ import annotations

from optmix.schema.base import Record, record_in
from optmix.schema.series import SeriesRef
from optmix.schema.site import BatteryChoice, Site, UnitChoice
from optmix.schema.toml_text import Inline, toml_text

__all__ = ["resolved_toml"]

_FIRST = ("technology", "name", "n_min", "n_max")
"""What a planner looks for in a long list of figures stands above it."""


def resolved_toml(site: Site) -> str:
    """Return a site as TOML that needs no catalog and no knowledge of defaults.

    Reading it gives an equal site, also with a later catalog: its units and batteries carry
    ``from_catalog = false``. Optional fields that are not set are left out, since TOML has no
    word for "none". The order is that of the schema.
    """
    return toml_text(_table(site))


def _table(record: Record) -> dict[str, object]:
    names = list(type(record).model_fields)
    table: dict[str, object] = {}
    if isinstance(record, UnitChoice | BatteryChoice):
        names = [*_FIRST, *(name for name in names if name not in _FIRST)]
        table["from_catalog"] = False
    for name in names:
        value = getattr(record, name)
        # An empty list of tables would forbid its reader to add one.
        is_no_tables = value == () and record_in(type(record).model_fields[name].annotation)
        if value is not None and not is_no_tables:
            table[name] = _plain(value)
    for name, value in (record.model_extra or {}).items():
        table[name] = _plain(value)
    return table


def _plain(value: object) -> object:
    if isinstance(value, SeriesRef):
        return Inline(_table(value))
    if isinstance(value, Record):
        return _table(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
