"""The loss before the first step, which is known in advance, and what it costs later. Knows the two starts."""

import math

import pandas as pd
import streamlit as st

from makemore.charts.layers.histograms import contrast_histogram
from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.layers import histograms
from makemore.lessons.mlp_bn.starts_of_list import starts_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources import loaded
from makemore.ui.sources.two_starts import PANELS, WORDS, Panel, Starts

ALONE: tuple[Panel, ...] = ("repaired",)


def show_first_loss(about: ChosenList, name: str, stage: Stage) -> None:
    """The repaired start's logits and the question beside them; after it both starts, and their losses."""
    starts = starts_of(about)
    with stage.controls:
        answered = _tell_first_loss(about, starts) if about.own else _ask_first_loss(about, starts)
        later = _first_step_after_start(starts)
        views = {"all": "From step 0", "later": f"From step {later:,}"}
        shown = (
            choose("Steps shown", views, key="curves_from", in_link="from") if answered else "all"
        )
        if answered:
            _tell_losses(starts, about)
    with stage.picture:
        if not answered:
            _draw_logits(starts, ALONE, reach=0.5, whole=True)
            return
        _draw_logits(starts, tuple(PANELS), reach=40.0, whole=False)
        frame = _dev_curves(starts)
        if shown == "later":
            frame = frame[frame["step"] >= later]
        chart = contrast_curve(frame, letters=len(about.vocabulary), panels=WORDS)
        place_chart(chart, key="curves", fill="half")


def _tell_first_loss(about: ChosenList, starts: Starts) -> bool:
    """The answer, of a list for which the choices would be others."""
    naive, repaired = (starts.first_loss(panel) for panel in PANELS)
    sure, right = starts.confidence_at_start("naive")
    letters = len(about.vocabulary)
    st.markdown(
        f"Uniform guesses among {letters} letters cost ln {letters} = {math.log(letters):.2f} nats, and "
        f"the repaired start costs **{repaired:.2f}**: its logits are near zero. The naive start, whose "
        f"last layer has weights a hundred times larger, costs **{naive:.1f}**: on average it gives "
        f"{sure:.0%} to one letter, which is the right one {right:.0%} of the time."
    )
    return True


def _ask_first_loss(about: ChosenList, starts: Starts) -> bool:
    naive, repaired = (starts.first_loss(panel) for panel in PANELS)
    sure, right = starts.confidence_at_start("naive")
    best = min(loaded.checkpoint(key).metadata.losses["dev"] for key in SHIPPED)
    letters = len(about.vocabulary)
    answer = f"about {naive:.0f} nats"
    choices = {
        "about 1 nat": f"No net here ever gets so low: the best trained one ends at {best:.2f}.",
        "about 3.3 nats": f"That is the repaired start, {repaired:.2f}: all its logits are near zero, so "
        f"every letter gets about 1/{letters}, and −ln of that is {math.log(letters):.2f}.",
        answer: f"Its logits lie so far apart that on average it gives {sure:.0%} to one letter, which is "
        f"the right one {right:.0%} of the time: sure and wrong costs {naive:.1f} nats.",
    }
    return ask_to_predict(
        f"uniform guesses among {letters} letters cost ln {letters} = {math.log(letters):.2f} nats. Drawn "
        "are the logits of the repaired start before any training. What is the loss of the naive "
        "start, whose last layer has weights a hundred times larger?",
        choices,
        answer=answer,
        key="naive_loss",
    )


def _draw_logits(starts: Starts, panels: tuple[Panel, ...], *, reach: float, whole: bool) -> None:
    """How far apart the first logits are."""
    looks = {panel: starts.look_at(panel, "start") for panel in panels}
    bins = histograms.histograms(
        {panel: look.activations["logits"] for panel, look in looks.items()},
        low=-reach,
        high=reach,
    )
    chart = contrast_histogram(bins, quantity="logit before the first step", panels=WORDS)
    place_chart(chart, key="logits", fill="whole" if whole else "half")


def _tell_losses(starts: Starts, about: ChosenList) -> None:
    naive, repaired = (net.metadata.losses["dev"] for net in starts.nets.values())
    loop = "the recipe “fast”" if about.own else "the lecture's loop"
    st.caption(
        f"Dev loss of both after {loop}, one seed: naive {naive:.4f}, repaired "
        f"{repaired:.4f}. They share seed, batches and recipe."
    )


def _first_step_after_start(starts: Starts) -> int:
    return int(sorted(_dev_curves(starts)["step"].unique())[1])


def _dev_curves(starts: Starts) -> pd.DataFrame:
    """Both trainings. Columns: panel, step, loss."""
    return pd.concat([_dev_curve(starts, panel) for panel in PANELS], ignore_index=True)


def _dev_curve(starts: Starts, panel: Panel) -> pd.DataFrame:
    trajectory = starts.nets[panel].trajectory
    stored = trajectory.evaluated if trajectory else {}
    steps, losses = (stored[name].tolist() if stored else [] for name in ("step", "dev"))
    return pd.DataFrame({"panel": panel, "step": steps, "loss": losses})
