"""What is kept for each checkpoint: worked out once, whoever asks, within bounds, and never mixed up."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from makemore.checkpoints.store import Checkpoint
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint

THREADS = 8


@pytest.fixture(scope="module")
def mlp() -> Checkpoint:
    return loaded.checkpoint("mlp")


def other(checkpoint: Checkpoint, **changes: Any) -> Checkpoint:
    """A checkpoint of the same name of which the JSON says something else."""
    return replace(checkpoint, metadata=replace(checkpoint.metadata, **changes))


def counting(most: int) -> tuple[Callable[..., tuple[str, int]], list[object]]:
    """A kept function that gives something new at every call, and what it was called with."""
    calls: list[object] = []

    @kept_per_checkpoint(most=most)
    def made(checkpoint: Checkpoint, *words: str) -> tuple[str, int]:
        calls.append(words)
        return checkpoint.name, len(calls)

    return made, calls


def test_the_same_object_comes_back(mlp: Checkpoint) -> None:
    made, calls = counting(3)
    first = made(mlp, "a")
    assert made(mlp, "a") is first
    assert made(mlp, "b") is not first
    assert made(mlp) is not first
    assert calls == [("a",), ("b",), ()]


def test_many_threads_at_once_get_one_object(mlp: Checkpoint) -> None:
    """The first waits for a second one to come in, which nobody may while it works."""
    everybody, inside = threading.Barrier(THREADS), threading.Barrier(2)
    calls: list[object] = []

    @kept_per_checkpoint(most=2)
    def slow(checkpoint: Checkpoint) -> object:
        calls.append(object())
        with suppress(threading.BrokenBarrierError):
            inside.wait(0.3)
        return calls[-1]

    def ask(_: int) -> object:
        everybody.wait(10)
        return slow(mlp)

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    assert len(calls) == 1
    assert all(each is calls[0] for each in found)


def test_others_need_not_wait_for_a_slow_one(mlp: Checkpoint) -> None:
    begun, go_on = threading.Event(), threading.Event()

    @kept_per_checkpoint(most=2)
    def made(checkpoint: Checkpoint, how: str) -> str:
        if how == "slow":
            begun.set()
            assert go_on.wait(10)
        return how

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(made, mlp, "slow")
        assert begun.wait(10)
        assert made(mlp, "quick") == "quick"
        assert not slow.done()
        go_on.set()
        assert slow.result(10) == "slow"


def test_the_one_that_was_asked_for_longest_ago_goes(mlp: Checkpoint) -> None:
    made, calls = counting(2)
    first, second = made(mlp, "a"), made(mlp, "b")
    assert made(mlp, "a") is first
    made(mlp, "c")  # for b
    assert made(mlp, "a") is first
    assert made(mlp, "b") is not second
    assert len(calls) == 4


def test_no_more_than_so_many_are_held(mlp: Checkpoint) -> None:
    """Counted by the objects themselves, which tell when nobody has them any more."""
    alive: set[int] = set()

    class Held:
        def __init__(self, number: int) -> None:
            self.number = number
            alive.add(number)

        def __del__(self) -> None:
            alive.discard(self.number)

    @kept_per_checkpoint(most=3)
    def held(checkpoint: Checkpoint, number: int) -> Held:
        return Held(number)

    for number in range(20):
        held(mlp, number)
    assert alive == {17, 18, 19}


def test_an_error_is_not_kept(mlp: Checkpoint) -> None:
    tries = count()

    @kept_per_checkpoint(most=2)
    def failing(checkpoint: Checkpoint) -> str:
        if next(tries) < 2:
            raise ValueError("not yet")
        return "done"

    for _ in range(2):
        with pytest.raises(ValueError, match="not yet"):
            failing(mlp)
    assert failing(mlp) == failing(mlp) == "done"
    assert next(tries) == 3


def test_failures_take_no_place(mlp: Checkpoint) -> None:
    made = []

    @kept_per_checkpoint(most=1)
    def odd(checkpoint: Checkpoint, number: int) -> int:
        made.append(number)
        if number:
            raise ValueError(str(number))
        return number

    odd(mlp, 0)
    for number in range(1, 5):
        with pytest.raises(ValueError, match=str(number)):
            odd(mlp, number)
    odd(mlp, 0)
    assert made == [0, 1, 2, 3, 4]


def test_whoever_waited_for_a_failure_tries_again(mlp: Checkpoint) -> None:
    begun, go_on = threading.Event(), threading.Event()
    tries = count()

    @kept_per_checkpoint(most=2)
    def failing_once(checkpoint: Checkpoint) -> str:
        if next(tries) == 0:
            begun.set()
            assert go_on.wait(10)
            raise ValueError("the first one fails")
        return "done"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(failing_once, mlp)
        assert begun.wait(10)
        second = pool.submit(failing_once, mlp)
        go_on.set()
        assert isinstance(first.exception(10), ValueError)
        assert second.result(10) == "done"


@pytest.mark.parametrize(
    "changes",
    [
        {"tensors_sha256": "0" * 64},
        {"config": {"hidden": 7}},
        {"model": "mlp_bn"},
        {"vocabulary": "zyxwvutsrqponmlkjihgfedcba"[::-1].upper()},
        {"losses": {"train": 0.0, "dev": 0.0, "test": 0.0}},
    ],
)
def test_the_same_name_with_something_else_in_it_is_another(
    mlp: Checkpoint, changes: dict[str, Any]
) -> None:
    made, _ = counting(3)
    first = made(mlp)
    assert made(other(mlp, **changes)) is not first
    assert made(mlp) is first


def test_a_copy_under_another_name_is_the_same(mlp: Checkpoint) -> None:
    made, _ = counting(3)
    assert made(mlp) is made(replace(mlp, name="copy"))


def test_another_trajectory_is_another(mlp: Checkpoint) -> None:
    """Anybody may upload the shipped tensors with a story of their own."""
    made, _ = counting(4)
    told = mlp.trajectory
    assert told is not None
    losses = told.evaluated | {"dev": told.evaluated["dev"] + 1}
    assert made(replace(mlp, trajectory=replace(told, evaluated=losses))) is not made(mlp)
    assert made(replace(mlp, trajectory=None)) is not made(mlp)
    assert made(replace(mlp, trajectory=replace(told))) is made(mlp)


def test_each_function_keeps_its_own(mlp: Checkpoint) -> None:
    one, two = counting(1)[0], counting(1)[0]
    first = one(mlp)
    two(mlp)
    assert one(mlp) is first


def test_the_source_and_the_words_of_the_function_stay() -> None:
    @kept_per_checkpoint(most=1)
    def named(checkpoint: Checkpoint) -> None:
        """What it does."""

    assert (named.__name__, named.__doc__) == ("named", "What it does.")
