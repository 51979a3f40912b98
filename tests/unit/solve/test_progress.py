import io
import json
import queue
import re

import pytest
from rich.console import Console

from optmix.solve.progress import ConsoleSink, JsonLinesSink, NullSink, Progress, Throttle

HALFWAY = Progress("solve", 2.0, bound_usd=9.5e6, incumbent_usd=1e7, gap=0.05)


def test_json_lines_are_one_object_a_line() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    sink(Progress("build", 0.1234567, detail="3 windows"))
    sink(HALFWAY)
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["detail"] == "3 windows"
    assert first["elapsed_s"] == 0.123
    assert first["gap"] is None
    assert second == {
        "phase": "solve",
        "elapsed_s": 2.0,
        "bound_usd": 9.5e6,
        "incumbent_usd": 1e7,
        "gap": 0.05,
    }


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_json_lines_have_no_infinity(number: float) -> None:
    stream = io.StringIO()
    JsonLinesSink(stream)(Progress("solve", 1.0, gap=number))
    assert json.loads(stream.getvalue())["gap"] is None


def test_null_sink_takes_anything() -> None:
    NullSink()(HALFWAY)


def test_throttle_passes_phases_and_better_plans_and_one_in_a_while() -> None:
    heard: list[Progress] = []
    throttle = Throttle(heard.append, interval_s=1.0)
    messages = [
        Progress("build", 0.0),
        Progress("solve", 0.1),
        Progress("solve", 0.2, bound_usd=1.0),
        Progress("solve", 0.3, bound_usd=1.0, incumbent_usd=5.0),
        Progress("solve", 0.4, bound_usd=2.0, incumbent_usd=5.0),
        Progress("solve", 1.4, bound_usd=3.0, incumbent_usd=5.0),
    ]
    for message in messages:
        throttle(message)
    assert heard == [messages[number] for number in (0, 1, 3, 5)]


def test_without_a_terminal_each_phase_is_one_line() -> None:
    stream = io.StringIO()
    with ConsoleSink(Console(file=stream, width=100)) as sink:
        sink(Progress("build", 0.0))
        sink(Progress("build", 0.5))
        sink(HALFWAY)
    lines = [line.strip() for line in stream.getvalue().splitlines()]
    assert lines == [
        "build",
        "solve · best plan 10.000 M$/a · bound 9.500 M$/a · gap 5.00%",
    ]


def test_on_a_terminal_the_line_changes_in_place() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100)
    with ConsoleSink(console) as sink:
        sink(HALFWAY)
    assert "gap 5.00%" in stream.getvalue()
    sink(HALFWAY)  # after the end of the display it is one more line, and no failure


def test_off_a_terminal_a_long_phase_is_told_again_and_again() -> None:
    lines: queue.Queue[str] = queue.Queue()

    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            lines.put(text)
            return len(text)

    with ConsoleSink(Console(file=Stream()), interval_s=0.01) as sink:
        sink(Progress("solve", 100.0, bound_usd=9e6, incumbent_usd=10e6, gap=0.1))
        told = [lines.get(timeout=60) for _ in range(3)]
    line = "solve · best plan 10.000 M$/a · bound 9.000 M$/a · gap 10.00%"
    assert told[0].strip() == line
    assert all(re.fullmatch(rf"{re.escape(line)} · 1\d\d s", text.strip()) for text in told[1:])
