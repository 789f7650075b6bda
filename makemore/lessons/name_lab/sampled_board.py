"""Twenty names of each model from one seed, and the listed name nearest to each. Knows no page."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from makemore.charts.letters.name_board import name_board
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters.nearest_names import Nearest, nearest
from makemore.inference import sampling
from makemore.lessons.name_lab.ranked_names import places_of
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.kit.side_by_side import models_of
from makemore.ui.kit.stage import Stage
from makemore.ui.sources.kept import identity, kept_per_checkpoint

COUNT, LONGEST = 20, 30
FIRST_SEED = 14
KEPT = 256  # seeds of all models


@dataclass(frozen=True)
class Drawn:
    """A sampled name and the nearest name of the list, itself if it stands there."""

    name: str
    nearest: Nearest

    @property
    def listed(self) -> bool:
        return self.nearest.edits == 0


def show_board(about: ChosenList, name: str, stage: Stage) -> None:
    """The names in columns; beside them how many stand in the list, and how near the others are."""
    with stage.controls, st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(
            "seed", FIRST_SEED, next_label="Other names", next_key="lab_other", in_link=True
        )
    models = models_of(about)
    drawn = {model.label: drawn_names(about, model.checkpoint, seed) for model in models}
    with stage.picture:
        chart = name_board(*_frames(drawn), rows=COUNT)
        place_chart(chart, key="name_board", fill="whole")
    with stage.controls:
        _tell_drawn(drawn)


def drawn_names(about: ChosenList, checkpoint: Checkpoint, seed: int) -> list[Drawn]:
    """The names of this seed, each with its nearest; worked out once for each list."""
    key = ("drawn", identity(checkpoint), seed)
    return about.kept(key, lambda: _place_names(about, sample_names(checkpoint, seed)))


def _place_names(about: ChosenList, names: list[str]) -> list[Drawn]:
    new = [name for name in names if name not in about.known]
    near = dict(zip(new, nearest(new, list(places_of(about))), strict=True))
    return [Drawn(name, near.get(name, Nearest(name, 0))) for name in names]


@kept_per_checkpoint(most=KEPT)
def sample_names(checkpoint: Checkpoint, seed: int) -> list[str]:
    """The same, kept."""
    return draw_names(checkpoint, seed)


def draw_names(checkpoint: Checkpoint, seed: int) -> list[str]:
    """Twenty names; the i-th of every model is drawn with the same random numbers."""
    return sampling.sample_each(
        checkpoint.model, checkpoint.vocabulary, COUNT, seed=seed, max_length=LONGEST
    )


def _frames(drawn: dict[str, list[Drawn]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The names in their places, and what stands above each column."""
    names = [
        (
            column,
            model,
            row,
            each.name or "(no letter)",
            each.listed,
            each.nearest.name,
            each.nearest.edits,
        )
        for column, (model, row_of) in enumerate(drawn.items())
        for row, each in enumerate(row_of)
    ]
    told = [
        f"{sum(each.listed for each in row_of)} of {COUNT} in the list" for row_of in drawn.values()
    ]
    heads = {"column": range(len(drawn)), "model": list(drawn), "told": told}
    fields = ["column", "model", "row", "name", "listed", "nearest", "edits"]
    return pd.DataFrame(names, columns=fields), pd.DataFrame(heads)


def _tell_drawn(drawn: dict[str, list[Drawn]]) -> None:
    """How many of each stand in the list, and how near to it the others are."""
    rows = []
    for label, each in drawn.items():
        new = [one.nearest.edits for one in each if not one.listed]
        near = f"{sum(new) / len(new):.1f}" if new else "–"
        rows.append({"model": plain(label), "in the list": str(COUNT - len(new)), "edits": near})
    place_table(rows)
    st.caption(
        "Beside a new name: the nearest of the list and its edit distance (Levenshtein): how many letters "
        "to put in, leave out or exchange. Edits: its mean over the new names. Row by row all models draw "
        "with the same random numbers."
    )
