"""The names of the counts beside those of the net, from the same random numbers. Knows one list, no page."""

import streamlit as st

from makemore.charts.letters.name_tiles import name_tiles
from makemore.diagnostics.letters import bigram_net
from makemore.experiments.nets_of_lists import net_with_logits
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList, logits_of
from makemore.ui.kit.drawn_names import COUNT, FIRST_SEED, LONGEST, SEED, draw_names
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.seed_box import seed_box

MOMENTS = {"20": "20 steps", "200": "200 steps", "all": "all steps"}
SHOWN = 14  # letters of a name
SAME_HELP = (
    "Worked out for all random numbers: two models take the same letter j with a chance of "
    "1 / Σ max(p_k / p_j, q_k / q_j), the sum over all letters k."
)


def show_same_names(about: ChosenList, name: str, stage: Stage) -> None:
    """The names of the counts and of the net line by line, from the same random numbers."""
    with stage.controls:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            seed = seed_box(SEED, FIRST_SEED, next_key="other_seed", in_link=True)
        after = choose(
            "The net after", MOMENTS, key="same_seed_after", first="all", in_link="after"
        )
    net = about.net if after == "all" else net_with_logits(about.moments[int(after)])
    counting = about.bigram(0)
    counted, learned = draw_names(counting, about, seed), draw_names(net, about, seed)
    with stage.picture:
        chart = name_tiles(bigram_net.name_tiles(counted, learned, SHOWN), shown=SHOWN)
        place_chart(chart, key="name_tiles", fill="whole")
    table = logits_of(net).softmax(dim=1)
    chance = about.kept(
        ("same name", after),
        lambda: bigram_net.same_name_chance(counting.probabilities, table, LONGEST),
    )
    with stage.controls:
        same = sum(a == b for a, b in zip(counted, learned, strict=True))
        apart = float((table - counting.probabilities).abs().max())
        _draw_figures(same, COUNT * chance, apart)


def _draw_figures(same: int, expected: float, apart: float) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.metric("The same names", f"{same} of {COUNT}", width="content")
        st.metric(
            "On average over seeds", f"{expected:.1f} of {COUNT}", width="content", help=SAME_HELP
        )
        st.metric("Largest difference of a probability", f"{apart:.2%}", width="content")
    st.caption(
        "Each draw divides every probability by a random number (exponential noise) and takes the letter "
        "with the largest result. Both models get the same numbers, so they part only where another "
        "letter comes out largest, and for the rest of that name: each has its own generator."
    )
