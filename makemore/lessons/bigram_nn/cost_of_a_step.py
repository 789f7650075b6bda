"""DOCSTRING"""

import streamlit as st

from makemore.by_hand import bigram_descent
from makemore.charts.letters.bigram_net import row_bars
from makemore.diagnostics.letters import bigram_net
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

TIMED_STEPS = 3
MOST_TIMED = 500_000  # examples; more would keep the page waiting


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
