"""The largest settings that the panel offers, for each model and recipe: refused, or small and soon stopped."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.data.name_lists import load_names
from makemore.jobs import Handle, JobError, Jobs, Spec
from makemore.models import config_for
from makemore.training.recipes import RECIPES
from makemore.ui.training_panel.settings_form import TRAINING, WIDTHS
from tests.bench import proc
from tests.bench.alone import alone
from tests.bench.attack.count import Count

MOST_MEMORY, MOST_WAIT = 2.0, 1.0  # GB of the whole process; seconds
BATCHES = (0, int(TRAINING["batch_size"].high))
AT_ONCE = 2
FITTING = {
    "batch_size": r"a mini-batch of ([\d,]+) fits",
    "hidden": r"([\d,]+) hidden units fit",
    "steps": r"([\d,]+) steps fit",
}
RUNS_FOR = (0.7, 3.1)  # seconds before Stop: within an evaluation, within a step


def attack(share: float, seed: int) -> Iterator[Count]:
    """What is refused is started with what is said to fit, which is the largest that a server takes."""
    for workers in (0, AT_ONCE):
        for recipe in RECIPES:
            for model in RECIPES[recipe]:
                if share >= 1 or model == "wavenet":
                    yield alone(_try, workers, model, recipe, seed)


def _try(workers: int, model: str, recipe: str, seed: int) -> Count:
    """In a process of its own: what one training leaves in memory must not count for the next."""
    dataset, jobs = Dataset(load_names()), Jobs(workers=workers, max_seconds=60)
    kind = "processes" if workers else "threads"
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
    jobs.close()
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
    with proc.Peak(os.getpid()) as peak:
        time.sleep(moment)
        longest = 0.0
        for handle in handles:
            started = time.monotonic()
            handle.stop()
            longest = max(longest, time.monotonic() - started)
    return longest, peak.megabytes / 1000


def _fitting(spec: Spec, told: str) -> Spec:
    """The same with what the message says to fit."""
    settings: dict[str, Any] = dict(spec.settings)
    recipe = spec.recipe
    field, value = said_to_fit(told)
    if field == "hidden":
        settings["hidden"] = value
    elif field:
        changed: dict[str, Any] = {field: value}
        recipe = replace(recipe, **changed)
    return replace(spec, settings=tuple(sorted(settings.items())), recipe=recipe)


def said_to_fit(told: str) -> tuple[str, int]:
    """The setting that a refusal names, and the value that fits; "" if it names none."""
    for field, words in FITTING.items():
        if found := re.search(words, told.replace("\\", "")):  # a page escapes what it shows
            return field, int(found[1].replace(",", ""))
    return "", 0
