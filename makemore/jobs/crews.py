"""Workers as the pool sees them: send a message, hear reports. One kind is a thread, one a process."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.context import ForkServerContext
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from makemore.jobs.messages import Message, Report
from makemore.jobs.worker import REST, Worker, run_in_process


class Crew(Protocol):
    """Who carries out orders; `busy` is the order under way, which the pool writes there."""

    busy: int | None

    def send(self, message: Message) -> None: ...

    def join(self, timeout: float) -> None:
        """Wait for its end after a Close."""


Hear = Callable[["Crew", Report], None]
Lost = Callable[["Crew"], None]
Hire = Callable[[Hear, Lost], Crew]


class ThreadCrew:
    """A thread of this process. It rests often, so that pages stay quick."""

    def __init__(self, hear: Hear, lost: Lost) -> None:
        self.busy: int | None = None
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        worker = Worker(self._inbox, lambda report: hear(self, report), rest=REST)
        self._thread = Thread(target=worker.run, name="makemore-job", daemon=True)
        self._thread.start()

    def send(self, message: Message) -> None:
        self._inbox.put(message)

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)


class ProcessCrew:
    """A process at low priority, and a thread here that hears it."""

    def __init__(self, hear: Hear, lost: Lost) -> None:
        self.busy: int | None = None
        self._pipe, theirs = multiprocessing.Pipe()
        self.process = _forkserver().Process(
            target=run_in_process, args=(theirs,), name="makemore-job", daemon=True
        )
        self.process.start()
        theirs.close()  # so that the end of the process is heard as the end of the pipe
        self._thread = Thread(
            target=self._hear, args=(hear, lost), name="makemore-ear", daemon=True
        )
        self._thread.start()

    def send(self, message: Message) -> None:
        with suppress(OSError):  # if it is gone, the thread that hears it will say so
            self._pipe.send(message)

    def join(self, timeout: float) -> None:
        self.process.join(timeout)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        self._thread.join(timeout)

    def _hear(self, hear: Hear, lost: Lost) -> None:
        while True:
            try:
                report = self._pipe.recv()
            except (EOFError, OSError):
                self._pipe.close()
                lost(self)
                return
            hear(self, report)


@cache
def _forkserver() -> ForkServerContext:
    """A small process that has imported torch once and from which workers are forked in half a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["makemore.jobs.worker"])
    return context
