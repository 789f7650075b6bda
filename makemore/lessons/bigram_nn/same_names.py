"""The names of the counts beside those of the net, from the same random numbers. Knows one list, no page."""

import streamlit as st

from makemore.ui.kit.choose import choose
from makemore.ui.kit.drawn_names import COUNT, FIRST_SEED, SEED, draw_names
from makemore.ui.kit.own_list import Subject, logits_of, net_with_logits
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.seed_box import seed_box

MOMENTS = {"all": "the whole training", "200": "200 steps", "20": "20 steps"}


def show_same_names(about: Subject, name: str) -> None:
    """The names of the counts and of the net line by line, from the same random numbers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, next_key="other_seed", in_link=True)
        after = choose("The net after", MOMENTS, key="same_seed_after")
    bigram = about.bigram(0)
    net = about.net if after == "all" else net_with_logits(about.moments[int(after)])
    counted, learned = draw_names(bigram, about, seed), draw_names(net, about, seed)
    same = sum(a == b for a, b in zip(counted, learned, strict=True))
    with st.container(horizontal=True, gap="medium"):
        st.metric("The same names", f"{same} of {COUNT}", width="content")
        apart = (logits_of(net).softmax(dim=1) - bigram.probabilities).abs().max()
        st.metric("Largest difference of a probability", f"{float(apart):.2%}", width="content")
    rows = [
        {
            "counted": plain(a) or "(empty)",
            "learned": plain(b) or "(empty)",
            "": "the same" if a == b else "differs",
        }
        for a, b in zip(counted, learned, strict=True)
    ]
    st.table(rows, border="horizontal", hide_index=True)
    st.caption(
        "A random number falls to the same letter in both models unless it lies just where their "
        "probabilities end differently; then the rest of that name differs too."
    )
