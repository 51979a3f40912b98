"""Variations of a site: every combination of some values, or the listed ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from optmix.errors import Problem, SchemaError
from optmix.schema.portfolio import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.portfolio.rows import Draft
    from optmix.schema.portfolio import Sweep

__all__ = ["LARGEST_SWEEP", "combinations", "varied"]

LARGEST_SWEEP = 100_000
"""More variations than this of one site are a slip of the keyboard."""


def combinations(sweep: Sweep, where: str) -> list[dict[str, object]]:
    """Return the fields that each variation sets.

    Parameters
    ----------
    sweep
        What varies.
    where
        Where it stands, for messages.

    Raises
    ------
    SchemaError
        The lists differ in length where they go together, a range holds no value, or there are far
        too many.

    Examples
    --------
    >>> from optmix.schema.portfolio import Sweep
    >>> combinations(Sweep(over={"a": [1, 2], "b": {"first": 1, "last": 2, "step": 0.5}}), "")[:2]
    [{'a': 1, 'b': 1.0}, {'a': 1, 'b': 1.5}]
    """
    lengths = {key: _length(values) for key, values in sweep.over.items()}
    total = 1
    for length in lengths.values():
        total = max(total, length) if sweep.combine == "listed" else total * length
    if total > LARGEST_SWEEP:
        hint = "take a larger step, or fewer keys"
        what = f"the sweep has {total:,} variations"
        raise SchemaError(Problem(what, where, f"at most {LARGEST_SWEEP:,}", hint))
    if sweep.combine == "listed" and len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} {length}" for key, length in lengths.items())
        hint = 'combine = "full" takes every combination'
        what = f"the lists differ in length: {told}"
        raise SchemaError(Problem(what, where, "lists of one length", hint))
    for key, each in sweep.over.items():
        if isinstance(each, Range) and not lengths[key]:
            what = f"{key} goes from {each.first:g} up to {each.last:g}, which is no value"
            hint = "write the smaller number as first"
            raise SchemaError(Problem(what, where, "last at least as large as first", hint))
    values = [_values(given) for given in sweep.over.values()]
    sets = zip(*values, strict=True) if sweep.combine == "listed" else product(*values)
    return [dict(zip(sweep.over, each, strict=True)) for each in sets]


def varied(draft: Draft, sets: list[dict[str, object]], base_name: str) -> Iterator[Draft]:
    """Yield a row for each variation; its name ends with the number of the variation."""
    digits = max(3, len(str(len(sets))))
    for number, changes in enumerate(sets, start=1):
        name = f"{draft.name or base_name}-{number:0{digits}}"
        yield replace(draft, name=name, changes={**draft.changes, **changes})


def _length(values: Range | tuple[object, ...]) -> int:
    if isinstance(values, Range):
        # A step that leads to the last number but for rounding leads to it.
        return max(0, int((values.last - values.first) / values.step + 1e-9) + 1)
    return len(values)


def _values(values: Range | tuple[object, ...]) -> tuple[object, ...]:
    if isinstance(values, Range):
        count = range(_length(values))
        # Rounded, so that 0.1 and twice 0.1 more are 0.3.
        return tuple(round(values.first + number * values.step, 12) for number in count)
    return values
