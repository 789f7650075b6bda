"""Workers as the pool sees them: a thread or a process that takes messages and sends reports. Trains nothing."""

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.context import ForkServerContext
from queue import SimpleQueue
from threading import Thread
from types import ModuleType
from typing import Protocol

from makemore.jobs.messages import Message, Report
from makemore.jobs.workers.loop import REST_SECONDS, WorkerLoop
from makemore.jobs.workers.process import run_in_process


class WorkerHost(Protocol):
    """Runs the loop of one worker. `busy` is the number of the order under way, set by the pool."""

    busy: int | None

    def send(self, message: Message) -> None: ...

    def join(self, timeout: float) -> None:
        """Wait for the end of the worker after a Close."""


OnReport = Callable[[WorkerHost, Report], None]
OnLost = Callable[[WorkerHost, str], None]  # what has become of the worker, in words
StartHost = Callable[[OnReport, OnLost], WorkerHost | None]  # None where no worker is free


class Crew(Protocol):
    """Workers that come and go by themselves, on other machines."""

    @property
    def missing(self) -> str:
        """Why there is no worker, in words."""

    def begin(self, on_change: Callable[[], None]) -> None:
        """Look for workers from now on; `on_change` is called, from any thread, when one is free or missed."""

    def start_host(self, on_report: OnReport, on_lost: OnLost) -> WorkerHost | None:
        """A host for a worker that has none. Returns at once."""

    def close(self) -> None:
        """Look for no more workers; their hosts are closed already."""


class ThreadHost:
    """A worker as a thread of this process. It rests often, so that pages stay quick."""

    def __init__(self, on_report: OnReport, on_lost: OnLost) -> None:
        self.busy: int | None = None
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        loop = WorkerLoop(self._inbox, lambda report: on_report(self, report), rest=REST_SECONDS)
        self._thread = Thread(target=loop.run, name="makemore-worker", daemon=True)
        self._thread.start()

    def send(self, message: Message) -> None:
        self._inbox.put(message)

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)


class ProcessHost:
    """A worker as a process of low priority, and a thread here that receives its reports."""

    def __init__(self, on_report: OnReport, on_lost: OnLost) -> None:
        self.busy: int | None = None
        self._pipe, worker_end = multiprocessing.Pipe()
        self.process = _forkserver().Process(
            target=run_in_process, args=(worker_end,), name="makemore-worker", daemon=True
        )
        with _no_main():
            self.process.start()
        # Only the process holds its end now, so that the pipe ends when the process does.
        worker_end.close()
        self._thread = Thread(
            target=self._receive_reports,
            args=(on_report, on_lost),
            name="makemore-reports",
            daemon=True,
        )
        self._thread.start()

    def send(self, message: Message) -> None:
        # If the process is gone, the thread that receives its reports will say so.
        with suppress(OSError):
            self._pipe.send(message)

    def join(self, timeout: float) -> None:
        self.process.join(timeout)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        self._thread.join(timeout)

    def _receive_reports(self, on_report: OnReport, on_lost: OnLost) -> None:
        while True:
            try:
                report = self._pipe.recv()
            except (EOFError, OSError):
                self._pipe.close()
                on_lost(self, "the process that trained this has ended")
                return
            on_report(self, report)


@cache
def _forkserver() -> ForkServerContext:
    """A small process that has imported torch once and forks a worker in half a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run_in_process.__module__])
    return context


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the main module: a new process runs its file once more, and needs none.

    Streamlit makes the script of whoever was served last the main module, so that would be `app.py`.
    """
    former, none = sys.modules["__main__"], ModuleType("__main__")
    sys.modules["__main__"] = none
    try:
        yield
    finally:
        if sys.modules["__main__"] is none:  # else a script has begun meanwhile
            sys.modules["__main__"] = former
