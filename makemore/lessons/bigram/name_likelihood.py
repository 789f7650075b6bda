"""A name's way through the matrix, and its loss pair by pair. Knows one list, no page."""

import math

import pandas as pd
import streamlit as st

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.diagnostics.letters import probabilities
from makemore.lessons.bigram.pair_matrix import cells_of, draw_probabilities, place_legend
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain


def show_path(about: ChosenList, name: str, stage: Stage) -> None:
    """The name as a line from cell to cell; beside it its loss, below the whole list's."""
    steps = probabilities.name_path(name, about.counts, 1, about.vocabulary)
    with stage.picture:
        line = steps[["first", "second", "position"]]
        chart = draw_probabilities(about, cells_of(about), path=line)
        place_chart(chart, key="path_matrix", fill="whole")
    with stage.controls:
        _show_figures(steps, len(about.vocabulary))
        place_table(_rows(steps, len(about.vocabulary)))
        place_legend(about, key="path_legend")
    with stage.below:
        _tell_whole_list(about, name, float(steps["running"].iloc[-1]))


def _show_figures(steps: pd.DataFrame, size: int) -> None:
    mean = float(steps["mean"].iloc[-1])
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            "Loss of the name",
            f"{mean:.4f}",
            width="content",
            help="Negative log-likelihood (NLL) per character, in nats: the mean of −ln p over the "
            f"{len(steps)} pairs. p is counted with k = 1, so that no pair is impossible.",
        )
        st.metric(
            "Perplexity",
            f"{math.exp(mean):.1f} of {size}",
            width="content",
            help="exp(loss): as unsure as an even choice among so many letters. The uniform baseline, "
            f"which gives each of the {size} letters 1/{size}, has a loss of ln {size} = "
            f"{math.log(size):.4f} and a perplexity of {size}.",
        )


def _rows(steps: pd.DataFrame, size: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pair": steps["pair"],
            "p": [f"{p:.2%}" for p in steps["probability"]],
            f"{size}\u00a0p": [f"{p * size:.1f}" for p in steps["probability"]],
            "−ln p": [f"{v:.3f}" for v in steps["nll"]],
            "sum": [f"{v:.3f}" for v in steps["running"]],
        }
    )


def _tell_whole_list(about: ChosenList, name: str, total: float) -> None:
    """What the columns mean, and the loss of the list beside that of the name."""
    size = len(about.vocabulary)
    whole = bigram_descent.nll(counted_pairs.smoothed(about.counts, 1).log(), about.counts)
    st.caption(
        f"p is the probability of the second letter after the first; {size} p says how many times the "
        f"1/{size} = {1 / size:.1%} of the uniform baseline that is. Multiplied, the probabilities are "
        f"the likelihood of {plain(name)}, {math.exp(-total):.1e}; their logarithms add up instead, and "
        "the mean makes names of any length comparable. Over all "
        f"{int(about.counts.sum()):,} pairs of the list the loss is {whole:.4f}, a perplexity of "
        f"{math.exp(whole):.1f}; exp(−{whole:.4f}) = {math.exp(-whole):.1%} is the geometric mean of "
        "their probabilities."
    )
