"""What a checkpoint says of its tensors, and the check of every field of it. Knows no tensors and no file."""

import json
import platform
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import torch

from makemore.data.examples import Split
from makemore.data.vocabulary import Vocabulary
from makemore.training.recipes import MOST_STEPS, Recipe

FORMAT = 2
PAIR = 1  # of an earlier version, which had this in the file beside the tensors alone
SPLITS: tuple[Split, ...] = ("train", "dev", "test")
START = "start"  # said by those that were trained further, and by no other


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Metadata:
    """What a checkpoint says of its tensors. Losses are mean NLL a character in nats."""

    model: str
    config: dict[str, Any]
    vocabulary: str
    data: str  # where the names came from
    data_sha256: str
    recipe: dict[str, Any]
    seed: int
    step: int
    losses: dict[str, float]  # train, dev, test
    seconds: float  # of training, evaluation not counted
    device: str
    versions: dict[str, str]
    parameters: int
    start: str = ""  # the hash of the tensors that the training began with; "": drawn from the seed
    tensors_sha256: str = ""  # told by the file that holds them
    format: int = FORMAT

    @property
    def trained_on(self) -> Literal["train", "all"]:
        """The split that the model has learned from."""
        return Recipe.from_json(self.recipe).trains_on


def versions() -> dict[str, str]:
    """The versions that decide about the floats."""
    return {"python": platform.python_version(), "torch": str(torch.__version__)}


def parse_json(name: str, text: bytes) -> dict[str, Any]:
    """The object that a JSON file holds. Raises CheckpointError."""
    try:
        values = json.loads(text, parse_constant=_no_constant)
        if not isinstance(values, dict):
            raise ValueError("it holds no JSON object")
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{name}: not a checkpoint's JSON ({error}); get it again") from None
    return values


def checked(name: str, values: Mapping[str, Any], wanted: int = FORMAT) -> Metadata:
    """The metadata that these values are, each of the right kind and in its range.

    Raises CheckpointError, also for another format than the wanted one.
    """
    if type(values.get("format")) is not int or values["format"] != wanted:
        said = f"format {values.get('format')!r:.40}, expected {wanted}"
        raise CheckpointError(f"{name}: {said}; train it again")
    for each in fields(Metadata):
        if each.name not in values and each.name == START:
            continue
        if each.name not in values:
            raise CheckpointError(f"{name}: {each.name!r} is missing; train it again")
        right, said = _RIGHT[each.name]
        if not right(values[each.name]):
            raise CheckpointError(f"{name}: {each.name!r} needs {said}; train it again")
    try:
        Recipe.from_json(values["recipe"])
    except ValueError as error:
        raise CheckpointError(f"{name}: recipe: {error}; train it again") from None
    return Metadata(**{e.name: values[e.name] for e in fields(Metadata) if e.name in values})


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _number(value: object) -> bool:
    """Whether it is a finite number from 0 up; one that no float can be is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value <= sys.float_info.max  # type: ignore[operator]  # a number, as said


def _whole(most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and 0 <= value <= most


def _text(value: object) -> bool:
    return isinstance(value, str)


def _alphabet(value: object) -> bool:
    try:
        return isinstance(value, str) and list(Vocabulary(value).characters) == sorted(value)
    except ValueError:
        return False


def _hash(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _losses(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == set(SPLITS)
        and all(map(_number, value.values()))
    )


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


# What each field must be, and how a message calls that.
_RIGHT: dict[str, tuple[Callable[[object], bool], str]] = {
    "model": (_text, "a text"),
    "config": (lambda value: isinstance(value, dict), "settings"),
    "vocabulary": (_alphabet, "an alphabet: 1 to 200 letters, sorted, each once, without the dot"),
    "data": (_text, "a text"),
    "data_sha256": (_hash, "a SHA-256"),
    "recipe": (lambda value: isinstance(value, dict), "settings"),
    "seed": (_whole(2**63 - 1), "a whole number from 0 up"),
    "step": (_whole(MOST_STEPS), f"a whole number from 0 to {MOST_STEPS:,}"),
    "losses": (_losses, "numbers from 0 up for train, dev and test"),
    "seconds": (_number, "a number from 0 up"),
    "device": (_text, "a text"),
    "versions": (_texts, "texts"),
    "parameters": (_whole(2**63 - 1), "a whole number from 0 up"),
    START: (lambda value: value == "" or _hash(value), "a SHA-256"),
    "tensors_sha256": (_hash, "a SHA-256"),
    "format": (_whole(FORMAT), "a whole number"),
}
