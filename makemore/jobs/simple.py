"""Trains in a background thread and keeps the picture of it. Knows no Streamlit.

One job is one Trainer and one thread. The thread alone touches the Trainer; everybody else reads
`snapshot()`, which is a copy.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from makemore.events import Diverged, Evaluated, Sampled, Stepped
from makemore.training import Trainer, evenly

Status = Literal["new", "running", "finished", "stopped", "diverged", "failed"]

CURVE_POINTS = 300
EVALUATIONS = 12


@dataclass(frozen=True)
class OldState:
    """A job at one moment. `losses` are (first step, mean loss) of equal blocks of batches."""

    status: Status
    step: int
    steps: int
    seconds: float
    losses: tuple[tuple[int, float], ...]
    evaluated: tuple[Evaluated, ...]
    names: tuple[str, ...]
    message: str

    @property
    def over(self) -> bool:
        return self.status not in ("new", "running")


class Job:
    """A training that can be started and stopped from any thread."""

    def __init__(self, make: Callable[[], Trainer], steps: int) -> None:
        self._make = make
        self._steps = steps
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="training", daemon=True)
        self._status: Status = "new"
        self._step = 0
        self._seconds = 0.0
        self._sums: list[float] = []
        self._evaluated: list[Evaluated] = []
        self._names: tuple[str, ...] = ()
        self._message = ""
        self._block = max(1, -(-steps // CURVE_POINTS))

    def start(self) -> None:
        """Begin to train; a second call does nothing."""
        with self._lock:
            if self._status != "new":
                return
            self._status = "running"
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end after the step it is in; returns at once."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the thread to end."""
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def snapshot(self) -> OldState:
        """What can be said of the job now."""
        with self._lock:
            whole = len(self._sums) - (self._step % self._block > 0)
            return OldState(
                self._status,
                self._step,
                self._steps,
                self._seconds,
                tuple((i * self._block, s / self._block) for i, s in enumerate(self._sums[:whole])),
                tuple(self._evaluated),
                self._names,
                self._message,
            )

    def _run(self) -> None:
        try:
            ended = self._train()
        except Exception as error:  # the page shows it; nobody else would see it
            ended = ("failed", f"{type(error).__name__}: {error}")
        with self._lock:
            self._status, self._message = ended

    def _train(self) -> tuple[Status, str]:
        moments = evenly(self._steps, EVALUATIONS)
        for event in self._make().events(self._steps, evaluate_at=moments, sample_at=moments):
            with self._lock:
                match event:
                    case Stepped(step=step, seconds=seconds, loss=loss):
                        self._step, self._seconds = step + 1, seconds
                        if step % self._block == 0:
                            self._sums.append(0.0)
                        self._sums[-1] += loss
                    case Evaluated():
                        self._evaluated.append(event)
                    case Sampled(names=names):
                        self._names = names
                    case Diverged(cause=cause, remedy=remedy):
                        return "diverged", f"{cause}; {remedy}"
            if self._stop.is_set():
                return "stopped", ""
        return "finished", ""
