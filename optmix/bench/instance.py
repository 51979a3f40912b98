"""The instances of a race, one by one, each as what a run of it is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optmix.bench.race import InstanceEntry
    from optmix.schema.origin import Origin

__all__ = ["Instance", "instance_of_argument", "instances_of"]

MODEL_SUFFIXES = (".mps", ".lp", ".mps.gz", ".lp.gz")


@dataclass(frozen=True)
class Instance:
    """One thing to solve.

    Attributes
    ----------
    name
        What it is called in results.
    kind
        A ``site``, a ``model`` in a file, or a member of a ``family``.
    source
        Path of the site or file, or name of the family.
    changes
        New values of fields of a site, by dotted key.
    size_h, seed
        Hours and seed of a member of a family.
    relax
        Whether its linear relaxation is solved.
    """

    name: str
    kind: Literal["site", "model", "family"]
    source: str
    changes: dict[str, Any] = field(default_factory=dict)
    size_h: int = 0
    seed: int = 0
    relax: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def instances_of(
    entries: Iterable[InstanceEntry], folder: Path, origin: Origin | None = None
) -> list[Instance]:
    """Return all instances of a race.

    Parameters
    ----------
    entries
        What the race file says.
    folder
        Where relative paths start.
    origin
        The race file, for messages; without one, the instances stand on the command line.

    Raises
    ------
    InputError
        A pattern fits no file, a site is not valid, or two instances have one name; with
        everything that is wrong.
    """
    found: list[Instance] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries):
        try:
            made = _of_entry(entry, folder)
            for instance in made:
                _require_site(instance)
        except InputError as error:
            problems += (_placed(problem, origin, number, entry) for problem in error.problems)
        else:
            found += made
    names = [instance.name for instance in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what = f"several instances are called {', '.join(twice)}"
        where = origin.where("instance") if origin else "instance"
        problems.append(Problem(what, where, hint="give each a name of its own"))
    if problems:
        raise InputError(problems)
    return found


def _require_site(instance: Instance) -> None:
    """Read a site with its series before any run: a slip would else be found in every run of it."""
    if instance.kind != "site":
        return
    from optmix.rules.in_force import ready_case
    from optmix.schema.load import load_site

    ready_case(load_site(instance.source, instance.changes))


def _placed(problem: Problem, origin: Origin | None, number: int, entry: InstanceEntry) -> Problem:
    """Say which line of the race file, or which option, led to a problem."""
    key = problem.where.removeprefix("--set ")
    if origin and key in entry.set:
        return replace(problem, where=origin.where("instance", number, "set", key))
    kind = "model" if entry.model is not None else "site"
    where = origin.where("instance", number, kind) if origin else "--instance"
    return replace(problem, where=where, what=f"{problem.where}: {problem.what}")


def instance_of_argument(text: str) -> list[Instance]:
    """Return the instances that a user named on the command line: a site, or files of models.

    Examples
    --------
    >>> instance_of_argument("@tutorial/one-engine")[0].kind
    'site'
    """
    from optmix.bench.race import InstanceEntry

    is_model = text.endswith(MODEL_SUFFIXES)
    entry = InstanceEntry(model=text) if is_model else InstanceEntry(site=text)
    return instances_of([entry], Path())


def _of_entry(entry: InstanceEntry, folder: Path) -> list[Instance]:
    suffix = " relaxed" if entry.relax else ""
    if entry.site is not None:
        shown = " ".join([entry.site, *(f"{key}={value}" for key, value in entry.set.items())])
        path = entry.site if entry.site.startswith("@") else str(folder / entry.site)
        name = entry.name or shown + suffix
        return [Instance(name, "site", path, changes=dict(entry.set), relax=entry.relax)]
    if entry.model is not None:
        files = _files(entry.model, folder)
        if entry.name and len(files) > 1:
            what = f"one name cannot stand for {len(files)} files"
            raise InputError(Problem(what, entry.model, hint="leave it out: files name themselves"))
        return [
            Instance(
                (entry.name or file.name) + suffix,
                "model",
                str(file),
                relax=entry.relax,
            )
            for file in files
        ]
    family = str(entry.family)
    return [
        Instance(
            f"{entry.name or family}-{size_h}h-{seed}{suffix}",
            "family",
            family,
            size_h=size_h,
            seed=seed,
            relax=entry.relax,
        )
        for size_h in entry.sizes
        for seed in entry.seeds
    ]


def _files(pattern: str, folder: Path) -> list[Path]:
    path = folder / pattern
    if not any(sign in pattern for sign in "*?"):
        files = [path] if path.is_file() else []
    else:
        files = sorted(Path(path.anchor or ".").glob(str(path.relative_to(path.anchor or "."))))
    if not files:
        raise InputError(Problem("no file fits", pattern, hint=f"looked in {folder.resolve()}"))
    wrong = [file.name for file in files if not file.name.endswith(MODEL_SUFFIXES)]
    if wrong:
        allowed = ", ".join(MODEL_SUFFIXES)
        raise InputError(Problem(f"no model can be read from {wrong[0]}", pattern, allowed))
    return files
