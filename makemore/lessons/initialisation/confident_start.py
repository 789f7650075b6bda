"""The loss before the first step: what it should be, and what makes it too large. Knows the naive start."""

import math

import pandas as pd
import streamlit as st
import torch

from makemore.charts.layers.histograms import contrast_histogram
from makemore.charts.letters.letter_bars import letter_bars
from makemore.data.examples import windows
from makemore.diagnostics.layers import histograms
from makemore.experiments.recorded_starts import fresh
from makemore.inference import evaluation
from makemore.lessons.initialisation import starts
from makemore.models import LanguageModel
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

SCALES = (1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.0)
EXAMPLES = 1_000
REACH = 40.0
PANELS = ("as drawn", "scaled")


def show_confident_start(about: ChosenList, name: str, stage: Stage) -> None:
    """Logits over a batch and the answer to one context, with the last layer scaled by the slider."""
    with stage.controls:
        asked = about.own or _ask_first_loss(about)
        scale = _choose_scale() if asked else 0.0
        if asked:
            _show_loss(about, scale)
        place = _choose_place(about, name)
        if asked:
            _tell_why(about)
    with stage.picture:
        _draw_logits(about, scale, told=asked)
        _draw_answer(about, name, place, scale)


def scaled(about: ChosenList, scale: float) -> LanguageModel:
    """The naive net with W2 and b2 multiplied."""

    def make() -> LanguageModel:
        net = fresh("naive", len(about.vocabulary))
        with torch.no_grad():
            for parameter in net.get_submodule("layers.logits").parameters():
                parameter.mul_(scale)
        return net

    return about.kept(("scaled start", scale), make)


def first_loss(about: ChosenList, scale: float) -> float:
    """Its loss on all train examples, in nats."""
    return about.kept(
        ("scaled loss", scale),
        lambda: evaluation.loss(scaled(about, scale), about.dataset.examples("train", 3)),
    )


def confidence(about: ChosenList) -> tuple[float, float]:
    """Of the naive start: the mean probability of its likeliest letter, and how often that one comes."""
    examples = starts.batch(about, EXAMPLES)
    likeliest = _logits(about, 1.0).softmax(dim=1).max(dim=1)
    right = (likeliest.indices == examples.targets).double().mean()
    return float(likeliest.values.mean()), float(right)


def _logits(about: ChosenList, scale: float) -> torch.Tensor:
    """(examples, letters) of the batch."""

    def make() -> torch.Tensor:
        with torch.inference_mode():
            found: torch.Tensor = scaled(about, scale)(starts.batch(about, EXAMPLES).contexts)
        return found

    return about.kept(("scaled logits", scale), make)


def _choose_scale() -> float:
    key = "w2_scale"
    links.bound("scale", key=key, options=SCALES, first=1.0)
    help = "Multiplies W2 and b2, the weights and biases that make the logits; all else stays."
    scale: float = st.select_slider(
        "Scale of W2 and b2", SCALES, format_func=lambda s: f"× {s:g}", key=key, help=help
    )
    return scale


def _choose_place(about: ChosenList, name: str) -> int:
    """Which letter of the name is the next one, from 0; the last is the dot."""
    word, key = f"{name}.", "start_place"
    first = min(len(name) - 1, 3) if name else 0
    links.bound("letter", key=key, options=range(len(word)), first=first, say=lambda i: str(i + 1))
    return int(
        st.selectbox(
            "Example",
            range(len(word)),
            format_func=lambda i: f"{_context(name, i)} → {word[i]}",
            key=key,
            help="Three letters of the name, and the one that comes next; dots stand before it.",
        )
    )


def _context(name: str, place: int) -> str:
    return ("..." + name)[place : place + 3]


def _draw_logits(about: ChosenList, scale: float, *, told: bool) -> None:
    values = {"scaled": _logits(about, scale)}
    if told and scale != 1:
        values = {"as drawn": _logits(about, 1.0), **values}
    bins = histograms.histograms(values, low=-REACH, high=REACH, bins=80)
    chart = contrast_histogram(bins, quantity="logit before the first step", panels=PANELS)
    place_chart(chart, key="start_logits", fill="half")


def _draw_answer(about: ChosenList, name: str, place: int, scale: float) -> None:
    contexts = windows((name,), about.vocabulary, 3).contexts
    with torch.inference_mode():
        answer = scaled(about, scale)(contexts)[place].softmax(dim=0)
    letters = pd.DataFrame({"letter": about.vocabulary.letters, "probability": answer.tolist()})
    chart = letter_bars(letters, given=f"after {_context(name, place)}", chosen=f"{name}."[place])
    place_chart(chart, key="start_answer", fill="half")


def _ask_first_loss(about: ChosenList) -> bool:
    letters = len(about.vocabulary)
    naive, flat = first_loss(about, 1.0), first_loss(about, 0.0)
    sure, right = confidence(about)
    answer = f"about {naive:.0f} nats"
    choices = {
        "about 1 nat": "That would take a trained net, and a better one than any here.",
        f"about {flat:.1f} nats": f"That is what all logits at zero cost, as drawn here: every letter gets "
        f"1/{letters}, and −ln of that is {math.log(letters):.2f}.",
        answer: f"On average it gives {sure:.0%} to one letter, which is the right one {right:.0%} of the "
        "time: confidently wrong.",
    }
    return ask_to_predict(
        f"here all logits are 0: each of {letters} letters gets the same, and the loss is ln {letters} = "
        f"{math.log(letters):.2f}. What is it if the last layer is drawn from N(0, 1), as all others are?",
        choices,
        answer=answer,
        key="start_loss",
    )


def _show_loss(about: ChosenList, scale: float) -> None:
    letters, loss = len(about.vocabulary), first_loss(about, scale)
    loss_box, baseline = st.columns(2)
    loss_box.metric(
        "Loss at step 0", f"{loss:.2f}", help="Of all train examples, in nats per character."
    )
    baseline.metric(
        f"ln {plain(str(letters))}", f"{math.log(letters):.2f}", help="All letters alike."
    )


def _tell_why(about: ChosenList) -> None:
    sure, right = confidence(about)
    st.caption(
        f"As drawn, the net gives {sure:.0%} to one letter on average and is right {right:.0%} of the "
        "time. Shrinking the last layer brings all logits near zero: the loss is then that of "
        "uniform guesses, which is known in advance and so the first thing to check."
    )
