"""A year put together from windows: whose turn it is, what neighbours settle, and repairs."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import Cut, Here, Whole, featured, of_days, slack_of
from hypothesis import given, settings
from model.random_cases import cases

from optmix.data.plan import Plan
from optmix.model.commitment import where_switching_pays
from optmix.solve.decomposition.operate import Care, Piece
from optmix.solve.decomposition.realise import realise
from optmix.solve.decomposition.year import CARRIED, PER_SITE, Year, colours
from optmix.units import USD_PER_KUSD
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.case import Case
    from optmix.model.concept import Window
    from optmix.solve.decomposition.operate import Pins

EXACTLY = Care(gap=1e-6, reach=None, time_limit_s=60.0)


def years_of(*lengths: int) -> list[Any]:
    return [SimpleNamespace(years=[y]) for y, n in enumerate(lengths) for _ in range(n)]


@pytest.mark.parametrize(
    ("lengths", "shares"),
    [
        ((1,), [[0]]),
        ((2,), [[0], [1]]),
        ((3,), [[0], [1], [2]]),
        ((4,), [[0, 2], [1, 3]]),
        ((5,), [[0, 2], [1, 3], [4]]),
        ((1, 2), [[0, 1], [2]]),
        ((3, 1, 4), [[0, 3, 4, 6], [1, 5, 7], [2]]),
    ],
)
def test_colours_of_windows(lengths: tuple[int, ...], shares: list[list[int]]) -> None:
    assert colours(years_of(*lengths)) == shares


@pytest.mark.parametrize("lengths", [(n,) for n in range(2, 9)] + [(53, 52, 3), (2, 7, 1, 4)])
def test_neighbours_in_a_cyclic_year_differ_in_colour(lengths: tuple[int, ...]) -> None:
    windows = years_of(*lengths)
    shares = colours(windows)
    colour = {number: c for c, share in enumerate(shares) for number in share}

    assert sorted(colour) == list(range(len(windows)))
    assert len(shares) <= 3
    first = 0
    for n in lengths:
        for k in range(n):
            if n > 1:
                assert colour[first + k] != colour[first + (k + 1) % n]
        first += n


def sliced(plan: Plan, window: Window) -> Plan:
    """Return the steps of a plan that a window models."""
    values = {item.name: getattr(plan, item.name) for item in fields(Plan)}
    return Plan(
        **{k: v if k in PER_SITE else v[..., np.array(window.steps)] for k, v in values.items()}
    )


def piece_of(plan: Plan, window: Window, **changes: Any) -> Piece:
    return Piece(replace(sliced(plan, window), **changes), 0.0, 0.0, {})


def settled(cut: Cut, plan: Plan, *numbers: int) -> Year:
    year = Year(cut.case, cut.windows)
    for number in numbers:
        year.settle(number, piece_of(plan, cut.windows[number]))
    return year


def same(one: Plan, other: Plan) -> bool:
    return all(
        np.array_equal(getattr(one, item.name), getattr(other, item.name)) for item in fields(Plan)
    )


@settings(max_examples=5)
@given(cases())
def test_pieces_of_a_plan_make_the_plan(case: Case) -> None:
    whole, cut = Whole(case), Cut(case)
    # In whatever order they come.
    year = settled(cut, whole.plan, *reversed(range(len(cut.windows))))

    assert year.is_settled.all()
    joined = year.plan()
    assert verify_plan(case, joined).findings == ()
    for item in fields(Plan):
        if item.name not in ("starts", "stops"):
            assert np.array_equal(getattr(joined, item.name), getattr(whole.plan, item.name))


def moving() -> Case:
    """Return a case of four days with two types: starts of the second are its own."""
    slow = {"ramp_mw_per_step": 3.0, "start_cost_usd": 5.0, "min_up_steps": 2}
    return of_days(4, units=[{"min_up_steps": 2, "min_down_steps": 3}, slow])


def plan_of(case: Case, seed: int = 0) -> Plan:
    """Return numbers that need not be possible, each of its own."""
    rng = np.random.default_rng(seed)
    n, g, s, r = case.axis.n_steps, len(case.units), len(case.batteries), len(case.stocks)

    def whole(rows: int) -> Any:
        return rng.integers(0, 4, (rows, n))

    def real(*rows: int) -> Any:
        return rng.random((*rows, n))

    return Plan(
        units=np.full(g, 4),
        modules=np.full(s, 1),
        withdrawal_mw=1.5,
        has_grid=True,
        **{k: whole(g) for k in ("online", "starts", "stops", "in_maintenance")},
        **{k: real(g) for k in ("output_mw", "fuel_mmbtu_per_h")},
        **{k: real(s) for k in ("charge_mw", "discharge_mw", "soc_mwh", "cover_mw")},
        **{k: real() for k in ("import_mw", "export_mw", "unserved_mw")},
        curtailed_mw=real(len(case.tiers)),
        **{k: real(r) for k in ("withdrawn_mmbtu_per_h", "refill_mmbtu_per_h", "content_mmbtu")},
    )


def test_nothing_settled_pins_nothing() -> None:
    cut = Cut(moving())
    year = settled(cut, plan_of(cut.case), 2)

    assert Year(cut.case, cut.windows).pins(0) is None
    assert year.pins(0) is None
    assert year.pins(1) is not None


@pytest.mark.parametrize("make", [moving, featured])
def test_pins_are_what_neighbours_settled(make: Callable[[], Case]) -> None:
    cut = Cut(make())
    plan = plan_of(cut.case)
    before, number, after = 0, 1, 2
    year = settled(cut, plan, before, after)
    pins, window = year.pins(number), cut.windows[number]
    assert pins is not None

    steps = np.array(window.steps)
    theirs = np.isin(steps, [*cut.windows[before].core, *cut.windows[after].core])
    assert pins.is_known.tolist() == theirs.tolist()
    assert theirs.tolist() == (~np.isin(steps, window.core)).tolist()
    for name, entry in CARRIED.items():
        values = getattr(plan, entry)[:, steps]
        assert np.isnan(pins.values[name][:, ~theirs]).all()
        if name not in ("started", "stopped"):
            assert pins.values[name][:, theirs].tolist() == values[:, theirs].tolist()


def test_starts_at_a_border_are_open_until_both_sides_are_known() -> None:
    """Of types whose starts are the changes of units online; those of others are settled."""
    case = moving()
    cut = Cut(case)
    plan = plan_of(case)
    pins = settled(cut, plan, 0, 2).pins(1)
    assert pins is not None
    steps = cut.windows[1].steps
    derived, own = 0, 1
    assert where_switching_pays(case) == {"engine 1"}
    for name, entry in (("started", "starts"), ("stopped", "stops")):
        values = pins.values[name]
        for k, t in enumerate(steps):
            if not pins.is_known[k]:
                continue
            # The step before the first of window 0 and of window 2 belongs to nobody yet.
            is_border = t in (cut.windows[0].first, cut.windows[2].first)
            assert np.isnan(values[derived, k]) == is_border
            assert values[own, k] == getattr(plan, entry)[own, t]


def test_a_window_that_gives_way_pins_nothing_any_more() -> None:
    cut = Cut(moving())
    year = settled(cut, plan_of(cut.case), 0, 2)
    year.unsettle(2)
    pins = year.pins(1)
    assert pins is not None

    assert not pins.is_known[np.isin(cut.windows[1].steps, cut.windows[2].core)].any()
    assert pins.is_known[np.isin(cut.windows[1].steps, cut.windows[0].core)].all()


def test_neighbours_go_round_their_own_year() -> None:
    case = moving()
    axis = replace(
        case.axis,
        year=np.repeat([0, 1], [12, 4]),
        year_name=("a", "b"),
        probability=np.array([0.5, 0.5]),
        month=np.repeat([0, 1], [12, 4]),
        week=np.repeat([0, 1], [12, 4]),
    )
    case = replace(case, axis=axis, is_blackout_week=np.zeros(2, dtype=bool))
    year = Year(case, Cut(case).windows)

    assert [year.neighbours(k) for k in range(4)] == [(2, 1), (0, 2), (1, 0), (3, 3)]


def test_starts_and_stops_join_where_windows_meet() -> None:
    """Each window knows its own units online; the year makes of them what happened between."""
    cut = Cut(moving())
    plan = plan_of(cut.case)
    online = np.repeat([[1, 3, 2, 2], [1, 1, 1, 1]], 4, axis=1)
    nothing = np.zeros_like(online)
    year = settled(cut, replace(plan, online=online, starts=nothing, stops=nothing), 0, 1, 2, 3)
    joined = year.plan()

    assert np.flatnonzero(joined.starts[0]).tolist() == [4]
    assert joined.starts[0, 4] == 2
    # From the last day to the first the year is cyclic.
    assert np.flatnonzero(joined.stops[0]).tolist() == [0, 8]
    assert joined.stops[0, [0, 8]].tolist() == [1, 1]


def test_starts_of_their_own_are_those_that_windows_settled() -> None:
    cut = Cut(moving())
    plan = plan_of(cut.case)
    joined = settled(cut, plan, 0, 1, 2, 3).plan()

    assert joined.starts[1].tolist() == plan.starts[1].tolist()
    assert joined.stops[1].tolist() == plan.stops[1].tolist()


def test_a_site_has_what_any_of_its_windows_uses() -> None:
    cut = Cut(moving())
    plan = plan_of(cut.case)
    year = Year(cut.case, cut.windows)
    for number, has_grid in enumerate((False, True, False, False)):
        piece = piece_of(plan, cut.windows[number], has_grid=has_grid)
        year.settle(number, piece)

    assert year.plan().has_grid
    assert year.plan().withdrawal_mw == 1.5


@dataclass
class Script:
    """Windows that give pieces of a plan, unless they are told to object."""

    cut: Cut
    plan: Plan
    objects: Callable[[int, Pins | None], bool]
    asked: list[int] = field(default_factory=list)

    def run(
        self, _task: Any, _recipe: Any, numbers: list[int], _point: Any, pins: Any, *_: Any
    ) -> list[Piece | None]:
        self.asked += numbers
        return [
            None
            if self.objects(number, pins.get(number))
            else piece_of(self.plan, self.cut.windows[number])
            for number in numbers
        ]


def trial_of(cut: Cut, values: Any) -> Any:
    """Return a point as the search hands it over, with nothing used of any budget."""
    nothing = np.zeros(len(values))
    return SimpleNamespace(point=cut.master.at(values), used=nothing, slope=nothing)


def scripted(objects: Callable[[Cut, int, Any], bool]) -> tuple[Any, list[int]]:
    """Return what is realised of four windows, and which of them were asked in turn."""
    case = of_days(4)
    cut, whole = Cut(case), Whole(case)
    script = Script(cut, whole.plan, lambda number, pins: objects(cut, number, pins))
    search = SimpleNamespace(case=case, windows=cut.windows, packed=None, workers=script)
    nothing = np.zeros(len(cut.master.keys))
    trial = trial_of(cut, nothing)
    found = realise(search, trial, [], EXACTLY)
    if found is not None:
        assert same(found.plan, whole.plan)
        assert sorted(found.pieces) == [0, 1, 2, 3]
        assert found.cost == pytest.approx(whole.cost)
    return found, script.asked


def knows(cut: Cut, number: int, pins: Any, other: int) -> bool:
    """Whether a window is bound by what another settled."""
    known = np.isin(cut.windows[number].steps, cut.windows[other].core)
    return pins is not None and bool(pins.is_known[known].any())


def test_windows_that_agree_need_no_repair() -> None:
    found, asked = scripted(lambda *_: False)

    assert found is not None
    assert asked == [0, 2, 1, 3]


def test_the_neighbour_after_gives_way_first() -> None:
    found, asked = scripted(lambda cut, n, pins: n == 1 and knows(cut, 1, pins, 2))

    assert found is not None
    assert asked == [0, 2, 1, 3, 1, 2]


def test_then_the_neighbour_before() -> None:
    found, asked = scripted(lambda cut, n, pins: n == 1 and knows(cut, 1, pins, 0))

    assert found is not None
    assert asked == [0, 2, 1, 3, 1, 1, 0]


def test_then_both() -> None:
    found, asked = scripted(lambda _cut, n, pins: n == 1 and pins is not None)

    assert found is not None
    assert asked == [0, 2, 1, 3, 1, 1, 1, 0, 2]


def test_a_window_that_nothing_helps_ends_the_attempt() -> None:
    found, asked = scripted(lambda _cut, n, _pins: n == 3)

    assert found is None
    assert asked.count(3) <= 1 + 2 * 4


def test_windows_that_always_disagree_come_to_an_end() -> None:
    """Neither of two neighbours accepts what the other settled."""
    found, asked = scripted(
        lambda cut, n, pins: (
            (n == 1 and knows(cut, 1, pins, 2)) or (n == 2 and knows(cut, 2, pins, 1))
        )
    )

    assert found is None
    assert len(asked) <= 4 + 3 * 2 * 4


def test_a_plan_that_the_verifier_refuses_is_none() -> None:
    case = of_days(4)
    cut, whole = Cut(case), Whole(case)
    wrong = replace(whole.plan, output_mw=whole.plan.output_mw * 1.1)
    search = SimpleNamespace(
        case=case,
        windows=cut.windows,
        packed=None,
        workers=Script(cut, wrong, lambda *_: False),
    )
    nothing = np.zeros(len(cut.master.keys))
    trial = trial_of(cut, nothing)

    assert realise(search, trial, [], EXACTLY) is None


@settings(max_examples=5)
@given(cases())
def test_windows_operated_in_turn_make_a_verified_year(case: Case) -> None:
    """At the best sizes; where they find no way together, there is no plan and no wrong one."""
    whole, cut = Whole(case), Cut(case)
    point = cut.master.at(whole.point(cut.master))
    search = SimpleNamespace(
        case=case, windows=cut.windows, packed=cut.packed, workers=Here(), master=cut.master
    )
    # Budgets are not shared out here, so each window may use all of them.
    values = np.where(np.isnan(point.values), cut.master.upper, point.values)
    trial = trial_of(cut, values)
    found = realise(search, trial, [], EXACTLY)

    if found is not None:
        verification = verify_plan(case, found.plan)
        assert verification.findings == ()
        assert found.cost == pytest.approx(verification.objective_usd / USD_PER_KUSD)
        assert found.cost >= whole.cost - slack_of(whole.cost)
        assert found.plan.units.tolist() == whole.plan.units.tolist()


def test_windows_of_a_simple_site_find_a_year_near_the_best() -> None:
    case = of_days(4, units=[{"start_cost_usd": 50.0, "min_up_steps": 2, "min_down_steps": 2}])
    whole, cut = Whole(case), Cut(case)
    values = whole.point(cut.master)
    search = SimpleNamespace(case=case, windows=cut.windows, packed=cut.packed, workers=Here())
    trial = trial_of(cut, values)
    found = realise(search, trial, [], EXACTLY)

    assert found is not None
    assert whole.cost - slack_of(whole.cost) <= found.cost <= 1.01 * whole.cost
