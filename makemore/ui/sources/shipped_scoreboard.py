"""The scoreboard of shipped checkpoints as a frame. Knows checkpoints and frames; draws nothing."""

from collections.abc import Iterable

import pandas as pd

from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.losses.scoreboard import Entry, scoreboard
from makemore.ui.sources import loaded


def board(names: Iterable[str]) -> pd.DataFrame:
    """One row for each of these shipped checkpoints that is there; columns as in `scoreboard`."""
    return scoreboard(_entry(name) for name in loaded.present(tuple(names)))


def _entry(name: str) -> Entry:
    about, written = SHIPPED[name], loaded.checkpoint(name).metadata
    return Entry(name, about.label, written, reported=about.reported, lecture=about.lecture)
