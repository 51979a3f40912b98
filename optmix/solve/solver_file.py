"""What a file of the folder ``solvers/`` holds: one solver and its profiles."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from optmix.schema.base import Label, Record

__all__ = ["HIGHS", "BadVersion", "OptionNames", "ProfileTable", "SolverFile"]

Text = Annotated[str, Field(min_length=1, max_length=500)]
Requirement = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+>=[0-9.]+$")]
OptionValue = bool | int | float | str

HIGHS: Final = "highs"
"""The backend that optmix drives itself; every other is a name of Pyomo's."""


class BadVersion(Record):
    """A version that must not be used."""

    version: Label
    """The version, as the solver itself tells it."""

    reason: Text
    """What it does wrong."""

    link: Text
    """Where that is reported."""


class OptionNames(Record):
    """What the solver calls the limits that every solve has; what it lacks is left out."""

    gap: Label | None = None
    """Relative gap at which to stop."""

    absolute_gap: Label | None = None
    """Absolute gap at which to stop, in the unit of the objective."""

    threads: Label | None = None
    """Number of threads."""

    seed: Label | None = None
    """Seed of random choices."""


class ProfileTable(Record):
    """A named set of options."""

    purpose: Text
    """What the profile is for."""

    gap: Annotated[float, Field(ge=0, le=1, strict=True)]
    """Relative gap to stop at, unless the user asks for another."""

    options: dict[str, OptionValue] = Field(default_factory=dict)
    """Further options by the solver's own names."""

    needs: Requirement | None = None
    """Python package that the profile needs beside the solver's, with its lowest version."""


class SolverFile(Record):
    """A solver: how to drive it, which versions work, and its profiles."""

    title: Label
    """Name of the solver."""

    backend: Label
    """``highs``, or the name under which Pyomo knows the solver."""

    licence: Label
    """SPDX identifier of the licence, or ``commercial``."""

    homepage: Text
    """Where to read about it."""

    purpose: Text
    """What it is for."""

    install: Text
    """How to install it."""

    needs: Requirement | None = None
    """Python package that it comes in, with the lowest version that works."""

    executable: Label | None = None
    """Program that it comes as, if it is not a Python package."""

    version_arguments: tuple[Label, ...] = ()
    """Arguments that make the program tell its version."""

    version_pattern: Text | None = None
    """Regular expression whose groups find the version in what the program then prints."""

    ignored_option: Text | None = None
    """Regular expression whose group finds the option that the program says it ignored. A program
    that ends with an error instead needs none."""

    bound: Literal["reported", "implied"] = "reported"
    """Whether the interface tells the proven bound. Where it does not, "optimal" is taken to prove
    the gap that the solver was given and no more."""

    option_names: OptionNames | None = None
    """Names of the common limits; not needed for ``highs``."""

    bad_version: tuple[BadVersion, ...] = ()
    """Versions that must not be used."""

    profile: Annotated[dict[str, ProfileTable], Field(min_length=1)]
    """Profiles by name; ``default`` is used where none is named."""
