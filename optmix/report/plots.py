"""Charts of a result for notebooks: ``result.plot.dispatch()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.report.figures.costs import costs_figure
from optmix.report.figures.dispatch import dispatch_figure
from optmix.report.figures.duration import duration_figure
from optmix.report.figures.overview import days_figure, heat_figure
from optmix.report.operation import operation_of, require_plan

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optmix.schema.result import Result

__all__ = ["Plots"]


class Plots:
    """Charts of one result. Each returns a figure of Plotly, which notebooks show.

    Parameters
    ----------
    result
        A result with its dispatch.

    Notes
    -----
    Where a site has several operating years, ``year`` names one; the first is drawn by default.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def dispatch(self, year: str | None = None) -> go.Figure:
        """Draw how demand is served in every step.

        Raises
        ------
        InputError
            There is no plan, or no such year.
        """
        return dispatch_figure(operation_of(self._result, year))

    def costs(self) -> go.Figure:
        """Draw the lines of the annual cost.

        Raises
        ------
        InputError
            There is no plan.
        """
        require_plan(self._result)
        return costs_figure(self._result)

    def duration(self, year: str | None = None) -> go.Figure:
        """Draw how long each level of demand is exceeded.

        Raises
        ------
        InputError
            There is no plan, or no such year.
        """
        return duration_figure(operation_of(self._result, year))

    def heat(self, year: str | None = None) -> go.Figure:
        """Draw demand by day and hour.

        Raises
        ------
        InputError
            There is no plan, or no such year.
        """
        operation = operation_of(self._result, year)
        return heat_figure(operation, operation.demand_mw(), "MW")

    def days(self, year: str | None = None) -> go.Figure:
        """Draw the energy that each source gives by day.

        Raises
        ------
        InputError
            There is no plan, or no such year.
        """
        return days_figure(operation_of(self._result, year))
