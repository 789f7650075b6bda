"""Adding k to the counts beside L2 on the parameters, and how near they come. Knows one list, no page."""

import math

import streamlit as st
from torch import Tensor

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

L2 = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
FIRST_L2 = 0.1

K_HELP = "Add-k smoothing, for k = 1 Laplace smoothing: as if every pair had occurred k times more."
L2_HELP = (
    "L2 regularisation: the loss grows by this factor times the mean of W². Its gradient shrinks every "
    "parameter a little at each step, which is why it is also called weight decay."
)


def show_two_ways(about: ChosenList, name: str, stage: Stage) -> None:
    """+k on the counts beside L2 on the parameters: the loss of each and how far apart they are."""
    with stage.controls:
        k, l2 = _choose_both(about)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            letter = choose_letter(about, name)
            _offer_nearest(about, k, l2)
    counted, learned = counted_pairs.smoothed(about.counts, k), _learned(about, l2)
    row = about.vocabulary.letters.index(letter)
    both = pairs.compared(counted[row], learned[row], about.vocabulary)
    renamed = both.set_axis(["letter", "+k", "L2"], axis="columns")
    with stage.picture:
        chart = compared_letters(renamed, given=f"after {letter}", names=("+k", "L2"))
        place_chart(chart, key="two_ways", fill="whole")
    with stage.controls:
        _draw_figures(about, counted, learned)


def _choose_both(about: ChosenList) -> tuple[int, float]:
    """Both sliders, at first where they match; another list begins with another pair."""
    first_k, first_l2 = _first_pair(about)
    links.bound("k", key=_key(about, "k"), options=counted_pairs.KS, first=first_k)
    k = st.select_slider(
        "k, added to every count",
        counted_pairs.KS,
        format_func=lambda v: f"{v:,}",
        key=_key(about, "k"),
        help=K_HELP,
    )
    links.bound("l2", key=_key(about, "l2"), options=L2, first=first_l2)
    l2 = st.select_slider(
        "L2, times mean(W²)",
        L2,
        format_func=lambda v: f"{v:g}",
        key=_key(about, "l2"),
        help=L2_HELP,
    )
    return k, l2


def _key(about: ChosenList, what: str) -> str:
    return f"pair_{what}_{about.key}"


def _first_pair(about: ChosenList) -> tuple[int, float]:
    """The first L2 from 0.1 on that comes nearest to some k above 0, and that k.

    On a short list even k = 1 is a lot, and a weak pull comes nearest to none at all.
    """
    pairs_ = ((_nearest_k(about, l2), l2) for l2 in L2 if l2 >= FIRST_L2)
    return next((k, l2) for k, l2 in pairs_ if k or l2 == L2[-1])


def _offer_nearest(about: ChosenList, k: int, l2: float) -> None:
    """The k of the slider that comes nearest to this L2, at a press."""
    nearest = _nearest_k(about, l2)
    st.button(
        f"Nearest k: {nearest:,}",
        key="pair_match",
        disabled=k == nearest,
        on_click=lambda: st.session_state.update({_key(about, "k"): nearest}),
        help="Sets k to where the largest difference from this L2 is smallest.",
    )


def _nearest_k(about: ChosenList, l2: float) -> int:
    def search() -> int:
        return bigram_net.nearest_k(_learned(about, l2), about.counts, counted_pairs.KS)

    return about.kept(("nearest k", l2), search)


def _learned(about: ChosenList, l2: float) -> Tensor:
    """Where descent ends: without a pull at the counted probabilities themselves."""
    if not l2:
        return counted_pairs.smoothed(about.counts, 0)
    return about.kept(
        ("optimum", l2), lambda: bigram_descent.optimum(about.counts, l2).softmax(dim=1)
    )


def _draw_figures(about: ChosenList, counted: Tensor, learned: Tensor) -> None:
    size, letters = len(about.vocabulary), about.vocabulary.letters
    apart = (counted - learned).abs()
    cell = int(apart.argmax())
    pair = plain(letters[cell // size] + letters[cell % size])
    with st.container(horizontal=True, gap="medium"):
        st.metric(f"Largest difference, {pair}", f"{float(apart.max()):.2%}", width="content")
        st.metric("Mean difference", f"{float(apart.mean()):.3%}", width="content")
        for what, table in (("counts", counted), ("net", learned)):
            loss = bigram_descent.nll(table.log(), about.counts)
            st.metric(f"Loss of the {what}", f"{loss:.4f}", width="content")
    st.caption(
        f"Both pull every row towards the uniform baseline, 1/{size} each and loss ln {size} = "
        f"{math.log(size):.4f}: k by made-up examples, the same for each pair; L2 in proportion to each "
        f"logit. So they never agree in all {size * size:,} pairs."
    )
