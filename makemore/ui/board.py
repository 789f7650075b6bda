"""The scoreboard of shipped checkpoints as a frame. Knows checkpoints and frames; draws nothing."""

from collections.abc import Iterable

import pandas as pd

from makemore.diagnostics.scoreboard import Entry, scoreboard
from makemore.shipped import SHIPPED
from makemore.ui import load


def board(names: Iterable[str]) -> pd.DataFrame:
    """One row for each of these shipped checkpoints that is there; columns as in `scoreboard`."""
    return scoreboard(_entry(name) for name in load.present(tuple(names)))


def _entry(name: str) -> Entry:
    about, written = SHIPPED[name], load.checkpoint(name).metadata
    return Entry(name, about.label, written, reported=about.reported, lecture=about.lecture)
