"""Five examples through batch norm, one of which moves all. Knows one net, not the page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from makemore.charts.layers.coupled_values import coupled_values
from makemore.diagnostics.layers.batch_norm_numbers import moved_by, normalised_values
from makemore.lessons.batch_norm.one_norm import batch_before, choose_neuron, draw_start
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

FIVE = 5
EXAMPLES = {str(example): str(example) for example in range(1, FIVE + 1)}
MOVES = links.Tenths(-50, 50)
REACH = 4.0
FORMULA = (
    "Slope: per unit that example *i* moves, its own output moves by γ/σ · (1 − 1/n − x̂ᵢ²/(n − 1)), every other "
    "one by γ/σ · (−1/n − x̂ᵢx̂ⱼ/(n − 1)): one term for the mean, one for the standard deviation. The "
    "moves sum to 0, as the mean of the outputs stays where it is."
)


def show_five_values(about: ChosenList, name: str, stage: Stage) -> None:
    """What goes into one neuron for five examples, what comes out, and what one of them does to the rest."""
    with stage.controls:
        first = st.container()  # what is moved stays in view when the question is answered
        answered = _ask_who_moves()
        with first:
            chosen, by = _choose_move() if answered else (1, 0.0)
        batch = batch_before(about, draw_start(about))
        neuron = choose_neuron(batch.shape[1])
        st.caption(
            "Five of the train examples, and what they give in the MLP with batch norm before any "
            "training. Hollow: where an example came out before one was moved."
        )
    values = batch[:FIVE, neuron].double().tolist()
    frame = coupled(values, chosen, by)
    with stage.picture:
        chart = coupled_values(frame, chosen=chosen, reach=REACH)
        place_chart(chart, key="five_values", fill="whole")
    with stage.below:
        place_table(_rows(frame))
        st.caption(FORMULA)


def coupled(values: Sequence[float], chosen: int, by: float) -> pd.DataFrame:
    """Columns: example, before, after, at_first (after, with nothing moved), moves (per unit, as it is now)."""
    now = [value + by * (place == chosen) for place, value in enumerate(values, start=1)]
    frame = normalised_values(now)
    moves = moved_by(now, chosen - 1)["moves"]
    return frame.assign(at_first=normalised_values(values)["after"], moves=moves)


def _choose_move() -> tuple[int, float]:
    chosen = int(choose("Example that moves", EXAMPLES, key="five_chosen", in_link="example"))
    links.bound("by", key="five_by", options=MOVES, first=2.0)
    by = st.slider("Moved by", -5.0, 5.0, step=0.1, key="five_by", help="In what goes in.")
    return chosen, round(float(by), 1)


def _ask_who_moves() -> bool:
    answer = "each moves by another amount"
    return ask_to_predict(
        "drawn is what goes into one neuron for a batch of five examples, and what batch norm makes of "
        "it. Example 1 is moved. What do the outputs of the other four do?",
        {
            "nothing": "So it is without batch norm, and in eval mode: there each example is worked "
            "out by itself.",
            "all move by one amount": "So it would be if the mean alone were taken away. The standard deviation "
            "changes too, and what is far from the mean feels that more.",
            answer: "Mean and standard deviation are those of all five, so whoever moves changes both: the one "
            "shifts every output, the other scales it.",
        },
        answer=answer,
        key="who_moves",
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {
            "no.": str(row.example),
            "in": f"{row.before:+.2f}",
            "out at first": f"{row.at_first:+.2f}",
            "out": f"{row.after:+.2f}",
            "slope": f"{row.moves:+.2f}",
        }
        for row in frame.itertuples()
    ]
