"""Page: letters as points and three of them at a time, the MLP after Bengio et al. 2003."""

from functools import partial

import streamlit as st

from makemore.checkpoints.shipped import SHIPPED
from makemore.data import examples
from makemore.diagnostics.letters import embeddings
from makemore.inference import sampling
from makemore.lessons.mlp import letter_points
from makemore.lessons.mlp.context_windows import show_windows
from makemore.models.mlp import MLP
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.sources import loaded
from makemore.ui.training_panel import train_shipped

NOTE = (
    "The net with two numbers a letter, so that its letters can be watched. Lecture: 32 examples a "
    "step. Fast: nearly 3,000, of which equal ones are computed once, and an optimizer that takes "
    "larger steps: the same loss in seconds."
)
WHY = {
    "fewer": "In ten dimensions there is room: the random start already keeps all letters apart, and "
    "what two letters share can lie in a few directions while the others differ.",
    "as many": "What the vowels share fits into two dimensions already; the others tell apart what "
    "else differs.",
    "more": "In a plane letters stand in each other's way: one that belongs to the vowels may be held "
    "up between consonants. Ten dimensions leave room to pass.",
}


def scatter(name: str) -> None:
    letter_points.show_points_over_training(
        loaded.checkpoint("mlp_2d"), start=name[0], key="mlp_2d"
    )


def slide(name: str) -> None:
    show_windows(name, loaded.checkpoint("mlp"), key="mlp_window")


def ten(name: str) -> None:
    if asked():
        letter_points.show_components(loaded.checkpoint("mlp"), start=name[0], key="mlp_wide")


def asked() -> bool:
    """The question on room: do ten numbers bring the vowels together more than two?"""
    narrow, all_vowels = vowels_together("mlp_2d")
    wide, _ = vowels_together("mlp")
    answer = ("fewer", "as many", "more")[(wide > narrow) - (wide < narrow) + 1]
    seen = f"With two numbers it is {narrow} of {all_vowels}, with ten {wide}. {WHY[answer]}"
    return ask_to_predict(
        f"with two numbers a letter, {narrow} of the {all_vowels} vowels have another vowel as their "
        "nearest letter. With ten numbers a letter, how many have?",
        dict.fromkeys(("fewer", "as many", "more"), seen),
        answer=answer,
        key="mlp_room",
    )


def vowels_together(key: str) -> tuple[int, int]:
    """Vowels whose nearest letter is a vowel, and all vowels."""
    nearest = embeddings.nearest_kinds(
        letter_points.embedding_table(loaded.checkpoint(key)), loaded.vocabulary()
    )
    return int((nearest["nearest_kind"] == "vowel").sum()), len(nearest)


def train(name: str, stage: Stage) -> None:
    view = partial(letter_points.show_points_at, start=name[0], key="train_mlp")
    train_shipped("mlp_2d", stage, recipe="fast", key="train_mlp", view=view)
    with stage.below:
        st.caption(NOTE)


def draw(name: str) -> None:
    keys = loaded.present(("bigram", "mlp"))
    show_samples(*[(SHIPPED[key].label, loaded.checkpoint(key)) for key in keys], key="mlp")


page_frame.show_page(
    "mlp",
    [
        Step(
            title="Letters as points",
            takeaway="Each letter is a point whose coordinates are learned: training moves it to wherever the "
            "loss gets lower, and letters that behave alike tend to end up close.",
            body=scatter,
            code=(embeddings.neighbours,),
            short="Points",
        ),
        Step(
            title="The window",
            takeaway="The net reads a window of three letters and guesses the fourth; dots fill the window "
            "where the name has not begun.",
            body=slide,
            code=(examples.windows, MLP.__init__),
            short="Window",
        ),
        Step(
            title="Ten dimensions",
            takeaway="The better net gives each letter ten numbers; a plane can only show a shadow of that.",
            body=ten,
            code=(embeddings.plane,),
            short="10-d",
        ),
        Step(
            title="Watch it learn",
            takeaway="Every step looks at a few examples only: the single losses jump, their mean falls.",
            body=train,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="New names",
            takeaway="With three letters of memory, names start to hang together: same seed, one letter of "
            "memory beside three.",
            body=draw,
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
