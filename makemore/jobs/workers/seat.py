"""The cluster's side of a worker: a loop in a thread of a Dask worker, and what a server says to it.

Everything is numbered, so that a server whose connection broke may ask again: no message is heard twice
and no report is lost.
"""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import islice
from queue import SimpleQueue
from threading import Lock, Thread, get_native_id
from time import monotonic
from typing import Any

from distributed.protocol.serialize import to_serialize

from makemore.data.examples import RememberedLists
from makemore.experiments.code_versions import versions
from makemore.jobs.messages import Close, Message, Report
from makemore.jobs.workers.loop import WorkerLoop
from makemore.jobs.workers.process import NICE, remember_dataset

SWITCH = 0.001  # seconds that the loop may keep Python to itself while a message waits
CHECKS = 4  # for abandoned seats, while one becomes so

Answer = dict[str, Any]


class Seat:
    """Trains for one server, until that says Close or has not asked for so many seconds."""

    def __init__(self, abandoned: float) -> None:
        self._abandoned, self._asked_at = abandoned, monotonic()
        self._asking = 0  # who waits for an answer
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._lists = RememberedLists()
        self.heard = 0  # messages
        self._lock = Lock()  # guards the reports
        self._reports: deque[Report] = deque()
        self._first = 0  # the number of the first of them
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self.ended = False
        self._thread = Thread(target=self._run, name="makemore-seat", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the end of the loop."""
        self._thread.join()

    def hear(self, first: int, messages: Sequence[Message]) -> None:
        """Take in the messages from this number on; those that came before are known."""
        for message in messages[max(0, self.heard - first) :]:
            self._inbox.put(remember_dataset(message, self._lists))
        self.heard = max(self.heard, first + len(messages))

    async def report(self, after: int, hold: float) -> Answer:
        """The reports from this number on, as soon as there are any; none after `hold` seconds."""
        with self._lock:
            while self._first < after:
                self._reports.popleft()
                self._first += 1
            self._news.clear()
            waits = not self._reports and not self.ended
        self._asking += 1
        if waits:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), hold)
        self._asking -= 1
        self._asked_at, ended = monotonic(), self.ended  # whatever ended has reported before
        with self._lock:
            found = list(islice(self._reports, max(0, after - self._first), None))
        return {"status": "OK", "reports": to_serialize(found), "ended": ended}

    async def watch(self) -> None:
        """Return when the loop has ended, and end it where nobody asks for its reports."""
        while not self.ended:
            await asyncio.sleep(self._abandoned / CHECKS)
            if not self._asking and monotonic() - self._asked_at > self._abandoned:
                self._inbox.put(Close())

    def _run(self) -> None:
        with suppress(OSError):  # on Linux this is for the thread alone, so messages stay quick
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)
        try:
            WorkerLoop(self._inbox, self._add_report).run()
        finally:
            self.ended = True
            self._wake()

    def _add_report(self, report: Report) -> None:
        with self._lock:
            self._reports.append(report)
        self._wake()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the Dask worker has ended
            self._loop.call_soon_threadsafe(self._news.set)


_seats: dict[str, Seat] = {}
_watches: set[asyncio.Task[None]] = set()  # as a loop holds its tasks weakly


async def _open(seat: str, abandoned: float) -> Answer:
    if seat not in _seats:
        _seats[seat] = Seat(abandoned)
        watch = asyncio.create_task(_watch(seat))
        _watches.add(watch)
        watch.add_done_callback(_watches.discard)
    return {"status": "OK"}


async def _watch(seat: str) -> None:
    await _seats[seat].watch()
    del _seats[seat]


async def _hear(seat: str, first: int, messages: Sequence[Message]) -> Answer:
    if (known := _seats.get(seat)) is None:
        return {"status": "unknown"}
    known.hear(first, messages)
    return {"status": "OK"}


async def _report(seat: str, after: int, hold: float) -> Answer:
    known = _seats.get(seat)
    return {"status": "unknown"} if known is None else await known.report(after, hold)


HANDLERS: dict[str, Callable[..., Awaitable[Answer]]] = {
    "makemore_open": _open,
    "makemore_hear": _hear,
    "makemore_report": _report,
}


def prepare_worker(dask_worker: Any) -> dict[str, str]:
    """Let this Dask worker understand a server; returns what it runs on. Called in the worker."""
    sys.setswitchinterval(SWITCH)
    dask_worker.handlers.update(HANDLERS)
    return versions()
