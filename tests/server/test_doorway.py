"""A crowd of new sessions comes in at a pace, in its order; a class at once."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from makemore.server.doorway import MOST_WAIT, TRY_AGAIN, Doorway, Pace
from tests.loops import run_apart


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_class_waits_for_nothing_and_a_crowd_comes_in_evenly() -> None:
    clock = Clock()
    pace = Pace(at_once=3, a_second=2, clock=clock)
    assert [pace.next_wait() for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]
    clock.now += 1.5
    assert pace.next_wait() == pytest.approx(0.5)
    clock.now += 60
    assert [pace.next_wait() for _ in range(4)] == [0, 0, 0, 0.5]


@given(
    st.lists(st.floats(0, 3), min_size=1, max_size=60),
    st.integers(1, 6),
    st.sampled_from([1, 2, 5]),
)
def test_in_any_stretch_of_time_no_more_come_in_than_said(
    gaps: list[float], at_once: int, a_second: int
) -> None:
    clock = Clock()
    pace = Pace(at_once=at_once, a_second=a_second, clock=clock)
    let_in = []
    for gap in gaps:
        clock.now += gap
        wait = pace.next_wait()
        if wait <= MOST_WAIT:
            let_in.append(clock.now + wait)
    assert let_in == sorted(let_in)
    for i, first in enumerate(let_in):
        for j in range(i, len(let_in)):
            assert j - i + 1 <= at_once + (let_in[j] - first) * a_second + 1e-6


def test_of_a_crowd_without_end_the_last_are_told_to_come_again() -> None:
    pace = Pace(at_once=1, a_second=1, clock=Clock())
    waits = [pace.next_wait() for _ in range(100)]
    assert waits[:11] == list(range(11))
    assert all(wait > MOST_WAIT for wait in waits[11:])
    door = Doorway(_never, pace)
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    run_apart(door({"type": "websocket"}, _silent, send))
    assert told == [{"type": "websocket.close", "code": TRY_AGAIN}]


def test_only_websockets_keep_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    served: list[str] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        served.append(scope["type"])

    monkeypatch.setattr(asyncio, "sleep", sleep)
    door = Doorway(app, Pace(at_once=1, a_second=4, clock=Clock()))

    async def visit() -> None:
        for kind in ("websocket", "http", "websocket", "lifespan", "websocket"):
            await door({"type": kind}, _silent, _never)

    run_apart(visit())
    assert served == ["websocket", "http", "websocket", "lifespan", "websocket"]
    assert slept == [0, 0.25, 0.5]


async def _never(*_: Any) -> None:
    raise AssertionError("nobody comes this far")


async def _silent() -> Message:
    raise AssertionError("nobody listens")
