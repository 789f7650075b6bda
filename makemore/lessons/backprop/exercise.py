"""Write the backward pass: for each gradient the right formula among four. Knows no training."""

import streamlit as st

from makemore.by_hand.backprop import ENTRIES
from makemore.by_hand.checked_gradients import Check
from makemore.by_hand.wrong_gradients import WRONG
from makemore.charts.layers.heatmap_row import heatmap_row
from makemore.charts.trees.computation_graph import computation_graph
from makemore.lessons.backprop.graph_places import edge_frame, node_frame
from makemore.lessons.backprop.one_batch import Pass, matrix, pass_of
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.stage import Stage

NAMES = tuple(WRONG)  # in the order of the walk
GRADIENT, SOLVED = "exercise_gradient", "exercise_solved"
PROGRESS = links.Subsets(NAMES)


def show_exercise(about: ChosenList, name: str, stage: Stage) -> None:
    """The graph with what is written so far, four formulas, and what the chosen one is right for."""
    found = pass_of(about, name)
    with stage.controls:
        solved = links.bound(
            "solved", key=SOLVED, options=PROGRESS, first=[], say=PROGRESS.say, read=PROGRESS.read
        )
        gradient = _choose_gradient(solved)
        _ask_formula(gradient, solved)
    with stage.picture:
        checks = checks_of(found, solved)
        graph = computation_graph(
            node_frame(found.values, checks), edge_frame(found.values, checks), chosen=gradient
        )
        place_chart(graph, key="exercise_graph", fill="column", on_select=_pick_gradient)
        _draw_known(found, gradient, written=gradient in solved)


def checks_of(found: Pass, solved: list[str]) -> dict[str, Check]:
    """Of what is written so far; that of the loss goes without saying."""
    return {name: found.checks[name] for name in ("loss", *NAMES) if name in ("loss", *solved)}


def choices_of(gradient: str) -> dict[str, str]:
    """The four formulas with what is told of each; the right one stands at another place each time."""
    wrong = [
        (each.code, f"**{each.slip.capitalize()}.** {each.meaning}") for each in WRONG[gradient]
    ]
    entry = ENTRIES[gradient]
    told = " ".join(path.reason for path in entry.paths)
    place = (7 * NAMES.index(gradient) + 2) % 4
    return dict([*wrong[:place], (entry.gradient_code, told), *wrong[place:]])


def _choose_gradient(solved: list[str]) -> str:
    links.bound("gradient", key=GRADIENT, options=NAMES, first=NAMES[0])
    st.caption(f"{len(solved)} of {len(NAMES)} gradients written")
    st.progress(len(solved) / len(NAMES))
    gradient: str = st.selectbox(
        "Gradient to write",
        NAMES,
        format_func=lambda name: f"d{name}{', written' if name in solved else ''}",
        key=GRADIENT,
        help="Or click a dot. What is written is kept in the link.",
    )
    return gradient


def _pick_gradient(mark: Mark) -> None:
    if mark["node"] in NAMES:
        st.session_state[GRADIENT] = mark["node"]


def _ask_formula(gradient: str, solved: list[str]) -> None:
    entry, key = ENTRIES[gradient], f"exercise_choice_{gradient}"
    choices = choices_of(gradient)

    def note() -> None:
        done = st.session_state[SOLVED]
        if st.session_state[key] == entry.gradient_code and gradient not in done:
            st.session_state[SOLVED] = [*done, gradient]

    for path in entry.paths:
        forward = ENTRIES[path.through]
        st.code(f"{forward.name} = {forward.code}", language="python", wrap_lines=True)
    chosen = st.radio(
        f"d{gradient} =",
        list(choices),
        index=None,
        format_func=lambda code: f"`{code}`",
        key=key,
        on_change=note,
    )
    if gradient in solved and chosen in (None, entry.gradient_code):
        st.success(
            f"`{entry.gradient_code}` is right. {choices[entry.gradient_code]}",
            icon=":material/check_circle:",
        )
        _offer_next(gradient, solved)
    elif chosen:
        st.info(choices[chosen], icon=":material/lightbulb:")


def _offer_next(gradient: str, solved: list[str]) -> None:
    """The next one in the walk that is still to be written."""
    at = NAMES.index(gradient)
    rest = [name for name in (*NAMES[at:], *NAMES[:at]) if name not in solved]
    if not rest:
        st.markdown("**The whole backward pass is written.**")
        return
    st.button(
        f"Next: d{rest[0]}",
        key="exercise_next",
        on_click=lambda: st.session_state.update({GRADIENT: rest[0]}),
    )


def _draw_known(found: Pass, gradient: str, *, written: bool) -> None:
    """What the formula may use, and once it is written what it comes to."""
    panels = {"value": (gradient, found.values[gradient])}
    for number, path in enumerate(ENTRIES[gradient].paths, start=1):
        label = "incoming" if len(ENTRIES[gradient].paths) == 1 else f"incoming {number}"
        panels[label] = (f"d{path.through}", found.own[path.through])
    if written:
        panels["gradient"] = (f"d{gradient}", found.own[gradient])
    chart = heatmap_row(
        {label: matrix(tensor).double().numpy() for label, (_, tensor) in panels.items()},
        notes={label: note for label, (note, _) in panels.items()},
    )
    place_chart(chart, key="exercise_heatmaps", fill="half")
