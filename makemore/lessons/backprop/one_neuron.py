"""One neuron as a graph of numbers, walked back edge by edge. Knows no tensor and no net."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import streamlit as st

from makemore.by_hand import scalar_walk
from makemore.by_hand.scalar_autograd import Number, neuron
from makemore.by_hand.scalar_walk import Edge
from makemore.charts.base.chart import Chart
from makemore.charts.trees.expression_graph import expression_graph
from makemore.diagnostics.trees.expression_graph import place_edges, place_nodes, write_number
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

Form = Literal["plain", "shared"]
Way = Literal["added", "overwritten"]
FORMS: Mapping[Form, str] = {"plain": "x1 used once", "shared": "x1 used twice"}
WAYS: Mapping[Way, str] = {"added": "+=", "overwritten": "="}
FORMULAS: Mapping[Form, str] = {
    "plain": r"o = \tanh(w_1 x_1 + w_2 x_2 + b)",
    "shared": r"o = \tanh(w_1 x_1 + w_2 x_1 + b)",
}
FIRST = {"x1": 1.0, "w1": -0.5, "x2": 0.5, "w2": 1.5, "b": 0.3}
RANGE = links.Tenths(-30, 30)
NUDGES = (1.0, 0.5, 0.1, 0.01, 0.001)
EDGES = 9  # of either expression
KEPT = 64  # charts for all visitors


def show_one_neuron(about: ChosenList, name: str, stage: Stage) -> None:
    """The graph with its gradients as far as the walk has come, and one input nudged."""
    with stage.controls:
        form = choose("Expression", FORMS, key="neuron_form", in_link="form")
        shared = form == "shared"
        walk, inputs = st.container(), _choose_inputs(shared=shared)
    root = neuron(inputs, shared=shared)
    with walk:
        answered = not shared or _ask_twice(root)
        done, added = _choose_walk(shared) if answered else (_before_x1(root), True)
    with stage.controls:
        if answered:
            _nudge(root, inputs, shared=shared, added=added)
    edges = scalar_walk.walk_back(root, done, added=added)
    with walk:
        _tell_edge(edges, done)
    with stage.picture:
        st.latex(FORMULAS[form])
        chart = draw_graph(tuple(inputs.values()), shared=shared, done=done, added=added)
        place_chart(chart, key="neuron_graph", fill="most")
    with stage.below:
        _list_edges(edges[:done])


@lru_cache(maxsize=KEPT)
def draw_graph(values: tuple[float, ...], *, shared: bool, done: int, added: bool) -> Chart:
    """The graph of these inputs after so many edges."""
    root = neuron(dict(zip(FIRST, values, strict=True)), shared=shared)
    edges = scalar_walk.walk_back(root, done, added=added)
    nodes = place_nodes(root)
    return expression_graph(nodes, place_edges(nodes, edges, done))


def _choose_inputs(*, shared: bool) -> dict[str, float]:
    """A slider for each; x2 stands in only one of the two expressions."""
    chosen = dict(FIRST)
    columns = st.columns(2)
    drawn = [name for name in FIRST if not (shared and name == "x2")]
    for place, name in enumerate(drawn):
        key = f"neuron_{name}"
        links.bound(name, key=key, options=RANGE, first=FIRST[name], say=lambda v: f"{v:.1f}")
        with columns[place % 2]:
            chosen[name] = round(
                float(st.slider(name, -3.0, 3.0, step=0.1, format="%.1f", key=key)), 1
            )
    return chosen


def _choose_walk(shared: bool) -> tuple[int, bool]:
    """How many edges are done, and whether what comes back is added."""
    links.bound("edges", key="neuron_edges", options=range(EDGES + 1), first=EDGES)
    help = "From o back to the inputs: each edge multiplies by its local derivative."
    done: int = st.slider("Edges walked back", 0, EDGES, key="neuron_edges", help=help)
    if not shared:
        return done, True
    help = "What the walk does with what comes back to a number; `=` is the classic bug."
    way = choose("Gradient … slope · gradient", WAYS, key="neuron_way", in_link="way", help=help)
    return done, way == "added"


def _before_x1(root: Number) -> int:
    return [edge.part.name for edge in scalar_walk.edges_back(root)].index("x1")


def _ask_twice(root: Number) -> bool:
    edges = scalar_walk.walk_back(root, len(scalar_walk.edges_back(root)))
    first, second = (edge.passed for edge in edges if edge.part.name == "x1")
    answer = "their sum"
    one, other, total = (write_number(value) for value in (first, second, first + second))
    return ask_to_predict(
        "drawn is the walk just before it comes to x1. On two edges something comes back to it. What "
        "is its gradient?",
        {
            "what came last": f"That is what `=` would leave: {other}, with {one} forgotten.",
            answer: f"{one} and {other} add up to {total}: a change of x1 acts on o on both ways at once.",
            "their product": "Slopes multiply along a way, one edge after the other; two ways stand side by "
            "side.",
        },
        answer=answer,
        key="used_twice",
    )


def _tell_edge(edges: list[Edge], done: int) -> None:
    """The chain rule with the numbers of the edge at hand."""
    if not done:
        st.markdown("**Start**: o itself has the gradient 1.")
        return
    edge = edges[done - 1]
    st.markdown(f"**{edge.made.name} → {edge.part.name}**: {chain_rule(edge)}")


def chain_rule(edge: Edge) -> str:
    """local derivative · gradient of what was made = what comes back."""
    made, slope = write_number(edge.made.gradient), write_number(edge.slope)
    return f"{slope} · {made} = {write_number(edge.passed)}"


def _nudge(root: Number, inputs: dict[str, float], *, shared: bool, added: bool) -> None:
    """One input moved by h: the difference quotient beside the gradient."""
    names = {name: name for name in inputs if not (shared and name == "x2")}
    chosen = choose("Nudge", names, key="neuron_nudged", in_link="nudge")
    links.bound("h", key="neuron_h", options=NUDGES, first=0.1)
    h: float = st.select_slider("by h", NUDGES, key="neuron_h")
    scalar_walk.walk_back(root, EDGES, added=added)
    slope = next(number.gradient for number in root.ordered() if number.name == chosen)
    quotient = scalar_walk.difference_quotient(inputs, chosen, h, shared=shared)
    left, right = st.columns(2)
    help = f"(o at {chosen} + h, less o at {chosen}) / h"
    left.metric("Δo / h", write_number(quotient), help=help)
    help = "After the whole walk: what Δo / h comes to for h towards 0."
    right.metric(f"Gradient of {chosen}", write_number(slope), help=help)


def _list_edges(edges: list[Edge]) -> None:
    """The walk so far, edge by edge."""
    if not edges:
        return
    place_table(
        [
            {
                "edge": str(place),
                "from": edge.made.name,
                "back to": edge.part.name,
                "made by": edge.made.made_by.replace("+", r"\+"),
                "local derivative": write_number(edge.slope),
                "its gradient": write_number(edge.made.gradient),
                "passed on": write_number(edge.passed),
            }
            for place, edge in enumerate(edges, start=1)
        ]
    )
