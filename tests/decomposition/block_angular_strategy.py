"""Draw block-angular problems: short numbers, many ties, costs and rows of unlike size."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from decomposition.block_angular import Block, Problem
from hypothesis import strategies as st

from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["problems"]

Draw = Any

MOST_POINTS = 16
SHORTFALL_COST = 60.0
"""Of one unit by which a row is missed; dearer than most that a block can do about it."""

MOST_SHORTFALL = 200.0
"""More than any row can be missed by."""

COEFFICIENTS = st.sampled_from([-2.0, -1.0, 0.0, 0.0, 0.5, 1.0, 1.0, 2.0, 3.0])
COSTS = st.sampled_from([0.0, 1.0, 1.0, 2.0, 5.0, 7.5])
SIDES = st.sampled_from([-3.0, 0.0, 1.0, 2.0, 2.5, 4.0, 7.0])
SCALES = st.sampled_from([1.0, 1.0, 1.0, 1e-3, 1e3])


@st.composite
def problems(draw: Draw, *, with_integers: bool | None = None) -> Problem:
    """Draw two to four blocks that share one to three whole numbers.

    ``with_integers``: whether blocks have whole numbers of their own; by default some have.
    """
    most = draw(
        st.lists(st.integers(1, 4), min_size=1, max_size=3).filter(
            lambda box: prod(n + 1 for n in box) <= MOST_POINTS
        )
    )
    n_links = len(most)
    blocks = draw(st.lists(_blocks(most, with_integers=with_integers), min_size=2, max_size=4))
    cost = draw(_numbers(st.sampled_from([-2.0, 0.0, 1.0, 3.0, 10.0, 30.0]), n_links))
    return Problem(cost, np.array(most), tuple(blocks))


@st.composite
def _blocks(draw: Draw, most: list[int], *, with_integers: bool | None) -> Block:
    n_links, n_own, n_rows = len(most), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    row_scale = draw(_numbers(SCALES, n_rows))
    matrix = np.hstack(
        [
            draw(_numbers(COEFFICIENTS, n_rows * (n_links + n_own))).reshape(n_rows, -1),
            np.eye(n_rows),  # what is missing
            -np.eye(n_rows),  # what is too much
        ]
    )
    side, room = draw(_numbers(SIDES, n_rows)), draw(_numbers(COSTS, n_rows))
    kind = [draw(st.sampled_from(["least", "most", "equal", "between"])) for _ in range(n_rows)]
    lower = np.where([k == "most" for k in kind], -np.inf, side)
    upper = np.where([k == "least" for k in kind], np.inf, side)
    upper += np.where([k == "between" for k in kind], room, 0.0)
    whole = st.booleans() if with_integers is None else st.just(with_integers)
    is_integer = np.array([draw(whole) for _ in range(n_own)])
    own_upper = draw(_numbers(st.sampled_from([1.0, 2.0, 3.5, 6.0, 20.0]), n_own))
    earns = np.array([draw(st.booleans()) for _ in range(n_own)])
    own_cost = draw(_numbers(COSTS, n_own)) * np.where(earns, -1.0, 1.0)
    n_slack = 2 * n_rows
    cost = np.concatenate(
        [draw(_numbers(COSTS, n_links)), own_cost, np.full(n_slack, SHORTFALL_COST)]
    )
    program = LinearProgram.from_matrix(
        draw(SCALES) * cost,
        matrix * row_scale[:, None],
        row_bounds=(lower * row_scale, upper * row_scale),
        col_bounds=(0.0, np.concatenate([most, own_upper, np.full(n_slack, MOST_SHORTFALL)])),
        is_integer=np.concatenate(
            [np.ones(n_links, bool), is_integer, np.zeros(n_slack, dtype=np.bool_)]
        ),
        offset=draw(st.sampled_from([0.0, 0.0, 12.0])),
    )
    return _shuffled(draw, program, n_links)


def _shuffled(draw: Draw, program: LinearProgram, n_links: int) -> Block:
    """Return the block with its columns in any order, but for those of shortfall at the end."""
    n_own = program.n_columns - 2 * program.n_rows
    first = draw(st.permutations(range(n_own)))
    order = np.concatenate([first, np.arange(n_own, program.n_columns)]).astype(np.int64)
    mixed = LinearProgram.from_matrix(
        program.cost[order],
        program.matrix[:, order],
        row_bounds=(program.row_lower, program.row_upper),
        col_bounds=(program.col_lower[order], program.col_upper[order]),
        is_integer=program.is_integer[order],
        offset=program.offset,
    )
    return Block(mixed, np.argsort(order)[:n_links], n_own)


def _numbers(each: st.SearchStrategy[float], n: int) -> st.SearchStrategy[Floats]:
    return st.lists(each, min_size=n, max_size=n).map(np.array)
