"""Kills whoever saves, at random moments and at every call that reaches the disk, and looks what is left.

A process is forked for each kill, so that it need not import torch; it saves again and again until it is
killed. Meanwhile somebody reads. Afterwards the last save that was told, or the one that was under way,
must be there, and after one more save nothing else.
"""

import os
import random
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from makemore.device import use_one_thread
from tests.bench.alone import alone
from tests.bench.attack.count import Count
from tests.bench.attack.savers import SAVERS, Saver

KILLS = 1000
CALLS = ("fsync", "replace", "unlink")  # that reach the disk
SAVES, LEAST = 4, 0.03  # a saver is killed after so many saves or seconds at most
MEMORY = Path("/dev/shm")  # a kill leaves there what it leaves on a disk, and nobody waits for it


@dataclass
class Killed:
    """What was left after kills.

    failed: savers that ended with an error. old, new: what could be read was the last save that was
    told, or the one under way. lost: neither. leftovers: files that a kill left and the next save did
    not take away. reads, refused: while somebody saved.
    """

    kills: int = 0
    failed: int = 0
    old: int = 0
    new: int = 0
    lost: int = 0
    leftovers: int = 0
    reads: int = 0
    refused: int = 0
    why: str = ""


def kill_savers(way: str, times: int, seed: int) -> Killed:
    """Kill so many savers at random moments."""
    drawn = random.Random(f"{seed} {way}")
    with _folder() as folder:
        saver, found = SAVERS[way](folder), Killed()
        saver.save(0)
        started = time.perf_counter()
        saver.save(1)
        longest = max(LEAST, SAVES * (time.perf_counter() - started))
        for _ in range(times):
            _kill_one(saver, folder, found, delay=drawn.uniform(0, longest))
    return found


def kill_at_every_call(way: str) -> Killed:
    """Kill a saver before and after each of its calls that reach the disk."""
    with _folder() as folder:
        saver, found = SAVERS[way](folder), Killed()
        saver.save(0)
        call = 0
        while _kill_one(saver, folder, found, call=call):
            call += 1
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    """A fresh folder in one of its own, for a process that forks, which a process with threads must not."""
    use_one_thread()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        folder = Path(place) / "kept"
        folder.mkdir()
        yield folder


def _kill_one(
    saver: Saver, folder: Path, found: Killed, *, delay: float = 1.0, call: int | None = None
) -> bool:
    """One saver, killed; whether it was under way then (one that kills itself may have ended before)."""
    before = saver.read()
    receiving, telling = os.pipe()
    child = os.fork()
    if not child:
        _end_with(lambda: _save_on(saver, before, telling, call))
    os.close(telling)
    os.read(receiving, 1)  # it begins
    if call is None:
        _read_until(saver, found, time.perf_counter() + delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    found.failed += os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
    with open(receiving, "rb") as told:
        last = before + len(told.read())
    found.kills += 1
    _look(saver, found, last)
    saver.save(last + 2)
    left = {path.name for path in folder.iterdir()} - saver.files
    found.leftovers += len(left)
    for name in left:
        (folder / name).unlink()
    return os.WIFSIGNALED(status)


def _save_on(saver: Saver, before: int, telling: int, call: int | None) -> None:
    """Save and tell so, one byte a save, until the kill; with `call` it is this process that kills."""
    if call is not None:
        _kill_myself_at(call)
    number = before
    os.write(telling, b"!")
    while call is None or number == before:
        number += 1
        saver.save(number)
        os.write(telling, b".")


def _end_with(work: Callable[[], None]) -> NoReturn:
    """Do this and end, whatever comes of it: a forked process must not go on as its parent does."""
    status = 1
    try:
        work()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def _kill_myself_at(call: int) -> None:
    """End this process before (even) or after (odd) its call number `call // 2` that reaches the disk."""
    made = 0

    def counting(function: object) -> object:
        def counted(*arguments: object, **options: object) -> object:
            nonlocal made
            made += 1
            if 2 * made - 2 == call:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*arguments, **options)  # type: ignore[operator]  # one of os
            if 2 * made - 1 == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return counted

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name)))


def _read_until(saver: Saver, found: Killed, moment: float) -> None:
    while time.perf_counter() < moment:
        found.reads += 1
        try:
            saver.read()
        except ValueError as error:
            found.refused += 1
            found.why = str(error)


def _look(saver: Saver, found: Killed, last: int) -> None:
    try:
        number = saver.read()
    except ValueError as error:
        found.lost += 1
        found.why = str(error)
        return
    if number == last:
        found.old += 1
    elif number == last + 1:
        found.new += 1
    else:
        found.lost += 1


def save_side_by_side(way: str, times: int) -> Counter[str]:
    """Two savers to one place at once, so many times: whether what is there is whole."""
    outcomes = Counter[str]()
    with _folder() as folder:
        saver = SAVERS[way](folder)
        for i in range(times):
            children = []
            for number in (2 * i, 2 * i + 1):
                if not (child := os.fork()):
                    _end_with(partial(saver.save, number))
                children.append(child)
            failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
            try:
                whole = saver.read() in (2 * i, 2 * i + 1)
            except ValueError:
                whole = False
            left = {path.name for path in folder.iterdir()} != saver.files
            outcomes[
                "mixed" if not whole else "failed" if failed else "left" if left else "whole"
            ] += 1
    return outcomes


def attack(share: float, seed: int) -> Iterator[Count]:
    """KILLS kills, shared among those who save, and savers side by side."""
    times = max(1, round(KILLS * share / len(SAVERS)))
    for way in SAVERS:
        killed = alone(kill_savers, way, times, seed)
        yield _count(f"kill {way}", killed)
        yield _count(f"kill {way} at each call", alone(kill_at_every_call, way))
    for way in ("panel", "autosave"):
        outcomes = alone(save_side_by_side, way, max(1, round(200 * share)))
        others = Counter(
            {kind: n for kind, n in outcomes.items() if kind not in ("whole", "mixed")}
        )
        yield Count(f"two savers, {way}", outcomes.total(), lost=outcomes["mixed"], others=others)


def _count(what: str, killed: Killed) -> Count:
    others = Counter(leftover=killed.leftovers, refused=killed.refused, failed=killed.failed)
    note = f"old {killed.old:,}, new {killed.new:,}, reads {killed.reads:,}"
    return Count(what, killed.kills, lost=killed.lost, others=+others, note=note)
