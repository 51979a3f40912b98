"""Solve variants of sites side by side, and add what comes of them to what is known.

Each solve has a key in the ledger, as sites have, so a run that was broken off asks none twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from optmix.portfolio.crew import Job, work
from optmix.portfolio.parcel import key_of, pack
from optmix.portfolio.shared.limits import taken
from optmix.portfolio.shared.pool import Box, Plan, PriceCut
from optmix.portfolio.shared.variant import priced, within
from optmix.schema.result import MixSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.portfolio.parcel import Parcel
    from optmix.portfolio.run import Session
    from optmix.portfolio.shared.pool import Member
    from optmix.portfolio.task import Delivery
    from optmix.schema.site import Site

__all__ = ["Evaluator", "Question"]


@dataclass(frozen=True)
class Question:
    """What one solve is to tell of a site.

    Attributes
    ----------
    member
        The site.
    kind
        ``price``: the cost under ``figures``, prices of the limits. ``box``: the cost with no more
        than ``figures``, amounts of its shares.
    figures
        Prices or amounts; an amount of infinity leaves a share free.
    """

    member: Member
    kind: Literal["price", "box"]
    figures: tuple[float, ...]

    def site(self) -> Site:
        """Return the site to be solved."""
        site, shares = self.member.row.site, self.member.shares
        assert site is not None  # noqa: S101 - members are sites that can be solved
        if self.kind == "price":
            return priced(site, shares, self.figures)
        return within(site, shares, self.figures)


@dataclass
class Evaluator:
    """Asks questions, and keeps what is known.

    Attributes
    ----------
    session
        Who works, and where answers are kept.
    n_limits
        How many limits there are.
    failures
        What went wrong, by site.
    n_asked
        Questions that took a solve, in this run or an earlier one.
    """

    session: Session
    n_limits: int
    failures: dict[str, Delivery] = field(default_factory=dict)
    n_asked: int = 0
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, questions: Sequence[Question]) -> bool:
        """Add to each member what its question tells; return whether anything was new."""
        keyed = {}
        for question in questions:
            key = key_of(question.site(), self.session.options)
            if key not in self._known:
                keyed[key] = question
        todo = {}
        for key, question in keyed.items():
            entry = self.session.shelf.ledger.get(key) if self.session.resume else None
            if entry is not None and "evaluation" in entry:
                self._known[key] = entry["evaluation"]
            else:
                todo[key] = question
        self._solve(todo)
        for key, question in keyed.items():  # in this order, whoever was first
            if key in self._known:
                self.n_asked += 1
                self._learn(question, self._known[key])
        return bool(keyed)

    def _solve(self, questions: dict[str, Question]) -> None:
        jobs = [Job(key, partial(_packed, item, self.session)) for key, item in questions.items()]
        if not jobs:
            return
        for job, delivery in work(jobs, self.session.crew, self.session.interrupt):
            result = delivery.result
            if result is None:
                self.failures[questions[job.name].member.row.name] = delivery
                continue
            answer = result.model_dump(
                mode="json",
                include={"status", "objective_usd", "bound_usd", "mix", "emissions", "reason"},
            )
            self._known[job.name] = answer
            self.session.shelf.ledger.put(job.name, {"evaluation": answer})

    def _learn(self, question: Question, answer: dict[str, Any]) -> None:
        member, bound = question.member, answer["bound_usd"]
        if answer["status"] == "infeasible":
            bound = math.inf
        prices = question.figures if question.kind == "price" else (0.0,) * self.n_limits
        of_shares = tuple(share.price(prices) for share in member.shares)
        if answer["mix"] is not None:
            site = member.row.site
            assert site is not None  # noqa: S101 - as above
            mix = MixSummary.model_validate(answer["mix"])
            amounts = taken(site, member.shares, mix, answer["emissions"])
            paid = sum(price * amount for price, amount in zip(of_shares, amounts, strict=True))
            member.add_plan(Plan(answer["objective_usd"] - paid, amounts, mix))
        if bound is None:
            return
        if question.kind == "price" and math.isfinite(bound):
            member.cuts.append(PriceCut(of_shares, bound))
        elif question.kind == "box":
            member.boxes.append(Box(question.figures, bound))


def _packed(question: Question, session: Session) -> Parcel:
    return pack(question.site(), session.options, wants_files=False)
