"""Logits against log counts, pair by pair, and a letter that never occurs. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.bigram_net import row_bars
from makemore.charts.letters.log_count_scatter import agreement
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.moment_slider import choose_moment
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain


def show_scatter(about: Subject, name: str) -> None:
    """Every pair as a point that moves to the diagonal; then a letter that never occurs."""
    letter = choose_letter(about, name)
    moments = about.moments
    shown = choose_moment(list(moments), key=f"scatter_moment_{about.key}")
    frame = pairs.agreement(about.counts, moments[shown], about.vocabulary)
    ends = [pairs.agreement(about.counts, moments[s], about.vocabulary) for s in (0, max(moments))]
    values = [f[c] for f in ends for c in ("counted", "learned")]
    reach = (float(min(v.min() for v in values)), float(max(v.max() for v in values)))
    apart = float((frame["learned"] - frame["counted"]).abs().mean())
    with st.container(horizontal=True, gap="medium"):
        loss = bigram_descent.loss(moments[shown], about.counts)
        st.metric(f"Loss at step {shown:,}", f"{loss:.4f}", width="content")
        st.metric("Mean distance from the diagonal, nats", f"{apart:.3f}", width="content")
    place_chart(agreement(frame, chosen=letter, reach=reach), key="agreement")
    st.caption(
        f"Each point is a pair that occurs; those that start with {plain(letter)} stand out. Softmax "
        "ignores a constant that is added to a row, so the mean of each row is taken off on both axes. "
        "Frequent pairs pull hard and arrive first, rare ones last."
    )
    _ask_missing_row(about)


def _ask_missing_row(about: Subject) -> None:
    missing = counted_pairs.rarest(about.counts, about.vocabulary)
    stays = "It stays as it was drawn"
    known = ask_to_predict(
        f"leave out every pair with the letter {plain(missing)} and train. What happens to its row of W?",
        {
            stays: "A row learns only from examples in which its letter comes in.",
            "It goes to zero": "Only a pull like L2 does that; the loss of the examples has no opinion.",
            "It becomes the mean of the others": "Rows share nothing: each learns from its own letter.",
        },
        answer=stays,
        key=f"missing_row_{about.key}",
    )
    if not known:
        return
    row = about.vocabulary.letters.index(missing)
    counts = bigram_net.without(about.counts, row)
    before = bigram_descent.start(len(about.vocabulary), bigram_descent.LECTURE_SEED)
    after = bigram_descent.descend(before, counts, rate=bigram_descent.LECTURE_RATE, steps=200)
    moved = bigram_net.moved(before, after, about.vocabulary)
    chart = row_bars(moved, quantity="distance moved, nats", chosen=missing, digits=1)
    place_chart(chart, key="moved")
    st.caption(
        f"Trained 200 steps without {plain(missing)}. Its row weighs 0 in the loss, so its gradient is "
        f"0, and the net goes on answering {plain(missing)} with the noise that it was born with."
    )
