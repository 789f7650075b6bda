"""Names from a model, with seed and temperature in the learner's hand. Knows nothing of its inside."""

import pandas as pd
import streamlit as st

from makemore.charts.letters.sampled_shares import sampled_shares
from makemore.checkpoints.store import Checkpoint
from makemore.inference import sampling
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.sources.kept import kept_per_checkpoint
from makemore.ui.sources.sampled_shares import (
    LONGEST,
    SAMPLES,
    shares_of,
    shares_of_dev,
)

COUNT = 20
FIRST_SEED = 42
TEMPERATURES = links.Tenths(2, 20)
MOST_COLUMNS = 3
BREAK = "\n\n"  # of a paragraph


def show_samples(
    about: ChosenList, *models: tuple[str, Checkpoint], stage: Stage, key: str
) -> None:
    """Twenty names of each (label, checkpoint) from one seed and temperature, and the shares of 10,000.

    The twenty are examples; what is said of a model comes from the many.
    """
    if not models:
        stage.controls.caption("No trained model is here yet.")
        return
    with stage.controls:
        temperature, seed = _ask(key)
        st.caption(
            f"The {COUNT} names are examples; {COUNT} decide nothing. The shares are of {SAMPLES:,} others "
            "from each model at this temperature, right to 1 point (two standard errors). "
            ":material/bookmark: stands in the list. A trigram is three neighbouring letters, start "
            "and end counted as letters."
        )
    with stage.picture:
        # Columns of more would be too narrow for names side by side.
        columns = st.columns(len(models), gap="medium") if len(models) <= MOST_COLUMNS else None
        for i, (label, checkpoint) in enumerate(models):
            drawn = badges(draw_names(checkpoint, temperature, seed), about.known)
            place = columns[i] if columns else st
            place.markdown(f"**{plain(label)}**{BREAK if columns else ' '}{drawn}")
        _show_shares(about, models, temperature, key)


def _ask(key: str) -> tuple[float, int]:
    """Temperature and seed."""
    slider = f"{key}_temperature"
    links.bound("temperature", key=slider, options=TEMPERATURES, first=1.0)
    temperature: float = st.slider(
        "Temperature",
        min_value=0.2,
        max_value=2.0,
        step=0.1,
        key=slider,
        help="Divides the logits: below 1 the likely letters get likelier, above 1 rarer ones come.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(
            f"{key}_seed",
            FIRST_SEED,
            next_label="Other names",
            next_key=f"{key}_other",
            in_link=True,
        )
    return round(float(temperature), 1), seed


@kept_per_checkpoint(most=256)
def draw_names(
    checkpoint: Checkpoint, temperature: float, seed: int, count: int = COUNT
) -> list[str]:
    """So many names of it; kept, as every run of a page shows them again."""
    return sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        count,
        seed=seed,
        temperature=temperature,
        max_length=LONGEST,
    )


def _show_shares(
    about: ChosenList,
    models: tuple[tuple[str, Checkpoint], ...],
    temperature: float,
    key: str,
) -> None:
    found = {
        label: shares_of(checkpoint, about.dataset, temperature) for label, checkpoint in models
    }
    frame = pd.DataFrame(
        [
            {"label": label, "listed": shares.listed, "familiar": shares.familiar}
            for label, shares in found.items()
        ]
    )
    chart = sampled_shares(frame, names=SAMPLES, dev=shares_of_dev(about.dataset).familiar)
    place_chart(chart, key=f"{key}_shares", fill="half")
