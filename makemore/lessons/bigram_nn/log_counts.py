"""Logits beside log counts, the cost of a step, and two ways to smooth. Knows one list, no page."""

import math

import streamlit as st
from torch import Tensor

from makemore.by_hand import bigram_descent
from makemore.charts.letters.bigram_net import row_bars
from makemore.charts.letters.letter_bars import agreement, compared_letters
from makemore.diagnostics.letters import bigram_net, pairs, probabilities
from makemore.lessons.bigram_nn.one_hot_row import choose_letter
from makemore.ui.kit.moment_slider import choose_moment
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

L2 = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
TIMED_STEPS = 3
MOST_TIMED = 500_000  # examples; more would keep the page waiting


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
    missing = probabilities.rarest(about.counts, about.vocabulary)
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


def show_cost(about: Subject, name: str) -> None:
    """The same descent on all examples and on the weighted rows, timed here and now."""
    total, size = int(about.counts.sum()), len(about.vocabulary)
    letter = choose_letter(about, name)
    row = about.vocabulary.letters.index(letter)
    whole = int(about.counts[row].sum())
    st.markdown(
        f"The list holds **{total:,}** examples. In {whole:,} of them {plain(letter)} comes in, and "
        f"each of these takes the same row of W and gets the same probabilities. So one row with "
        f"weight {whole:,} does for them all, and **{size} weighted rows** for the list."
    )
    weights = bigram_net.weights(about.counts, about.vocabulary)
    place_chart(row_bars(weights, quantity="weight: examples", chosen=letter), key="row_weights")
    if total > MOST_TIMED:
        st.caption(f"With more than {MOST_TIMED:,} examples the slow way would take too long here.")
        return
    st.button(
        "Measure both", key="measure", icon=":material/timer:", on_click=_measure, args=(about,)
    )
    kept = st.session_state.get("timings")
    if not kept or kept[0] != about.key:
        st.caption(f"Takes {TIMED_STEPS} steps each way from the same start; about half a second.")
        return
    _show_timings(kept[1], total, size)


def _measure(about: Subject) -> None:
    found = bigram_descent.timed(about.counts, seed=bigram_descent.LECTURE_SEED, steps=TIMED_STEPS)
    st.session_state["timings"] = (about.key, found)


def _show_timings(found: dict[str, tuple[float, float]], total: int, size: int) -> None:
    names = {"examples": f"{total:,} one-hot examples", "rows": f"{size} weighted rows"}
    rows = [
        {
            "way": names[way],
            "one step takes": f"{seconds * 1e3:,.3g} ms",
            f"loss after {TIMED_STEPS} steps": f"{loss:.6f}",
        }
        for way, (seconds, loss) in found.items()
    ]
    st.table(rows, border="horizontal", hide_index=True)
    ratio = found["examples"][0] / max(found["rows"][0], 1e-9)
    st.metric("As many times faster", f"{ratio:,.0f}")


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
        probabilities.KS,
        100,
        format_func=lambda v: f"{v:,}",
        key="pair_k",
    )
    counted = probabilities.smoothed(about.counts, k)
    st.metric("Loss of the counts", f"{bigram_descent.nll(counted.log(), about.counts):.4f}")
    return counted


def _smooth_by_l2(about: Subject) -> Tensor:
    l2 = st.select_slider(
        "L2, times mean(W²)", L2, 0.1, format_func=lambda v: f"{v:g}", key="pair_l2"
    )
    learned = probabilities.smoothed(about.counts, 0)  # where descent ends if nothing pulls
    if l2:
        learned = bigram_descent.optimum(about.counts, l2).softmax(dim=1)
    st.metric("Loss of the net", f"{bigram_descent.nll(learned.log(), about.counts):.4f}")
    return learned
