"""The scoreboard of shipped checkpoints on a stage, its terms and its tables. Knows no page."""

from collections.abc import Sequence
from itertools import pairwise
from math import exp
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.ui.kit.choose import choose
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.sources import shipped_scoreboard
from makemore.ui.sources.shipped_scoreboard import board

CLEAR = 3  # standard errors from which on a difference is more than what seeds do
CLOSE = "too close to call"


WHICH = {"five": "The five", "all": "All shipped"}


def show_losses(stage: Stage, *, key: str) -> None:
    """The scoreboard of the five or of all as the picture, its figures beside it, two tables below."""
    with stage.controls:
        which = choose("Checkpoints", WHICH, key=f"{key}_which")
    names = FIVE if which == "five" else tuple(SHIPPED)
    frame = board(names)
    with stage.picture:
        place_chart(scoreboard(frame), key=key, fill="whole")
    with stage.controls:
        show_terms(frame)
        deviation = f"±: standard deviation over {shipped_scoreboard.SEEDS} seeds."
        st.caption(f"{deviation} {tell_close(frame)} {tell_seen(names)} {tell_repeated()}")
    with stage.below:
        show_differences(frame)
        with st.expander("All shipped checkpoints", icon=":material/table_rows:"):
            show_every_checkpoint()


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


def tell_repeated() -> str:
    """That the splits are not quite apart."""
    repeated, number = shipped_scoreboard.count_repeated("dev")
    return (
        f"{repeated:,} of the {number:,} dev names stand in train as well: names given to girls and "
        "to boys are listed twice."
    )


def tell_close(frame: pd.DataFrame) -> str:
    """Neighbours whose difference is no larger than what seeds do."""
    return " ".join(
        f"“{each['label']}” against “{former['label']}”: {each['dev'] - former['dev']:+.4f} here, "
        f"{each['difference']:+.4f} ± {each['error']:.4f} over {shipped_scoreboard.SEEDS} seeds, so {CLOSE}."
        for former, each in pairwise(frame.to_dict("records"))
        if _verdict(each["difference"], each["error"]) == CLOSE
    )


def show_differences(frame: pd.DataFrame) -> None:
    """Each model of the frame against the one above it, with what seeds alone do."""
    rows = [
        {
            "model": each["label"],
            "against": former["label"],
            "difference in dev loss, nats": f"{each['difference']:+.4f} ± {each['error']:.4f}",
            "so its loss is": _verdict(each["difference"], each["error"]),
        }
        for former, each in pairwise(frame.to_dict("records"))
        if pd.notna(each["difference"])
    ]
    if not rows:
        return
    st.markdown("**Each model against the one above it**")
    place_table(rows)
    st.caption(
        f"Means over {shipped_scoreboard.SEEDS} trainings from different seeds, ± the standard error of the "
        f"mean difference; within {CLEAR} of them it may be luck."
    )


def _verdict(difference: float, error: float) -> str:
    if abs(difference) <= CLEAR * error:
        return CLOSE
    return "lower" if difference < 0 else "higher"


def show_every_checkpoint() -> None:
    """The table of all shipped checkpoints: our figures beside the lecture's loop and the reported ones."""
    rows = board(SHIPPED)
    titles = {
        "label": "checkpoint",
        "parameters": "parameters",
        "train": "train loss",
        "dev": "dev loss",
        "test": "test loss",
        "deviation": "± over seeds",
        "reported": "reported loss",
        "reported_on": "reported on",
        "lecture": "the lecture's loop, here",
        "seconds": "training, s",
        "recipe": "recipe",
    }
    table = rows[list(titles)].rename(columns=titles)
    table["reported on"] = [
        "" if pd.isna(loss) else on
        for loss, on in zip(rows["reported"], rows["reported_on"], strict=True)
    ]
    st.dataframe(table, hide_index=True, height="content", column_config=_columns())


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    losses = dict.fromkeys(("train loss", "dev loss", "test loss"), "Mean NLL, nats per character.")
    losses["± over seeds"] = (
        f"Standard deviation of the dev loss over {shipped_scoreboard.SEEDS} trainings, where measured."
    )
    losses["the lecture's loop, here"] = "Dev loss of the course's own training loop, run here."
    return {name: number(format="%.4f", help=told) for name, told in losses.items()} | {
        "parameters": number(format="localized"),
        "reported loss": number(help="As the course prints it, to its own digits."),
        "reported on": "reported on",
        "training, s": number(format="%.1f"),
    }
