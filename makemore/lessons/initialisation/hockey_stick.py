"""The first steps of a training from a naive and a repaired start, each loss as it was. Knows the recordings."""

import pandas as pd
import streamlit as st

from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.experiments.recorded_starts import FIRST_STEPS, Recording, Start
from makemore.lessons.initialisation import starts
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

SPANS = {"first": f"First {FIRST_STEPS:,}", "later": f"From {FIRST_STEPS:,} on", "all": "All"}
REPAIRS: dict[str, str] = {"logits": "Logits repaired", "kaiming": "Kaiming"}
READ_AT = (0, 10, 100, 500, 1_000, 2_000)


def show_hockey_stick(about: ChosenList, name: str, stage: Stage) -> None:
    """Two runs of one seed on the same axes."""
    with stage.controls:
        span = "first"
        if not about.own:
            span = choose("Steps", SPANS, key="stick_span", in_link="steps")
        repair: Start = "kaiming" if _choose_repair() == "kaiming" else "logits"
    wanted: tuple[Start, Start] = ("naive", repair)
    found = starts.recordings(about, wanted)
    panels = ("naive", WORDS[repair])
    frame = pd.concat(
        [
            _curve(found[start], panel)
            for start, panel in zip(wanted, panels, strict=True)
            if start in found
        ]
        or [pd.DataFrame({"panel": [], "step": [], "loss": []})],
        ignore_index=True,
    )
    if span == "first":
        frame = frame[frame["step"] <= FIRST_STEPS]
    elif span == "later":
        frame = frame[frame["step"] >= FIRST_STEPS]
    with stage.picture:
        if len(frame):
            chart = contrast_curve(frame, letters=len(about.vocabulary), panels=panels)
            place_chart(chart, key="stick", fill="whole")
    with stage.controls:
        if len(found) == len(wanted):
            _tell_losses(found)
        st.caption(
            "Dev loss in nats. Both share the seed, the draws and the batches; only the scale of the "
            "first parameters differs."
        )
        starts.tell_waiting(found, wanted)


WORDS: dict[Start, str] = {"logits": "logits repaired", "kaiming": "Kaiming"}


def _choose_repair() -> str:
    return choose(
        "Beside the naive start", REPAIRS, key="stick_repair", in_link="repair", help=starts.MEANT
    )


def _curve(recording: Recording, panel: str) -> pd.DataFrame:
    columns = {"step": recording.steps.tolist(), "loss": recording.dev.tolist()}
    return pd.DataFrame({"panel": panel, **columns})


def _tell_losses(found: dict[Start, Recording]) -> None:
    rows = []
    for step in READ_AT:
        row = {"after step": f"{step:,}"}
        for start, recording in found.items():
            at = recording.steps.tolist().index(step)
            row[start if start == "naive" else WORDS[start]] = f"{float(recording.dev[at]):.2f}"
        rows.append(row)
    place_table(rows)
