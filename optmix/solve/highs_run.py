"""One run of HiGHS in this process.

HiGHS calls back from time to time: with bounds, with each better plan, and to ask whether to go
on. Between two calls it cannot be stopped, and while it solves a large LP inside a MIP that takes
minutes. Code that must answer Ctrl-C at once uses `optmix.solve.highs`, which runs this in a
process of its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np

from optmix.errors import SolverError
from optmix.solve.highs_model import OptionValue, apply_options, new_highs, to_highs
from optmix.solve.outcome import Claim, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from optmix.solve.linear_program import LinearProgram

    Floats = NDArray[np.float64]

__all__ = ["Listener", "SolverEvent", "run_highs"]

EVENT_INTERVAL_S: Final = 0.25
"""Least time between two reports that bring no better plan."""

_Callback = highspy.cb.HighsCallbackType
_INTERRUPTS = frozenset(
    {
        int(_Callback.kCallbackSimplexInterrupt),
        int(_Callback.kCallbackIpmInterrupt),
        int(_Callback.kCallbackMipInterrupt),
    }
)
_BETTER_PLAN = int(_Callback.kCallbackMipImprovingSolution)
_MIP_REPORTS = frozenset({int(_Callback.kCallbackMipLogging), int(_Callback.kCallbackMipInterrupt)})
_LOG = int(_Callback.kCallbackLogging)

_Model = highspy.HighsModelStatus
_VERDICTS = {
    _Model.kOptimal: (Status.OPTIMAL, "proven within the gap"),
    _Model.kModelEmpty: (Status.OPTIMAL, "nothing to decide"),
    _Model.kInfeasible: (Status.INFEASIBLE, "proven infeasible"),
    _Model.kUnbounded: (Status.UNBOUNDED, "proven unbounded"),
    _Model.kTimeLimit: (Status.FEASIBLE, "time limit reached"),
    _Model.kInterrupt: (Status.FEASIBLE, "interrupted"),
    _Model.kHighsInterrupt: (Status.FEASIBLE, "interrupted"),  # type: ignore[attr-defined]
    _Model.kIterationLimit: (Status.FEASIBLE, "iteration limit reached"),
    _Model.kSolutionLimit: (Status.FEASIBLE, "solution or node limit reached"),
    _Model.kObjectiveBound: (Status.FEASIBLE, "objective bound reached"),
    _Model.kObjectiveTarget: (Status.FEASIBLE, "objective target reached"),
    _Model.kMemoryLimit: (Status.FEASIBLE, "memory limit reached"),
    _Model.kUnknown: (Status.FEASIBLE, "ended without a verdict"),
}


@dataclass(frozen=True)
class SolverEvent:
    """Where a run stands. What is not yet known is None.

    Attributes
    ----------
    elapsed_s
        Time since the run began.
    bound, incumbent, gap
        Proven bound, objective of the best plan, and their distance as a share of the objective.
    nodes
        Branch-and-bound nodes done.
    """

    elapsed_s: float
    bound: float | None = None
    incumbent: float | None = None
    gap: float | None = None
    nodes: int | None = None


@dataclass
class Listener:
    """What a run tells, and asks, while it runs. Nothing here may raise.

    Attributes
    ----------
    on_event
        Called with bounds a few times a second at most, and at each better plan.
    on_plan
        Called with each better plan, one value for each column.
    on_log
        Called with each line of HiGHS's log.
    should_stop
        Asked often; a true answer ends the run.
    """

    on_event: Callable[[SolverEvent], None] | None = None
    on_plan: Callable[[Floats], None] | None = None
    on_log: Callable[[str], None] | None = None
    should_stop: Callable[[], bool] = field(default=lambda: False)


class _Callbacks:
    """Hears HiGHS's callbacks and keeps the best plan and bound they bring.

    An exception must not pass through HiGHS's own frames, so the first is kept, the run is
    stopped, and whoever started the run raises it.
    """

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.event = SolverEvent(elapsed_s=0.0)
        self.plan: Floats | None = None
        self.failure: BaseException | None = None
        self._began = time.perf_counter()
        self._reported = -np.inf

    def __call__(
        self, kind: Any, message: str, out: Any, back: Any, _user_data: object = None
    ) -> None:
        try:
            self._hear(int(kind), message, out)
            stop = int(kind) in _INTERRUPTS and self.listener.should_stop()
        except BaseException as failure:  # noqa: BLE001 - raised again once HiGHS has returned
            self.failure = self.failure or failure
            stop = True
        if back is not None and (stop or self.failure is not None):
            back.user_interrupt = True

    def _hear(self, kind: int, message: str, out: Any) -> None:
        if kind == _LOG:
            if self.listener.on_log is not None:
                self.listener.on_log(message)
        elif kind == _BETTER_PLAN:
            self.plan = np.array(out.mip_solution, dtype=np.float64)
            self._note(out, incumbent=float(out.objective_function_value))
            if self.listener.on_plan is not None:
                self.listener.on_plan(self.plan)
            self._report(at_once=True)
        elif kind in _MIP_REPORTS:
            self._note(out, incumbent=_finite(out.mip_primal_bound))
            self._report()
        else:
            self.event = replace(self.event, elapsed_s=time.perf_counter() - self._began)
            self._report()

    def _note(self, out: Any, *, incumbent: float | None) -> None:
        self.event = SolverEvent(
            elapsed_s=time.perf_counter() - self._began,
            bound=_finite(out.mip_dual_bound),
            incumbent=incumbent,
            gap=_finite(out.mip_gap),
            nodes=int(out.mip_node_count),
        )

    def _report(self, *, at_once: bool = False) -> None:
        if self.listener.on_event is None:
            return
        if at_once or self.event.elapsed_s - self._reported >= EVENT_INTERVAL_S:
            self._reported = self.event.elapsed_s
            self.listener.on_event(self.event)


def run_highs(
    program: LinearProgram,
    options: Mapping[str, OptionValue],
    *,
    start: Floats | None = None,
    listener: Listener | None = None,
) -> Claim:
    """Run HiGHS in this process until it ends by itself, at its time limit, or is told to stop.

    Parameters
    ----------
    program
        What to solve.
    options
        HiGHS's options by its own names, limits included.
    start
        A plan to start from, one value for each column; NaN where it is not known.
    listener
        Who is told about progress and asked whether to stop.

    Returns
    -------
    Claim
        What HiGHS says, unchecked.

    Raises
    ------
    SchemaError
        HiGHS does not know an option or refuses its value.
    SolverError
        HiGHS refuses the model.
    """
    listener = listener or Listener()
    claim, verdict = _run_once(program, options, start, listener)
    if verdict != _Model.kUnboundedOrInfeasible:
        return claim
    # With nothing to optimise, the same rows tell whether there is any plan at all.
    flat = replace(program, cost=np.zeros(program.n_columns))
    claim, verdict = _run_once(flat, options, None, replace(listener, on_event=None, on_plan=None))
    if claim.status in (Status.OPTIMAL, Status.UNBOUNDED):
        return Claim(*_VERDICTS[_Model.kUnbounded])
    return replace(claim, values=None, bound=None)


def _run_once(
    program: LinearProgram,
    options: Mapping[str, OptionValue],
    start: Floats | None,
    listener: Listener,
) -> tuple[Claim, highspy.HighsModelStatus]:
    highs = new_highs()
    apply_options(highs, options)
    if highs.passModel(to_highs(program)) == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refuses the model: a number in it is too large; see `validate`")
    if start is not None:
        known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
        highs.setSolution(len(known), known, start[known])
    # HiGHS keeps its threads from one run to the next and fails if their number is to change.
    highspy.Highs.resetGlobalScheduler(True)
    callbacks = _listen(highs, listener)
    highs.run()
    if callbacks.failure is not None:
        raise callbacks.failure
    return _claim(highs, program, callbacks), highs.getModelStatus()


def _listen(highs: highspy.Highs, listener: Listener) -> _Callbacks:
    callbacks = _Callbacks(listener)
    highs.setCallback(callbacks, None)
    kinds = set(_INTERRUPTS | _MIP_REPORTS | {_BETTER_PLAN})
    if listener.on_log is not None:
        kinds.add(_LOG)
        highs.setOptionValue("output_flag", True)
        highs.setOptionValue("log_to_console", False)
    for kind in sorted(kinds):
        highs.startCallback(_Callback(kind))
    return callbacks


def _claim(highs: highspy.Highs, program: LinearProgram, callbacks: _Callbacks) -> Claim:
    verdict = highs.getModelStatus()
    said = f"HiGHS ended with {highs.modelStatusToString(verdict)!r}"
    status, reason = _VERDICTS.get(verdict, (Status.ERROR, said))
    info = highs.getInfo()
    is_mip = bool(program.is_integer.any())
    values = callbacks.plan
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(highs.getSolution().col_value, dtype=np.float64)
    elif status is Status.OPTIMAL and program.n_columns == 0:
        values = np.zeros(0)
    if status is Status.ERROR and values is not None:
        status = Status.FEASIBLE
    bound = _finite(info.mip_dual_bound) if is_mip else None
    if not is_mip and status is Status.OPTIMAL and values is not None:
        bound = program.objective(values)
    nodes = int(info.mip_node_count) if is_mip else None
    return Claim(status=status, reason=reason, values=values, bound=bound, nodes=nodes)


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
