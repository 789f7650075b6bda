"""A seat on its own: what is said twice is heard once, what is asked again is told again, and it ends alone."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from makemore.data.examples import Dataset
from makemore.experiments.code_versions import differences, hash_source, versions
from makemore.jobs.messages import Caps, Close, Ended, Halt, Message, Order, Progress, RequestState
from makemore.jobs.workers import seat as seats
from tests.jobs.conftest import LONG, SpecOf

HOLD = 20.0  # seconds; an answer that is held back for so long fails its test


def order_for(dataset: Dataset, spec: SpecOf, number: int = 1, steps: int = LONG) -> Order:
    chosen = spec(steps=steps)
    return Order(
        number=number, spec=chosen, dataset=dataset, state=None, single_step=False,
        learning_rate=chosen.recipe.learning_rate, caps=Caps(600, LONG, 600),
    )  # fmt: skip


def seated(talk: Callable[[seats.Seat], Awaitable[None]], abandoned: float = 60.0) -> None:
    """Run a talk with a seat, which is closed afterwards."""

    async def run() -> None:
        seat = seats.Seat(abandoned)
        try:
            await talk(seat)
        finally:
            seat.hear(seat.heard, [Close()])
            await asyncio.to_thread(seat.join)

    run_alone(run)


def run_alone(talk: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: where a test in a browser ran before, its loop still runs in this one."""
    with ThreadPoolExecutor(1) as alone:
        alone.submit(lambda: asyncio.run(talk())).result()


async def asked(seat: seats.Seat, after: int) -> list[Any]:
    answer = await seat.report(after, HOLD)
    return list(answer["reports"].data)


def test_what_is_said_twice_is_heard_once(few: Dataset, spec: SpecOf) -> None:
    async def talk(seat: seats.Seat) -> None:
        messages: list[Message] = [order_for(few, spec), RequestState(1, 7)]
        seat.hear(0, messages)
        seat.hear(0, messages)
        seat.hear(1, [*messages[1:], Halt(1)])
        found, after = list[Any](), 0
        while not any(isinstance(each, Ended) for each in found):
            found += (new := await asked(seat, after))
            after += len(new)
        kinds = [type(each).__name__ for each in found if not isinstance(each, Progress)]
        assert kinds == ["StateReport", "Ended"]

    seated(talk)


def test_reports_are_kept_until_they_have_arrived(few: Dataset, spec: SpecOf) -> None:
    async def talk(seat: seats.Seat) -> None:
        seat.hear(0, [order_for(few, spec, steps=3)])
        first = await asked(seat, 0)
        again = await asked(seat, 0)
        assert again[: len(first)] == first
        rest = again[len(first) :]
        while not isinstance((first + rest)[-1], Ended):
            rest += await asked(seat, len(first) + len(rest))
        assert sum(len(each.losses) for each in first + rest if isinstance(each, Progress)) == 3

    seated(talk)


def test_an_answer_is_held_back_until_there_is_news(few: Dataset) -> None:
    async def talk(seat: seats.Seat) -> None:
        answer = await seat.report(0, 0.05)
        assert (list(answer["reports"].data), answer["ended"]) == ([], False)
        asking = asyncio.create_task(seat.report(0, HOLD))
        await asyncio.sleep(0)
        seat.hear(0, [Close()])
        assert (await asking)["ended"]

    seated(talk)


def test_a_seat_that_nobody_asks_ends_and_is_forgotten(
    few: Dataset, spec: SpecOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = SimpleNamespace(handlers={})
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)  # that of these tests stays
    assert seats.prepare_worker(worker) == versions()

    async def live() -> None:
        opened = {"seat": "a", "abandoned": 0.4}
        assert await worker.handlers["makemore_open"](**opened) == {"status": "OK"}
        hear, report = (worker.handlers[f"makemore_{each}"] for each in ("hear", "report"))
        assert (await hear("a", 0, [order_for(few, spec)]))["status"] == "OK"
        while "a" in seats._seats:
            await asyncio.sleep(0.05)
        assert (await hear("a", 1, [Halt(1)]))["status"] == "unknown"
        assert (await report("a", 0, HOLD))["status"] == "unknown"

    run_alone(lambda: asyncio.wait_for(live(), HOLD))


def test_a_seat_that_has_nothing_to_tell_is_not_abandoned() -> None:
    async def talk(seat: seats.Seat) -> None:
        watch = asyncio.create_task(seat.watch())
        assert not (await seat.report(0, 0.5))["ended"], "it was asked all the time"
        await watch
        assert seat.ended

    seated(talk, abandoned=0.1)


def test_any_change_of_the_source_is_another_release(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.py").write_bytes(b"x = 1\n")
    first = hash_source(tmp_path)
    (tmp_path / "notes.txt").write_text("no code")
    (tmp_path / "a" / "one.py").write_bytes(b"x = 1\r\n")
    assert hash_source(tmp_path) == first, "as git may write it on another system"
    (tmp_path / "a" / "one.py").write_bytes(b"x = 2\n")
    second = hash_source(tmp_path)
    (tmp_path / "a" / "one.py").rename(tmp_path / "one.py")
    assert len({first, second, hash_source(tmp_path)}) == 3


@pytest.mark.parametrize("name", list(versions()))
def test_whatever_differs_is_told_with_what_to_do(name: str) -> None:
    ours = versions()
    assert differences(ours, dict(ours)) == ""
    told = differences(ours, ours | {name: "7"})
    assert told.startswith(f"{name} 7 there, {ours[name]} here. Install the same release on both")
    assert differences(ours, {}).count(" none there") == len(ours)
