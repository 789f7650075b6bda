"""Dev loss against parameters or training time, with the Pareto front. Knows no page."""

import streamlit as st

from makemore.charts.losses.trade_off import trade_off
from makemore.diagnostics.losses.pareto import on_front
from makemore.lessons.scoreboard.entered_models import enter_models
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

COSTS = {"parameters": "Parameters", "seconds": "Training time"}
TITLES = {"parameters": "parameters (log scale)", "seconds": "training, seconds (log scale)"}
LEAST = 0.01  # seconds: what took less is drawn there


def show_trade_offs(about: ChosenList, name: str, stage: Stage) -> None:
    """Every model as a point, those of this visit too; the front is the line."""
    with stage.controls:
        cost = choose("Against", COSTS, key="trade_off_cost", in_link="against")
    frame = enter_models(about, "all")
    costs = frame[cost].astype(float).clip(lower=LEAST)
    front = on_front(costs, frame["dev"])
    points = frame.assign(
        cost=costs,
        loss=frame["dev"],
        front=front,
        note=[
            f"{recipe}, seed {seed}"
            for recipe, seed in zip(frame["recipe"], frame["seed"], strict=True)
        ],
    )[["label", "cost", "loss", "front", "own", "note"]]
    with stage.picture:
        uniform = float(frame["uniform"].iloc[0])
        place_chart(
            trade_off(points, cost=TITLES[cost], uniform=uniform), key="trade_off", fill="whole"
        )
    with stage.controls:
        best = points[points["front"]].sort_values("cost")
        st.markdown(
            f"**{len(best)} of {len(points)}** stand on the Pareto front: no other model has both fewer "
            f"{'parameters' if cost == 'parameters' else 'seconds'} and a lower loss. It ends with "
            f"{plain(str(best['label'].iloc[-1]))}."
        )
        st.caption(_tell_cost(cost, about))


def _tell_cost(cost: str, about: ChosenList) -> str:
    of = "your list's" if about.own else "the course's"
    told = f"Losses are of {of} dev names, one training each. "
    if cost == "parameters":
        return told + "Of the counted bigram the parameters are the cells that it counts in."
    return told + (
        "Seconds are those of updates alone, as each training wrote them down: on two cores for what is "
        "shipped, on this server for your own. Recipes differ, so the time is that of model and recipe."
    )
