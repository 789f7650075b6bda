"""Holds what a checkpoint says of itself against what is measured, and two of them against each other."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from makemore.checkpoints.metadata import Metadata
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Split
from makemore.inference import evaluation

ROUNDING = 1e-4  # nats: devices and versions differ by less, and a table shows no more


@dataclass(frozen=True)
class Claim:
    """The loss of a split as a checkpoint says it and as it is measured here, in nats."""

    split: Split
    claimed: float
    measured: float
    seen: bool  # whether training has seen these names

    @property
    def holds(self) -> bool:
        """Whether they differ by no more than rounding."""
        return abs(self.claimed - self.measured) <= ROUNDING


def is_measured_on(checkpoint: Checkpoint, dataset: Dataset) -> bool:
    """Whether what it says of losses is about this very list."""
    about = checkpoint.metadata
    same_letters = about.vocabulary == dataset.vocabulary.characters
    return about.data_sha256 == dataset.name_list.sha256 and same_letters


def check_claim(checkpoint: Checkpoint, dataset: Dataset, split: Split) -> Claim:
    """Measure the loss of a split of the list that the checkpoint was measured on."""
    about = checkpoint.metadata
    judged = evaluation.judge(
        checkpoint.model, dataset, split, trained_on=about.trained_on, same_data=True
    )
    return Claim(split, about.losses[split], judged.nll, judged.seen)


@dataclass(frozen=True)
class Difference:
    """Something that two checkpoints say differently; None where one says nothing of it."""

    what: str
    one: Any
    other: Any


# What every checkpoint says, model and numbers that follow from the rest left out.
ABOUT = ("model", "vocabulary", "data", "data_sha256", "seed", "step", "device")


def differences(one: Metadata, other: Metadata) -> list[Difference]:
    """What the two say differently: the model, its settings, the recipe, the data, seed and versions."""
    said, told = asdict(one), asdict(other)
    found = list(_differing("", said, told, ABOUT))
    for part in ("config", "recipe", "versions"):
        names = [*said[part], *(name for name in told[part] if name not in said[part])]
        found += _differing(f"{part}: ", said[part], told[part], names)
    return found


def _differing(
    prefix: str, one: dict[str, Any], other: dict[str, Any], names: Iterable[str]
) -> Iterable[Difference]:
    for name in names:
        if one.get(name) != other.get(name):
            yield Difference(f"{prefix}{name}", one.get(name), other.get(name))
