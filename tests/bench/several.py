"""Do two servers behind one address carry a class that one cannot? `python -m tests.bench.several`.

First one process, then two behind nginx, each fresh, with two hundred learners who change a control every
three seconds; it ends by itself after about five minutes. Learners, nginx and servers share the machine:
how much of it each of them took is printed too. Without a browser, as in `tests.bench.load`.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from makemore.data.examples import Dataset
from makemore.data.name_lists import load_names
from makemore.device import use_one_thread
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.bench import classroom, proc
from tests.bench.capacity import Measured
from tests.bench.classroom import PAGES, quantiles
from tests.bench.load import settled
from tests.browser.finding import Machine
from tests.browser.finding_nginx import find_or_install
from tests.fronting import fronting
from tests.serving import serving

LEARNERS, SERVERS, SECONDS = 200, 2, 40.0
GOAL = 150.0  # ms, at the 95th percentile
HURRY = 8  # sessions that keep a process busy all the time
CROWD = 60  # sessions that come in at the same moment
IDLE = 100  # sessions whose memory is looked at
STEADY_SECONDS, SAME = 5.0, 5
FEW_STEPS = 10_000  # of the lecture's 200,000


@dataclass(frozen=True)
class Place:
    """Where learners come, and who works there: processes by what they are."""

    port: int
    servers: Sequence[int]
    front: Sequence[int] = ()

    def spent(self) -> dict[str, float]:
        """CPU seconds so far, the learners' own too."""
        return {
            "servers": sum(map(proc.cpu_seconds, self.servers)),
            "nginx": sum(map(proc.cpu_seconds, self.front)),
            "learners": time.process_time(),
        }


@dataclass(frozen=True)
class Waits:
    """Seconds of every answer, and of how many cores each kind of process took."""

    answers: Sequence[float]
    cores: dict[str, float]

    def __str__(self) -> str:
        half, most = (1000 * each for each in quantiles(self.answers))
        shares = ", ".join(f"{kind} {cores:.2f}" for kind, cores in self.cores.items() if cores)
        return f"{half:.0f} / {most:.0f} ms ({len(self.answers)} answers; cores: {shares})"


@contextmanager
def one_process() -> Iterator[Place]:
    with serving(workers=0) as server:
        yield Place(server.port, [server.process.pid])


@contextmanager
def behind_nginx(count: int) -> Iterator[Place]:
    nginx = find_or_install(Machine(), print)
    with fronting(nginx, count, workers=0) as front:
        servers = [server.process.pid for server in front.servers]
        yield Place(front.port, servers, [front.process.pid])


async def waiting(place: Place, learners: int, seconds: float) -> Waits:
    """So many learners, after each server has seen all pages."""
    for pid in place.servers:
        await settled(pid)
    async with classroom.visitors(place.port, len(PAGES) * len(place.servers)):
        pass
    async with classroom.visitors(place.port, learners) as opened:
        before, started = place.spent(), time.monotonic()
        answers = await classroom.changing(opened, seconds)
        took, after = time.monotonic() - started, place.spent()
    return Waits(answers, {kind: (after[kind] - before[kind]) / took for kind in after})


async def hurrying(place: Place, seconds: float) -> float:
    """Light requests a second, as many as are answered."""
    async with classroom.visitors(place.port, HURRY * len(place.servers)) as opened:
        return await classroom.hurrying(opened, seconds)


async def coming(place: Place) -> float:
    """First visits a second, when a crowd comes at once."""
    return CROWD / max(await classroom.first_visits(place.port, CROWD))


async def measure_one(learners: int, seconds: float) -> tuple[Waits, Measured]:
    """What one process does, and what can be reckoned from that."""
    with one_process() as place:
        waits = await waiting(place, learners, seconds)
        light, visits = await hurrying(place, seconds / 2), await coming(place)
    fresh, learner = await memory()
    return waits, Measured(light=light, visits=visits, fresh=fresh, learner=learner)


async def memory() -> tuple[float, float]:
    """MB of a server that has shown all its pages, and of each session; a crowd before would leave room."""
    with one_process() as place:
        (pid,) = place.servers
        await settled(pid)
        async with classroom.visitors(place.port, len(PAGES)):
            pass
        await steady(pid)
        one, many = await classroom.idle_memory(place.port, pid, IDLE)
    return one, (many - one) / IDLE


async def steady(pid: int) -> None:
    """Wait until the memory is that of before: what it needs to start it gives back, late on a busy machine."""
    same, before = 0, proc.memory(pid)
    while same < SAME:
        await asyncio.sleep(STEADY_SECONDS)
        now = proc.memory(pid)
        same = same + 1 if abs(now - before) < 1 else 0
        before = now


def training_seconds() -> tuple[float, float]:
    """Seconds of a core that the lecture's loop and the recipe `fast` take for the MLP."""
    use_one_thread()
    dataset = Dataset(load_names())
    spent = []
    for name, until in (("lecture", FEW_STEPS), ("fast", None)):
        recipe = recipe_for(name, "mlp")
        trainer = Trainer.start("mlp", dataset, recipe, seed=1)
        started = time.process_time()
        for _ in trainer.events(until):
            pass
        share = (until or recipe.steps) / recipe.steps
        spent.append((time.process_time() - started) / share)
    return spent[0], spent[1]


def report(what: str, waits: Waits, *, goal: float | None = None) -> bool:
    most = 1000 * quantiles(waits.answers)[1]
    mark = "" if goal is None else f"   goal {goal:.0f} ms: {'met' if most <= goal else 'MISSED'}"
    print(f"{what:<28} {waits}{mark}", flush=True)
    return goal is None or most <= goal


async def run(learners: int, servers: int, seconds: float) -> bool:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(
        f"{learners} learners, {os.cpu_count()} cores, load average {load}: p50 / p95", flush=True
    )
    waits, measured = await measure_one(learners, seconds)
    report("one process", waits)
    with behind_nginx(servers) as place:
        met = report(f"{servers} behind nginx", await waiting(place, learners, seconds), goal=GOAL)
        light, visits = await hurrying(place, seconds / 2), await coming(place)
    print(f"light requests a second      {measured.light:.0f}, {light:.0f} behind nginx")
    print(f"first visits a second        {measured.visits:.0f}, {visits:.0f} behind nginx")
    print(f"MB of one process            {measured.fresh:.0f}, {measured.learner:.2f} a session")
    lecture, fast = training_seconds()
    print(f"seconds of a core            {lecture:.0f} by the lecture's loop, {fast:.1f} by fast")
    return met


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.several", description=__doc__)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--servers", type=int, default=SERVERS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of clicking, each time")
    args = parser.parse_args(arguments)
    return 0 if asyncio.run(run(args.learners, args.servers, args.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())
