"""Works things out beside the pages, one after the other, so that none stalls. Knows no page and no Streamlit."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

SOON = 0.03  # seconds that whoever asks waits, as much is done by then
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
_ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead")  # nobody waits behind it


def begin(make: Callable[[], T]) -> Future[T]:
    """Have this worked out after all that was asked for before."""
    return _worker.submit(make)


def prepare(make: Callable[[], T]) -> Future[T]:
    """Have this worked out before anybody asks; what somebody asks for does not wait for it."""
    return _ahead.submit(make)


def take(asked: "Future[T]") -> T | None:
    """What it came to, or None if that takes longer. Raises what working it out has raised."""
    with suppress(NotYet):
        return asked.result(timeout=SOON)
    return None
