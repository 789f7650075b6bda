"""Hears Ctrl-C and SIGTERM, by which a machine ends what it runs, for those who end in good order.

An exception from a signal may come anywhere, and where it comes in the middle of an import that tries
several ways it is swallowed there. So a signal is noted, and whoever works asks between two pieces of work.
"""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

HEARD = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def hear_signals() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether one has come. A second Ctrl-C is a KeyboardInterrupt again.

    A signal that is ignored stays so, and outside the main thread none is heard.
    """
    told: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if told and number == signal.SIGINT:
            raise KeyboardInterrupt
        told.append(number)

    former = {}
    if threading.current_thread() is threading.main_thread():
        former = {number: signal.getsignal(number) for number in HEARD}
    heard = {number: handler for number, handler in former.items() if handler != signal.SIG_IGN}
    for number in heard:
        signal.signal(number, note)
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler or signal.SIG_DFL)
