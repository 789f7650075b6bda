"""Makes every shipped checkpoint again. Prints nothing: whoever wants to see it comes with a listener."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import torch

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError, Metadata
from makemore.checkpoints.shipped import SHIPPED
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread, use_threads
from makemore.experiments import runs
from makemore.training.events import Event
from makemore.training.trainer import Trainer

Listen = Callable[[Event], None]
# Given the checkpoint's name and the trainer at its start, opens the listener of that training.
Show = Callable[[str, Trainer], AbstractContextManager[Listen]]


def _ignore(event: Event) -> None:
    """Listens to nothing."""


def show_nothing(name: str, trainer: Trainer) -> AbstractContextManager[Listen]:
    """A listener that ignores every event."""
    return nullcontext(_ignore)


def train_shipped(
    name: str,
    *,
    device: torch.device,
    folder: Path = store.FOLDER,
    show: Show = show_nothing,
) -> Metadata:
    """Train one shipped checkpoint with its own recipe and seed, save it, and return what it became.

    Raises CheckpointError for an unknown name.
    """
    if name not in SHIPPED:
        raise CheckpointError(f"no shipped checkpoint {name!r}; there are {', '.join(SHIPPED)}")
    made = SHIPPED[name]
    dataset = Dataset(name_lists.load_names())
    trainer = Trainer.start(
        made.model, dataset, made.recipe, seed=made.seed, settings=made.settings, device=device
    )
    with show(name, trainer) as listen:
        finished = runs.run(trainer, made.seed, listen=listen)
    path = runs.save(finished, folder / name)
    return store.read_metadata(path)


def train_many(
    wanted: Sequence[str],
    *,
    device: torch.device,
    folder: Path,
    workers: int,
    show: Show = show_nothing,
) -> Iterator[Metadata]:
    """`train_shipped` for each, in this order; with several workers, so many side by side, unshown."""
    if min(workers, len(wanted)) == 1:
        for name in wanted:
            if name in SHIPPED:
                use_threads(SHIPPED[name].recipe.batch_size)
            yield train_shipped(name, device=device, folder=folder, show=show)
        return
    context = multiprocessing.get_context("spawn")  # a forked torch may hang
    with ProcessPoolExecutor(workers, context, initializer=use_one_thread) as pool:
        train = partial(train_shipped, device=device, folder=folder)
        # The longest first, so that none is left alone at the end.
        begun = {name: pool.submit(train, name) for name in sorted(wanted, key=_took, reverse=True)}
        yield from (begun[name].result() for name in wanted)


def _took(name: str) -> float:
    """Seconds that the training of the shipped one took; 0 if there is none yet."""
    try:
        return store.read_metadata(name).seconds
    except CheckpointError:
        return 0.0
