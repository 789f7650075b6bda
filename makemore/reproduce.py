"""Makes every shipped checkpoint again. Knows no page."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import torch

from makemore import checkpoints, names, runs
from makemore.data import Dataset
from makemore.device import use_one_thread, use_threads
from makemore.metadata import CheckpointError, Metadata
from makemore.shipped import SHIPPED
from makemore.terminal import Printer
from makemore.training import Trainer


def train_shipped(
    name: str, *, device: torch.device, folder: Path = checkpoints.FOLDER, quiet: bool = False
) -> Metadata:
    """Train one shipped checkpoint with its own recipe and seed, save it, and return what it became.

    Raises CheckpointError for an unknown name.
    """
    if name not in SHIPPED:
        raise CheckpointError(f"no shipped checkpoint {name!r}; there are {', '.join(SHIPPED)}")
    made = SHIPPED[name]
    dataset = Dataset(names.load_names())
    trainer = Trainer.start(
        made.model, dataset, made.recipe, seed=made.seed, settings=made.settings, device=device
    )
    if not quiet:
        print(f"{name}: {made.label}, {trainer.model.size:,} numbers, {dataset.name_list.label}")
    steps = made.recipe.steps
    with Printer(steps, log_every=max(1, steps // 4), as_json=False) as show:
        listen = (lambda event: None) if quiet else show
        finished = runs.run(trainer, made.seed, listen=listen)
    path = runs.save(finished, folder / name)
    return checkpoints.read_metadata(path)


def train_many(
    wanted: Sequence[str], *, device: torch.device, folder: Path, quiet: bool, workers: int
) -> Iterator[Metadata]:
    """`train_shipped` for each, in this order; with several workers, so many side by side."""
    if min(workers, len(wanted)) == 1:
        for name in wanted:
            if name in SHIPPED:
                use_threads(SHIPPED[name].recipe.batch_size)
            yield train_shipped(name, device=device, folder=folder, quiet=quiet)
        return
    context = multiprocessing.get_context("spawn")  # a forked torch may hang
    with ProcessPoolExecutor(workers, context, initializer=use_one_thread) as pool:
        train = partial(train_shipped, device=device, folder=folder, quiet=True)
        # The longest first, so that none is left alone at the end.
        begun = {name: pool.submit(train, name) for name in sorted(wanted, key=_took, reverse=True)}
        yield from (begun[name].result() for name in wanted)


def _took(name: str) -> float:
    """Seconds that the training of the shipped one took; 0 if there is none yet."""
    try:
        return checkpoints.read_metadata(name).seconds
    except CheckpointError:
        return 0.0


def print_table(rows: list[dict[str, Any]]) -> None:
    """Our figures beside the reported ones: mean NLL a character, in nats."""
    head = ("checkpoint", "reported", "lecture", "dev", "train", "test", "numbers", "seconds")
    print("{:<18}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}".format(*head))
    for row in rows:
        known = "".join(
            f"{row[k]:>9.4f}" if row[k] else f"{'-':>9}" for k in ("reported", "lecture")
        )
        print(
            f"{row['checkpoint']:<18}{known}{row['dev']:>9.4f}{row['train']:>9.4f}"
            f"{row['test']:>9.4f}{row['parameters']:>9,}{row['seconds']:>9.1f}"
        )
