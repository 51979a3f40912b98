"""The catalog: one TOML file for each technology that ships with optmix."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from optmix.errors import Problem, SchemaError, UnknownNameError, did_you_mean
from optmix.resources import shipped
from optmix.schema.document import read_document
from optmix.schema.fault import Fault
from optmix.schema.origin import Origin, legible
from optmix.schema.technology import BatteryTechnology, ThermalTechnology
from optmix.schema.validation import validated

__all__ = ["load_technology", "read_technology", "technology_ids"]


@cache
def technology_ids() -> tuple[str, ...]:
    """Return the ids of all shipped technologies, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


@cache
def load_technology(technology_id: str) -> ThermalTechnology | BatteryTechnology:
    """Return a technology of the catalog.

    Raises
    ------
    UnknownNameError
        The catalog has no technology of that id.

    Examples
    --------
    >>> load_technology("titan-350").kind
    'industrial-turbine'
    """
    if technology_id not in technology_ids():
        raise UnknownNameError(
            Problem(
                what=f'the catalog has no technology "{legible(technology_id)}"',
                allowed="an id from `optmix list technologies`",
                hint=did_you_mean(technology_id, technology_ids())
                or f"ids: {', '.join(technology_ids())}",
            )
        )
    return read_technology(_folder() / f"{technology_id}.toml")


def read_technology(path: Path) -> ThermalTechnology | BatteryTechnology:
    """Read the file of one technology.

    Raises
    ------
    InputError
        The file cannot be read.
    SchemaError
        It breaks the schema of a technology, or its ``id`` is not the name of the file.
    """
    document = read_document(path)
    values = dict(document.values)
    faults = []
    if values.pop("id", path.stem) != path.stem:
        what = "id is not the name of the file"
        faults.append(Fault(("id",), what, f'"{path.stem}"', "rename the file, or correct the id"))
    technology: ThermalTechnology | BatteryTechnology | None
    if values.get("kind") == "battery":
        technology, found = validated(BatteryTechnology, values)
    else:
        technology, found = validated(ThermalTechnology, values)
    faults += found
    if technology is None or faults:
        origin = Origin(path=path, lines=document.lines)
        raise SchemaError([fault.problem(origin) for fault in faults])
    return technology


def _folder() -> Path:
    return shipped("instances") / "catalog"
