"""The computation graph of one batch, walked backwards one value at a time. Knows the entries, no training."""

import streamlit as st

from makemore.by_hand.backprop import ENTRIES, local_derivatives, path_gradients
from makemore.by_hand.checked_gradients import Check
from makemore.by_hand.gradient_entries import Path
from makemore.charts.layers.heatmap_row import heatmap_row
from makemore.charts.trees.computation_graph import computation_graph
from makemore.lessons.backprop.copied_and_added import show_broadcast
from makemore.lessons.backprop.graph_places import edge_frame, node_frame
from makemore.lessons.backprop.one_batch import WALK, Pass, matrix, pass_of
from makemore.lessons.backprop.one_number import choose_cell, tell_arithmetic
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.stage import Stage

NODE, FIRST = "walk_node", "logprobs"


def show_walk(about: ChosenList, name: str, stage: Stage) -> None:
    """The graph with what has been walked, and the value at hand: heatmaps, formula, one number."""
    found = pass_of(about, name)
    with stage.controls:
        node = _choose_node()
        path = _choose_path(node)
        _tell_gradient(node, found.checks[node])
        cell = choose_cell(found, node) if path else None
        if cell:
            tell_arithmetic(found, node, cell)
    with stage.picture:
        _draw_graph(found, node)
        if path and cell:
            _draw_heatmaps(found, node, path, cell)
    with stage.below:
        if path:
            show_broadcast(found, node, path)
        _tell_entry(node)


def walked(found: Pass, node: str) -> dict[str, Check]:
    """The checks of all gradients from the loss to this one."""
    return {name: found.checks[name] for name in WALK[: WALK.index(node) + 1]}


def _choose_node() -> str:
    """By a list, by two buttons with keys of their own, or by a click in the graph."""
    links.bound("node", key=NODE, options=WALK, first=FIRST)
    node: str = st.selectbox(
        "Value at hand",
        WALK,
        format_func=lambda name: f"{WALK.index(name) + 1}  {name}",
        key=NODE,
        help="In the order of the walk, from the loss back to C; or click a dot. Keys: Down goes on, Up "
        "goes back.",
    )
    place = WALK.index(node)
    with st.container(horizontal=True):
        _draw_turn("Forth again", "Up", place - 1, here=place > 0)
        _draw_turn("Further back", "Down", place + 1, here=place + 1 < len(WALK))
    return node


def _draw_turn(label: str, stroke: str, to: int, *, here: bool) -> None:
    st.button(
        label,
        key=f"walk_{stroke.lower()}",
        shortcut=stroke,
        disabled=not here,
        on_click=lambda: st.session_state.update({NODE: WALK[to]}),
    )


def _pick_node(mark: Mark) -> None:
    st.session_state[NODE] = mark["node"]


def _choose_path(node: str) -> Path | None:
    """Through which of the values made of it the gradient comes; None for the loss."""
    paths = {path.through: path for path in ENTRIES[node].paths}
    if len(paths) < 2:
        return next(iter(paths.values()), None)
    key = f"walk_path_{node}"
    links.bound("through", key=key, options=list(paths), first=next(iter(paths)))
    through = st.segmented_control(
        "Comes back through",
        list(paths),
        key=key,
        required=True,
        help="It is used twice, so that its gradient is the sum of what comes back on both ways.",
    )
    return paths[through or next(iter(paths))]


def _tell_gradient(node: str, check: Check) -> None:
    entry = ENTRIES[node]
    st.code(f"d{node} = {entry.gradient_code}", language="python", wrap_lines=True)
    same = "all bits" if check.verdict == "exact" else f"largest difference {check.largest:.1e}"
    st.markdown(f":material/check: Against autograd: **{check.verdict}**, {same}.")


def _draw_graph(found: Pass, node: str) -> None:
    checks = walked(found, node)
    chart = computation_graph(
        node_frame(found.values, checks), edge_frame(found.values, checks), chosen=node
    )
    place_chart(chart, key="walk_graph", fill="column", on_select=_pick_node)


def _draw_heatmaps(found: Pass, node: str, path: Path, cell: tuple[int, int]) -> None:
    through = path.through
    local = local_derivatives(node, found.values, found.X, found.Y)[through]
    product = path_gradients(node, found.values, found.own, found.X, found.Y)[through]
    several = len(ENTRIES[node].paths) > 1
    panels = {
        "value": (node, found.values[node]),
        "local": (f"∂{through}/∂{node}", local),
        "incoming": (f"d{through}", found.own[through]),
        "product": (f"{'part of ' if several else ''}d{node}", product),
    }
    if several:
        panels["sum of both ways"] = (f"d{node}", found.own[node])
    marked = [name for name in panels if name not in ("local", "incoming")]
    place_chart(
        heatmap_row(
            {name: matrix(tensor).double().numpy() for name, (_, tensor) in panels.items()},
            notes={name: note for name, (note, _) in panels.items()},
            cells=dict.fromkeys(marked, cell),
        ),
        key="walk_heatmaps",
        fill="half",
    )


def _tell_entry(node: str) -> None:
    entry = ENTRIES[node]
    st.subheader(f"{node}: forward and back", anchor=False)
    forward, back = st.columns(2)
    with forward:
        st.latex(entry.formula)
        if entry.code:
            st.code(f"{node} = {entry.code}", language="python", wrap_lines=True)
        st.markdown(f"{entry.reason} Shape: {entry.shape}.")
    with back:
        for path in entry.paths:
            st.latex(rf"\text{{through {path.through.replace('_', ' ')}: }} {path.formula}")
            st.markdown(path.reason)
        if not entry.paths:
            st.markdown("Here it begins: the loss changes by 1 where the loss changes by 1.")
