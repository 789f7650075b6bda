"""A pair that never occurs makes a name impossible, and what smoothing does to it. Knows one list, no page."""

import math

import pandas as pd
import streamlit as st

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.letter_bars import letter_bars
from makemore.charts.losses.smoothing_curve import smoothing_curve
from makemore.diagnostics.letters import pairs, probabilities
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

IMPOSSIBLE = "andrejq"


def show_unseen_pair(about: ChosenList, name: str, stage: Stage) -> None:
    """A name with a pair that never occurs: its loss at k = 0, and what k does to row and loss."""
    test = _find_impossible_name(about, name)
    raw = probabilities.name_path(test, about.counts, 0, about.vocabulary)
    worst = raw.iloc[int(raw["count"].to_numpy().argmin())]
    with stage.controls:
        _explain_infinity(test, raw)
        if known := _ask_for_limit(len(about.vocabulary)):
            k = _choose_k()
            _show_figures(about, test, worst, k)
    with stage.picture:
        if known:
            _draw_curve(about, test, k)
        _draw_row(about, worst, k if known else 0, fill="half" if known else "whole")


def _find_impossible_name(about: ChosenList, name: str) -> str:
    """A name to test: the visitor's own if it has such a pair, the course's, or one made for the list."""
    letters = about.vocabulary.letters
    for candidate in (name, IMPOSSIBLE):
        if set(candidate) <= set(letters):
            steps = probabilities.name_path(candidate, about.counts, 0, about.vocabulary)
            if (steps["count"] == 0).any():
                return candidate
    missing = (about.counts[1:, 1:] == 0).nonzero().tolist()
    return "".join(letters[i + 1] for i in missing[0]) if missing else name


def _explain_infinity(test: str, raw: pd.DataFrame) -> None:
    holes = raw[raw["count"] == 0]
    if not len(holes):
        loss = _number(float(raw["mean"].iloc[-1]))
        st.markdown(f"Every pair of **{plain(test)}** occurs in the list: its loss is **{loss}**.")
        return
    hole = holes.iloc[0]
    st.markdown(
        f"The loss of **{plain(test)}** is **infinite**: {plain(hole['pair'])} makes 0 of the "
        f"{hole['row']:,} pairs that begin with {plain(hole['first'])}, and −ln 0 is infinite."
    )


def _number(value: float) -> str:
    return "infinite" if value == math.inf else f"{value:.4f}"


def _ask_for_limit(size: int) -> bool:
    limit = f"{math.log(size):.4f}"
    return ask_to_predict(
        f"as k grows without end, every probability becomes 1/{size}. What does the loss become?",
        {
            f"1/{size}": f"that is the probability; the loss is minus its logarithm, −ln 1/{size}.",
            "0": f"a loss of 0 needs a probability of 1 for every letter that comes, not 1/{size}.",
            limit: f"−ln 1/{size} = ln {size} = {limit}, the loss of the uniform baseline.",
            "infinite": f"only a probability of 0 costs that, and k leaves none: each is 1/{size}.",
        },
        answer=limit,
        key=f"uniform_loss_{size}",
    )


def _choose_k() -> int:
    links.bound("k", key="k", options=counted_pairs.KS, first=0)
    k: int = st.select_slider(
        "k, added to every count",
        counted_pairs.KS,
        format_func=lambda k: f"{k:,}",
        key="k",
        help="Add-k smoothing; with k = 1 also called Laplace smoothing.",
    )
    return k


def _show_figures(about: ChosenList, test: str, worst: pd.Series, k: int) -> None:
    """The losses at this k, and the probability of the pair that was missing."""
    own = float(probabilities.name_path(test, about.counts, k, about.vocabulary)["mean"].iloc[-1])
    whole = bigram_descent.nll(counted_pairs.smoothed(about.counts, k).log(), about.counts)
    size = len(about.vocabulary)
    with st.container(horizontal=True, gap="medium"):
        st.metric(f"Loss of {plain(test)}", _number(own), width="content")
        st.metric("Loss of the whole list", _number(whole), width="content")
    share = (worst["count"] + k) / (worst["row"] + size * k)
    st.markdown(
        f"**{plain(worst['pair'])}** now: ({worst['count']:,} + {k:,}) / ({worst['row']:,} + "
        f"{size} × {k:,}) = **{share:.4%}**"
    )


def _draw_curve(about: ChosenList, test: str, k: int) -> None:
    curve = probabilities.smoothing(about.counts, test, about.vocabulary, counted_pairs.KS)
    shown = counted_pairs.KS.index(k)
    chart = smoothing_curve(curve, shown=shown, letters=len(about.vocabulary), name=test)
    place_chart(chart, key="smoothing", fill="half")


def _draw_row(about: ChosenList, worst: pd.Series, k: int, *, fill: Fill) -> None:
    """The row of the missing pair: what follows its first letter, at this k."""
    first, second = worst["first"], worst["second"]
    row = counted_pairs.smoothed(about.counts, k)[about.vocabulary.letters.index(first)]
    after = pairs.distribution(row, about.vocabulary)
    chart = letter_bars(after, given=f"after {first}", chosen=second)
    place_chart(chart, key="unseen_row", fill=fill)
