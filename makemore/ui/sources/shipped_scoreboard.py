"""The scoreboard of shipped checkpoints as a frame. Knows checkpoints and frames; draws nothing."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache

import pandas as pd

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Split
from makemore.diagnostics.losses.scoreboard import Entry, scoreboard
from makemore.experiments import studies
from makemore.experiments.study_variants import StudyError
from makemore.inference import evaluation
from makemore.ui.sources import loaded

STUDY = "seed_spread"
SEEDS = len(studies.STUDIES[STUDY].seeds)


def board(names: Iterable[str]) -> pd.DataFrame:
    """One row for each of these shipped checkpoints that is there; columns as in `scoreboard`."""
    return scoreboard(entry(name) for name in loaded.present(tuple(names)))


def entry(name: str) -> Entry:
    """A shipped checkpoint with the course's figures and those over seeds."""
    about, checkpoint = SHIPPED[name], loaded.checkpoint(name)
    return Entry(
        model=name,
        label=about.label,
        written=checkpoint.metadata,
        reported=about.reported,
        reported_on=about.reported_on,
        lecture=about.lecture,
        seeds=losses_over_seeds(name),
    )


def losses_over_seeds(name: str) -> tuple[float, ...]:
    """The dev losses of its training from several seeds, in their order; what only counts has none to draw."""
    checkpoint = loaded.checkpoint(name)
    if checkpoint.metadata.recipe["optimizer"] == "count":
        return (checkpoint.metadata.losses["dev"],) * SEEDS
    with suppress(StudyError):  # a file that cannot be read is as good as none
        return _measured().get(checkpoint.name, ())
    return ()


@cache
def _measured() -> dict[str, tuple[float, ...]]:
    """The dev losses of each training by seed. Raises StudyError, and then it is read again next time."""
    results = sorted(studies.read_whole(STUDY), key=lambda result: result.seed)
    return {
        name: tuple(result.dev for result in results if result.variant == name)
        for name in dict.fromkeys(result.variant for result in results)
    }


def have_seen(names: Iterable[str], split: Split) -> list[str]:
    """The labels of those whose loss on this split is one for names that they have learned from."""
    found = []
    for name in loaded.present(tuple(names)):
        checkpoint = loaded.checkpoint(name)
        trained_on = checkpoint.metadata.trained_on
        if evaluation.has_seen(checkpoint.model, split, trained_on=trained_on, same_data=True):
            found.append(SHIPPED[name].label)
    return found


def count_repeated(split: Split) -> tuple[int, int]:
    """How many names of a split stand in train too, and how many it has."""
    dataset = loaded.dataset()
    train, names = set(dataset.names("train")), dataset.names(split)
    return sum(name in train for name in names), len(names)
