"""``optmix solve --price-rules``: what each rule costs, by solving again without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.cli.progress import ProgressKind, shown_progress

if TYPE_CHECKING:
    from optmix.cli.terminal import Terminal
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["priced"]

OF_EVERY_SOLVE = ("solver", "seed", "threads", "workers")


def priced(
    terminal: Terminal, site: Site, result: Result, options: dict[str, Any], progress: ProgressKind
) -> Result:
    """Return the result with the price of each rule; Ctrl-C keeps what was found by then.

    Parameters
    ----------
    terminal
        Where to say so.
    site, result
        The site and its answer.
    options
        Those of the solve.
    progress
        How progress is shown.
    """
    from optmix.cli.interrupt import ToldInterrupt
    from optmix.explain.priced import with_prices

    same = {name: options[name] for name in OF_EVERY_SOLVE if options[name] is not None}
    interrupt = ToldInterrupt(as_json=terminal.json_lines)
    with shown_progress(terminal, progress) as sink, interrupt.on_signals():
        return with_prices(site, result, options=same, sink=sink, interrupt=interrupt)
