"""One run of explaining: its clock, who listens, who may stop it, and its solves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from optmix.rules.in_force import ready_case
from optmix.solve.api import solve
from optmix.solve.elastic import has_plan
from optmix.solve.interrupt import Enough, Interrupt
from optmix.solve.method import is_long
from optmix.solve.progress import NullSink, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.schema.result import Result
    from optmix.schema.site import Site
    from optmix.solve.elastic_year import YearGives
    from optmix.solve.progress import Sink

__all__ = ["Session", "StoppedError"]

PROBE_GAP: Final = 0.5
"""Gap of a solve that only asks whether there is a plan."""

PROBE_S: Final = 180.0
"""Time of such a solve of a long horizon; where it finds nothing, the change is not told."""


class StoppedError(Exception):
    """Time is up, or the user wants to stop; what was found so far is kept."""


@dataclass
class Session:
    """What one explanation has at its disposal.

    Attributes
    ----------
    gap
        Gap of the solves whose costs are compared; by default that of the site.
    time_limit_s
        Wall time of everything together; none for no limit.
    sink
        Hears of what is being done.
    interrupt
        Ends the work and keeps what was found.
    options
        Further options of every solve.
    began_s
        When it began.
    year
        What is known of the limits of a long horizon without a plan.
    """

    gap: float | None = None
    time_limit_s: float | None = None
    sink: Sink = field(default_factory=NullSink)
    interrupt: Interrupt = field(default_factory=Interrupt)
    options: dict[str, object] = field(default_factory=dict)
    began_s: float = field(default_factory=time.perf_counter)
    year: YearGives | None = None

    @property
    def elapsed_s(self) -> float:
        """Wall time so far."""
        return time.perf_counter() - self.began_s

    @property
    def left_s(self) -> float | None:
        """Wall time that is left; none without a limit."""
        if self.time_limit_s is None:
            return None
        return max(self.time_limit_s - self.elapsed_s, 0.0)

    def begin(self, detail: str) -> None:
        """Say what comes next.

        Raises
        ------
        StoppedError
            Nothing more is to be begun.
        """
        if self.interrupt.is_set() or self.left_s == 0.0:
            raise StoppedError
        self.sink(Progress(phase="explain", elapsed_s=self.elapsed_s, detail=detail))

    def solved(
        self,
        site: Site,
        detail: str,
        *,
        gap: float | None = None,
        at_most_s: float | None = None,
        start: Result | None = None,
        is_enough: Callable[[Progress], bool] = lambda _: False,
    ) -> Result:
        """Return the result of solving a site.

        Parameters
        ----------
        site, detail
            The site, and what is said of it meanwhile.
        gap
            Gap to stop at, in place of that of the session.
        at_most_s
            Time for this solve alone.
        start
            What was found for a site that differs little; the search begins at its plan.
        is_enough
            Asked about bound and plan as they come; what is enough ends this solve alone.

        Raises
        ------
        StoppedError
            Time was up before it said anything.
        """
        self.begin(detail)
        limits = [limit for limit in (self.left_s, at_most_s) if limit is not None]
        enough = Enough(self.interrupt)

        def listen(progress: Progress) -> None:
            if is_enough(progress):
                enough.set()

        result = solve(
            site,
            gap=self.gap if gap is None else gap,
            time_limit_s=min(limits, default=None),
            sink=listen,
            interrupt=enough,
            start=start,
            **self.options,  # type: ignore[arg-type]
        )
        if result.status == "no_plan" and (self.interrupt.is_set() or self.left_s == 0.0):
            raise StoppedError
        return result

    def allows_plan(self, site: Site, detail: str) -> bool:
        """Return whether a site has a plan, reliability target included.

        Raises
        ------
        StoppedError
            Time was up first.
        """
        case = ready_case(site)
        if is_long(case.axis) or site.reliability.target != "none":
            return self.first_plan(site, detail).status in ("optimal", "feasible")
        self.begin(detail)
        found = has_plan(case, time_limit_s=self.left_s, interrupt=self.interrupt)
        if found is None:
            raise StoppedError
        return found

    def first_plan(self, site: Site, detail: str) -> Result:
        """Return the result of solving a site only until there is any plan.

        Raises
        ------
        StoppedError
            Time was up first.
        """
        # The first plan of the monolithic method is not yet one that meets a target.
        any_will_do = site.reliability.target == "none"
        return self.solved(
            site,
            detail,
            gap=PROBE_GAP,
            at_most_s=PROBE_S if is_long(ready_case(site).axis) else None,
            is_enough=lambda progress: any_will_do and progress.incumbent_usd is not None,
        )
