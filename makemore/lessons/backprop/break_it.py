"""One gradient with a wrong formula: which checks fail, and whether the loss still falls. Knows no walk."""

from collections.abc import Sequence
from math import isfinite

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.by_hand.backprop import ENTRIES, draw_net
from makemore.by_hand.hand_training import Trained, changed_step, train
from makemore.by_hand.wrong_formula import Wrong
from makemore.by_hand.wrong_gradients import WRONG, Wreck, end_of, fate, wreck
from makemore.charts.base.png import Matrix
from makemore.charts.layers.heatmap_row import heatmap_row
from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.charts.trees.computation_graph import computation_graph
from makemore.lessons.backprop.graph_places import edge_frame, node_frame
from makemore.lessons.backprop.one_batch import BLOCK, Pass, matrix, pass_of, write_shape
from makemore.ui.kit import links
from makemore.ui.kit.ask_beside import ask_beside, look_again
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

FIRST = "counts"
STEPS, SEED = 500, 1
MEAN_OF = 10  # batches to a point of the curve
HIGHEST = 8.0  # nats that are drawn
FEW = 6  # names that are listed
PANELS = ("wrong", "right")


def show_break(about: ChosenList, name: str, stage: Stage) -> None:
    """Choose a wrong formula, predict, see the checks and a training with it."""
    found = pass_of(about, name)
    with stage.controls:
        wrong = _choose_wrong()
        broken = about.kept(
            ("wreck", name, wrong.code, wrong.name),
            lambda: wreck(wrong, found.net, found.X, found.Y),
        )
        answered = _ask_checks(wrong, broken)
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
    _show_training(about, wrong, stage)
    with stage.below:
        _draw_both(found, wrong, broken)


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


def made_from(name: str) -> set[str]:
    """The values whose gradients are made from that of this one: all that it was made of."""
    found: set[str] = set()
    for other in ENTRIES[name].inputs:
        found |= {other} | made_from(other)
    return found


def outcomes(wrong: Wrong) -> dict[str, str]:
    """What can become of the checks, in words."""
    several = {
        "some": f"d{wrong.name} and some of those made from it",
        "all": f"d{wrong.name} and all that are made from it",
    }
    return {
        "none": "none: all checks pass",
        "itself": f"d{wrong.name} alone",
        **(several if made_from(wrong.name) else {}),
        "refused": "torch refuses the shapes, and the walk ends",
    }


def outcome(wrong: Wrong, broken: Wreck) -> str:
    """Which of these it is, as measured."""
    red = set(broken.red)
    if broken.refusal:
        return "refused"
    if not red:
        return "none"
    if red == {wrong.name}:
        return "itself"
    return "all" if red == made_from(wrong.name) | {wrong.name} else "some"


def _ask_checks(wrong: Wrong, broken: Wreck) -> bool:
    words, right = outcomes(wrong), outcome(wrong, broken)
    told = tell_checks(wrong, broken)
    if broken.refusal:
        told = f"torch says: “{broken.refusal}”."
    why = {
        "none": "Then the formula would come to the same numbers.",
        "itself": "Then nothing behind it would be made from these numbers, or they would do no harm there.",
        "some": "Then the slip would cancel out somewhere on the way back.",
        "all": "Every gradient that is made from these numbers would have to come out wrong.",
        "refused": "For that the sizes would have to fit neither as they are nor by broadcasting.",
    }
    choices = {words[key]: why[key] for key in words}
    choices[words[right]] = f"{told} {wrong.meaning}"
    number = WRONG[wrong.name].index(wrong)
    return ask_to_predict(
        "the graph shows all checks as they are with the right formula. With the other one in its "
        "place, which fail?",
        choices,
        answer=words[right],
        key=f"break_{wrong.name}_{number}",
    )


def tell_checks(wrong: Wrong, broken: Wreck) -> str:
    """How many fail, and which; of many rather which do not."""
    red = broken.red
    if not red:
        return f"All {len(broken.checks)} checks pass."
    told = f"Of {len(broken.checks)} checks {len(red)} fail"
    if len(red) <= FEW:
        return f"{told}: {_list(red)}."
    spared = [name for name in reversed(ENTRIES) if name in made_from(wrong.name) - set(red)]
    return (
        f"{told}; of what is made from it {_list(spared)} still agrees." if spared else f"{told}."
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"d{name}" for name in names)


def _draw_right(found: Pass, name: str) -> None:
    chart = heatmap_row(
        {"value": _numbers(found.values[name]), "gradient": _numbers(found.own[name])},
        notes={"value": name, "gradient": f"d{name}, the right one"},
    )
    place_chart(chart, key="break_right", fill="half")


def _numbers(tensor: Tensor) -> Matrix:
    numbers: Matrix = matrix(tensor).double().numpy()
    return numbers


def trained(about: ChosenList, wrong: Wrong | None) -> Trained | None:
    """A short training with the wrong formula, or the right one; None while it is being worked out."""
    changed = {wrong.name: wrong.code} if wrong else {}

    def make() -> Trained:
        net = draw_net(letters=len(about.vocabulary))
        examples = about.dataset.examples("train", BLOCK)
        return train(net, examples, steps=STEPS, seed=SEED, slope=changed_step(changed))

    return ask_beside(about, ("broken", *changed.items()), make)


def curve(run: Trained, panel: str) -> pd.DataFrame:
    """The mean loss of every ten batches, as far as it can be drawn."""
    rows = [
        (panel, start + MEAN_OF, sum(run.losses[start : start + MEAN_OF]) / MEAN_OF)
        for start in range(0, len(run.losses) - MEAN_OF + 1, MEAN_OF)
    ]
    kept = [row for row in rows if isfinite(row[2]) and row[2] <= HIGHEST]
    return pd.DataFrame(kept, columns=["panel", "step", "loss"])


def _show_training(about: ChosenList, wrong: Wrong, stage: Stage) -> None:
    right, own = trained(about, None), trained(about, wrong)
    if right and own:
        with stage.picture:
            frame = pd.concat([curve(own, "wrong"), curve(right, "right")], ignore_index=True)
            letters = len(about.vocabulary)
            chart = contrast_curve(frame, letters=letters, panels=PANELS, measured="train loss")
            place_chart(chart, key="break_curves", fill="half")
        with stage.controls:
            st.markdown(tell_fate(own, right))
            st.caption(
                f"{STEPS} steps of plain descent at rate 0.1 with batches of 32, from the same net and on "
                f"the same batches; each point is the mean of {MEAN_OF}."
            )
    else:
        with stage.controls:
            st.caption(f"Training {STEPS} steps with either formula.")
    look_again(not (right and own))


def tell_fate(own: Trained, right: Trained) -> str:
    """What became of the training, in a sentence of markdown."""
    end, best = end_of(own), end_of(right)
    match fate(own, right):
        case "refused":
            return f"**The training ends after {len(own.losses)} forward passes**: torch refuses the gradient."
        case "diverges":
            return "**The training diverges**: the loss is no number any more."
        case "rises":
            return f"**The loss rises**, to {end:.3f} nats; right: {best:.3f}."
        case "stands still":
            return f"**The loss hardly moves**: {end:.3f} nats at the end; right: {best:.3f}."
        case "falls less":
            return f"**The loss falls all the same**, though to {end:.3f} nats; right: {best:.3f}."
        case "falls as well":
            return (
                f"**The loss falls as with the right gradient**: {end:.3f} nats at the end; right: "
                f"{best:.3f}. A look at the curve would never find this slip; the check does."
                if own.losses != right.losses
                else f"**The loss is the same to the last digit**: {end:.3f} nats."
            )


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
