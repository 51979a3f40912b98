"""An explanation on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from optmix.explain.records import Change, Explanation, LimitUse, RulePrice, Step

__all__ = ["explanation_view"]


def explanation_view(told: Explanation, *, top: int) -> RenderableType:
    """Return an explanation as text and tables for a terminal.

    Parameters
    ----------
    told
        The explanation.
    top
        How many rows of each table are shown.
    """
    parts: list[RenderableType] = [_headline(told)]
    if told.status == "infeasible":
        parts += _why_none(told, top)
    else:
        parts += _why_so(told, top)
    parts += [Text(f"Note      {note}") for note in told.notes]
    parts.append(Text(f"Time      {told.seconds:.1f} s"))
    return Group(*parts)


def _headline(told: Explanation) -> Text:
    if told.status == "infeasible":
        return Text.assemble((told.name, "bold"), ": ", ("no plan exists", "bold red"))
    text = Text.assemble((told.name, "bold"), f": annual cost {told.objective_usd or 0.0:,.0f} USD")
    if told.gap is not None:
        text.append(f", proven within {told.gap:.3%}")
    return text


def _why_none(told: Explanation, top: int) -> Iterator[RenderableType]:
    yield Text(f"Reason    {told.reason}")
    if told.conflict:
        yield Text(f"Conflict  {'; '.join(told.conflict)}")
    if not told.changes:
        yield Text("No change was found that leaves a plan.")
        return
    table = _table("Any one of these leaves a plan", "Size", "Cost then, USD/yr", "Try it")
    for change in told.changes[:top]:
        table.add_row(*_change_cells(change))
    yield table
    yield from _more(len(told.changes), top)


def _change_cells(change: Change) -> tuple[str, ...]:
    what = "\n".join(setting.what for setting in change.settings)
    size = "" if change.size_frac is None else f"{change.size_frac:.3g}"
    size = f"{change.size_frac:.1%}" if change.size_frac is not None else size
    return what, size, _usd(change.annual_cost_usd), " ".join(s.option for s in change.settings)


def _why_so(told: Explanation, top: int) -> Iterator[RenderableType]:
    if told.rules:
        yield _rules_table(told.rules[:top])
        yield from _more(len(told.rules), top)
    if told.limits:
        yield _limits_table(told.limits[:top])
        yield from _more(len(told.limits), top)
        yield Text(
            "Worth of one more unit of a limit, USD/yr, in the relaxed program: with sizes chosen "
            "anew, and with those of the plan."
        )
    if told.steps:
        yield _steps_table(told.steps)
    for each in told.runners_up[:top]:
        sizes = ", ".join(f"{name} {count:,.6g}" for name, count in each.mix.items())
        yield Text(f"Runner-up {each.above_frac:+.2%}: {sizes}")


def _rules_table(rules: tuple[RulePrice, ...]) -> Table:
    table = _table("Rule", "Price, USD/yr", "Between", "Margin", "Binds")
    for each in rules:
        between = _between(each.low_usd, each.high_usd)
        margin = "" if each.margin is None else f"{each.margin:,.4g} {each.unit}"
        binds = (
            f"{each.binding_hours:,.6g} h" if each.binding_hours else "yes" if each.binds else ""
        )
        table.add_row(each.id, _usd(each.price_usd) or "?", between, margin, binds)
    return table


def _limits_table(limits: tuple[LimitUse, ...]) -> Table:
    table = _table("Limit", "Is", "Used", "Left", "Unit", "Binds", "Worth", "Worth, same sizes")
    for each in limits:
        numbers = (each.limit, each.used, each.margin)
        shown = ("" if number is None else f"{number:,.6g}" for number in numbers)
        binds = "yes" if each.binds else ""
        worth = (_usd(each.worth_usd), _usd(each.worth_fixed_usd))
        table.add_row(each.what, *shown, each.unit, binds, *worth)
    return table


def _steps_table(steps: tuple[Step, ...]) -> Table:
    table = _table("One more, one fewer", "Count", "Cost, USD/yr", "Difference", "Between")
    for each in steps:
        sign = "+1" if each.change > 0 else "-1"
        difference = each.status
        if each.difference_usd is not None:
            difference = f"{each.difference_usd:+,.0f}"
        elif each.why_not:
            difference = f"{each.status}; it takes to {each.why_not}"
        between = _between(each.low_usd, each.high_usd)
        table.add_row(
            f"{each.name} {sign}", f"{each.count}", _usd(each.cost_usd), difference, between
        )
    return table


def _between(low: float | None, high: float | None) -> str:
    """Return what a number lies between, nothing where both ends are the same or unknown."""
    if low is None or high is None or low >= high:
        return ""
    return f"{_usd(low)} and {_usd(high)}"


def _more(count: int, top: int) -> Iterator[Text]:
    if count > top:
        yield Text(f"and {count - top} more; --top {count} shows all")


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        table.add_column(title)
    return table


def _usd(amount: float | None) -> str:
    # Adding 0 takes the sign off a zero.
    return "" if amount is None else f"{round(amount) + 0:,}"
