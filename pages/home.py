"""Page: what the five models do with a name, and how well."""

import math

import pandas as pd
import streamlit as st

from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.inference import evaluation, sampling
from makemore.lessons.home import names_in_and_out
from makemore.ui.kit import page_frame
from makemore.ui.kit.choose import choose
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.sources import loaded
from makemore.ui.sources.shipped_scoreboard import board


def losses(name: str, stage: Stage) -> None:
    with stage.controls:
        shown = choose("Show", {"five": "The five", "all": "All shipped"}, key="scoreboard_shown")
        letters = len(loaded.vocabulary())
        st.caption(
            f"The loss is the mean negative log-likelihood of the next letter, in nats, on the dev names. "
            f"{_who_has_seen_them()} The uniform baseline of {letters} letters is ln {letters} = "
            f"{math.log(letters):.2f}."
        )
    with stage.picture:
        place_chart(
            scoreboard(board(FIVE if shown == "five" else SHIPPED)), key="scoreboard", fill="whole"
        )
    with stage.below, st.expander("All shipped checkpoints", icon=":material/table_rows:"):
        st.dataframe(every_checkpoint(), hide_index=True)


def _who_has_seen_them() -> str:
    """Which of the five have learned from the dev names too."""
    seen = []
    for key in loaded.present(FIVE):
        model, trained_on = loaded.checkpoint(key).model, loaded.checkpoint(key).metadata.trained_on
        if evaluation.has_seen(model, "dev", trained_on=trained_on, same_data=True):
            seen.append(f"“{SHIPPED[key].label}”")
    if not seen:
        return "No model has seen these."
    return (
        f"No model has seen these, but for {' and '.join(seen)}, which as in the course learned "
        "from all names."
    )


def every_checkpoint() -> pd.DataFrame:
    """The table of all shipped checkpoints: our figures beside the lecture's loop and the reported ones."""
    rows = board(SHIPPED)
    order = ["label", "reported", "lecture", "dev", "parameters", "seconds", "recipe"]
    titles = ["checkpoint", "reported dev loss", "the lecture's loop, here", "shipped, dev loss"]
    return rows[order].set_axis([*titles, "parameters", "training, s", "recipe"], axis="columns")


def invented(name: str, stage: Stage) -> None:
    keys = loaded.present(FIVE)
    with stage.picture:
        show_samples(
            *[(SHIPPED[key].label, loaded.checkpoint(key)) for key in (keys[0], keys[-1])],
            key="home",
        )


page_frame.show_page(
    "home",
    [
        Step(
            title="Names in, names out",
            takeaway="Five small language models read a name letter by letter and say how likely each "
            "next letter is. Drawing letter after letter, they make up new names.",
            body=names_in_and_out.show_in_and_out,
            code=(evaluation.score, sampling.sample),
        ),
        Step(
            title="The scoreboard",
            takeaway="Each model adds one mechanism to the one before. What lowers the loss most is to "
            "see more letters.",
            body=losses,
        ),
        Step(
            title="Names they make up",
            takeaway="The better the model, the more its names sound like names.",
            body=invented,
            code=(sampling.sample,),
        ),
    ],
)
