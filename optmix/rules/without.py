"""The same site with rules left out: for one run, or to see what a rule costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.rule_table import rule_table
from optmix.errors import Problem, UnknownNameError, did_you_mean
from optmix.rules.in_force import ids_named
from optmix.schema.targets import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.schema.site import Site

__all__ = ["without_rules"]


def without_rules(site: Site, ids: Sequence[str], *, reason: str, where: str = "") -> Site:
    """Return a site with some of its rules switched off.

    Parameters
    ----------
    site
        The site.
    ids
        Rules to leave out.
    reason
        Why, for the result.
    where
        Where the user named them, for messages.

    Raises
    ------
    UnknownNameError
        A rule is not in force on the site; with all of them.

    Examples
    --------
    >>> from optmix.schema.load import load_site
    >>> site = load_site("@tutorial/one-engine", {"rules.pack": "tx-2026-10"})
    >>> less = without_rules(site, ["air.site-tpy"], reason="a test")
    >>> less.rules.model_extra
    {'air.site-tpy': {'enabled': False, 'reason': 'a test'}}
    """
    in_force = ids_named(rule_table(site))
    problems = [
        Problem(
            what=f'the rule "{rule_id}" is not in force on this site',
            where=where,
            allowed=", ".join(in_force) or "nothing: no rule is in force",
            hint=did_you_mean(rule_id, in_force) or "leave it out",
        )
        for rule_id in ids
        if rule_id not in in_force
    ]
    if problems:
        raise UnknownNameError(problems)
    given = site.rules.model_dump()
    for rule_id in ids:
        given[rule_id] = {**given.get(rule_id, {}), "enabled": False, "reason": reason}
    return site.model_copy(update={"rules": Rules.model_validate(given)}).with_origin(site.origin)
