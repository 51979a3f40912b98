"""What a race file says: instances, and everything they are run with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from optmix.errors import InputError, Problem, SchemaError, UnknownNameError, did_you_mean
from optmix.resources import shipped
from optmix.schema.base import Flag, Label, Positive, Record
from optmix.schema.document import read_document
from optmix.schema.origin import Origin
from optmix.schema.validation import validated
from optmix.solve.profiles import DEFAULT_PROFILE

__all__ = [
    "TWICE",
    "Family",
    "InstanceEntry",
    "Race",
    "full_name",
    "load_race",
    "race_names",
    "resolve_race",
]

Text = Annotated[str, Field(min_length=1, max_length=1000)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Whole = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Gap = Annotated[float, Field(ge=0, lt=1, strict=True)]
Family = Literal["campus", "commitment"]

TWICE = "name it once; `repeat` makes every run several times"

FOLDER = "bench"
"""Folder of the shipped races, among the instances."""


class InstanceEntry(Record):
    """One instance, or several: a site, files of models, or a generated family."""

    site: Text | None = None
    """A site file, relative to the race file, or a shipped instance such as
    ``@tutorial/one-engine``."""

    set: dict[str, Any] = Field(default_factory=dict)
    """New values of fields of the site, by dotted key."""

    model: Text | None = None
    """An MPS or LP file, relative to the race file; ``*`` and ``?`` stand for several."""

    family: Family | None = None
    """A family of generated instances."""

    sizes: tuple[Whole, ...] = ()
    """Hours of each generated instance."""

    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = (0,)
    """Seeds of the generated instances."""

    relax: Flag = False
    """Solve the linear relaxation: the same model with no variable held to whole numbers."""

    name: Label | None = None
    """What to call it in results; made from the rest unless given."""


class Race(Record):
    """A race: every instance with every solver, method, seed, time limit and gap."""

    schema_version: Literal[1]
    """Version of this format."""

    title: Label
    """What the race is called."""

    purpose: Text
    """What it is to show."""

    instance: Annotated[tuple[InstanceEntry, ...], Field(min_length=1)]
    """What is solved."""

    solvers: Annotated[tuple[Label, ...], Field(min_length=1)] = ("highs",)
    """Solvers and profiles, such as ``highs:fast``."""

    methods: Annotated[
        tuple[Literal["auto", "decomposition", "monolithic"], ...], Field(min_length=1)
    ] = ("auto",)
    """Methods by which sites are solved. The decomposition is run with HiGHS only."""

    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = (0,)
    """Seeds of the solver."""

    time_limits_s: Annotated[tuple[Positive, ...], Field(min_length=1)] = (60.0,)
    """Time limits of a run."""

    gaps: tuple[Gap, ...] = ()
    """Relative gaps to stop at; that of the profile unless given."""

    repeat: Whole = 1
    """How often every run is made."""

    threads: Whole | None = 1
    """Threads of a solver."""

    workers: Whole | None = None
    """Processes of the decomposition; by default one on each core."""

    memory_limit_mib: Positive | None = None
    """Memory beyond which a run is ended, with all that it started."""

    grace_s: Positive = 60.0
    """How far past its time limit a run may go, to load, to verify and to stop, before it is
    ended."""

    _origin: Origin | None = PrivateAttr(default=None)

    @property
    def origin(self) -> Origin | None:
        """The race file and its lines, for messages; none for a race made in Python."""
        return self._origin


def full_name(spec: str) -> str:
    """Return a solver with its profile.

    Examples
    --------
    >>> full_name("highs")
    'highs:default'
    """
    solver, _, profile = spec.strip().partition(":")
    return f"{solver}:{profile or DEFAULT_PROFILE}"


def race_names() -> tuple[str, ...]:
    """Return the names of the shipped races.

    Examples
    --------
    >>> "sites-small" in race_names()
    True
    """
    return tuple(sorted(path.stem for path in (shipped("instances") / FOLDER).glob("*.toml")))


def resolve_race(reference: str) -> Path:
    """Turn what a user wrote for a race into a path: ``@bench/name`` is a shipped race.

    Raises
    ------
    UnknownNameError
        No shipped race has that name.
    """
    if not reference.startswith("@"):
        return Path(reference)
    known = [f"@{FOLDER}/{name}" for name in race_names()]
    if reference in known:
        return shipped("instances") / FOLDER / f"{reference.partition('/')[2]}.toml"
    raise UnknownNameError(
        Problem(
            what="no race of that name ships with optmix",
            where=reference,
            allowed=", ".join(known),
            hint=did_you_mean(reference, known) or "a file of your own is named without @",
        )
    )


def load_race(path: Path) -> Race:
    """Read a race file.

    Raises
    ------
    InputError
        It cannot be read.
    SchemaError
        It says something that a race cannot; every mistake is named.
    """
    if path.is_dir():
        allowed = f"a TOML file, or @{FOLDER} and the name of a shipped race"
        raise InputError(Problem("this is a folder", str(path), allowed))
    if not path.is_file():
        raise InputError(Problem("there is no such race file", str(path)))
    try:
        document = read_document(path)
    except SchemaError as error:
        raise SchemaError([_for_races(problem) for problem in error.problems]) from None
    race, faults = validated(Race, document.values)
    origin = Origin(document.path, document.path.parent, document.lines)
    problems = [_for_races(fault.problem(origin)) for fault in faults]
    if race is None or problems:
        raise SchemaError(problems)
    problems = [*_misfits(race, origin), *_repeated(race, origin)]
    if problems:
        raise SchemaError(problems)
    race._origin = origin  # noqa: SLF001 - pydantic keeps provenance out of the data this way
    return race


def _misfits(race: Race, origin: Origin) -> list[Problem]:
    """Return which keys of an instance do not go together."""
    problems = []
    for number, entry in enumerate(race.instance):
        where = origin.where("instance", number)
        if sum(kind is not None for kind in (entry.site, entry.model, entry.family)) != 1:
            what = "an instance is a site, a model or a family"
            problems.append(Problem(what, where, allowed="exactly one of these keys"))
        if (entry.family is None) == bool(entry.sizes):
            what = "sizes go with a family, and a family needs them"
            problems.append(Problem(what, where, allowed="for example sizes = [24, 168]"))
        if entry.family is None and "seeds" in entry.model_fields_set:
            what = "seeds of an instance go with a family"
            hint = "those of the solver stand above all instances"
            place = origin.where("instance", number, "seeds")
            problems.append(Problem(what, place, hint=hint))
        if entry.set and entry.site is None:
            problems.append(Problem("only fields of a site can be set", where))
    return problems


def _for_races(problem: Problem) -> Problem:
    """Point to a race to compare with, where what reads all files points to a site."""
    if "`optmix init" not in problem.hint:
        return problem
    example = f"compare with {shipped('instances') / FOLDER / 'sites-small.toml'}"
    kept = problem.hint.rpartition("; ")[0]
    return replace(problem, hint=f"{kept}; {example}" if kept else example)


LISTS = ("solvers", "methods", "seeds", "time_limits_s", "gaps")


def _repeated(race: Race, origin: Origin) -> list[Problem]:
    """Return what stands twice in a list: its runs could not be told apart."""
    problems = []
    for name in LISTS:
        values = getattr(race, name)
        plain = [full_name(value) if name == "solvers" else value for value in values]
        problems += [
            Problem(f"{value} stands twice in {name}", origin.where(name, number), hint=TWICE)
            for number, value in enumerate(plain)
            if value in plain[:number]
        ]
    return problems
