"""What may go wrong while a year is solved window by window, and what is left of the answer."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.fault_tools import (
    GAP,
    PATIENCE_S,
    Broken,
    Inline,
    Mortal,
    Watcher,
    decompose,
    endless,
    fail,
    is_alive,
    small_case,
    undisturbed,
    wait_until,
)
from model.cases import NO_SECURITY, make_axis, make_battery, make_case, make_grid, make_unit

from optmix.errors import SolverError
from optmix.solve.decomposition.local_process import LocalProcess
from optmix.solve.decomposition.workers import MAX_REPLACEMENTS, StoppedError, Workers
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.outcome import Status
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.case import Case
    from optmix.solve.proposal import Proposal

BUILD = "building the master"
RELAX = "sizes relaxed"
OPERATE = "integer operation"
SIZES = "whole sizes"
WEEKS = "whole sizes and weeks of maintenance"

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def end_by_clock(request: Request) -> None:
    request.time_limit_s = request.elapsed_s


def end_by_user(request: Request) -> None:
    request.interrupt.set()


def assert_same(one: Proposal, other: Proposal) -> None:
    assert one.plan is not None
    assert other.plan is not None
    assert one.plan.units.tolist() == other.plan.units.tolist()
    assert one.plan.modules.tolist() == other.plan.modules.tolist()
    assert one.objective_usd == pytest.approx(other.objective_usd, rel=1e-9)
    assert one.bound_usd == pytest.approx(other.bound_usd, rel=1e-9)


# --- Workers that die -----------------------------------------------------------------------------


@posix_only
def test_a_worker_may_die_in_every_phase() -> None:
    watcher = Watcher("", has_plan=False, act=lambda _: None)
    mortal = Mortal(watcher)
    found = decompose(small_case(), mortal, sink=watcher, workers=2)
    assert {RELAX, OPERATE, SIZES, WEEKS} <= set(mortal.died_in)
    assert len(mortal.processes) == 2 + len(mortal.died_in)
    assert found.plan is not None
    assert found.plan.units.tolist() == undisturbed().plan.units.tolist()
    assert found.plan.modules.tolist() == undisturbed().plan.modules.tolist()
    assert verify_plan(small_case(), found.plan).findings == ()
    assert found.bound_usd <= found.objective_usd
    assert not any(is_alive(process.pid) for process in mortal.processes)


def test_workers_that_die_again_and_again_are_an_error() -> None:
    made = []

    def make() -> Executor:
        made.append(Broken())
        return made[-1]

    with pytest.raises(SolverError, match=r"--workers.*signal 9"):
        decompose(small_case(), make)
    assert len(made) == 1 + MAX_REPLACEMENTS


def test_a_plan_outlives_workers_that_die_again_and_again() -> None:
    watcher = Watcher(SIZES, has_plan=True, act=lambda _: None)

    class Failing(Inline):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            one = Broken if watcher.has_acted else Inline
            return one.submit(self, fn, *args, **kwargs)

    found = decompose(small_case(), Failing, sink=watcher)
    assert watcher.has_acted
    assert found.status is Status.FEASIBLE
    assert found.plan is not None
    assert "--workers" in found.reason


def test_an_executor_that_is_broken_before_it_is_asked_is_replaced() -> None:
    made = []

    class Gone(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            del fn, args, kwargs
            raise BrokenExecutor("gone")

    def make() -> Executor:
        made.append(Gone() if len(made) == 0 else Inline())
        return made[-1]

    with Workers(1, lambda: False, make) as workers:
        assert workers.run(lambda _, numbers: numbers, None, [0, 1]) == [0, 1]
    assert len(made) == 2


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    with (
        Workers(1, lambda: False) as workers,
        pytest.raises(ZeroDivisionError, match="a defect") as failure,
    ):
        workers.run(fail, None, [0])
    assert "fault_tools.py" in failure.value.__notes__[0]


# --- Ends from outside ----------------------------------------------------------------------------


@pytest.mark.parametrize("end", [end_by_clock, end_by_user])
@pytest.mark.parametrize("phase", [BUILD, RELAX, OPERATE])
def test_an_end_before_any_plan(phase: str, end: Callable[[Request], None]) -> None:
    watcher = Watcher(phase, has_plan=False, act=end)
    found = decompose(small_case(), sink=watcher)
    assert watcher.has_acted
    assert found.status is Status.NO_PLAN
    assert found.plan is None
    assert found.reason == ("interrupted" if end is end_by_user else "time limit reached")


@pytest.mark.parametrize("phase", [RELAX, SIZES, WEEKS, OPERATE])
def test_the_clock_ends_after_a_plan(phase: str) -> None:
    watcher = Watcher(phase, has_plan=True, act=end_by_clock)
    found = decompose(small_case(), sink=watcher)
    assert watcher.has_acted
    assert found.status is Status.FEASIBLE
    assert found.reason == "time limit reached"
    assert found.plan is not None
    assert verify_plan(small_case(), found.plan).findings == ()
    assert found.bound_usd <= found.objective_usd


def test_no_time_at_all() -> None:
    request = Request(ready_profile("highs"), 0.01, time_limit_s=0.0, make_executor=Broken)
    from optmix.solve.decomposition.control import solve_decomposed

    found = solve_decomposed(small_case(), request)
    assert (found.status, found.reason) == (Status.NO_PLAN, "time limit reached")


@linux_only
@pytest.mark.timeout(2 * PATIENCE_S)
def test_workers_in_the_middle_of_a_milp_are_ended() -> None:
    made: list[LocalProcess] = []
    stop = threading.Event()
    threading.Timer(2.0, stop.set).start()

    def make() -> LocalProcess:
        made.append(LocalProcess())
        return made[-1]

    with pytest.raises(StoppedError), Workers(2, stop.is_set, make) as workers:
        workers.run(endless, None, [0, 1])
    assert len(made) == 2
    assert not any(is_alive(process.pid) for process in made)


@linux_only
@pytest.mark.timeout(2 * PATIENCE_S)
def test_workers_that_have_hardly_begun_are_ended() -> None:
    process = LocalProcess()
    future = process.submit(endless)
    process.shutdown(wait=False, cancel_futures=True)
    assert future.done()
    assert not is_alive(process.pid)


@linux_only
def test_workers_end_after_their_last_task() -> None:
    process = LocalProcess()
    future = process.submit(os.getpid)
    process.shutdown()
    assert future.result() == process.pid
    assert wait_until(lambda: not is_alive(process.pid))
    with pytest.raises(RuntimeError, match="shut down"):
        process.submit(os.getpid)


# --- No plan --------------------------------------------------------------------------------------


def test_a_window_that_asks_for_more_than_there_is() -> None:
    demand = small_case().demand_mw.copy()
    demand[13] = 1_000.0
    found = decompose(small_case(demand_mw=demand))
    assert (found.status, found.plan) == (Status.INFEASIBLE, None)


def test_maintenance_for_which_no_week_is_open() -> None:
    axis = small_case().axis
    unit = make_unit(axis, n_min=1, n_max=20, planned_outage_h=500.0)
    case = small_case(
        units=(unit,), maintenance_mode="scheduled", is_blackout_week=np.array([True])
    )
    found = decompose(case, gap=0.05)
    assert (found.status, found.plan) == (Status.INFEASIBLE, None)


# --- Nasty numbers --------------------------------------------------------------------------------


def _nasty_costs() -> Case:
    axis = small_case().axis
    return small_case(
        units=(
            make_unit(
                axis,
                n_max=12,
                capital_usd_per_yr=5.0,
                fom_usd_per_yr=0.0,
                vom_usd_per_mwh=900.0,
            ),
            make_unit(
                axis,
                name="dear",
                n_max=12,
                capital_usd_per_yr=5_000_000.0,
                vom_usd_per_mwh=0.001,
                start_cost_usd=50_000.0,
            ),
        )
    )


def _nasty_sizes() -> Case:
    axis = small_case().axis
    tiny, huge = 0.01, 500.0
    sizes = [
        make_unit(
            axis,
            name=f"{mw} MW",
            n_max=n_max,
            rating_mw=mw,
            net_rating_mw=mw,
            pmax_mw=mw,
            pmin_mw=0.1 * mw,
            segment_alpha_mmbtu_per_h=(mw,),
            segment_beta_mmbtu_per_mwh=(7.0 + mw / 500.0,),
            capital_usd_per_yr=100_000.0 * mw,
            fom_usd_per_yr=10_000.0 * mw,
            step_mw=0.2 * mw,
            ramp_mw_per_step=20 * mw,
        )
        for mw, n_max in ((tiny, 500), (huge, 4))
    ]
    return small_case(
        demand_mw=10.0 * small_case().demand_mw,
        units=tuple(sizes),
        batteries=(),
        security=NO_SECURITY,
    )


def _nasty_prices() -> Case:
    axis = small_case().axis
    price = np.where(np.arange(axis.n_steps) % 7 == 3, 1e4, 1e-6)
    return small_case(
        units=(make_unit(axis, n_max=20, fuel_price_usd_per_mmbtu=1e-6),),
        grid=make_grid(
            axis,
            withdrawal_max_mw=50.0,
            import_price_usd_per_mwh=price,
            demand_charge_usd_per_mw_month=1e-3,
        ),
    )


def _nasty_demand() -> Case:
    """Return a case with nothing to serve for most days, and much on one."""
    axis = make_axis((27,), step_h=8.0, day=np.repeat(np.arange(9), 3).tolist())
    demand = np.where(np.arange(27) // 3 == 5, 18.0, 0.0)
    return make_case(axis, demand_mw=demand, units=(make_unit(axis),), batteries=(make_battery(),))


@pytest.mark.parametrize("make", [_nasty_costs, _nasty_sizes, _nasty_prices, _nasty_demand])
def test_nasty_numbers(make: Callable[[], Case]) -> None:
    case = make()
    found = decompose(case, gap=0.05)
    whole = solve_monolithic(case, Request(ready_profile("highs"), GAP, threads=1))
    assert found.plan is not None
    assert verify_plan(case, found.plan).findings == ()
    slack = 1e-6 * found.objective_usd
    assert found.bound_usd <= found.objective_usd + slack
    assert found.bound_usd <= whole.objective_usd + slack
    assert whole.bound_usd <= found.objective_usd + slack


# --- Executors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [2, 3])
def test_threads_give_the_same_answer(workers: int) -> None:
    make = partial(ThreadPoolExecutor, max_workers=1)
    assert_same(decompose(small_case(), make, workers=workers), undisturbed())


def test_processes_give_the_same_answer() -> None:
    assert_same(decompose(small_case(), None, workers=2), undisturbed())


def test_more_workers_than_windows() -> None:
    case = small_case(2)
    made = []

    def make() -> Executor:
        made.append(Inline())
        return made[-1]

    assert decompose(case, make, workers=50, gap=0.1).certificate.workers == 2
    assert len(made) == 2
