"""A training that goes on from the weights of a checkpoint. Knows the panel, no chart."""

import streamlit as st

from makemore.checkpoints import tensor_files
from makemore.checkpoints.store import Checkpoint
from makemore.lessons.checkpoints import looked_at
from makemore.lessons.checkpoints.gradients import learns
from makemore.models.wavenet import WaveNet
from makemore.training.recipes import RECIPES, recipe_for
from makemore.ui.kit import examined
from makemore.ui.kit.choose_checkpoint import all_of
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint
from makemore.ui.training_panel import Offer, recorded_training, train_offered

KEY, RECIPE, STEPS = "further", "lecture", 5_000
MOST_SEED = 2**32 - 1


def show_further(about: ChosenList, name: str, stage: Stage) -> None:
    """The panel, whose start are the weights that the checkpoint has now."""
    with stage.controls:
        fits = all_of(learns, looked_at.reads_a_list(about))
        checkpoint = looked_at.choose_looked_at(about, fits)
    on = examined.list_for(about, checkpoint)
    assert on is not None  # else it would not fit
    # A net that knows more letters than the list goes on with all of them.
    whole = on.in_alphabet(checkpoint.vocabulary)
    train_offered(offer_for(whole, checkpoint, looked_at.label_looked_at()), stage)
    with stage.controls:
        st.caption(
            f"Step 0 is {plain(looked_at.label_looked_at())} as it is; a tenth of the recipe's learning "
            "rate, as in the last part of the lecture's loop. What is saved says which weights it began "
            f"with. {_tell_list(about, on)}"
        )


def _tell_list(about: ChosenList, on: ChosenList) -> str:
    """Which names it goes on with, where there could be a doubt."""
    return examined.tell_list(about, on).replace("Measured", "Trained and measured")


def offer_for(about: ChosenList, checkpoint: Checkpoint, label: str) -> Offer:
    """What the panel offers: the same net, from its own weights, with other batches."""
    said = checkpoint.metadata
    like = said.model if said.model in RECIPES[RECIPE] else WaveNet.name
    return Offer(
        about=about,
        key=KEY,
        model=said.model,
        seed=(said.seed + 1) % MOST_SEED,  # the next one, so that the batches are others
        recipe_name=RECIPE,
        steps=min(STEPS, recipe_for(RECIPE, like).steps),
        settings=dict(said.config),
        like=like,
        title=f"{label}, further",
        learning_rate=recipe_for(RECIPE, like).learning_rate / 10,
        start=packed_weights(checkpoint),
        recorded=recorded_training(f"the training that led to {label}", checkpoint),
    )


@kept_per_checkpoint(most=32)
def packed_weights(checkpoint: Checkpoint) -> bytes:
    """Its tensors, as a training takes them."""
    return tensor_files.pack(checkpoint.model.state_dict(), {})
