"""Runs of pages take turns: who was served longest ago first, and nobody keeps others waiting for long."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from makemore.server.turns import Turns, in_turn

LONG = 60.0  # seconds: nothing here waits for it
PATIENCE = 20.0


class Crowd:
    """Visitors who wait for a turn, each in a thread, and note in `order` that they have it."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.order, self.threads = turns, list[str](), list[Thread]()

    def comes(self, visitor: str) -> None:
        """Returns when the visitor waits."""
        self.threads.append(Thread(target=self._run, args=(visitor,), daemon=True))
        self.threads[-1].start()
        until(lambda: len(self.turns._waiting) == len(self.threads))

    def _run(self, visitor: str) -> None:
        with self.turns.taken(visitor):
            self.order.append(visitor)

    def goes(self) -> list[str]:
        """The order in which they have had their turn."""
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        return self.order


def until(so: Callable[[], bool]) -> None:
    ends = monotonic() + PATIENCE
    while not so():
        assert monotonic() < ends
        sleep(0.001)


def test_who_was_served_longest_ago_goes_first() -> None:
    turns = Turns(lapse=LONG)
    for visitor in ("old", "older", "old"):
        with turns.taken(visitor):
            pass
    crowd = Crowd(turns)
    with turns.taken("busy"):
        for visitor in ("busy", "new", "newer", "old", "older"):
            crowd.comes(visitor)
    assert crowd.goes() == ["older", "old", "busy", "new", "newer"]


def test_nobody_goes_twice_before_one_who_waits() -> None:
    turns = Turns(lapse=LONG)
    crowd = Crowd(turns)

    def come_again() -> None:
        for _ in range(3):
            with turns.taken("keen"):
                crowd.order.append("keen")

    keen = Thread(target=come_again, daemon=True)
    with turns.taken("keen"):
        crowd.comes("new")
        keen.start()
        until(lambda: len(turns._waiting) == 2)
    keen.join(PATIENCE)
    assert crowd.goes() == ["keen", "new", "keen", "keen"]


def test_a_run_that_takes_long_keeps_nobody_waiting() -> None:
    turns = Turns(lapse=0.01)
    with turns.taken("slow"), turns.taken("other"):
        assert len(turns._running) == 2


def test_only_so_many_have_a_turn_at_once() -> None:
    turns, inside, go = Turns(at_once=2, lapse=LONG), list[str](), Event()

    def run(visitor: str) -> None:
        with turns.taken(visitor):
            inside.append(visitor)
            go.wait(PATIENCE)

    threads = [Thread(target=run, args=(name,), daemon=True) for name in "abc"]
    for thread in threads:
        thread.start()
    until(lambda: len(inside) == 2 and len(turns._waiting) == 1)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(inside) == ["a", "b", "c"]


def test_a_turn_ends_with_an_error_too() -> None:
    turns, asked = Turns(lapse=LONG), [RerunData(query_string=each) for each in ("one", "two")]

    def run(self: ScriptRunner, rerun_data: RerunData) -> None:
        raise ValueError(rerun_data.query_string)

    runner = ScriptRunner.__new__(ScriptRunner)
    runner._session_id = "a"
    for each in asked:
        with pytest.raises(ValueError, match=each.query_string):
            in_turn(run, turns)(runner, each)


def test_few_visitors_are_remembered() -> None:
    turns = Turns()
    for number in range(1_200):
        with turns.taken(str(number)):
            pass
    assert len(turns._served) == 1_000
