"""Page: five models on one data set, and one name as each of them sees it."""

import math

import pandas as pd
import streamlit as st

from makemore.charts.letters.name_scores import name_scores
from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.diagnostics.letters import name_scores as name_frames
from makemore.inference import evaluation
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.sources import loaded
from makemore.ui.sources.shipped_scoreboard import board


def losses(name: str) -> None:
    place_chart(scoreboard(board(FIVE)), key="scoreboard")
    letters = len(loaded.vocabulary())
    st.caption(
        f"Loss is the mean negative log-likelihood of the next letter, in nats, on the dev names. "
        f"{_who_has_seen_them()} Guessing evenly among {letters} letters costs ln {letters} = "
        f"{math.log(letters):.2f}. Point at a bar for recipe, seed and exact figures."
    )
    with st.expander("All shipped checkpoints", icon=":material/table_rows:"):
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
    return rows[order].set_axis(
        [*titles, "numbers learned", "training, s", "recipe"], axis="columns"
    )


def letter_by_letter(name: str) -> None:
    by_model = {}
    for key in loaded.present(FIVE):
        checkpoint = loaded.checkpoint(key)
        (by_model[SHIPPED[key].label],) = evaluation.score(
            checkpoint.model, checkpoint.vocabulary, [name]
        )
    place_chart(
        name_scores(name_frames.scores(by_model), letters=len(loaded.vocabulary())), key="scores"
    )
    st.markdown(f"**Mean loss on {plain(name)}**, in nats a letter")
    with st.container(horizontal=True, gap="medium"):
        for label, score in by_model.items():
            st.metric(label, f"{score.nll:.3f}", width="content")


def invented(name: str) -> None:
    keys = loaded.present(FIVE)
    show_samples(
        *[(SHIPPED[key].label, loaded.checkpoint(key)) for key in (keys[0], keys[-1])], key="home"
    )


page_frame.show_page(
    "home",
    [
        Step(
            title="The scoreboard",
            takeaway="Five models learn from one list of 32,033 first names which letter comes next; each adds "
            "one mechanism to the one before. What pays most is to see more letters.",
            body=losses,
        ),
        Step(
            title="Your name",
            takeaway="A model reads a name from left to right and gives every next letter a probability; "
            "the higher the bars, the less the name surprises it.",
            body=letter_by_letter,
            code=(evaluation.score,),
        ),
        Step(
            title="Names they make up",
            takeaway="Drawing letter after letter from these probabilities makes new names; the better the "
            "model, the more they sound like names.",
            body=invented,
        ),
    ],
)
