"""Page: letters as points and three of them at a time, the MLP after Bengio et al. 2003."""

import streamlit as st

from makemore import data, sampling
from makemore.diagnostics import embeddings
from makemore.models.mlp import MLP
from makemore.shipped import SHIPPED
from makemore.training import Trainer
from makemore.ui import embedding, frame, load
from makemore.ui.frame import Step
from makemore.ui.predict import predict
from makemore.ui.samples import samples
from makemore.ui.training import live_training
from makemore.ui.windows import windows_of

STEPS = 5_000


def scatter(name: str) -> None:
    embedding.scrubbed(load.checkpoint("mlp_2d"), start=name[0], key="mlp_2d")


def slide(name: str) -> None:
    windows_of(name, load.checkpoint("mlp"), key="mlp_window")


def ten(name: str) -> None:
    if asked():
        embedding.components(load.checkpoint("mlp"), start=name[0], key="mlp_wide")


def asked() -> bool:
    """The question on room: does a wider table bring the vowels together as the plane does?"""
    narrow, wide = (vowels_together(key) for key in ("mlp_2d", "mlp"))
    why = (
        f"With two dimensions {narrow[0]} of {narrow[1]} vowels have another vowel as nearest letter, "
        f"with {load.checkpoint('mlp').model.config.to_json()['embedding']} it is {wide[0]}. "
        "In many dimensions there is room: the random start already keeps all letters apart, and "
        "what two letters share can lie in a few directions while the others differ."
    )
    choices = {"more of them": why, "as many": why, "fewer of them": why}
    order = (wide[0] < narrow[0]) * 2 + (wide[0] == narrow[0])
    return predict(
        "with two numbers a letter, most vowels end up beside another vowel. With ten numbers a "
        "letter, how many vowels have another vowel as their nearest letter?",
        choices,
        answer=list(choices)[order],
        key="mlp_room",
    )


def vowels_together(key: str) -> tuple[int, int]:
    """Vowels whose nearest letter is a vowel, and all vowels."""
    nearest = embeddings.nearest_kinds(embedding.table(load.checkpoint(key)), load.vocabulary())
    return int((nearest["nearest_kind"] == "vowel").sum()), len(nearest)


def train(name: str) -> None:
    live_training("mlp", steps=STEPS, key="train_mlp")
    st.caption(
        f"{STEPS:,} steps take seconds and come most of the way; the shipped model took "
        f"{load.checkpoint('mlp').metadata.step:,}, the later ones with a smaller learning rate."
    )


def draw(name: str) -> None:
    keys = load.present(("bigram", "mlp"))
    samples(*[(SHIPPED[key].label, load.checkpoint(key)) for key in keys], key="mlp")


frame.show(
    "Embedding and MLP",
    [
        Step(
            "Letters as points",
            "Each letter is a point whose coordinates are learned; letters that behave alike, as "
            "vowels do, drift together because that lowers the loss.",
            scatter,
            (embeddings.neighbours,),
        ),
        Step(
            "The window",
            "The net reads a window of three letters and guesses the fourth; dots fill the window "
            "where the name has not begun.",
            slide,
            (data.windows, MLP.__init__),
        ),
        Step(
            "Ten dimensions",
            "The better net gives each letter ten numbers; a plane can only show a shadow of that.",
            ten,
            (embeddings.plane,),
        ),
        Step(
            "Watch it learn",
            "Every step looks at 32 examples only: the single losses jump, their mean falls.",
            train,
            (Trainer.events,),
        ),
        Step(
            "New names",
            "With three letters of memory, names start to hang together: same seed, one letter of "
            "memory beside three.",
            draw,
            (sampling.sample,),
        ),
    ],
    after=("pages/mlp_bn.py", "Init and batch norm"),
)
