"""What a class does to a server, one scenario a function. Knows visitors, prints nothing."""

import asyncio
import random
import re
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.bench import proc
from tests.bench.visitor import Visitor

CLASS = 30
EVERY = 3.0  # seconds between two changes of a control by one session
PAGES = (
    "",
    "bigram",
    "bigram_nn",
    "mlp",
    "mlp_training",
    "initialisation",
    "batch_norm",
    "diagnostics",
    "wavenet",
)
NAMES = ("emma", "ada", "olivia", "noah", "mia", "liam", "zoe", "ivan")
TRAINING_PAGE, TRAINING_STEP = "mlp_training", "step=3"
LONG = 200_000.0  # steps: outlasts every scenario


@asynccontextmanager
async def visitors(port: int, count: int) -> AsyncIterator[list[Visitor]]:
    """So many sessions, spread over the pages, each of which has seen its page once."""
    async with AsyncExitStack() as stack:
        opened = []
        for i in range(count):
            visitor = Visitor(port, page=PAGES[i % len(PAGES)])
            stack.push_async_callback(visitor.close)
            await visitor.open()
            opened.append(visitor)
        yield opened


async def clicking(port: int, seconds: float) -> list[float]:
    """Thirty sessions, each changing a control every three seconds; the seconds of every answer."""
    async with visitors(port, CLASS) as opened:
        return await changing(opened, seconds)


async def changing(opened: Sequence[Visitor], seconds: float) -> list[float]:
    """These sessions, each changing a control every three seconds; the seconds of every answer."""
    dice = random.Random(1)
    tasks = [
        asyncio.create_task(_click(each, seconds, dice.random() * EVERY, random.Random(i)))
        for i, each in enumerate(opened)
    ]
    answers = await asyncio.gather(*tasks)
    complain(opened)
    return [second for each in answers for second in each]


async def hurrying(opened: Sequence[Visitor], seconds: float) -> float:
    """These sessions, each changing a control as soon as the last change is answered; answers a second."""
    started = time.monotonic()
    tasks = [
        asyncio.create_task(_hurry(each, seconds, random.Random(i)))
        for i, each in enumerate(opened)
    ]
    answers = sum(await asyncio.gather(*tasks))
    complain(opened)
    return answers / (time.monotonic() - started)


async def _hurry(visitor: Visitor, seconds: float, dice: random.Random) -> int:
    answers, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        await visitor.run(changed=change(visitor, dice))
        answers += 1
    return answers


async def _click(
    visitor: Visitor, seconds: float, first: float, dice: random.Random
) -> list[float]:
    await asyncio.sleep(first)
    answers, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        started = time.monotonic()
        answers.append(await visitor.run(changed=change(visitor, dice)))
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - started)))
    return answers


def change(visitor: Visitor, dice: random.Random) -> str:
    """Set one control of the page, the name or a row of buttons; returns its key."""
    rows = [
        key for key, element in visitor.widgets.items()
        if element.WhichOneof("type") == "button_group" and key != "rail"
    ]  # fmt: skip
    key = dice.choice(["name", *rows])
    visitor.put(key, dice.choice(NAMES if key == "name" else visitor.options(key)))
    return key


async def trainee(port: int, *, seed: int = 1) -> Visitor:
    """A session that has started a long training; the same seed is the same job."""
    visitor = Visitor(port, page=TRAINING_PAGE, query=TRAINING_STEP)
    await visitor.open()
    visitor.put(visitor.key("_recipe"), "Lecture")
    await visitor.run()
    visitor.put(visitor.key("_seed"), float(seed))
    visitor.put(visitor.key("_lecture_steps"), LONG)
    await visitor.press(visitor.key("_play"))
    return visitor


async def beside_trainings(port: int, seconds: float) -> list[float]:
    """The same thirty sessions while two others train."""
    trainees = [await trainee(port, seed=seed) for seed in (1, 2)]
    await asyncio.sleep(1)
    try:
        return await clicking(port, seconds)
    finally:
        for each in trainees:
            await stop(each)


async def stop(visitor: Visitor) -> None:
    """Stop what the session trains, unless it has come to its end, and leave."""
    if not visitor.widgets[visitor.key("_stop")].button.disabled:
        await visitor.press(visitor.key("_stop"))
    await visitor.close()


async def throughput(port: int, seconds: float, watchers: int) -> float:
    """Steps a second of one training that so many sessions watch."""
    crowd = [await trainee(port) for _ in range(watchers)]
    await asyncio.sleep(3)
    before, started = await reached(crowd[0]), time.monotonic()
    await asyncio.sleep(seconds)
    steps, took = await reached(crowd[0]) - before, time.monotonic() - started
    if await reached(crowd[0]) >= LONG:
        raise RuntimeError("the training came to its end while it was watched; give it more steps")
    for each in crowd:
        await stop(each)
    return steps / took


async def reached(visitor: Visitor) -> int:
    """The step that the next tick of the panel tells."""
    seen = len(visitor.ticks)
    while len(visitor.ticks) == seen:
        await asyncio.sleep(0.005)
    found = re.search(r"step ([\d,]+) of", visitor.texts["progress"])
    if not found:
        raise RuntimeError(f"no step in {visitor.texts['progress']!r}")
    return int(found[1].replace(",", ""))


async def first_visits(port: int, count: int = CLASS) -> list[float]:
    """Sessions that open their pages at the same moment; the seconds until each had it all."""
    crowd = [Visitor(port, page=PAGES[i % len(PAGES)]) for i in range(count)]
    seconds = await asyncio.gather(*(each.open() for each in crowd))
    complain(crowd)
    for each in crowd:
        await each.close()
    return list(seconds)


async def idle_memory(port: int, pid: int, count: int = 100) -> tuple[float, float]:
    """MB of the server with one session, and with so many that sit idle."""
    async with visitors(port, len(PAGES)):  # every page has been seen, all caches are filled
        pass
    async with visitors(port, 1):
        await asyncio.sleep(1)
        one = proc.memory(pid)
    async with visitors(port, count):
        await asyncio.sleep(2)
        return one, proc.memory(pid)


async def soak(
    port: int, pid: int, minutes: float
) -> tuple[list[float], proc.Counted, proc.Counted, int]:
    """Thirty sessions that start and stop trainings.

    MB over time, what there was before and after, and how many sessions ended for want of an answer.
    """
    async with visitors(port, len(PAGES)):
        pass
    for seed in (1, 2):
        await stop(await trainee(port, seed=seed))
    await asyncio.sleep(2)
    before, ends, memory = proc.counted(pid), time.monotonic() + minutes * 60, []
    tasks = [asyncio.create_task(_busy(port, ends, random.Random(i))) for i in range(CLASS)]
    while time.monotonic() < ends:
        await asyncio.sleep(min(10.0, minutes * 6))
        memory.append(proc.memory(pid))
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    lost = sum(isinstance(each, TimeoutError) for each in ended)
    if wrong := [each for each in ended if each and not isinstance(each, TimeoutError)]:
        raise wrong[0]
    await asyncio.sleep(5)
    return memory, before, proc.counted(pid), lost


async def _busy(port: int, ends: float, dice: random.Random) -> None:
    """One learner: train, watch, perhaps pause, stop, leave, come back."""
    await asyncio.sleep(dice.random() * 5)
    while time.monotonic() < ends:
        visitor = await trainee(port, seed=dice.randrange(10))
        await asyncio.sleep(1 + dice.random() * 10)
        await stop(visitor)
        await asyncio.sleep(dice.random() * 3)


def complain(crowd: Sequence[Visitor]) -> None:
    """Numbers of a page that failed are no numbers."""
    failed = [each.page for each in crowd if each.exceptions]
    if failed:
        raise RuntimeError(f"exceptions on the pages {failed}")


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return cuts[9], cuts[18]
