"""The losses of the shipped models on a stage, and the terms that explain losses. Knows no page."""

from collections.abc import Sequence
from math import exp

import pandas as pd
import streamlit as st

from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.side_by_side import WHICH
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import shipped_scoreboard
from makemore.ui.sources.shipped_scoreboard import board


def show_losses(stage: Stage, *, key: str) -> None:
    """The scoreboard of the five or of all as the picture, its terms and a few words beside it."""
    with stage.controls:
        which = choose("Models", WHICH, key=f"{key}_which", in_link="models")
    names = FIVE if which == "five" else tuple(SHIPPED)
    frame = board(names)
    with stage.picture:
        place_chart(scoreboard(frame), key=key, fill="whole")
    with stage.controls:
        show_terms(frame)
        deviation = f"±: standard deviation over {shipped_scoreboard.SEEDS} seeds."
        st.caption(f"{deviation} {tell_seen(names)}")


def show_terms(frame: pd.DataFrame) -> None:
    """The uniform baseline, the lowest loss and its perplexity, each explained."""
    best = frame.iloc[int(frame["dev"].to_numpy().argmin())]
    uniform = float(frame["uniform"].iloc[0])
    letters = round(exp(uniform))
    with st.container(horizontal=True, gap="small"):
        st.metric(
            "Uniform baseline",
            f"{uniform:.4f}",
            width="content",
            help=f"The loss of a model that has learned nothing and gives each of the {letters} letters "
            f"(the end of a name counts as one) the same probability: ln {letters}.",
        )
        st.metric(
            "Lowest dev loss",
            f"{best['dev']:.4f}",
            width="content",
            help=f"{best['label']}. The loss is the cross-entropy: the mean over all letters of −ln of the "
            "probability that the model gave to the letter that came, in nats.",
        )
        st.metric(
            "Perplexity",
            f"{exp(best['dev']):.2f}",
            width="content",
            help="exp(loss): the number of equally likely letters among which choosing would be as hard. "
            f"The uniform baseline has {letters}.",
        )


def tell_seen(names: Sequence[str]) -> str:
    """On which names the loss is measured, and who has learned from them all the same."""
    seen = " and ".join(f"“{label}”" for label in shipped_scoreboard.have_seen(names, "dev"))
    told = f"Of dev and test names {seen or 'no model'} has learned"
    told += ", as in the course" if seen else ""
    if "bigram" in names:
        told += f"; “{SHIPPED['bigram'].label}” is a twin here that counted train alone"
    return told + "."
