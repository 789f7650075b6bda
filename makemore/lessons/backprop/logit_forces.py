"""The gradient by the logits: one force up, many down. Knows one batch, no training."""

import pandas as pd
import streamlit as st

from makemore.by_hand.backprop import ENTRIES
from makemore.by_hand.fused_backprop import LOSS_CHAIN, logit_gradient
from makemore.charts.letters.logit_forces import force_bars, logit_gradients
from makemore.lessons.backprop.one_batch import Pass, pass_of
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

EXAMPLE = "forces_example"
FUSED = r"\partial\text{logits} = \frac{\text{softmax}(\text{logits}) - \text{onehot}(Y)}{n}"


def show_logit_forces(about: ChosenList, name: str, stage: Stage) -> None:
    """The heatmap of the batch, and the bars of one of its examples."""
    found = pass_of(about, name)
    letters = list(about.vocabulary.letters)
    with stage.controls:
        example = _choose_example(found)
        answered = _ask_row_sum(found, example)
        if answered:
            _tell_forces(found, example)
    with stage.picture:
        left, right = st.columns([3, 2], gap="small") if answered else (st.container(), None)
        with left:
            gradient = logit_gradient(found.values["logits"], found.Y).numpy()
            labels = list(found.labels)
            chart = logit_gradients(gradient, examples=labels, letters=letters, chosen=example)
            place_chart(chart, key="forces_map", fill="whole", on_select=_take)
        if right:
            with right:
                bars = force_bars(forces_of(found, example, letters), example=labels[example])
                place_chart(bars, key="forces_bars", fill="whole")
    if answered:
        with stage.below:
            _compare_chain(found)


def forces_of(found: Pass, example: int, letters: list[str]) -> pd.DataFrame:
    """`letter, force, probability` of one example; the force is minus the gradient by the logit."""
    logits = found.values["logits"]
    force = -logit_gradient(logits, found.Y)[example]
    probability = logits[example].softmax(dim=0)
    return pd.DataFrame(
        {"letter": letters, "force": force.tolist(), "probability": probability.tolist()}
    )


def compare_chain(found: Pass) -> dict[str, float]:
    """The largest difference of the one step from the chain by hand, and from autograd."""
    fused = logit_gradient(found.values["logits"], found.Y)
    others = {"the chain": found.own["logits"], "autograd": found.theirs["logits"]}
    return {name: float((fused - other).abs().max()) for name, other in others.items()}


def _choose_example(found: Pass) -> int:
    places = range(len(found.labels))
    links.bound("example", key=EXAMPLE, options=places, first=0, say=lambda i: str(i + 1))
    return int(
        st.selectbox(
            "Example",
            places,
            format_func=lambda i: found.labels[i],
            key=EXAMPLE,
            help="Three letters, and the one that came. The letters of your name come first; or choose "
            "a row of the heatmap.",
        )
    )


def _take(row: Mark) -> None:
    st.session_state[EXAMPLE] = int(row["example"])


def _ask_row_sum(found: Pass, example: int) -> bool:
    n, letters = found.values["logits"].shape
    answer = "0"
    return ask_to_predict(
        f"drawn is the gradient of the loss by each logit. In every row one number is below zero, that of "
        f"the letter that came. What do the {letters} numbers of a row add up to?",
        {
            answer: "To raise all logits of a row by the same leaves its softmax as it is, so the loss has "
            "no slope in that direction.",
            f"1/{n}": f"That is what the softmax of a row, divided by n = {n}, adds up to; the one that is "
            "taken off for the letter that came makes it 0.",
            "the loss of the example": "The loss says how far off the row is, not in which direction it "
            "changes.",
        },
        answer=answer,
        key="row_sum",
    )


def _tell_forces(found: Pass, example: int) -> None:
    row = logit_gradient(found.values["logits"], found.Y)[example].double()
    probability = float(found.values["probs"][example, found.Y[example]])
    up, down = st.columns(2)
    up.metric("Up on one", f"{-float(row.min()):.5f}")
    down.metric("Down on all others", f"{float(row[row > 0].sum()):.5f}")
    st.latex(FUSED)
    n = len(found.Y)
    st.caption(
        f"{plain(found.labels[example])}: the letter that came has {probability:.2%}, so a force of "
        f"(1 − {probability:.4f}) / {n} pulls it up, and each other letter is pushed down by its own "
        f"probability / {n}. Blue: the gradient is below zero, so descent raises the logit. How strong a "
        "colour is goes by the square root."
    )


def _compare_chain(found: Pass) -> None:
    """The one step against the eight that it stands for."""
    differences = compare_chain(found)
    st.subheader("One step in the place of eight", anchor=False)
    lines = [f"d{name} = {ENTRIES[name].gradient_code}" for name in LOSS_CHAIN]
    st.code("\n".join(lines), language="python", wrap_lines=True)
    told = " and ".join(f"{most:.1e} from {name}" for name, most in differences.items())
    st.markdown(
        f"In one step the gradient by the logits differs by at most {told}: float32 rounding."
    )
