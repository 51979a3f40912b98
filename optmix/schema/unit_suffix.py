"""The unit in the name of a field: ``fuel_price_usd_per_mmbtu`` is in USD/MMBtu.

Only used to explain: the export of the schema shows the unit of each field, and a message about an
unknown key finds the field that was meant with another unit.
"""

from __future__ import annotations

__all__ = ["conversion_hint", "stem", "unit_of"]

_SYMBOL = {
    "mw": "MW",
    "mwh": "MWh",
    "kw": "kW",
    "kwh": "kWh",
    "mmbtu": "MMBtu",
    "usd": "USD",
    "lb": "lb",
    "ton": "short ton",
    "tpy": "short ton/yr",
    "ppm": "ppm",
    "h": "h",
    "hours": "h",
    "s": "s",
    "min": "min",
    "day": "day",
    "month": "month",
    "months": "month",
    "yr": "yr",
    "year": "yr",
    "start": "start",
    "c": "degC",
    "m": "m",
    "100m": "100 m",
    "frac": "1",
}
"""Symbol of each word that names a unit in this schema."""

_FOREIGN = frozenset({
    "w", "wh", "kwh", "gw", "gwh", "btu", "kbtu", "gj", "mj", "therm", "therms", "dth", "mcf",
    "f", "k", "ft", "feet", "km", "percent", "pct", "dollar", "dollars", "eur", "kusd", "musd",
    "kg", "g", "t", "tons", "tonnes", "years", "hour", "minutes", "seconds", "days", "weeks",
})  # fmt: skip
"""Words that name a unit elsewhere, as a user may write them."""

_WORDS = frozenset(_SYMBOL) | _FOREIGN | {"per"}

_AMBIGUOUS = frozenset({"min", "start"})
"""Words that also mean "smallest" and "begin"."""

_STATED = {
    "blackout_weeks": "week",
    "energy_price": "USD/MWh",
    "eta_charge": "1",
    "eta_discharge": "1",
    "export_price": "USD/MWh",
    "frac": "1",
    "hours": "h",
    "hours_per_year": "h/yr",
    "latitude": "degree",
    "longitude": "degree",
    "months": "month",
    "n_min": None,
    "operating_year": None,
    "operation_start": None,
    "probability": "1",
    "wacc": "1/yr",
}
"""Units of the few fields whose name does not tell, or tells wrongly."""

_CONVERSIONS = {
    ("kw", "mw"): "divide kW by 1000",
    ("w", "mw"): "divide W by 1,000,000",
    ("gw", "mw"): "multiply GW by 1000",
    ("kwh", "mwh"): "divide kWh by 1000",
    ("gwh", "mwh"): "multiply GWh by 1000",
    ("btu_per_kwh", "mmbtu_per_mwh"): "divide Btu/kWh (HHV) by 1000",
    ("kbtu_per_kwh", "mmbtu_per_mwh"): "1 kBtu/kWh is 1 MMBtu/MWh (HHV)",
    ("gj_per_mwh", "mmbtu_per_mwh"): "multiply GJ/MWh (HHV) by 0.9478",
    ("usd_per_mw", "usd_per_kw"): "divide USD/MW by 1000",
    ("usd_per_kw_month", "usd_per_mw_month"): "multiply USD/kW by 1000",
    ("usd_per_kwh", "usd_per_mwh"): "multiply USD/kWh by 1000",
    ("percent", "frac"): "divide percent by 100",
    ("pct", "frac"): "divide percent by 100",
    ("pct_per_min", "frac_per_min"): "divide percent by 100",
    ("ft", "m"): "multiply feet by 0.3048",
    ("feet", "m"): "multiply feet by 0.3048",
    ("f", "c"): "degC = (degF - 32) / 1.8",
}
"""How to turn the unit a user wrote into the one that is read."""


def _split(name: str) -> tuple[list[str], list[str]]:
    """Split a name into what it is and all words of units at its end; the first word stays."""
    words = name.split("_")
    cut = len(words)
    while cut > 1 and words[cut - 1] in _WORDS:
        cut -= 1
    return words[:cut], words[cut:]


def stem(name: str) -> str:
    """Return a field's name without its unit.

    Examples
    --------
    >>> stem("capex_usd_per_kw"), stem("rating_kw"), stem("rating")
    ('capex', 'rating', 'rating')
    """
    return "_".join(_split(name)[0])


def unit_of(name: str) -> str | None:
    """Return the unit of a field of this schema, or none where its name has none.

    Examples
    --------
    >>> unit_of("fom_usd_per_kw_yr"), unit_of("derate_frac_per_100m"), unit_of("n_max")
    ('USD/(kW yr)', '1/(100 m)', None)
    """
    if name in _STATED:
        return _STATED[name]
    _, unit = _split(name)
    if not unit:
        return None
    if "per" not in unit:
        return _SYMBOL[unit[-1]]
    cut = unit.index("per")
    above = _SYMBOL[unit[cut - 1]] if cut else "1"
    below = " ".join(_SYMBOL[word] for word in unit[cut + 1 :])
    return f"{above}/({below})" if " " in below else f"{above}/{below}"


def conversion_hint(written: str, meant: str) -> str:
    """Return how to turn the unit of a key that was written into that of the field meant.

    Examples
    --------
    >>> conversion_hint("rating_kw", "rating_mw")
    'divide kW by 1000'
    """
    (_, given), (_, wanted) = _split(written), _split(meant)
    while given and wanted and given[0] == wanted[0] and given[0] in _AMBIGUOUS:
        given, wanted = given[1:], wanted[1:]
    return _CONVERSIONS.get(("_".join(given), "_".join(wanted)), "")
