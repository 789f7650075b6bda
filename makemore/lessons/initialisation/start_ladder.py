"""The ladder of initialisations over several seeds, and what batch norm buys at its end. Trains nothing."""

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd
import streamlit as st

from makemore.charts.losses.seed_dots import seed_dots
from makemore.diagnostics.losses import seed_effects
from makemore.diagnostics.losses.seed_effects import Effect, verdict, write_p
from makemore.experiments import studies
from makemore.experiments.recorded_starts import STARTS, Start
from makemore.lessons.initialisation.starts import MEANT, WORDS
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

STUDY = "start_ladder"
REPORTED: Mapping[Start, float] = {
    "naive": 2.168, "logits": 2.13, "by hand": 2.103, "kaiming": 2.107, "batch norm": 2.105
}  # fmt: skip
VIEWS = {"one": "One seed", "all": "All seeds"}


def show_start_ladder(about: ChosenList, name: str, stage: Stage) -> None:
    """One dot a training, rung by rung, and the differences of neighbours."""
    runs = ladder_runs()
    with stage.controls:
        answered = _ask_batch_norm()
        view = choose("Trainings", VIEWS, key="ladder_view", in_link="seeds", first="all")
    first = runs["seed"].iloc[0]
    shown = runs if view == "all" else runs[runs["seed"] == first]
    if not answered:
        shown = shown[shown["variant"] != WORDS["batch norm"]]
    with stage.picture:
        place_chart(seed_dots(shown), key="ladder_dots", fill="whole")
    if answered:
        with stage.controls:
            _tell_verdict()
        with stage.below:
            _show_gaps()


def ladder_runs() -> pd.DataFrame:
    """Every training. Columns: variant, seed, dev, note, in the order of the rungs."""
    losses = dev_losses()
    rows = []
    for start in STARTS:
        mean = sum(losses[start].values()) / len(losses[start])
        note = f"{WORDS[start]}: {mean:.4f} on average, reported {REPORTED[start]:g}"
        rows += [(WORDS[start], str(seed), dev, note) for seed, dev in losses[start].items()]
    return pd.DataFrame(rows, columns=["variant", "seed", "dev", "note"])


def dev_losses() -> dict[Start, dict[int, float]]:
    """By start and seed. Raises StudyError."""
    found: dict[Start, dict[int, float]] = {start: {} for start in STARTS}
    for result in studies.read_whole(STUDY):
        for start in STARTS:
            if result.variant == start:
                found[start][result.seed] = result.dev
    return found


def gap(before: Start, after: Start) -> Effect:
    """What one rung does to the dev loss, seed by seed."""
    return seed_effects.effect(*_pair(before, after))


def _pair(before: Start, after: Start) -> tuple[list[float], list[float]]:
    losses = dev_losses()
    return list(losses[before].values()), list(losses[after].values())


def _ask_batch_norm() -> bool:
    found = gap("kaiming", "batch norm")
    told = (
        f"Over {found.seeds} seeds its dev loss differs by {found.difference:+.4f} ± {found.error:.4f} nats "
        f"(paired t-test: p = {write_p(found.p)}). What batch norm buys here is robustness: whatever the "
        "scale of W1, what comes after it is the same."
    )
    words = {
        "lower": "it lowers the loss",
        "too close to call": "hardly anything",
        "higher": "it raises the loss",
    }
    answer = words[verdict(found)]
    lower = sum(b < a for a, b in zip(*_pair("kaiming", "batch norm"), strict=True))
    choices = {
        words["lower"]: f"It is lower in {lower} of {found.seeds} seeds.",
        words["too close to call"]: "Then the difference would lie within what seeds alone do.",
        words["higher"]: f"It is higher in {found.seeds - lower} of {found.seeds} seeds.",
    }
    choices[answer] = told
    return ask_to_predict(
        "each rung changes one thing about how the same net begins. After Kaiming initialisation, what "
        "does batch norm add for the dev loss?",
        choices,
        answer=answer,
        key="ladder_norm",
    )


def _tell_verdict() -> None:
    whole, norm = gap("naive", "kaiming"), gap("kaiming", "batch norm")
    st.markdown(
        f"From naive to Kaiming the dev loss changes by **{whole.difference:+.4f}**, in every seed; batch "
        f"norm then by **{norm.difference:+.4f} ± {norm.error:.4f}**: {verdict(norm)}. For so small a net it "
        "buys robustness, not loss."
    )
    st.caption(
        f"The lecture's loop, 200,000 steps, {norm.seeds} seeds; the first is the lecture's own. "
        f"{MEANT} It has no b1 to draw, so its batches are others."
    )


def _show_gaps() -> None:
    st.subheader("Each rung against the one before", anchor=False)
    own = dev_losses()
    rows = []
    for before, after in pairwise(STARTS):
        found = gap(before, after)
        rows.append(
            {
                "rung": f"{WORDS[before]} → {WORDS[after]}",
                "the lecture's seed": f"{_first(own, before):.4f} → {_first(own, after):.4f}",
                "reported": f"{REPORTED[before]:g} → {REPORTED[after]:g}",
                f"mean of {found.seeds} seeds": f"{found.difference:+.4f} ± {found.error:.4f}",
                "p": write_p(found.p),
                "so its loss is": verdict(found),
            }
        )
    place_table(rows)


def _first(losses: dict[Start, dict[int, float]], start: Start) -> float:
    return next(iter(losses[start].values()))
