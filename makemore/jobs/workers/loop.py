"""The loop of a worker: handles messages, trains in between, reports. Knows no queue of jobs.

The same loop runs in a thread and in a process of its own.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter, sleep

from makemore.device import use_one_thread
from makemore.jobs.messages import (
    AUTOSAVE_REQUEST,
    Close,
    Ended,
    Halt,
    Message,
    Order,
    RateFound,
    Report,
    RequestState,
    SearchRate,
    SetLearningRate,
    StateReport,
)
from makemore.jobs.workers.order_run import OrderRun
from makemore.training.rate_search import RateSearch

SLICE_SECONDS = 0.005  # of training between two looks at the inbox
REPORT_SECONDS = 0.1  # between two reports
REST_SECONDS = 0.001  # after each slice, which a thread leaves to the others of its process


class WorkerLoop:
    """Trains one job at a time; single steps and searches for other jobs come in between."""

    def __init__(
        self, inbox: SimpleQueue[Message], send: Callable[[Report], None], *, rest: float = 0.0
    ) -> None:
        self._inbox, self._send, self._rest = inbox, send, rest
        self._current: OrderRun | None = None
        self._steps: dict[int, OrderRun] = {}  # single ones, by number
        self._searches: dict[int, RateSearch] = {}  # by number
        self._closing = False
        self._reported_at = self._saved_at = 0.0

    def run(self) -> None:
        """Work until a Close arrives."""
        use_one_thread()
        while not self._closing:
            waits = self._current is None and not self._steps and not self._searches
            if waits or not self._inbox.empty():
                self._handle_message(self._inbox.get())
                continue
            if self._steps:
                self._step_slice(*next(iter(self._steps.items())))
            elif self._searches:
                self._search_slice(*next(iter(self._searches.items())))
            elif self._current is not None:
                self._train_slice(self._current)
            if self._rest:
                sleep(self._rest)

    def _handle_message(self, message: Message) -> None:
        match message:
            case Order(single_step=True):
                if (started := self._start_order(message)) is not None:
                    self._steps[message.number] = started
            case Order():
                self._current = self._start_order(message)
                self._reported_at = self._saved_at = perf_counter()
            case SearchRate():
                self._start_search(message)
            case Close():
                self._closing = True
            case _:
                self._handle_control(message)

    def _handle_control(self, message: Halt | RequestState | SetLearningRate) -> None:
        current = self._current
        run = self._steps.get(message.number, current)
        if run is None or run.order.number != message.number:
            return  # it is for an order that has ended
        match message:
            case RequestState(request=request):
                self._report_state(run, request)
            case SetLearningRate(learning_rate=rate):
                run.trainer.set_learning_rate(rate)
            case Halt():
                self._end_order(run, run.report_end("halted"))

    def _start_order(self, order: Order) -> OrderRun | None:
        try:
            return OrderRun(order)
        except Exception as error:  # nobody but those who wait for the job would see it
            self._send(_failure(order, error))
            return None

    def _step_slice(self, number: int, step: OrderRun) -> None:
        """Go on with one step of a job that does not train; the one that does waits for it."""
        started = perf_counter()
        while number in self._steps and perf_counter() - started < SLICE_SECONDS:
            if (ended := _advance(step)) is not None:
                self._end_order(step, ended)

    def _train_slice(self, current: OrderRun) -> None:
        """Train for some milliseconds."""
        started = now = perf_counter()
        while now - started < SLICE_SECONDS:
            ended = _advance(current)
            if ended is not None:
                self._end_order(current, ended)
                return
            now = perf_counter()
        if now - self._saved_at >= current.order.caps.autosave_seconds:
            self._report_state(current, AUTOSAVE_REQUEST)
            self._saved_at = now
        elif now - self._reported_at >= REPORT_SECONDS:
            self._send(current.report_progress())
            self._reported_at = now

    def _start_search(self, wanted: SearchRate) -> None:
        try:
            search = wanted.spec.start_rate_search(wanted.dataset, wanted.learning_rate)
        except Exception:  # a net that cannot be trained has no rate that works
            self._send(RateFound(wanted.number, None))
            return
        self._searches[wanted.number] = search

    def _search_slice(self, number: int, search: RateSearch) -> None:
        """Try rates for some milliseconds; the job that is trained here waits for it."""
        started = perf_counter()
        while not search.over and perf_counter() - started < SLICE_SECONDS:
            try:
                search.advance()
            except Exception:
                search.over = True
        if search.over:
            del self._searches[number]
            self._send(RateFound(number, search.found))

    def _report_state(self, current: OrderRun, request: int) -> None:
        self._send(current.report_progress())
        self._send(StateReport(current.order.number, request, current.pack_state()))

    def _end_order(self, run: OrderRun, ended: Ended) -> None:
        self._send(run.report_progress())
        if self._steps.pop(run.order.number, None) is None:
            self._current = None
        self._send(ended)


def _advance(current: OrderRun) -> Ended | None:
    try:
        return current.advance()
    except Exception as error:
        return _failure(current.order, error)


def _failure(order: Order, error: Exception) -> Ended:
    kind = type(error).__name__
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Ended(
        number=order.number,
        reason="failed",
        state=None,
        message=str(error) if isinstance(error, ValueError) else f"{kind}: {error}",
        where=f"{kind}@{Path(last.filename).name}:{last.lineno}",
    )
