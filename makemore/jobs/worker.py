"""The loop of a worker: obeys messages, trains in between, reports. The same in a thread and in a process."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from os import nice
from pathlib import Path
from queue import SimpleQueue
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from time import perf_counter, sleep

from makemore.data import Dataset
from makemore.device import use_one_thread
from makemore.jobs.engine import Engine
from makemore.jobs.messages import (
    Close,
    Ended,
    Give,
    Given,
    Halt,
    Message,
    Order,
    Rate,
    Report,
)

SLICE = 0.005  # seconds between two looks at the messages
REPORT = 0.1  # seconds between two reports
REST = 0.001  # seconds after each slice that a thread leaves to the others of its process
NICE = 10
DATASETS = 4  # name lists that a process remembers


class Worker:
    """One training at a time, and single steps of others in between."""

    def __init__(
        self, inbox: SimpleQueue[Message], send: Callable[[Report], None], *, rest: float = 0.0
    ) -> None:
        self._inbox, self._send, self._rest = inbox, send, rest
        self._engine: Engine | None = None
        self._closing = False
        self._reported = self._saved = 0.0

    def run(self) -> None:
        use_one_thread()
        while not self._closing:
            if self._engine is None or not self._inbox.empty():
                self._obey(self._inbox.get())
            else:
                self._work(self._engine)

    def _obey(self, message: Message) -> None:
        engine = self._engine
        match message:
            case Order(single=True):
                self._step(message)
            case Order():
                self._engine = self._begin(message)
            case Close():
                self._closing = True
            case Give(request=request) if engine and engine.order.number == message.number:
                self._give(engine, request)
            case Rate(learning_rate=rate) if engine and engine.order.number == message.number:
                engine.trainer.set_learning_rate(rate)
            case Halt() if engine and engine.order.number == message.number:
                self._end(engine, engine.ended("halted"))

    def _begin(self, order: Order) -> Engine | None:
        try:
            engine = Engine(order)
        except Exception as error:  # whoever waits for the job is told; nobody else would see it
            self._send(_failed(order, error))
            return None
        self._reported = self._saved = perf_counter()
        return engine

    def _step(self, order: Order) -> None:
        """One step of a job that does not run; the one that does waits for so long."""
        engine = self._begin(order)
        while engine is not None:
            ended = _advance(engine)
            if ended is not None:
                self._send(engine.progress())
                self._send(ended)
                return

    def _work(self, engine: Engine) -> None:
        """Train for some milliseconds."""
        started = now = perf_counter()
        while now - started < SLICE:
            ended = _advance(engine)
            if ended is not None:
                self._end(engine, ended)
                return
            now = perf_counter()
        if now - self._saved >= engine.order.caps.autosave_seconds:
            self._give(engine, 0)
            self._saved = now
        elif now - self._reported >= REPORT:
            self._send(engine.progress())
            self._reported = now
        if self._rest:
            sleep(self._rest)

    def _give(self, engine: Engine, request: int) -> None:
        self._send(engine.progress())
        self._send(Given(engine.order.number, request, engine.state()))

    def _end(self, engine: Engine, ended: Ended) -> None:
        self._send(engine.progress())
        self._engine = None
        self._send(ended)


def _advance(engine: Engine) -> Ended | None:
    try:
        return engine.advance()
    except Exception as error:
        return _failed(engine.order, error)


def _failed(order: Order, error: Exception) -> Ended:
    said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}@{Path(last.filename).name}:{last.lineno}"
    return Ended(order.number, "failed", None, said, where=where)


def run_in_process(connection: Connection) -> None:
    """What a worker process does from its start to its end."""
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the server, which then asks for the last states
    with suppress(OSError):
        nice(NICE)
    inbox: SimpleQueue[Message] = SimpleQueue()
    Thread(target=_listen, args=(connection, inbox), name="listen", daemon=True).start()
    with suppress(OSError):  # the server is gone: nobody is left to report to
        Worker(inbox, connection.send).run()


def _listen(connection: Connection, inbox: SimpleQueue[Message]) -> None:
    """Empties the pipe at all times, so that the server never waits to write; ends with the server."""
    datasets: dict[tuple[str, str], Dataset] = {}
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            inbox.put(Close())
            return
        if isinstance(message, Order):
            message = replace(message, dataset=_known(message.dataset, datasets))
        inbox.put(message)


def _known(dataset: Dataset, datasets: dict[tuple[str, str], Dataset]) -> Dataset:
    """The same list as it came before, with its examples made; the last few are remembered."""
    key = (dataset.name_list.sha256, dataset.vocabulary.characters)
    known = datasets.pop(key, dataset)
    datasets[key] = known  # at the end: the newest
    if len(datasets) > DATASETS:
        del datasets[next(iter(datasets))]
    return known
