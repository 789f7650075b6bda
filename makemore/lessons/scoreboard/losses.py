"""Dev and test loss of every model as bars, the reported figures, and the runs of this visit. Knows no page."""

from collections.abc import Hashable
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.inference import evaluation
from makemore.lessons.scoreboard.entered_models import enter_models
from makemore.ui.kit import shipped_losses
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import WHICH
from makemore.ui.kit.stage import Stage
from makemore.ui.sources.shipped_scoreboard import SEEDS

Row = dict[Hashable, Any]
REPORTED_ON = {"all": "whole list", "dev": "dev", "test": "test", "train": "train"}


def show_losses(about: ChosenList, name: str, stage: Stage) -> None:
    """The bars; beside them what they mean; below every figure in a table."""
    with stage.controls:
        which = (
            "five"
            if about.own
            else choose("Models", WHICH, key="scoreboard_which", in_link="models")
        )
    frame = enter_models(about, which)
    with stage.picture:
        place_chart(scoreboard(frame), key="scoreboard", fill="whole")
    with stage.controls:
        shipped_losses.show_terms(frame)
        st.caption(_tell_names(about, which, int(frame["own"].sum())))
    with stage.below:
        _show_every_figure(frame)


def _show_every_figure(frame: pd.DataFrame) -> None:
    """A row a model with its difference to the one before it, and how it came about; can be sorted."""
    rows = frame.to_dict("records")
    table = pd.DataFrame(
        {
            "model": frame["label"],
            "dev": frame["dev"],
            "difference": frame["dev"].diff(),
            "± over seeds": frame["deviation"],
            "test": frame["test"],
            "train": frame["train"],
            "reported": [tell_reported(row) for row in rows],
            "lecture's loop": frame["lecture"],
            "parameters": frame["parameters"],
            "training, s": frame["seconds"],
            "recipe": frame["recipe"],
            "seed": frame["seed"],
        }
    )
    st.dataframe(table, hide_index=True, height="content", column_config=_columns())
    st.caption(
        "Losses are mean NLL, nats a letter. Difference: dev loss less that of the row before. ±: standard "
        f"deviation of the dev loss over {SEEDS} seeds, where it was measured; a difference of that size "
        "is luck. Reported: the course's figure and the names that it is of, for both bigrams the "
        "whole list, else dev. Lecture's loop: dev loss of the course's own training loop, run here. "
        "Recipe: the training configuration."
    )


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    losses = ("dev", "± over seeds", "test", "train", "lecture's loop")
    return {name: number(format="%.4f") for name in losses} | {
        "difference": number(format="%+.4f"),
        "parameters": number(format="localized"),
        "training, s": number(format="%.1f"),
    }


def tell_reported(row: Row) -> str:
    """The course's figure with the split that it is of."""
    if isnan(row["reported"]):
        return ""
    return f"{row['reported']:g}, {REPORTED_ON[row['reported_on']]}"


def _tell_names(about: ChosenList, which: str, own: int) -> str:
    """Whose names the losses are of, who has seen them, and who else stands here."""
    if about.own:
        label = plain(about.name_list.label)
        seen = [
            f"“{SHIPPED[key].label}”"
            for key, checkpoint in about.trained(FIVE).items()
            if evaluation.has_seen(
                checkpoint.model, "dev", trained_on=checkpoint.metadata.trained_on, same_data=True
            )
        ]
        told = (
            f"Losses are of dev and test names of your list, {label}, by models trained on it; "
            f"{' and '.join(seen)} learned from those names too, as in the course."
        )
    else:
        told = shipped_losses.tell_seen(FIVE if which == "five" else tuple(SHIPPED))
    mine = (
        f" The last {own} of this visit: runs that you have begun and checkpoints of your own on the same list."
        if own
        else " What you train or save in this visit on the same list joins in below them."
    )
    return told + mine
