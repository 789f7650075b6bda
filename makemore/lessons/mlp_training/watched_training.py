"""Trains the net with two parameters a letter, at the rate of the finder or a recipe's. Knows the panel."""

from functools import partial

import streamlit as st

from makemore.checkpoints.shipped import SHIPPED
from makemore.lessons.mlp_training.rates import KEY as RATE
from makemore.lessons.mlp_training.rates import OF_RECIPE, RATES, bind_rate, write_rate
from makemore.training.recipes import recipe_for
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.letter_scatter import show_points_at
from makemore.ui.kit.page_frame import Stage
from makemore.ui.training_panel import train_shipped
from makemore.ui.training_panel.recipe_words import FAST_FALLS_SHORT
from makemore.ui.training_panel.settings_form import set_rate_of, set_recipe_of

SHOWN, KEY = "mlp_2d", "train_mlp"
FOUND, STEPS = "lecture", 20_000  # with a rate of the finder: its own loop, ended early
APPLIED = "finder_rate_applied"  # in the session: the rate that the panel was set to


def show_training(about: ChosenList, name: str, stage: Stage) -> None:
    """Curve, controls and the letters as they move; that of the name is chosen first."""
    with stage.controls:
        rate = _choose_rate()
    view = partial(show_points_at, vocabulary=about.dataset.vocabulary, start=name[0], key=KEY)
    recipe, steps = (FOUND, STEPS) if rate else ("fast", None)
    train_shipped(SHOWN, about, stage, recipe=recipe, steps=steps, key=KEY, view=view, beside=True)
    if not about.own:
        with stage.below:
            _tell_recipes(about)


def _choose_rate() -> float:
    """The rate of the link or of the step before; sets the panel to it, once each time it is another."""
    bind_rate(trains=True)
    rate: float = st.select_slider(
        "Learning rate from the finder",
        (OF_RECIPE, *RATES),
        format_func=write_rate,
        key=RATE,
        persist_state="session",
        help="For the lecture's loop, SGD. With a rate the panel begins with that recipe; the other "
        "recipes keep their own.",
    )
    if rate != st.session_state.get(APPLIED, OF_RECIPE):
        st.session_state[APPLIED] = rate
        usual = recipe_for(FOUND, SHIPPED[SHOWN].model).learning_rate
        set_rate_of(KEY, FOUND, rate or usual)
        set_recipe_of(KEY, FOUND if rate else "fast")
    if rate:
        st.caption(f"Ready: the lecture's loop at rate {rate:g}, {STEPS:,} steps of SGD.")
    return rate


def _tell_recipes(about: ChosenList) -> None:
    shown = about.checkpoint(SHOWN).metadata
    lecture, fast = (recipe_for(name, shown.model) for name in ("lecture", "fast"))
    train, dev = shown.losses["train"], shown.losses["dev"]
    st.caption(
        f"**Lecture:** {lecture.steps:,} steps of {lecture.batch_size} examples with SGD; dev loss "
        f"{dev:.3f}. **Fast:** {fast.steps:,} steps of {fast.batch_size:,} examples, equal contexts "
        "computed once, and Muon, which orthogonalises the updates of the hidden matrix; dev loss "
        f"{FAST_FALLS_SHORT[SHOWN].fast:.3f} with the same seed. The shipped curve is a mean over blocks of "
        f"2,000 steps; a run of your own also shows each batch. Train loss {train:.3f} below dev loss "
        f"{dev:.3f}: {dev - train:.3f} nats of **overfitting**, learned from the train names and of no use "
        "for others."
    )
