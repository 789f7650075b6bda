"""Lets the runs of pages take turns, so that a crowd of visitors slows nobody much. Knows no page.

All runs share one interpreter lock: ten at once each take ten times as long, and whoever only changes a
control waits as long as those who come in by the hundred. One after the other, who was served longest
ago first, a learner in the middle of a page goes before those who have just come.
"""

from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from inspect import unwrap
from itertools import count
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    Run = Callable[[ScriptRunner, RerunData], None]

AT_ONCE = 1
# Seconds after which a run no longer keeps others waiting; nearly all are over by then. A longer one
# works out something or waits itself, and goes on beside them.
LAPSE = 0.06
REMEMBERED = 1_000  # visitors


@dataclass(order=True)
class _Waiting:
    served: float  # when the visitor was served last
    number: int
    called: Event = field(default_factory=Event, compare=False)


class Turns:
    """Whoever came new counts as served when they came, so that each waits for everybody once at most."""

    def __init__(self, at_once: int = AT_ONCE, lapse: float = LAPSE) -> None:
        self._at_once, self._lapse = at_once, lapse
        self._lock, self._numbers = Lock(), count()
        self._running: dict[int, float] = {}  # since when, by number
        self._waiting: list[_Waiting] = []
        self._served: OrderedDict[str, float] = OrderedDict()

    @contextmanager
    def taken(self, visitor: str) -> Iterator[None]:
        """Wait for a turn, and have it inside."""
        number = self._wait(visitor)
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(number, None)
                self._call_next()

    def _wait(self, visitor: str) -> int:
        with self._lock:
            mine = _Waiting(self._served.get(visitor, monotonic()), next(self._numbers))
            insort(self._waiting, mine)
        try:
            while not self._begin(mine, visitor):
                mine.called.wait(self._lapse)  # a turn that lapses tells nobody
                mine.called.clear()
        except BaseException:  # nobody may wait for one who has left
            with self._lock, suppress(ValueError):
                self._waiting.remove(mine)
            raise
        return mine.number

    def _begin(self, mine: _Waiting, visitor: str) -> bool:
        """Whether it is the visitor's turn, who then has it."""
        with self._lock:
            now = monotonic()
            busy = sum(now - since < self._lapse for since in self._running.values())
            if self._waiting[0] is not mine or busy >= self._at_once:
                return False
            del self._waiting[0]
            self._running[mine.number] = self._served[visitor] = now
            self._served.move_to_end(visitor)
            while len(self._served) > REMEMBERED:
                self._served.popitem(last=False)
            self._call_next()
            return True

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting[0].called.set()


def take_turns() -> None:
    """Let all runs of scripts and of fragments take turns.

    Without this, all run at once, and those who were there wait for a crowd that comes in.
    """
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

    # Unwrapped, so that a run waits once, however often this is called.
    plain = unwrap(ScriptRunner._run_script)
    ScriptRunner._run_script = in_turn(plain, Turns())  # type: ignore[assignment,method-assign]


def in_turn(run: "Run", turns: Turns) -> "Run":
    """The same, but each run waits for the turn of its session."""

    @wraps(run)
    def running(self: "ScriptRunner", rerun_data: "RerunData") -> None:
        with turns.taken(self._session_id):
            run(self, rerun_data)

    return running
