"""What a wrong formula does to a training, beside the right one. Knows no check."""

from collections import Counter
from collections.abc import Mapping
from math import isfinite

import pandas as pd
import streamlit as st

from makemore.by_hand.hand_training import Trained
from makemore.by_hand.wrong_formula import Wrong
from makemore.by_hand.wrong_gradients import Fate, end_of, fate
from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.experiments import slip_study
from makemore.experiments.slip_study import SlipResult
from makemore.ui.kit.ask_beside import ask_beside, look_again
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

MEAN_OF = 10  # batches to a point of the curve
HIGHEST = 8.0  # nats that are drawn
PANELS = ("wrong", "right")
FATES: Mapping[Fate, str] = {
    "falls as well": "falls as with the right one",
    "falls less": "falls less far",
    "stands still": "hardly moves",
    "rises": "rises",
    "diverges": "is no number any more",
    "refused": "torch refuses the gradient",
}


def show_training(about: ChosenList, wrong: Wrong, stage: Stage) -> None:
    """Both losses in one chart, once they are there, and what became of them."""
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
                f"{slip_study.STEPS} steps of plain descent at rate 0.1 with batches of 32, from the same net "
                f"and on the same batches; each point is the mean of {MEAN_OF}."
            )
    else:
        with stage.controls:
            st.caption(f"Training {slip_study.STEPS} steps with either formula.")
    look_again(not (right and own))


def trained(about: ChosenList, wrong: Wrong | None) -> Trained | None:
    """A short training with the wrong formula, or the right one; None while it is being worked out."""
    changed = {wrong.name: wrong.code} if wrong else {}
    return ask_beside(
        about,
        ("broken", *changed.items()),
        lambda: slip_study.train_with(about.dataset, changed),
    )


def curve(run: Trained, panel: str) -> pd.DataFrame:
    """The mean loss of every ten batches, as far as it can be drawn."""
    rows = [
        (panel, start + MEAN_OF, sum(run.losses[start : start + MEAN_OF]) / MEAN_OF)
        for start in range(0, len(run.losses) - MEAN_OF + 1, MEAN_OF)
    ]
    kept = [row for row in rows if isfinite(row[2]) and row[2] <= HIGHEST]
    return pd.DataFrame(kept, columns=["panel", "step", "loss"])


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


def count_fates() -> dict[Fate, list[SlipResult]]:
    """All measured slips by what became of them. Raises StudyError."""
    results = slip_study.read()
    return {fate: [each for each in results if each.fate == fate] for fate in FATES}


def list_fates() -> None:
    """Every wrong formula by what its training came to, as it was measured."""
    by_fate = count_fates()
    total = sum(map(len, by_fate.values()))
    falls = len(by_fate["falls as well"]) + len(by_fate["falls less"])
    st.subheader(f"All {total} slips, trained with", anchor=False)
    st.markdown(
        f"With {falls} of the {total} the loss falls, with {len(by_fate['falls as well'])} of them as low "
        "as with the right gradient. Most of those lie in batch norm, from where a slip reaches no "
        "parameter but C, W1 and b1: the others learn on."
    )
    place_table(
        [
            {
                "the loss": words,
                "slips": len(by_fate[fate]),
                "in the gradients": _tally(by_fate[fate]),
            }
            for fate, words in FATES.items()
        ]
    )


def _tally(results: list[SlipResult]) -> str:
    """d… of each, with how often where there are several."""
    often = Counter(result.name for result in results)
    return ", ".join(f"d{name}" + (f" ({n})" if n > 1 else "") for name, n in often.items())
