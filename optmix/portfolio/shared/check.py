"""Whether limits on equipment are meant: each fits something that a site can choose."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from optmix.errors import Problem, did_you_mean
from optmix.portfolio.shared.limits import limits_of
from optmix.schema.catalog import technology_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.schema.origin import Origin
    from optmix.schema.portfolio import Shared, SharedEquipment
    from optmix.schema.site import BatteryChoice, Site, UnitChoice

    Choices = Sequence[UnitChoice | BatteryChoice]

__all__ = ["shared_problems"]


def shared_problems(shared: Shared, sites: Sequence[Site], origin: Origin) -> list[Problem]:
    """Return what is wrong with limits on equipment, each of which must fit something on offer.

    A limit with a slip in a name would bind nobody, and nobody would notice.

    Parameters
    ----------
    shared
        What is shared.
    sites
        Sites of the portfolio; with none, nothing is known of what is on offer.
    origin
        Where the portfolio was read from.
    """
    choices: list[UnitChoice | BatteryChoice] = []
    for site in sites:
        choices += [*site.unit, *site.battery]
    counts = Counter(limit.name for limit in limits_of(shared))
    found = []
    for number, item in enumerate(shared.equipment):
        where = origin.where("shared", "equipment", number)
        if counts[item.name] > 1:
            what = f'the name "{item.name}" stands for more than one limit'
            found.append(Problem(what, where, "a name of its own", "name one of them anew"))
        found += _problems(item, shared, number, choices, where)
    return found


def _problems(
    item: SharedEquipment, shared: Shared, number: int, choices: Choices, where: str
) -> Iterator[Problem]:
    if not (item.technology or item.family or item.vendor):
        allowed = "technology, family or vendor, or several of them"
        hint = "say which units count; battery_modules_max limits modules of all products"
        yield Problem("the limit names no equipment", where, allowed, hint)
        return
    if not choices:
        return
    offered = {choice.technology for choice in choices}
    known = offered | set(technology_ids())
    unknown = [name for name in item.technology if name not in known]
    allowed = f"what sites can choose: {', '.join(sorted(offered))}"
    for name in unknown:
        hint = did_you_mean(name, known) or "`optmix list technologies` shows what there is"
        yield Problem(f'no technology is called "{name}"', where, allowed, hint)
    limit = limits_of(shared)[number]
    if not unknown and not any(limit.counts(choice) for choice in choices):
        vendors = {choice.vendor for choice in choices if choice.vendor}
        hint = did_you_mean(item.vendor or "", vendors) or "take it out, or name what is on offer"
        yield Problem("no site can choose anything that fits this limit", where, allowed, hint)
