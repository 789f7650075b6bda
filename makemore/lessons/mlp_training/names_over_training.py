"""Names made up at several moments of one training, and what the learner's name costs there. Knows no job."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import log
from typing import TypeVar

import pandas as pd
import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.losses.name_over_training import DEV, NAME, name_over_training
from makemore.experiments import recorded_starts
from makemore.experiments.recorded_starts import FIRST_STEPS, Recording, Start
from makemore.inference import evaluation, sampling
from makemore.models import LanguageModel
from makemore.ui.kit import ask_beside
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.kit.stage import Stage

T = TypeVar("T")

START: Start = "kaiming"  # the lecture's run, whose weights are kept at these moments
COUNT, LONGEST, FIRST_SEED = 6, 20, 42
RECENT = 24  # seeds whose names are kept, and names whose losses are


def show_names_over_training(about: ChosenList, name: str, stage: Stage) -> None:
    """What the name costs moment by moment, and under it the names of each moment from one seed."""
    recording = _recording(about)
    with stage.controls:
        seed = seed_box(
            "grown_seed",
            FIRST_SEED,
            next_label="Other names",
            next_key="grown_other",
            in_link=True,
        )
    if recording is None:
        with stage.controls:
            st.caption(f"The net is being trained on your list, {FIRST_STEPS:,} steps.")
        _draw(about, name, None, stage)
    else:
        _draw(about, name, recording, stage)
        with stage.picture:
            place_table(_rows(about, recording, seed))
    with stage.controls:
        st.caption(
            f"One training by the lecture's loop, looked at after so many steps; every row of {COUNT} names "
            "comes from the same random numbers, so only the weights differ. The loss is the mean NLL of "
            "the letters, the end among them."
        )
    ask_beside.look_again(recording is None)


def _recording(about: ChosenList) -> Recording | None:
    """The shipped one; of an own list its first steps, trained beside the page."""
    if not about.own:
        return about.kept("grown recording", lambda: recorded_starts.read(START))

    def make() -> Recording:
        return recorded_starts.record(START, about.dataset, steps=FIRST_STEPS)

    return ask_beside.ask_beside(about, ("start", START), make)


def net_at(about: ChosenList, recording: Recording | None, step: int) -> LanguageModel:
    """The net after so many steps, in evaluation mode."""

    def make() -> LanguageModel:
        letters = len(about.vocabulary)
        if recording is None:
            return recorded_starts.fresh(START, letters)
        return recorded_starts.net_at(recording, step, letters)

    return about.kept(("grown", step), make)


def name_losses(about: ChosenList, name: str, recording: Recording | None) -> pd.DataFrame:
    """Of the name and of all dev names at each moment. Columns: step, series, loss in nats."""
    rows = []
    for step in recording.moments if recording else [0]:
        net = net_at(about, recording, step)
        own = evaluation.score(net, about.vocabulary, [name])[0].nll
        rows.append((step, NAME, own))
        rows.append((step, DEV, _dev_loss(about, recording, step)))
    return pd.DataFrame(rows, columns=["step", "series", "loss"])


def _dev_loss(about: ChosenList, recording: Recording | None, step: int) -> float:
    if recording is not None and step in (steps := recording.steps.tolist()):
        return float(recording.dev[steps.index(step)])
    net = net_at(about, recording, step)
    dev = about.dataset.examples("dev", net.block_size)
    return about.kept(("grown dev", step), lambda: evaluation.loss(net, dev))


def _draw(about: ChosenList, name: str, recording: Recording | None, stage: Stage) -> None:
    def make() -> tuple[list[float], Chart]:
        losses = name_losses(about, name, recording)
        chart = name_over_training(losses, letters_loss=log(len(about.vocabulary)))
        return losses[losses["series"] == NAME]["loss"].tolist(), chart

    own, chart = _recent(about, "losses", (name, recording is None), make)
    with stage.picture:
        place_chart(chart, key="grown_losses", fill="half")
    with stage.controls:
        st.markdown(
            f"**{plain(name)}** costs **{own[0]:.3f}** nats a letter at the start, "
            f"**{own[-1]:.3f}** at the end."
        )


def _rows(about: ChosenList, recording: Recording, seed: int) -> list[dict[str, str]]:
    """The table of this seed."""

    def make() -> list[dict[str, str]]:
        return [
            {"steps": f"{step:,}", "names": _sample(about, recording, step, seed)}
            for step in recording.moments
        ]

    return _recent(about, "names", seed, make)


def _recent(about: ChosenList, what: str, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gave for this key before; that of the last few keys is kept."""
    recent: OrderedDict[Hashable, T] = about.kept(("grown", what), OrderedDict)
    found = recent.pop(key, None)  # another visitor's run may have it out at this moment
    if found is None:
        found = make()
    recent[key] = found
    while len(recent) > RECENT:
        recent.popitem(last=False)
    return found


def _sample(about: ChosenList, recording: Recording, step: int, seed: int) -> str:
    net = net_at(about, recording, step)
    names = sampling.sample_each(net, about.vocabulary, COUNT, seed=seed, max_length=LONGEST)
    return plain(", ".join(each or "–" for each in names))
