"""What a worker needs to make any window of a solve, what it keeps of them, and what it can do.

A task carries the recipe and the numbers of its windows, so any process can do it. A process that
did a window before still has its solver warm; a new one builds it again.
"""

from __future__ import annotations

import pickle
import threading
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from optmix.solve.decomposition.block import Block, build_block
from optmix.solve.decomposition.cuts import Cut, Cutter
from optmix.solve.decomposition.rounding import rounded_rows

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.decomposition.prices import Prices
    from optmix.solve.highs_model import OptionValue

__all__ = ["Kept", "PackedRecipe", "Recipe", "kept_window", "make_cuts", "pack"]


@dataclass(frozen=True, eq=False)
class Recipe:
    """Everything that defines the windows of one solve.

    Attributes
    ----------
    case, windows
        What is cut into what.
    keys
        Linking quantities, in the order of the points that windows are asked about.
    prices
        At borders, and of what is missing.
    options
        Options of HiGHS for windows solved in integers, by its own names.
    """

    case: Case
    windows: list[Window]
    keys: list[Key]
    prices: Prices
    options: dict[str, OptionValue] = field(default_factory=dict)

    @cached_property
    def position(self) -> dict[Key, int]:
        """Place of each linking quantity in a point."""
        return {key: place for place, key in enumerate(self.keys)}


@dataclass(frozen=True, eq=False)
class PackedRecipe:
    """A recipe as it travels; a process that has it already does not unpack it again."""

    content: bytes
    id: str = field(default_factory=lambda: uuid4().hex)


def pack(recipe: Recipe) -> PackedRecipe:
    """Pack a recipe once for all tasks of a solve."""
    return PackedRecipe(pickle.dumps(recipe, protocol=pickle.HIGHEST_PROTOCOL))


@dataclass(eq=False)
class Kept:
    """A window in the memory of a worker.

    Attributes
    ----------
    block
        Its program.
    link_place
        Places of its linking quantities in a point.
    """

    recipe: Recipe
    block: Block
    link_place: Ints
    cutter: Cutter


_recipes: dict[str, Recipe] = {}
_windows: dict[int, Kept] = {}
"""The recipe and the windows of the latest solve of this process; those before are dropped."""

_lock = threading.Lock()
"""Executors may work with threads of one process, and Pyomo builds one model at a time."""


def kept_window(packed: PackedRecipe, number: int) -> Kept:
    """Return a window of this process, built at its first use."""
    with _lock:
        if packed.id not in _recipes:
            _recipes.clear()
            _windows.clear()
            # Sent by the process that asked for the work, never read from a file.
            _recipes[packed.id] = pickle.loads(packed.content)  # noqa: S301
        if number not in _windows:
            _windows[number] = _build(_recipes[packed.id], number)
        return _windows[number]


def _build(recipe: Recipe, number: int) -> Kept:
    window = recipe.windows[number]
    block = build_block(recipe.case, window, number, recipe.prices, recipe.position)
    place = np.array([recipe.position[key] for key in block.keys], dtype=np.int64)
    pool = partial(rounded_rows, recipe.case, block)
    cutter = Cutter(block.program, block.link, block.n_own, block.meter, pool)
    return Kept(recipe, block, place, cutter)


def make_cuts(
    packed: PackedRecipe, numbers: list[int], point: Floats, is_tight: bool
) -> list[tuple[Ints, Cut]]:
    """Return the cut of each window at a point, with the places of what it speaks of."""
    cuts = []
    for number in numbers:
        window = kept_window(packed, number)
        cut = window.cutter.cut(point[window.link_place], tight=is_tight)
        cuts.append((window.link_place, cut))
    return cuts
