"""The training of the net with two parameters a letter, and what its recipes reach. Knows the panel."""

from functools import partial

import streamlit as st

from makemore.lessons.mlp.letter_points import show_points_at
from makemore.training.recipes import recipe_for
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.training_panel import train_shipped

SHOWN, KEY = "mlp_2d", "train_mlp"
FAST_DEV = 2.190  # nats: what the recipe `fast` reaches with the shipped settings and seed


def show_training(about: ChosenList, name: str, stage: Stage) -> None:
    """Curve, controls and the letters as they move; that of the name is chosen first."""
    view = partial(show_points_at, vocabulary=about.dataset.vocabulary, start=name[0], key=KEY)
    train_shipped(SHOWN, about, stage, recipe="fast", key=KEY, view=view, beside=True)
    if not about.own:
        with stage.below:
            _tell_recipes(about)


def _tell_recipes(about: ChosenList) -> None:
    shown = about.checkpoint(SHOWN).metadata
    lecture, fast = (recipe_for(name, shown.model) for name in ("lecture", "fast"))
    train, dev = shown.losses["train"], shown.losses["dev"]
    st.caption(
        f"**Lecture:** {lecture.steps:,} steps of {lecture.batch_size} examples with SGD; dev loss "
        f"{dev:.3f}. **Fast:** {fast.steps:,} steps of {fast.batch_size:,} examples, equal contexts "
        "computed once, and Muon, which orthogonalises the updates of the hidden matrix; dev loss "
        f"{FAST_DEV:.3f} with the same seed. The shipped curve is a mean over blocks of 2,000 steps; a "
        f"run of your own also shows each batch. Train loss {train:.3f} below dev loss {dev:.3f}: "
        f"{dev - train:.3f} nats of **overfitting**, learned from the train names and of no use for "
        "others."
    )
