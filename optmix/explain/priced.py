"""A result whose rules say what each of them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.explain.prices import prices_of_rules
from optmix.explain.session import Session, StoppedError
from optmix.explain.subject import subject_of_result
from optmix.solve.interrupt import Interrupt
from optmix.solve.progress import NullSink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.schema.result import Result
    from optmix.schema.site import Site
    from optmix.solve.progress import Sink

__all__ = ["with_prices"]


def with_prices(
    site: Site,
    result: Result,
    *,
    options: Mapping[str, object] | None = None,
    sink: Sink | None = None,
    interrupt: Interrupt | None = None,
) -> Result:
    """Return a result with ``price_usd`` of each rule that applies, by solving without it.

    Parameters
    ----------
    site
        The site.
    result
        How its solve ended; without a plan nothing has a price.
    options
        Further options of every solve: ``solver``, ``workers``, ``threads``, ``seed``.
    sink
        Hears of what is being done.
    interrupt
        Ends the work from outside; rules that were not priced by then have no price.

    Returns
    -------
    Result
        A price that is not known to within the gap in the time for it is none.

    Notes
    -----
    Units: USD per year.
    """
    if result.mix is None:
        return result
    session = Session(
        sink=sink or NullSink(),
        interrupt=interrupt or Interrupt(),
        options={**(options or {}), "method": result.method},
    )
    subject = subject_of_result(site, result)
    prices: dict[str, float | None] = {}
    try:
        applying = [each for each in result.rules if each.applies]
        for each in prices_of_rules(session, subject, applying):
            prices[each.id] = each.price_usd
    except StoppedError:
        pass  # what was priced so far is kept
    rules = tuple(
        each.model_copy(update={"price_usd": prices.get(each.id)}) for each in result.rules
    )
    return result.model_copy(update={"rules": rules})
