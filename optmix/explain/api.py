"""Explain a site: why its plan looks as it does, or why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.rule_table import rule_table
from optmix.errors import NoPlanError, Problem, UnknownNameError, did_you_mean
from optmix.explain.infeasible import explain_infeasible
from optmix.explain.session import Session, StoppedError
from optmix.explain.solved import explain_plan
from optmix.explain.subject import folder_of, site_of, subject_of
from optmix.rules.in_force import ids_named
from optmix.solve.interrupt import Interrupt
from optmix.solve.progress import NullSink

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.explain.records import Explanation
    from optmix.schema.site import Site
    from optmix.solve.progress import Sink

__all__ = ["explain"]


def explain(
    what: Site | str | Path,
    *,
    rule: str | None = None,
    within: float = 0.02,
    gap: float | None = None,
    time_limit_s: float | None = None,
    sink: Sink | None = None,
    interrupt: Interrupt | None = None,
) -> Explanation:
    """Explain a site: what binds and what it costs, or why there is no plan and what would help.

    A site with a plan gets its limits beside what the plan uses of them, marginal values of the
    relaxed program, the price of each rule, the cost of one more and one fewer of each type, and
    the mixes found on the way that cost little more. A site without a plan gets the least changes
    that leave one, each applied and solved, and a set of limits in conflict.

    Parameters
    ----------
    what
        A site, a site file, or a folder that ``optmix solve`` wrote.
    rule
        Only this rule: its price, or whether leaving it out is enough.
    within
        Mixes that cost up to this share more are runners-up.
    gap
        Gap of the solves that are compared; by default that of the result.
    time_limit_s
        Wall time after which what was found is returned.
    sink
        Hears of what is being done.
    interrupt
        Ends the work from outside and keeps what was found.

    Returns
    -------
    Explanation
        ``is_complete`` says whether there was time for everything.

    Raises
    ------
    InputError
        What is to be explained cannot be read.
    UnknownNameError
        The rule is not in force.
    NoPlanError
        It is not known whether the site has a plan.

    Notes
    -----
    Units: USD per year.

    Examples
    --------
    >>> import optmix as om
    >>> told = om.explain("@edge/infeasible-capacity")
    >>> told.changes[-1].settings[0].what
    'raise n_max of engine-5mw from 3 to 4'
    """
    session = Session(gap, time_limit_s, sink or NullSink(), interrupt or Interrupt())
    site = site_of(what)
    if rule is not None:
        _require_rule(site, rule)
    try:
        subject = subject_of(site if folder_of(what) is None else what, session)
    except StoppedError:
        raise NoPlanError("stopped before it was known whether there is a plan") from None
    if subject.plan is None:
        return explain_infeasible(session, subject.site, subject.result.reason, rule=rule)
    session.options["method"] = subject.result.method
    return explain_plan(session, subject, rule=rule, within=within)


def _require_rule(site: Site, rule: str) -> None:
    in_force = ids_named(rule_table(site))
    if rule not in in_force:
        raise UnknownNameError(
            Problem(
                what=f'the rule "{rule}" is not in force on this site',
                where="--rule",
                allowed=", ".join(in_force) or "nothing: no rule is in force",
                hint=did_you_mean(rule, in_force),
            )
        )
