"""What is measured of any checkpoint on the chosen list, once for each list. Draws nothing."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from torch import Tensor

from makemore.checkpoints import claims
from makemore.checkpoints.claims import Claim
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Examples, Split
from makemore.inference import evaluation, example_losses
from makemore.ui.kit.chosen_list import ChosenList, shipped_list
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import identity

T = TypeVar("T")

BATCH, SEED = 32, 7  # the lecture's batch, always the same examples
MOST_WORK = 30_000_000_000  # parameters times examples; a few seconds


class TooLargeError(ValueError):
    """To measure this would hold up the server; the message says what does it instead."""


def list_for(about: ChosenList, *checkpoints: Checkpoint) -> ChosenList | None:
    """The list that these are looked at on: the chosen one, or the course's where they cannot read that.

    None where they can read neither.
    """
    if reads(about, *checkpoints):
        return about
    course = shipped_list()
    return course if reads(course, *checkpoints) else None


def list_of_claims(about: ChosenList, checkpoint: Checkpoint) -> ChosenList | None:
    """The list that its losses are about, if that is the chosen one or the course's."""
    both = (about, shipped_list()) if about.own else (about,)
    return next((each for each in both if claims.is_measured_on(checkpoint, each.dataset)), None)


def reads(about: ChosenList, *checkpoints: Checkpoint) -> bool:
    """Whether all of these know every letter of the list."""
    return not any(lacking_letters(about, each) for each in checkpoints)


def lacking_letters(about: ChosenList, checkpoint: Checkpoint) -> str:
    """The letters of the list that the checkpoint does not know."""
    return "".join(sorted(set(about.vocabulary.characters) - set(checkpoint.vocabulary.characters)))


def dataset_for(about: ChosenList, checkpoint: Checkpoint) -> Dataset:
    """The list in the alphabet of a checkpoint that reads it."""
    return about.in_alphabet(checkpoint.vocabulary).dataset


def tell_lacking(about: ChosenList, checkpoint: Checkpoint) -> str:
    """Why it is looked at on no list."""
    lacks = " ".join(lacking_letters(about, checkpoint))
    return f"it does not know {lacks} of the chosen list"


def tell_list(about: ChosenList, on: ChosenList) -> str:
    """On which list it was measured, where there could be a doubt (markdown), else ""."""
    if not about.own:
        return ""
    if on is about:
        return f"Measured on your list, {plain(on.name_list.label)}."
    return "Measured on the course's list, as your list has letters that it does not know."


def claim_of(about: ChosenList, checkpoint: Checkpoint, dataset: Dataset, split: Split) -> Claim:
    """What it says of a split of the very list that it was measured on, and what is measured.

    Raises TooLargeError.
    """
    check_work(checkpoint, dataset, split)
    return _kept(
        about,
        checkpoint,
        ("claim", split),
        lambda: claims.check_claim(checkpoint, dataset, split),
    )


def loss_of(about: ChosenList, checkpoint: Checkpoint, dataset: Dataset, split: Split) -> float:
    """The loss of a split of another list. Raises TooLargeError."""
    check_work(checkpoint, dataset, split)
    examples = dataset.examples(split, checkpoint.model.block_size)
    return _kept(
        about, checkpoint, ("loss", split), lambda: evaluation.loss(checkpoint.model, examples)
    )


def losses_of(about: ChosenList, checkpoint: Checkpoint, dataset: Dataset, split: Split) -> Tensor:
    """The loss of every example of a split, in nats. Raises TooLargeError."""
    check_work(checkpoint, dataset, split)
    return _kept(
        about,
        checkpoint,
        ("losses", split),
        lambda: example_losses.example_losses(
            checkpoint.model,
            dataset,
            split,
            trained_on=checkpoint.metadata.trained_on,
            same_data=claims.is_measured_on(checkpoint, dataset),
        ),
    )


def check_work(checkpoint: Checkpoint, dataset: Dataset, split: Split) -> None:
    """Raises TooLargeError where a split would take more than a few seconds."""
    work = checkpoint.metadata.parameters * dataset.sizes[split]
    if work > MOST_WORK:
        raise TooLargeError(
            f"{checkpoint.metadata.parameters:,} parameters on {dataset.sizes[split]:,} examples would "
            "hold up the server; measure it with `python -m makemore inspect`"
        )


def batch_of(dataset: Dataset, block_size: int, size: int = BATCH) -> Examples:
    """Examples of the train split, always the same ones."""
    return dataset.examples("train", block_size).draw(size, SEED)


def _kept(about: ChosenList, checkpoint: Checkpoint, what: Hashable, make: Callable[[], T]) -> T:
    return about.kept((identity(checkpoint), what), make)
