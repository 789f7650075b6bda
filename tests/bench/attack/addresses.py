"""Hostile addresses, over every page of a real server, each opened by a visitor of its own.

A part of `python -m tests.bench.attack`; about a minute on two cores.
"""

import asyncio
import random
from collections.abc import Iterator
from urllib.parse import quote

from tests.bench import proc
from tests.bench.attack.client import PATHS, Attacker, Counts, count_up
from tests.bench.attack.count import Count
from tests.serving import serving

ADDRESSES = 300

VALUES = (
    "", "0", "-1", "0000000019", "0" * 5_000, "9" * 5_000, "1e3", "NaN", "inf", "1.5", "\u0663", "\u00b2",
    "\u2460", "+1", " 1",
    "1_0", "0x1", "null", "None", "true", "[]", "{}", "../../etc/passwd", "<script>alert(1)</script>", "\x00",
    "\r\nX: y", "\U0001f600" * 300, "\u202eabc", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "%00", "%", "%ff%fe", "$x$", "**b**", "émma", "a" * 21, "a.b", "emma;seed=1", "9223372036854775808",
)  # fmt: skip
KEYS = (
    "step",
    "name",
    "seed",
    "run",
    "embed",
    "embed_options",
    "unknown",
    "",
    "rail",
    "name_box",
    "__class__",
)


def forge_query(dice: random.Random) -> str:
    """One to four parameters, some of them twice, some not escaped as they should be."""
    pairs = []
    for _ in range(dice.randint(1, 4)):
        value = dice.choice(VALUES)
        pairs.append(f"{dice.choice(KEYS)}={value if dice.random() < 0.2 else quote(value)}")
    return "&".join(pairs)


async def _open(port: int, path: str, query: str, counts: Counts) -> None:
    visitor = Attacker(port, page=path, query=query)
    counts.sent += 1
    what = f"{path or 'home'}?{query[:160]!r}"
    try:
        async with asyncio.timeout(20):
            await visitor.open()
    except TimeoutError:
        counts.lost += 1
        counts.failures.append(f"lost: {what}")
        return
    finally:
        await visitor.close()
    if visitor.failed() or "rail" not in visitor.widgets:
        counts.failed += 1
        counts.failures.append(f"failed: {what}")
    else:
        counts.answered += 1
        counts.told += bool(visitor.warnings)


async def attack_server(port: int, count: int, seed: int) -> Counts:
    """So many addresses, the pages in turn."""
    counts, dice = Counts(), random.Random(seed)
    for i in range(count):
        await _open(port, PATHS[i % len(PATHS)], forge_query(dice), counts)
    return counts


def attack(share: float, seed: int) -> Iterator[Count]:
    """ADDRESSES attempts on a server of its own."""
    with serving() as server:
        counts = asyncio.run(attack_server(server.port, max(1, round(ADDRESSES * share)), seed))
        counts.failures += [f"log: {line}" for line in server.log() if "Traceback" in line]
        megabytes = proc.peak_memory(server.process.pid)
    count = count_up("hostile addresses", counts)
    count.tell_server(megabytes)
    yield count
