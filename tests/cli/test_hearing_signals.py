"""Signals are noted while somebody works, and whoever was there before hears them again afterwards."""

import os
import signal
from collections.abc import Iterator
from threading import Thread

import pytest

from makemore.cli.signals import HEARD, hear_signals


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Whoever runs these tests in the background may have SIGINT ignored."""
    former = {number: signal.getsignal(number) for number in HEARD}
    for number in HEARD:
        signal.signal(number, signal.default_int_handler)
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", HEARD)
def test_a_signal_interrupts_nothing_and_is_known_of(number: signal.Signals) -> None:
    with hear_signals() as told:
        assert not told()
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:  # as an import may that tries several ways
            pytest.fail("it came in the middle")
        assert told()
    assert signal.getsignal(number) is signal.default_int_handler


def test_a_second_ctrl_c_interrupts() -> None:
    with hear_signals() as told:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        assert told()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert {signal.getsignal(number) for number in HEARD} == {signal.default_int_handler}


def test_what_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with hear_signals() as told:
        os.kill(os.getpid(), signal.SIGINT)
        assert not told()


def test_another_thread_hears_none() -> None:
    heard: list[bool] = []

    def work() -> None:
        with hear_signals() as told:
            heard.append(told())

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [False]
