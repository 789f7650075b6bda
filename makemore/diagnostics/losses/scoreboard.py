"""The scoreboard as a frame: one row a trained model, from what its training wrote. Loads and measures nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, nan
from statistics import stdev
from typing import Any, Protocol

import pandas as pd

from makemore.diagnostics.losses import seed_effects


class Written(Protocol):
    """What is read of that which a training wrote about its model."""

    @property
    def losses(self) -> Mapping[str, float]: ...

    @property
    def vocabulary(self) -> str: ...

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

    reported: the course's NLL, of the names that `reported_on` tells. lecture: the dev NLL of the
    lecture's own loop here. seeds: the dev NLL of the same training from several seeds, in the same
    order of seeds for every entry; empty if that was not measured. All in nats.
    """

    model: str
    label: str
    written: Written
    reported: float | None = None
    reported_on: str = "dev"
    lecture: float | None = None
    seeds: Sequence[float] = ()


def scoreboard(entries: Iterable[Entry]) -> pd.DataFrame:
    """One row an entry, in their order.

    Columns: model, label, train, dev, test (NLL in nats), deviation (standard deviation of dev over
    seeds), difference and error (to the row above: the mean over seeds, and its standard error),
    uniform (loss of the uniform baseline: every letter, and the end, as likely), reported,
    reported_on, lecture, parameters, seconds, recipe, seed.
    """
    rows = list(entries)
    return pd.DataFrame(
        [_row(entry, former) for entry, former in zip(rows, [None, *rows], strict=False)]
    )


def _row(entry: Entry, former: Entry | None) -> dict[str, object]:
    written = entry.written
    difference, error = _against(former, entry)
    return {
        "model": entry.model,
        "label": entry.label,
        **{split: written.losses[split] for split in ("train", "dev", "test")},
        "deviation": stdev(entry.seeds) if len(entry.seeds) > 1 else nan,
        "difference": difference,
        "error": error,
        "uniform": log(len(written.vocabulary) + 1),
        "reported": nan if entry.reported is None else entry.reported,
        "reported_on": entry.reported_on,
        "lecture": nan if entry.lecture is None else entry.lecture,
        "parameters": written.parameters,
        "seconds": written.seconds,
        "recipe": written.recipe["name"],
        "seed": str(written.seed),
    }


def _against(former: Entry | None, entry: Entry) -> tuple[float, float]:
    if former is None or not len(former.seeds) == len(entry.seeds) > 1:
        return nan, nan
    found = seed_effects.effect(former.seeds, entry.seeds)
    return found.difference, found.error
