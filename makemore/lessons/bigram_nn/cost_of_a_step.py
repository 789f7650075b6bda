"""What a step of descent costs on all examples and on weighted rows, timed on a click. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import bigram_descent
from makemore.charts.letters.bigram_net import row_bars
from makemore.diagnostics.letters import bigram_net
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain

TIMED_STEPS = 3
MOST_TIMED = 500_000  # examples; more would keep the page waiting


def show_cost(about: ChosenList, name: str, stage: Stage) -> None:
    """For how many examples each row answers, and both ways of a step timed here and now."""
    with stage.controls:
        letter = choose_letter(about, name)
    weights = bigram_net.weights(about.counts, about.vocabulary)
    with stage.picture:
        chart = row_bars(weights, quantity="weight: examples", chosen=letter)
        place_chart(chart, key="row_weights", fill="whole")
    total, size = int(about.counts.sum()), len(about.vocabulary)
    whole = int(about.counts[about.vocabulary.letters.index(letter)].sum())
    with stage.controls:
        st.markdown(
            f"The list holds **{total:,}** examples. In {whole:,} of them {plain(letter)} comes in, and "
            f"each of these takes the same row of W. So one row of weight {whole:,} does for them all, "
            f"and **{size} weighted rows** for the list."
        )
        if total > MOST_TIMED:
            st.caption(f"With more than {MOST_TIMED:,} examples the slow way would take too long.")
        else:
            _offer_timing(about, total, size)


def _offer_timing(about: ChosenList, total: int, size: int) -> None:
    st.button(
        "Measure both", key="measure", icon=":material/timer:", on_click=_measure, args=(about,)
    )
    kept = st.session_state.get("timings")
    if kept and kept[0] == about.key:
        _show_timings(kept[1], total, size)
    else:
        st.caption(f"Takes {TIMED_STEPS} steps each way, from the same start.")


def _measure(about: ChosenList) -> None:
    found = bigram_descent.timed(about.counts, seed=bigram_descent.LECTURE_SEED, steps=TIMED_STEPS)
    st.session_state["timings"] = (about.key, found)


def _show_timings(found: dict[str, tuple[float, float]], total: int, size: int) -> None:
    names = {"examples": f"{total:,} examples", "rows": f"{size} weighted rows"}
    rows = [
        {
            "a step on": names[way],
            "takes": f"{seconds * 1e3:,.3g}\u00a0ms",
            f"loss after {TIMED_STEPS}": f"{loss:.6f}",
        }
        for way, (seconds, loss) in found.items()
    ]
    place_table(rows)
    ratio = found["examples"][0] / max(found["rows"][0], 1e-9)
    st.metric("As many times faster", f"{ratio:,.0f}")
