"""Loads a real server with thirty sessions and prints what they had to wait: `python -m tests.bench.load`.

Only on the loopback, without a browser: sessions speak Streamlit's protocol, so the time of painting
is not in the figures. It ends by itself, in about four minutes, in one with `--quick`; `--minutes 30`
adds the soak. Server and sessions share the machine.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.bench import classroom, proc
from tests.bench.classroom import quantiles
from tests.serving import Server, serving

IDLE = 0.1  # seconds of computing in a second


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    goal: str
    measured: str
    met: bool


def waits(what: str, seconds: Sequence[float], p50: float, p95: float) -> Row:
    """A row about waiting, all in ms."""
    half, most = (1000 * each for each in quantiles(seconds))
    return Row(
        what,
        f"{p50:.0f} / {p95:.0f} ms",
        f"{half:.0f} / {most:.0f} ms ({len(seconds)} answers)",
        half <= p50 and most <= p95,
    )


async def light(server: Server, seconds: float) -> Row:
    answers = await classroom.clicking(server.port, seconds)
    return waits("30 sessions, a change every 3 s", answers, 30, 80)


async def beside(server: Server, seconds: float) -> Row:
    answers = await classroom.beside_trainings(server.port, seconds)
    return waits("the same, two trainings", answers, 45, 120)


async def throughput(server: Server, seconds: float) -> Row:
    alone = await classroom.throughput(server.port, seconds, 1)
    watched = await classroom.throughput(server.port, seconds, classroom.CLASS)
    share = watched / alone
    measured = f"{share:.0%} ({watched:,.0f} of {alone:,.0f} steps/s)"
    return Row("throughput while 30 watch", "85 %", measured, share >= 0.85)


async def first(server: Server, seconds: float) -> Row:
    await classroom.first_visits(server.port)  # a class before has filled the caches
    slowest = max(await classroom.first_visits(server.port))
    return Row("30 first visits at once", "2 s", f"{slowest:.2f} s", slowest <= 2)


async def memory(server: Server, seconds: float) -> Row:
    one, many = await classroom.idle_memory(server.port, server.process.pid)
    more = many - one
    return Row("100 idle sessions", "50 MB more", f"{more:.0f} MB more than {one:.0f}", more <= 50)


async def start(server: Server, seconds: float) -> Row:
    return Row("cold start to ready", "6 s", f"{server.seconds:.1f} s", server.seconds <= 6)


async def soak(server: Server, minutes: float) -> Row:
    megabytes, before, after, lost = await classroom.soak(server.port, server.process.pid, minutes)
    settled = megabytes[len(megabytes) // 5 :]  # the first fifth fills caches
    low, high = min(settled), max(settled)
    met = (
        high - low <= 0.1 * high
        and not lost
        and after.processes <= before.processes
        and after.threads <= before.threads + 2
    )
    measured = f"{low:.0f} to {high:.0f} MB, threads {before.threads} to {after.threads}, "
    measured += f"processes {before.processes} to {after.processes}, {lost} sessions without answer"
    return Row(f"{minutes:g} min of starting and stopping", "±5 %, none left", measured, met)


Scenario = Callable[[Server, float], Awaitable[Row]]
SCENARIOS: dict[str, Scenario] = {
    "start": start,
    "first": first,
    "light": light,
    "beside": beside,
    "throughput": throughput,
    "memory": memory,
}


def report(row: Row) -> None:
    mark = "met" if row.met else "MISSED"
    print(f"{row.what:<34} {row.goal:>16}   {row.measured:<46} {mark}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios, each on a fresh server; the number of goals that were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the time")
    parser.add_argument("--minutes", type=float, default=0.0, help="add a soak of so many minutes")
    parser.add_argument("--only", nargs="*", choices=list(SCENARIOS), help="these scenarios alone")
    args = parser.parse_args(arguments)
    seconds = 10.0 if args.quick else 40.0
    chosen = list(SCENARIOS) if args.only is None else args.only
    rows = []
    print(f"{'':34} {'goal p50 / p95':>16}   measured on {os.cpu_count()} cores")
    for name in chosen:
        with serving() as server:
            rows.append(asyncio.run(as_row(SCENARIOS[name], server, seconds)))
            report(rows[-1])
    if args.minutes:
        with serving() as server:
            rows.append(asyncio.run(as_row(soak, server, args.minutes)))
            report(rows[-1])
    return sum(not row.met for row in rows)


async def as_row(scenario: Scenario, server: Server, much: float) -> Row:
    if scenario is not start:
        await settled(server.process.pid)
    return await scenario(server, much)


async def settled(pid: int) -> None:
    """Wait until the server is idle: for its first seconds it works ahead for visitors to come."""
    before = proc.cpu_seconds(pid)
    while True:
        await asyncio.sleep(1)
        now = proc.cpu_seconds(pid)
        if now - before < IDLE:
            return
        before = now


if __name__ == "__main__":
    sys.exit(main())
