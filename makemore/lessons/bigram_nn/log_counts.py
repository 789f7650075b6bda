"""Logits against log counts, pair by pair, and a letter that never occurs. Knows one list, no page."""

import streamlit as st
from torch import Tensor

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.bigram_net import row_bars
from makemore.charts.letters.log_count_scatter import agreement
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import choose_moment
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

STEPS = 200  # of the training without the letter


def show_scatter(about: ChosenList, name: str, stage: Stage) -> None:
    """Every pair as a point that moves to the diagonal; below, a letter that never occurs."""
    moments = about.moments
    with stage.controls:
        letter = choose_letter(about, name)
        shown = choose_moment(list(moments), key=f"scatter_moment_{about.key}")
    frame = pairs.agreement(about.counts, moments[shown], about.vocabulary)
    with stage.picture:
        chart = agreement(frame, chosen=letter, reach=about.kept("reach", lambda: _reach(about)))
        place_chart(chart, key="agreement", fill="whole")
    with stage.controls:
        apart = float((frame["learned"] - frame["counted"]).abs().mean())
        loss = bigram_descent.loss(moments[shown], about.counts)
        with st.container(horizontal=True, gap="medium"):
            st.metric(f"Loss at step {shown:,}", f"{loss:.4f}", width="content")
            st.metric("Mean distance from the diagonal, nats", f"{apart:.3f}", width="content")
        st.caption(
            f"Each point is a pair that occurs; those that start with {plain(letter)} stand out. Frequent "
            "pairs arrive first, rare ones last. Softmax ignores a constant that is added to a row, "
            "so on both axes the mean of each row is taken off."
        )
    with stage.below:
        _show_missing_letter(about)


def _reach(about: ChosenList) -> tuple[float, float]:
    """The ends of both axes, the same at every moment."""
    ends = (about.moments[step] for step in (0, max(about.moments)))
    frames = [pairs.agreement(about.counts, W, about.vocabulary) for W in ends]
    values = [frame[column] for frame in frames for column in ("counted", "learned")]
    return min(float(v.min()) for v in values), max(float(v.max()) for v in values)


def _show_missing_letter(about: ChosenList) -> None:
    """What each row has to learn from without one letter, the question, and how far each row moves."""
    missing = counted_pairs.rarest(about.counts, about.vocabulary)
    row = about.vocabulary.letters.index(missing)
    counts = bigram_net.without(about.counts, row)
    if not counts.any():  # a list of one letter
        return
    st.subheader("A letter that never occurs", anchor=False)
    picture, question = st.columns([3, 2], gap="large")
    with picture:
        left = bigram_net.weights(counts, about.vocabulary)
        chart = row_bars(left, quantity=f"examples, {missing} left out", chosen=missing)
        place_chart(chart, key="left_examples")
    with question:
        known = _ask_missing_row(about, missing)
    if known:
        with picture:
            _show_moved(about, counts, missing)


def _ask_missing_row(about: ChosenList, missing: str) -> bool:
    stays = "It stays as it was drawn"
    return ask_to_predict(
        f"without {plain(missing)} in any name, the net trains {STEPS} steps. What happens to the row "
        f"{plain(missing)} of W?",
        {
            stays: "Its 0 examples give it a gradient of 0, and a step of rate times 0 moves nothing.",
            "It goes to zero": "That takes a pull like L2 regularisation; the loss of 0 examples has none.",
            "It becomes the mean of the others": "Rows share nothing: each learns from its own letter "
            "alone, and this one has 0 examples.",
        },
        answer=stays,
        key=f"missing_row_{about.key}",
    )


def _show_moved(about: ChosenList, counts: Tensor, missing: str) -> None:
    before = bigram_descent.start(len(about.vocabulary), bigram_descent.LECTURE_SEED)
    after = bigram_descent.descend(before, counts, rate=bigram_descent.LECTURE_RATE, steps=STEPS)
    moved = bigram_net.moved(before, after, about.vocabulary)
    chart = row_bars(moved, quantity="distance moved, nats", chosen=missing, digits=1)
    place_chart(chart, key="moved")
    st.caption(
        f"The net goes on answering {plain(missing)} with the random numbers of its initialisation."
    )
