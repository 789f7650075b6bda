"""The memory of a whole server: every step of every page seen, and two trainings of the largest settings.

A part of `python -m tests.bench.attack`; about four minutes on two cores.
"""

import asyncio
from collections.abc import Iterator, Sequence

from makemore.ui.training_panel.recipe_words import NAMES
from makemore.ui.training_panel.settings_form import TRAINING, WIDTHS
from tests.bench import classroom, proc
from tests.bench.attack.client import PATHS, Attacker
from tests.bench.attack.count import Count
from tests.bench.attack.settings import said_to_fit
from tests.serving import serving

WORKERS = 2
STEPS = 7  # of a page, at most
PAGES = (("batch_norm", 7), ("wavenet", 6))  # whose panels train the nets that need most
LARGEST = {name: each.high for name, each in WIDTHS.items()} | {
    "batch_size": TRAINING["batch_size"].high
}
SECONDS = 6.0  # of two trainings beside each other
REFUSALS = 4  # one a setting, and one to spare


def attack(share: float, seed: int) -> Iterator[Count]:
    """All pages, then of each recipe of two nets two trainings at once; a line each."""
    with serving(workers=WORKERS) as server:
        seen = Count("memory: every step of every page")
        with proc.Peak(server.process.pid) as peak:
            asyncio.run(_look_at_all(server.port, PATHS if share >= 1 else PATHS[:2], seen))
        seen.tell_server(peak.megabytes)
        yield seen
        for path, step in PAGES:
            for recipe in NAMES.values():
                count = Count(f"memory: {path}, {recipe}, two at once")
                with proc.Peak(server.process.pid) as peak:
                    asyncio.run(_train_two(server.port, f"{path}?step={step}", recipe, seed, count))
                count.tell_server(peak.megabytes)
                yield count


async def _look_at_all(port: int, paths: Sequence[str], count: Count) -> None:
    for path in paths:
        for step in range(1, STEPS + 1):
            visitor = Attacker(port, page=path, query=f"step={step}")
            count.tried += 1
            await visitor.open()
            if visitor.failed():
                count.others["page failed"] += 1
            await visitor.close()


async def _train_two(port: int, address: str, recipe: str, seed: int, count: Count) -> None:
    trainees = [await _train(port, address, recipe, seed + i, count) for i in range(WORKERS)]
    await asyncio.sleep(SECONDS)
    for each in trainees:
        await classroom.stop(each)


async def _train(port: int, address: str, recipe: str, seed: int, count: Count) -> Attacker:
    """A session that has asked for the largest settings and started what it was told to fit."""
    page, query = address.split("?")
    visitor = Attacker(port, page=page, query=query)
    await visitor.open()
    visitor.put(visitor.key("_recipe"), recipe)
    await visitor.run()
    visitor.put(visitor.key("_seed"), float(seed))
    for field, value in LARGEST.items():
        for key in visitor.widgets:
            if key.endswith(f"_{field}"):
                visitor.put(key, float(value))
    for _ in range(REFUSALS):
        count.tried += 1
        visitor.forget()
        await visitor.press(visitor.key("_play"))
        field, fits = said_to_fit(" ".join(visitor.warnings))
        if not field:
            break
        count.promised += 1
        visitor.put(visitor.key(f"_{field}"), float(fits))
    if visitor.widgets[visitor.key("_stop")].button.disabled:
        count.others["not started"] += 1
    return visitor
