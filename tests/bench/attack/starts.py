"""Trainings started by sessions that leave at once: what a newcomer waits, and how quick pages stay meanwhile."""

import asyncio
import statistics
import time
from collections.abc import Iterator

from tests.bench import classroom, proc
from tests.bench.attack.count import Count
from tests.bench.load import settled
from tests.bench.visitor import Visitor
from tests.serving import Server, serving

STARTS, AT_ONCE = 200, 4
BYSTANDERS = 5
MOST_WAIT, MOST_P95 = 30.0, 0.3  # seconds
PATIENCE = 240.0


def attack(share: float, seed: int) -> Iterator[Count]:
    """Each start is by a session of its own, with a seed of its own, so that no two are shared."""
    number = max(10, round(STARTS * share))
    with serving() as server:
        count = asyncio.run(_attack(server, number, seed))
        count.tell_server(proc.peak_memory(server.process.pid))
    yield count


async def _attack(server: Server, number: int, seed: int) -> Count:
    port = server.port
    await settled(server.process.pid)
    count = Count(f"{number} starts by sessions that leave", tried=number)
    bystanders = [Visitor(port, page=page) for page in classroom.PAGES[:BYSTANDERS]]
    for each in bystanders:
        await each.open()
    answers: list[float] = []
    clicking = [asyncio.create_task(_click(each, answers)) for each in bystanders]
    seeds = iter(range(seed, seed + number))
    await asyncio.gather(*(_start_and_leave(port, seeds, count) for _ in range(AT_ONCE)))
    waited = await _newcomer(port, seed + number)
    for task in clicking:
        task.cancel()
    for each in bystanders:
        await each.close()
    p95 = statistics.quantiles(answers, n=20)[-1] if len(answers) > 1 else 0.0
    count.lost += (waited > MOST_WAIT) + (p95 > MOST_P95)
    count.note = f"a newcomer waits {waited:.1f} s; p95 of others' pages {p95:.2f} s"
    return count


async def _start_and_leave(port: int, seeds: Iterator[int], count: Count) -> None:
    for seed in seeds:
        try:
            visitor = await classroom.trainee(port, seed=seed)
        except Exception as error:  # what a visitor may meet is what is counted
            count.others[type(error).__name__] += 1
            continue
        await visitor.close()


async def _newcomer(port: int, seed: int) -> float:
    """Seconds from a start until it runs."""
    visitor = await classroom.trainee(port, seed=seed)
    started = time.monotonic()
    while "Running" not in visitor.texts.get("progress", ""):
        if time.monotonic() - started > PATIENCE:
            break
        await asyncio.sleep(0.2)
    await visitor.close()
    return time.monotonic() - started


async def _click(visitor: Visitor, answers: list[float]) -> None:
    while True:
        answers.append(await visitor.run())
        await asyncio.sleep(1.0)
