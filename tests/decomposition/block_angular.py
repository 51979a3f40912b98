"""Tiny problems of blocks that share a few whole numbers, small enough to try every one of them.

.. math:: \\min_z\\; c z + \\sum_b \\min_x \\{ q_b x + r_b z : l_b \\le W_b x + T_b z \\le u_b \\}

The linking numbers `z` come from a small box. Every block has a costly way out of every row, so it
has a plan whatever `z` is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import block_diag
from scipy.optimize import Bounds, LinearConstraint, milp

from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Cut = tuple[float, Floats]
    MakeCut = Callable[[LinearProgram, Ints, Floats], Cut]
    Point = tuple[int, ...]

__all__ = [
    "Block",
    "Problem",
    "cut_value",
    "least",
    "overshoot",
    "solve_by_cuts",
    "true_cost",
    "whole",
]


@dataclass(frozen=True, eq=False)
class Block:
    """One block: its program, and which of its columns are the linking numbers.

    Columns from ``n_own`` on are shortfall, one and one more for each row.
    """

    program: LinearProgram
    link_columns: Ints
    n_own: int

    def relaxed(self) -> Block:
        """Return the block with nothing whole in it."""
        nothing = np.zeros(self.program.n_columns, dtype=np.bool_)
        return replace(self, program=replace(self.program, is_integer=nothing))

    def missing(self) -> Block:
        """Return the block whose cost is the shortfall, with nothing whole in it."""
        cost = (np.arange(self.program.n_columns) >= self.n_own).astype(np.float64)
        relaxed = self.relaxed()
        return replace(relaxed, program=replace(relaxed.program, cost=cost, offset=0.0))


@dataclass(frozen=True, eq=False)
class Problem:
    """Blocks that share linking numbers from 0 to ``most``, each of which has a cost of its own."""

    cost: Floats
    most: Ints
    blocks: tuple[Block, ...]

    @property
    def points(self) -> Iterator[Point]:
        """Every value that the linking numbers can take."""
        return product(*(range(int(n) + 1) for n in self.most))

    def relaxed(self) -> Problem:
        """Return the problem with whole linking numbers and nothing whole in its blocks."""
        return replace(self, blocks=tuple(block.relaxed() for block in self.blocks))

    @cached_property
    def totals(self) -> dict[Point, float]:
        """The least cost of the whole at every point."""
        return {
            point: float(self.cost @ point) + sum(true_cost(b, point) for b in self.blocks)
            for point in self.points
        }

    @property
    def optimum(self) -> float:
        """The least cost of the whole."""
        return min(self.totals.values())


@cache
def true_cost(block: Block, point: Point) -> float:
    """Return the least cost of a block where the linking numbers are fixed."""
    program = block.program
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    lower[block.link_columns] = upper[block.link_columns] = point
    return least(replace(program, col_lower=lower, col_upper=upper))


def least(program: LinearProgram) -> float:
    """Return the optimum of a program, by scipy alone and to the last digit."""
    result = milp(
        program.cost,
        integrality=program.is_integer.astype(np.int64),
        bounds=Bounds(program.col_lower, program.col_upper),
        constraints=LinearConstraint(program.matrix, program.row_lower, program.row_upper),
        options={"mip_rel_gap": 0.0},
    )
    assert result.success, result.message
    return float(result.fun) + program.offset


def cut_value(cut: Cut, point: Point) -> float:
    """Return what a cut says that a block costs at least."""
    intercept, slope = cut
    return float(intercept + np.dot(slope, point))


def overshoot(cut: Cut, block: Block, points: Iterator[Point]) -> float:
    """Return by how much a cut claims more than its block costs, at the worst point.

    What the rounding of a cost allows is taken off, so it is 0 for a valid cut.
    """
    claims = ((cut_value(cut, point), true_cost(block, point)) for point in points)
    return max(max(0.0, claim - cost - rounding(cost)) for claim, cost in claims)


def rounding(cost: float) -> float:
    """Return how far a computed cost may be off: scipy's HiGHS keeps rows to 1e-7."""
    return 1e-6 * max(1.0, abs(cost))


def solve_by_cuts(
    problem: Problem, make_cut: MakeCut, most_rounds: int = 80
) -> tuple[float, Point]:
    """Return the lower bound that a master over cuts ends with, and its point.

    The master is solved by trying every point, so nothing but the cuts can be wrong. It ends where
    the cuts at its own point raise nothing any more.
    """
    cuts: list[list[Cut]] = [[] for _ in problem.blocks]
    seen: set[Point] = set()

    def claimed(point: Point) -> float:
        floor = -1e9  # where a block has no cut yet
        blocks = (max((cut_value(cut, point) for cut in own), default=floor) for own in cuts)
        return float(problem.cost @ point) + sum(blocks)

    for _ in range(most_rounds):
        point = min(problem.points, key=claimed)
        if point in seen:
            return claimed(point), point
        seen.add(point)
        for block, own in zip(problem.blocks, cuts, strict=True):
            own.append(make_cut(block.program, block.link_columns, np.array(point, dtype=float)))
    raise AssertionError(f"no end after {most_rounds} rounds")


def whole(problem: Problem) -> LinearProgram:
    """Return the problem as one program: the linking numbers first, then each block's columns."""
    programs = [block.program for block in problem.blocks]
    links = [np.asarray(block.link_columns) for block in problem.blocks]
    owns = [np.setdiff1d(np.arange(p.n_columns), at) for p, at in zip(programs, links, strict=True)]
    parts = [(p, at, own) for p, at, own in zip(programs, links, owns, strict=True)]
    shared = np.vstack([p.matrix.toarray()[:, at] for p, at, _ in parts])
    private = block_diag(*(p.matrix.toarray()[:, own] for p, _, own in parts))
    n_links = len(problem.cost)
    return LinearProgram.from_matrix(
        np.concatenate(
            [
                problem.cost + sum(p.cost[at] for p, at, _ in parts),
                *(p.cost[own] for p, _, own in parts),
            ]
        ),
        np.hstack([shared, private]),
        row_bounds=(
            np.concatenate([p.row_lower for p in programs]),
            np.concatenate([p.row_upper for p in programs]),
        ),
        col_bounds=(
            np.concatenate([np.zeros(n_links), *(p.col_lower[own] for p, _, own in parts)]),
            np.concatenate([problem.most, *(p.col_upper[own] for p, _, own in parts)]),
        ),
        is_integer=np.concatenate(
            [np.ones(n_links, dtype=np.bool_), *(p.is_integer[own] for p, _, own in parts)]
        ),
        offset=sum(p.offset for p in programs),
    )
