"""The loss of each trial against its parameters or its training time, with the Pareto front."""

from math import log

import streamlit as st

from makemore.charts.losses.trade_off import trade_off
from makemore.diagnostics.losses.pareto import on_front
from makemore.lessons.experiments.chosen_study import choose_study
from makemore.lessons.experiments.trial_frames import costs
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

COSTS = {"parameters": "Parameters", "seconds": "Training time"}
TITLES = {"parameters": "parameters (log scale)", "seconds": "training, seconds (log scale)"}


def show_costs(about: ChosenList, name: str, stage: Stage) -> None:
    """A point a complete trial; the front is the line."""
    with stage.controls:
        sweep = choose_study()
        against = choose("Against", COSTS, key="trial_cost", in_link="cost", first="seconds")
    frame = costs(sweep, against)
    points = frame.assign(
        front=on_front(frame["cost"], frame["loss"]),
        own=False,
        note=[f"{sweep.seeds} seeds" for _ in range(len(frame))],
    )
    with stage.picture:
        uniform = log(len(about.vocabulary))
        chart = trade_off(points, cost=TITLES[against], uniform=uniform)
        place_chart(chart, key="trial_costs", fill="whole")
    front = points[points["front"]].sort_values("cost")
    what = "parameters" if against == "parameters" else "seconds"
    with stage.controls:
        st.markdown(
            f"**{len(front)} of {len(points)}** trials stand on the Pareto front: no other trial has both "
            f"fewer {what} and a lower loss. It ends with {front['label'].iloc[-1]}."
        )
        st.caption(
            "Means over seeds. Seconds are those of one training's updates, beside other work on two cores."
            if against == "seconds"
            else "Means over seeds. Trials of equal size stand one above the other."
        )
