"""A portfolio that nobody solved, with everything that its page can show."""

from optmix.portfolio.records import Allocation, LimitOutcome, OneMore, PortfolioResult, SiteOutcome
from optmix.portfolio.roll_up import ranked, totals_of
from optmix.schema.result import MixSummary

MIXES = (
    MixSummary(
        units={"titan-350": 9},
        battery={"lfp 2h": 4},
        installed_mw=342.0,
        battery_mw=40.0,
        battery_mwh=80.0,
        grid_withdrawal_mw=0.0,
    ),
    MixSummary(
        units={"titan-350": 4, "j624": 20},
        battery={"lfp 2h": 0},
        installed_mw=242.0,
        battery_mw=0.0,
        battery_mwh=0.0,
        grid_withdrawal_mw=75.5,
    ),
)
PLACES = ((31.9, -102.1), (32.45, -99.73), (29.42, -98.49))


def site(number: int, name: str) -> SiteOutcome:
    """A solved site; the number makes each one another."""
    latitude, longitude = PLACES[number % 3]
    return SiteOutcome(
        name=name,
        where=f"campuses.csv:row {number + 2}",
        status="optimal",
        objective_usd=1.5e8 + 1e7 * number,
        bound_usd=1.499e8 + 1e7 * number,
        gap=0.0007,
        lcoe_usd_per_mwh=71.25 - number % 7,
        mix=MIXES[number % 2],
        emissions={"nox_tpy": 88.4, "co2_tpy": 1.2e6},
        lole_h=None if number % 2 else 0.8,
        latitude=latitude + 0.01 * number,
        longitude=longitude,
        changes={"demand.peak_mw": str(300 + number)},
        warnings=("a warning to read",) if number == 0 else (),
        seconds=12.0,
        input_sha256="0" * 64,
    )


def failed(name: str, problem: str = "there is no plan") -> SiteOutcome:
    """A site without a plan."""
    return SiteOutcome(
        name=name,
        where="campuses.csv:row 99",
        status="failed",
        problems=(problem,),
        exit_code=3,
        latitude=30.0,
        longitude=-100.0,
    )


def portfolio(
    *sites: SiteOutcome, shared: Allocation | None = None, is_complete: bool = True
) -> PortfolioResult:
    """The result of these sites."""
    outcomes = ranked(sites)
    return PortfolioResult(
        name="texas-2028",
        is_complete=is_complete,
        totals=totals_of(outcomes),
        sites=outcomes,
        shared=shared,
        seconds=61.3,
        n_resumed=1,
        versions={"optmix": "0.1.0", "highspy": "1.15.1"},
    )


def allocation(*names: str) -> Allocation:
    """Slots of a turbine, capital and emissions, shared by sites of these names."""
    one_more = OneMore(
        amount=1.0,
        value_usd_per_yr=812_345.0,
        low_usd_per_yr=790_000.0,
        high_usd_per_yr=830_000.0,
        to={names[0]: 1.0},
    )
    kinds = (
        ("turbine slots 2028", "equipment", "units", 13.0, 1_204_511.5, one_more),
        ("capital", "capital", "USD", 2.5e9, 0.0213, None),
        ("nox", "emissions", "short ton/yr", 900.0, 1_234.5, None),
    )
    return Allocation(
        status="optimal",
        objective_usd=3.1e8,
        bound_usd=3.095e8,
        gap=0.0016,
        gap_target=0.005,
        limits=tuple(
            LimitOutcome(
                name=name,
                kind=kind,
                unit=unit,
                cap=cap,
                used=0.9 * cap,
                by_site=dict.fromkeys(names, 0.9 * cap / len(names)),
                price_usd_per_yr=price,
                one_more=more,
            )
            for name, kind, unit, cap, price, more in kinds
        ),
        n_solves=40,
        n_rounds=9,
    )


SHOWN = {
    "alone": portfolio(site(0, "odessa")),
    "many": portfolio(*(site(n, f"campus-{n:03}") for n in range(60)), failed("lubbock")),
    "shared": portfolio(
        site(0, "odessa"),
        site(1, "abilene"),
        failed("lubbock"),
        shared=allocation("odessa", "abilene"),
    ),
    "none": portfolio(failed("lubbock")),
    "stopped": portfolio(
        site(0, "odessa"),
        failed("x").model_copy(update={"status": "not run", "problems": ()}),
        is_complete=False,
    ),
}
"""What a portfolio may have come to."""
