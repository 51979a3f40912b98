"""Levers: fields of a site that limit its plans, and rules, each with the way in which it gives."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optmix.explain.records import Setting
from optmix.rules.without import without_rules
from optmix.schema.load import make_site
from optmix.schema.resolved import resolved_toml
from optmix.solve.elastic import Give

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from optmix.model.concept import Expr, Model
    from optmix.rules.relief import Written
    from optmix.schema.site import Site

    Relations = Callable[[Model, Expr], Iterable[Expr]]

__all__ = ["Lever", "Value", "apply", "loosened", "named"]

Value = bool | float | int | str

REASON: Final = "left out to explain"

DIGITS: Final = 3
"""Digits of a change after its first one: rounding it up adds less than a thousandth."""

_PLAIN = re.compile(r"[A-Za-z0-9 _+-]+")


@dataclass(frozen=True)
class Lever:
    """One field of a site, or one rule, that may give way.

    Attributes
    ----------
    field
        The field as ``--set`` names it; the id of a rule that is left out as a whole.
    what
        What it is, in words: ``n_max of g3520k``.
    value, loosest
        What the site says, and a value at which it limits nothing. Not numbers for a switch.
    unit
        Unit of both.
    is_whole
        Whether only whole numbers make sense.
    is_rule
        Whether a rule is left out.
    relations
        How it gives way in the model, see `optmix.solve.elastic.Give`; none where only trying
        tells.
    is_loose_already
        Whether the relations belong on the model of the site as it is. The loosest value may then
        be too much of a good thing.
    written
        What a number stands for in the site file, where that is another value: a date, a list.
    """

    field: str
    what: str
    value: Value | None
    loosest: Value
    unit: str = ""
    is_whole: bool = False
    is_rule: bool = False
    relations: Relations | None = None
    is_loose_already: bool = False
    written: Callable[[float], Written] | None = None

    @property
    def is_number(self) -> bool:
        """Whether it gives way by degrees."""
        return not self.is_rule and _is_number(self.value) and _is_number(self.loosest)

    @property
    def reach(self) -> float:
        """By how much a number may give way at most."""
        return abs(float(self.loosest) - self.now)

    @property
    def now(self) -> float:
        """The value of a number."""
        return float(self.value or 0.0)

    def in_site(self, value: Value) -> Written:
        """Return what the site file says for a value."""
        return value if self.written is None else self.written(float(value))

    def moved(self, change: float) -> float | int:
        """Return the value that gives way by at least so much, rounded away from what it is."""
        grows = float(self.loosest) > self.now
        if self.is_whole:
            step = math.ceil(change - 1e-6)
            return round(self.now) + (step if grows else -step)
        if change > 0:
            unit = 10.0 ** (math.floor(math.log10(change)) - DIGITS)
            change = math.ceil(change / unit - 1e-6) * unit
        found = self.now + change if grows else self.now - change
        # Sums of decimals are no decimals; the user is to see 12.3 and not 12.299999999999999.
        found = float(f"{found:.12g}")
        return min(found, float(self.loosest)) if grows else max(found, float(self.loosest))

    def give(self, weight: float = 1.0) -> Give:
        """Return it as the elastic program takes it.

        Raises
        ------
        ValueError
            It has no relations.
        """
        if self.relations is None:
            raise ValueError(f"{self.field} gives way only by trying")
        return Give(self.field, self.relations, self.reach, self.is_whole, weight)

    def setting(self, needed: Value) -> Setting:
        """Say what to change."""
        if self.is_rule:
            return Setting(
                field=self.field,
                what=f"leave out the rule {self.field}",
                option=f"--no-rule {self.field}",
            )
        value: Written | None = self.value
        stated = self.in_site(needed)
        option = f"--set {_quoted(f'{self.field}={_shown(stated)}')}"
        if not self.is_number:
            what = f"set {self.what} to {_shown(needed)}"
        elif self.written is not None:
            value = self.written(self.now)
            what = f"change {self.what} from {_shown(value)} to {_shown(stated)}"
        else:
            verb = "raise" if float(needed) > self.now else "lower"
            unit = f" {self.unit}" if self.unit and not self.is_whole else ""
            what = f"{verb} {self.what} from {_shown(self.now_shown)} to {_shown(needed)}{unit}"
        return Setting(
            field=self.field,
            what=what,
            option=option,
            unit=self.unit,
            value=value,
            needed=stated,
        )

    @property
    def now_shown(self) -> Value:
        """The value as it is shown."""
        return round(self.now) if self.is_whole else self.now


def apply(site: Site, settings: Mapping[Lever, Value] | Sequence[tuple[Lever, Value]]) -> Site:
    """Return a site with levers moved, checked as if its user had written so.

    Raises
    ------
    SchemaError
        The values do not go together.
    """
    pairs = list(settings.items() if hasattr(settings, "items") else settings)
    off = [lever.field for lever, _ in pairs if lever.is_rule]
    fields = {lever.field: lever.in_site(value) for lever, value in pairs if not lever.is_rule}
    return changed_site(site, fields, off)


def changed_site(site: Site, fields: Mapping[str, Written], off: Sequence[str] = ()) -> Site:
    """Return a site with fields set and rules left out."""
    if fields:
        site = make_site(tomllib.loads(resolved_toml(site)), site.origin, fields)
    return without_rules(site, off, reason=REASON) if off else site


def loosened(site: Site, levers: Iterable[Lever]) -> Site:
    """Return a site in which levers limit nothing, but for those whose relations do it."""
    return apply(site, [(each, each.loosest) for each in levers if not each.is_loose_already])


def named(table: str, name: str, field: str) -> str:
    """Return the key of a field of a named element.

    Examples
    --------
    >>> named("unit", "g3520k", "n_max"), named("rules", "air.site-tpy", "cap_tpy")
    ('unit.g3520k.n_max', 'rules."air.site-tpy".cap_tpy')
    """
    return f"{table}.{name if _PLAIN.fullmatch(name) else _in_quotes(name)}.{field}"


def _in_quotes(name: str) -> str:
    return f'"{name}"'


def _quoted(text: str) -> str:
    return f"'{text}'" if re.search(r'[\s"]', text) else text


def _shown(value: Written) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
