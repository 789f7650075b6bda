"""One gradient with a wrong formula: which checks fail, and whether the loss still falls. Knows no walk."""

import streamlit as st
from torch import Tensor

from makemore.by_hand.backprop import ENTRIES
from makemore.by_hand.wrong_formula import Wrong
from makemore.by_hand.wrong_gradients import WRONG, Wreck, wreck
from makemore.charts.base.png import Matrix
from makemore.charts.layers.heatmap_row import heatmap_row
from makemore.charts.trees.computation_graph import computation_graph
from makemore.lessons.backprop.graph_places import edge_frame, node_frame
from makemore.lessons.backprop.one_batch import Pass, matrix, pass_of, write_shape
from makemore.lessons.backprop.slip_checks import ask_checks
from makemore.lessons.backprop.slip_trainings import list_fates, show_training
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

FIRST = "counts"


def show_break(about: ChosenList, name: str, stage: Stage) -> None:
    """Choose a wrong formula, predict, see the checks and a training with it."""
    found = pass_of(about, name)
    with stage.controls:
        wrong = _choose_wrong()
        broken = about.kept(
            ("wreck", name, wrong.code, wrong.name),
            lambda: wreck(wrong, found.net, found.X, found.Y),
        )
        answered = ask_checks(wrong, broken)
    checks = broken.checks if answered else found.checks
    with stage.picture:
        graph = computation_graph(
            node_frame(found.values, checks),
            edge_frame(found.values, checks),
            chosen=wrong.name,
            pickable=False,
        )
        place_chart(graph, key="break_graph", fill="column")
    if not answered:
        with stage.picture:
            _draw_right(found, wrong.name)
        return
    show_training(about, wrong, stage)
    with stage.below:
        _draw_both(found, wrong, broken)
        if not about.own:  # measured on the course's names
            list_fates()


def _choose_wrong() -> Wrong:
    names = list(WRONG)
    links.bound("gradient", key="break_gradient", options=names, first=FIRST)
    name: str = st.selectbox(
        "Gradient", names, format_func=lambda each: f"d{each}", key="break_gradient"
    )
    key = f"break_slip_{name}"
    numbers = range(1, len(WRONG[name]) + 1)
    links.bound("slip", key=key, options=numbers, first=1)
    number: int = st.selectbox(
        "Slip",
        numbers,
        format_func=lambda i: f"{i}  {WRONG[name][i - 1].slip}",
        key=key,
    )
    wrong = WRONG[name][number - 1]
    both = f"# right\n{ENTRIES[name].gradient_code}\n# instead\n{wrong.code}"
    st.code(both, language="python", wrap_lines=True)
    return wrong


def _draw_right(found: Pass, name: str) -> None:
    chart = heatmap_row(
        {"value": _numbers(found.values[name]), "gradient": _numbers(found.own[name])},
        notes={"value": name, "gradient": f"d{name}, the right one"},
    )
    place_chart(chart, key="break_right", fill="half")


def _numbers(tensor: Tensor) -> Matrix:
    numbers: Matrix = matrix(tensor).double().numpy()
    return numbers


def _draw_both(found: Pass, wrong: Wrong, broken: Wreck) -> None:
    """Right and wrong numbers beside each other, where torch gave any."""
    own = broken.written
    st.subheader("The numbers of both formulas", anchor=False)
    right = found.own[wrong.name]
    panels = {"right": _numbers(right)}
    notes = {"right": f"d{wrong.name}, {write_shape(right)}"}
    if own is not None:
        panels["wrong"] = _numbers(own)
        notes["wrong"] = wrong.slip
        if own.shape == right.shape:
            panels["difference"] = _numbers(own - right)
            notes["difference"] = "wrong − right"
    place_chart(heatmap_row(panels, notes=notes), key="break_numbers", fill="half")
