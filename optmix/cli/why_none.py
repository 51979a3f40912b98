"""What would leave a plan, where a solve proves that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.cli.progress import ProgressKind, shown_progress
from optmix.cli.terminal import Terminal
from optmix.errors import OptmixError

if TYPE_CHECKING:
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["why_none"]

QUICK_EXPLAIN_S = 30.0
"""Time to look for changes that leave a plan; `optmix explain` takes what it needs."""


def why_none(
    terminal: Terminal, site: Site, result: Result, progress: ProgressKind
) -> dict[str, Any]:
    """Return the least changes that leave a plan, as far as they are soon found.

    Parameters
    ----------
    terminal
        Where to say so.
    site
        The site.
    result
        The answer; nothing is looked for unless it says that there is no plan.
    progress
        How progress is shown.
    """
    from optmix.cli.interrupt import ToldInterrupt
    from optmix.explain.infeasible import explain_infeasible
    from optmix.explain.session import Session
    from optmix.rules.in_force import ready_case
    from optmix.solve.method import is_long

    if result.status != "infeasible" or is_long(ready_case(site).axis):
        return {}
    terminal.info("looking for changes that leave a plan; Ctrl-C skips this")
    interrupt = ToldInterrupt(as_json=terminal.json_lines)
    with shown_progress(terminal, progress) as sink, interrupt.on_signals():
        session = Session(time_limit_s=QUICK_EXPLAIN_S, sink=sink, interrupt=interrupt)
        try:
            return explain_infeasible(session, site, result.reason).model_dump(mode="json")
        except OptmixError as failure:  # the answer itself is not to be lost for it
            terminal.warn(f"no change was found that leaves a plan: {failure}")
            return {}
