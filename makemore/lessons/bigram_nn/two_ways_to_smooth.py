"""DOCSTRING"""

import math

import streamlit as st
from torch import Tensor

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart

L2 = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)


def show_two_ways(about: Subject, name: str) -> None:
    """+k on the counts beside L2 on the weights: the loss of each and how far apart they are."""
    letter = choose_letter(about, name)
    left, right = st.columns(2, gap="large")
    with left:
        counted = _smooth_by_k(about)
    with right:
        learned = _smooth_by_l2(about)
    row = about.vocabulary.letters.index(letter)
    both = pairs.compared(counted[row], learned[row], about.vocabulary)
    renamed = both.set_axis(["letter", "+k", "L2"], axis="columns")
    place_chart(
        compared_letters(renamed, given=f"after {letter}", names=("+k", "L2")), key="two_ways"
    )
    apart = (counted - learned).abs()
    with st.container(horizontal=True, gap="medium"):
        largest = f"{float(apart.max()):.2%}"
        st.metric("Largest difference between the two", largest, width="content")
        st.metric("Mean difference", f"{float(apart.mean()):.3%}", width="content")
    size = len(about.vocabulary)
    st.caption(
        f"Both pull every row towards 1/{size}, and the loss towards ln {size} = {math.log(size):.4f}: "
        "k by adding made-up examples, L2 by making large weights expensive. They pull along different "
        "ways, so they never agree exactly. The net is shown at its lowest loss, where descent ends."
    )


def _smooth_by_k(about: Subject) -> Tensor:
    k = st.select_slider(
        "k, added to every count",
        counted_pairs.KS,
        100,
        format_func=lambda v: f"{v:,}",
        key="pair_k",
    )
    counted = counted_pairs.smoothed(about.counts, k)
    st.metric("Loss of the counts", f"{bigram_descent.nll(counted.log(), about.counts):.4f}")
    return counted


def _smooth_by_l2(about: Subject) -> Tensor:
    l2 = st.select_slider(
        "L2, times mean(W²)", L2, 0.1, format_func=lambda v: f"{v:g}", key="pair_l2"
    )
    learned = counted_pairs.smoothed(about.counts, 0)  # where descent ends if nothing pulls
    if l2:
        learned = bigram_descent.optimum(about.counts, l2).softmax(dim=1)
    st.metric("Loss of the net", f"{bigram_descent.nll(learned.log(), about.counts):.4f}")
    return learned
