"""The largest settings that the panel offers, for each model and recipe: refused, or small and soon stopped."""

import contextlib
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.data.name_lists import load_names
from makemore.jobs import Handle, JobError, Jobs, Spec
from makemore.models import config_for
from makemore.training.recipes import RECIPES
from makemore.ui.training_panel.settings_form import TRAINING, WIDTHS
from tests.bench import proc
from tests.bench.attack.count import Count

MOST_MEMORY, MOST_WAIT = 2.0, 1.0  # GB of the whole process; seconds
BATCHES = (0, int(TRAINING["batch_size"].high))
AT_ONCE = 2
RUNS_FOR = (0.7, 3.1)  # seconds before Stop: within an evaluation, within a step


def attack(share: float, seed: int) -> Iterator[Count]:
    """What is refused is started with what is said to fit, which is the largest that a server takes."""
    dataset = Dataset(load_names())
    for workers in (0, AT_ONCE):
        jobs = Jobs(workers=workers, max_seconds=60)
        kind = "processes" if workers else "threads"
        for recipe in RECIPES:
            for model in RECIPES[recipe]:
                if share >= 1 or model == "wavenet":
                    yield _try(jobs, dataset, model, recipe, seed, kind)
        jobs.close()


def _try(jobs: Jobs, dataset: Dataset, model: str, recipe: str, seed: int, kind: str) -> Count:
    count = Count(f"{kind}: {model}, {recipe}")
    config = config_for(model)
    widths = {f.name: int(WIDTHS[f.name].high) for f in fields(config) if f.name in WIDTHS}
    longest, highest = 0.0, 0.0
    for batch in BATCHES:
        asked = replace(RECIPES[recipe][model], batch_size=batch)
        for moment in RUNS_FOR:
            count.tried += 1
            specs = [
                Spec.of(model, asked, seed=seed + i, dataset=dataset, settings=widths)
                for i in range(AT_ONCE)
            ]
            stopped, memory = _run(jobs, dataset, specs, moment, count)
            longest, highest = max(longest, stopped), max(highest, memory)
            seed += AT_ONCE
    count.lost += (longest > MOST_WAIT) + (highest > MOST_MEMORY)
    count.note = f"Stop after {longest:.2f} s, {highest:.2f} GB"
    return count


def _run(
    jobs: Jobs, dataset: Dataset, specs: list[Spec], moment: float, count: Count
) -> tuple[float, float]:
    """The seconds that Stop took, and the memory of the process and its workers in GB."""
    handles: list[Handle] = []
    for i, spec in enumerate(specs):
        try:
            handles.append(jobs.start(spec, dataset, f"{i}"))
        except (ConfigError, JobError) as error:
            count.promised += 1
            handles.append(jobs.start(_fitting(spec, str(error)), dataset, f"{i}"))
    with _Peak() as peak:
        time.sleep(moment)
        longest = 0.0
        for handle in handles:
            started = time.monotonic()
            handle.stop()
            longest = max(longest, time.monotonic() - started)
    return longest, peak.gigabytes


def _fitting(spec: Spec, told: str) -> Spec:
    """The same with what the message says to fit."""
    settings: dict[str, Any] = dict(spec.settings)
    recipe = spec.recipe
    if size := re.search(r"a mini-batch of ([\d,]+) fits", told):
        recipe = replace(recipe, batch_size=int(size[1].replace(",", "")))
    elif width := re.search(r"([\d,]+) hidden units fit", told):
        settings["hidden"] = int(width[1].replace(",", ""))
    elif steps := re.search(r"([\d,]+) steps fit", told):
        recipe = replace(recipe, steps=int(steps[1].replace(",", "")))
    return replace(spec, settings=tuple(sorted(settings.items())), recipe=recipe)


class _Peak:
    """The highest memory of this process and of its workers while inside."""

    def __enter__(self) -> "_Peak":
        self.gigabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self.gigabytes = max(self.gigabytes, _gigabytes())


def _gigabytes() -> float:
    """Of this process and its workers; what they share counts once."""
    whole = 0
    for pid in proc.family(os.getpid()):
        with contextlib.suppress(OSError):  # it has just ended
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            whole += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return whole / 1e6
