"""A name's way through the matrix, and what smoothing does to a pair that never occurs. Knows one list."""

import math

import pandas as pd
import streamlit as st

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.count_heatmap import MOST_LETTERS_WITH_TEXT, count_heatmap
from makemore.charts.letters.count_shades import shade_legend
from makemore.charts.losses.smoothing_curve import smoothing_curve
from makemore.diagnostics.letters import probabilities
from makemore.lessons.bigram.count_matrix import cells_of
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

IMPOSSIBLE = "andrejq"


def show_path(about: Subject, name: str) -> None:
    """The name as a line from cell to cell, and its loss pair by pair."""
    steps = probabilities.name_path(name, about.counts, 1, about.vocabulary)
    size = len(about.vocabulary)
    with st.container(horizontal=True, gap="medium"):
        mean = float(steps["mean"].iloc[-1])
        st.metric("Mean: the loss of the name", f"{mean:.4f}", width="content")
        st.metric("exp(−loss), a typical letter", f"{math.exp(-mean):.1%}", width="content")
        st.metric("Guessing gives each", f"{1 / size:.1%}", width="content")
    if size <= MOST_LETTERS_WITH_TEXT:
        place_chart(shade_legend(1.0, show="probability"), key="path_legend")
        line = steps[["first", "second", "position"]]
        chart = count_heatmap(cells_of(about), show="probability", path=line, compact=True)
        place_chart(chart, key="path_matrix")
    st.table(_rows(steps, size), border="horizontal", hide_index=True)
    whole = bigram_descent.nll(counted_pairs.smoothed(about.counts, 1).log(), about.counts)
    st.caption(
        f"p is the probability of the second letter after the first, with k = 1; {size} p says how many "
        f"times the 1/{size} of guessing that is; sum and mean run along the name. Multiplying the "
        "probabilities would end near zero; their logarithms add up instead, and the mean makes names "
        f"of any length comparable. Over the whole list it is {whole:.4f}: exp(−{whole:.4f}) = "
        f"{math.exp(-whole):.1%} is what a typical letter gets."
    )


def _rows(steps: pd.DataFrame, size: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pair": steps["pair"],
            "p": [f"{p:.2%}" for p in steps["probability"]],
            f"{size}\u00a0p": [f"{p * size:.1f}" for p in steps["probability"]],
            "−ln p": [_number(v) for v in steps["nll"]],
            "sum": [_number(v) for v in steps["running"]],
            "mean": [_number(v) for v in steps["mean"]],
        }
    )


def _number(value: float) -> str:
    return "infinite" if value == math.inf else f"{value:.3f}"


def show_unseen_pair(about: Subject, name: str) -> None:
    """A name with a pair that never occurs: its loss at k = 0, and what k does."""
    test = _find_impossible_name(about, name)
    raw = probabilities.name_path(test, about.counts, 0, about.vocabulary)
    _explain_infinity(test, raw)
    size = len(about.vocabulary)
    known = ask_to_predict(
        "add the same number k to every count, and let k grow without end. Every probability becomes "
        f"1/{size}. What does the loss become?",
        {
            f"1/{size}": f"That is the probability. The loss is minus its logarithm, ln {size}.",
            "0": "A loss of zero is certainty about every letter: the opposite of guessing.",
            f"{math.log(size):.4f}": f"It is ln {size}: the loss of whoever guesses evenly.",
            "infinite": "Only a probability of zero costs that, and k leaves none.",
        },
        answer=f"{math.log(size):.4f}",
        key=f"uniform_loss_{size}",
    )
    if known:
        _show_smoothing(about, test)


def _find_impossible_name(about: Subject, name: str) -> str:
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
    nll = float(raw["mean"].iloc[-1])
    st.metric(f"Loss of {plain(test)} with k = 0", _number(nll))
    holes = raw[raw["count"] == 0]
    if len(holes):
        hole = holes.iloc[0]
        st.markdown(
            f"The pair **{plain(hole['pair'])}** never occurs: 0 of the {hole['row']:,} times that "
            f"something follows {plain(hole['first'])}. Its probability is 0, and −ln 0 is infinite; "
            "one such pair, and the whole name is held impossible."
        )
    else:
        st.markdown("Every pair of this alphabet occurs in the list, so nothing is impossible.")


def _show_smoothing(about: Subject, test: str) -> None:
    k = st.select_slider(
        "k, added to every count",
        counted_pairs.KS,
        value=0,
        format_func=lambda k: f"{k:,}",
        key="k",
    )
    table = counted_pairs.smoothed(about.counts, k)
    steps = probabilities.name_path(test, about.counts, k, about.vocabulary)
    with st.container(horizontal=True, gap="medium"):
        own = float(steps["mean"].iloc[-1])
        shown = "infinite" if own == math.inf else f"{own:.4f}"
        st.metric(f"Loss of {plain(test)}", shown, width="content")
        whole = bigram_descent.nll(table.log(), about.counts)
        st.metric("Loss of the whole list", f"{whole:.4f}", width="content")
    curve = probabilities.smoothing(about.counts, test, about.vocabulary, counted_pairs.KS)
    chart = smoothing_curve(curve, shown=counted_pairs.KS.index(k), letters=len(about.vocabulary))
    place_chart(chart, key="smoothing")
    worst = steps.iloc[int(steps["count"].to_numpy().argmin())]
    st.markdown(
        f"**{plain(worst['pair'])}** now: ({worst['count']:,} + {k:,}) / ({worst['row']:,} + "
        f"{len(about.vocabulary)} × {k:,}) = **{worst['probability']:.4%}**"
    )
    st.caption(
        "A little k costs the list next to nothing and makes every name possible; a lot of it drowns "
        "the counts, and all that was learned is lost."
    )
