import os
import signal
import threading

import pytest

from optmix.solve.interrupt import Enough, Interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_old_handler_returns(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interrupt().on_signals() as interrupt:
        assert not interrupt.is_set()
        os.kill(os.getpid(), number)
        assert interrupt.is_set()
    assert signal.getsignal(number) is before


def test_the_second_ctrl_c_breaks_off() -> None:
    with Interrupt().on_signals() as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_in_another_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def look() -> None:
        with Interrupt().on_signals():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [before]


def test_enough_of_a_part_does_not_stop_the_whole() -> None:
    user = Interrupt()
    enough = Enough(user)
    enough.set()
    assert enough.is_set()
    assert not user.is_set()


def test_the_user_stops_every_part() -> None:
    user = Interrupt()
    enough = Enough(user)
    assert not enough.is_set()
    user.set()
    assert enough.is_set()
