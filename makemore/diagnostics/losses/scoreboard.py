"""The scoreboard as a frame: one row a trained model, from what its training wrote. Loads and measures nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd


class Written(Protocol):
    """What is read of that which a training wrote about its model."""

    @property
    def losses(self) -> Mapping[str, float]: ...

    @property
    def parameters(self) -> int: ...

    @property
    def seconds(self) -> float: ...

    @property
    def recipe(self) -> Mapping[str, Any]: ...

    @property
    def seed(self) -> int: ...


@dataclass(frozen=True)
class Entry:
    """A model under its name and label, what its training wrote, and the figures to hold it against.

    reported: the course's dev NLL. lecture: that of the lecture's own loop here. Both in nats.
    """

    model: str
    label: str
    written: Written
    reported: float | None = None
    lecture: float | None = None


def scoreboard(entries: Iterable[Entry]) -> pd.DataFrame:
    """One row an entry, in their order.

    Columns: model, label, dev (NLL in nats), reported, lecture, parameters, seconds, recipe, seed.
    """
    return pd.DataFrame([_row(entry) for entry in entries])


def _row(entry: Entry) -> dict[str, object]:
    written = entry.written
    return {
        "model": entry.model,
        "label": entry.label,
        "dev": written.losses["dev"],
        "reported": entry.reported,
        "lecture": entry.lecture,
        "parameters": written.parameters,
        "seconds": written.seconds,
        "recipe": written.recipe["name"],
        "seed": str(written.seed),
    }
