r"""How units fail and are repaired from one step to the next.

One unit is a Markov chain sampled at the steps. State 0 is full output, state 1 the forced outage,
states from 2 on are partial outages. With two states and a constant outage probability ``q`` the
chain is

.. math:: P(u \to d) = q (1 - \rho), \qquad P(d \to u) = (1 - q)(1 - \rho)

where ``exact`` samples the process in continuous time,
:math:`\rho = e^{-(\lambda + \mu)\Delta}`, and ``hourly`` takes geometric durations,
:math:`\rho = 1 - (\lambda + \mu)\Delta`, so that a repair ends in a step with probability
``step_h / mttr_h``. Both keep ``q``.

Where ``q`` changes from step to step the chain keeps the law of every step exactly: what is kept
from one step to the next is lowered where the law changes faster than failures and repairs do. The
law of a step is then that of the capacity-outage table, and time can be reversed without any
further assumption.

Units of one class are alike, so only the number in each state matters. A unit that goes into
planned maintenance is any of its class; one that comes back is in a state drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.reliability.risk import step_before

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.components import CommonCause, Storage, UnitClass
    from optmix.reliability.system import System

__all__ = ["Convention", "Population", "populations"]

Convention = Literal["exact", "hourly"]
"""``exact``: the process in continuous time, seen at the steps; ``hourly``: geometric durations."""


@dataclass(frozen=True, eq=False)
class Population:
    """Units that are alike: how many there are, and the chain of one of them.

    Attributes
    ----------
    name
        Name of the class, product or common cause.
    count
        Units that can be in service in each step. Shape (T,).
    output_frac
        Share of capacity left in each state. Shape (S,).
    law
        Probability of each state of one unit. Shape (T, S).
    forward
        Probability of each state in step ``t``, given the state in the step before: axis 1 is the
        state before, axis 2 the state in ``t``. Shape (T, S, S).
    """

    name: str
    count: Ints
    output_frac: Floats
    law: Floats
    forward: Floats

    @property
    def n_states(self) -> int:
        """States of one unit."""
        return len(self.output_frac)

    def backward(self, before: Ints) -> Floats:
        """Return the chain in reversed time.

        Parameters
        ----------
        before
            The step before each step.

        Returns
        -------
        Floats
            Probability of each state in the step before ``t``, given the state in ``t``: axis 1 is
            the state in ``t``, axis 2 the state before. Shape (T, S, S).
        """
        joint = self.law[before][:, :, None] * self.forward
        flow = np.swapaxes(joint, 1, 2)
        total = flow.sum(axis=2, keepdims=True)
        # No unit is ever in a state of probability 0; any row will do there.
        fallback = np.broadcast_to(self.law[before][:, None, :], flow.shape)
        return np.asarray(np.divide(flow, total, out=fallback.copy(), where=total > 0))


def populations(
    system: System, convention: Convention = "exact"
) -> tuple[tuple[Population, ...], tuple[Population, ...], tuple[Population, ...]]:
    """Return the populations of unit classes, of storage products and of common causes.

    Parameters
    ----------
    system
        The system.
    convention
        How steps sample the process.

    Returns
    -------
    units, storage, causes
        In the order of the system.
    """
    before, step_h = step_before(system.year), system.step_h
    return (
        tuple(_of_units(unit, before, step_h, convention) for unit in system.units),
        tuple(_of_storage(item, before, step_h, convention) for item in system.storage),
        tuple(_of_cause(cause, before, step_h, convention) for cause in system.common_causes),
    )


def _of_units(unit: UnitClass, before: Ints, step_h: float, convention: Convention) -> Population:
    down = np.asarray(unit.unavailable_frac, dtype=np.float64)
    partial = [state.probability for state in unit.derated]
    law = np.stack([1.0 - down, down, *(np.full_like(down, p) for p in partial)], axis=1)
    law[:, 0] -= law[:, 2:].sum(axis=1)
    forward = _two_states(down, before, _kept(down, unit.mttr_h, step_h, convention))
    if partial:
        hours = [unit.mttr_h if s.mean_h is None else s.mean_h for s in unit.derated]
        mean_h = float(np.average(hours, weights=np.maximum(partial, np.finfo(float).tiny)))
        forward = _with_partial_outages(law, forward, before, mean_h, step_h, convention)
    fracs = np.array([1.0, 0.0, *(state.capacity_frac for state in unit.derated)])
    return Population(unit.name, unit.available_count, fracs, law, forward)


def _of_storage(item: Storage, before: Ints, step_h: float, convention: Convention) -> Population:
    return _constant(
        item.name, item.modules, item.outage_frac, item.mttr_h, before, step_h, convention
    )


def _of_cause(
    cause: CommonCause, before: Ints, step_h: float, convention: Convention
) -> Population:
    return _constant(cause.name, 1, cause.probability, cause.mean_h, before, step_h, convention)


def _constant(
    name: str,
    count: int,
    down_frac: float,
    mttr_h: float,
    before: Ints,
    step_h: float,
    convention: Convention,
) -> Population:
    down = np.full(len(before), down_frac)
    forward = _two_states(down, before, _kept(down, mttr_h, step_h, convention))
    law = np.stack([1.0 - down, down], axis=1)
    counts = np.full(len(before), count, dtype=np.int64)
    return Population(name, counts, np.array([1.0, 0.0]), law, forward)


def _kept(down: Floats, mttr_h: float, step_h: float, convention: Convention) -> Floats:
    """Return what a step keeps of the state before it, as correlation. Shape (T,)."""
    exponent = step_h / (mttr_h * (1.0 - down))
    kept = np.exp(-exponent) if convention == "exact" else np.maximum(1.0 - exponent, 0.0)
    return np.asarray(kept)


def _two_states(down: Floats, before: Ints, kept: Floats) -> Floats:
    """Return the chain of a unit that is up or down. Shape (T, 2, 2)."""
    law = np.stack([1.0 - down, down], axis=1)
    return _redrawn(law, before, kept)


def _redrawn(law: Floats, before: Ints, kept: Floats) -> Floats:
    """Return the chain that keeps its state with some probability, and else draws a new one.

    The new state is drawn such that the law of each step is the one asked for, which takes that no
    more is kept than the law allows.
    """
    was = law[before]
    ratio = np.divide(law, was, out=np.full_like(law, np.inf), where=was > 0)
    kept = np.minimum(kept, ratio.min(axis=1))
    fresh = np.maximum(law - kept[:, None] * was, 0.0)
    fresh *= ((1.0 - kept) / np.maximum(fresh.sum(axis=1), np.finfo(float).tiny))[:, None]
    return np.asarray(kept[:, None, None] * np.eye(law.shape[1]) + fresh[:, None, :])


def _with_partial_outages(
    law: Floats,
    two: Floats,
    before: Ints,
    mean_h: float,
    step_h: float,
    convention: Convention,
) -> Floats:
    """Return the chain with partial outages, which come and go while the unit is not down."""
    running = np.delete(law, 1, axis=1)
    running /= running.sum(axis=1, keepdims=True)
    partial = _redrawn(running, before, _kept(1.0 - running[:, 0], mean_h, step_h, convention))
    others = np.delete(np.arange(law.shape[1]), 1)
    forward = np.zeros((*law.shape, law.shape[1]))
    forward[:, 1, 1] = two[:, 1, 1]
    forward[:, others, 1] = two[:, 0, 1][:, None]
    forward[:, 1, others] = two[:, 1, 0][:, None] * running
    forward[np.ix_(np.arange(len(law)), others, others)] = two[:, 0, 0][:, None, None] * partial
    return forward
