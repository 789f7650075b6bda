"""Page: a net is a list of bricks; what each kind of net reaches, and what still lowers the loss."""

import streamlit as st

from makemore.layers import (
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    Linear,
    Residual,
    Skip,
    Tanh,
)
from makemore.lessons.bricks import brick_builder, model_ladder, option_study, train_the_stack
from makemore.models import brick_stack
from makemore.models.bricks import Bricks
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step


def build(name: str) -> None:
    brick_builder.show_builder()


def train(name: str) -> None:
    train_the_stack.show_panel()


def scale(name: str) -> None:
    model_ladder.show_ladder(
        "mlp_bn", "mlp_bn_8", "wavenet_22k_bug", "wavenet_22k", "wavenet", key="rungs"
    )
    st.caption(
        "Letters: how many the model sees at once. Gap: dev less train loss; it opens as a net gets "
        "large enough to learn names by heart."
    )
    st.markdown("**The same small tree with more and more letters in view**")
    model_ladder.show_ladder(
        "wavenet_2", "wavenet_4", "wavenet_22k", "wavenet_16", key="letters_in_view"
    )
    st.caption(
        "Each is trained by the same recipe from the same seed. Most names are shorter than eight "
        "letters, so there is little left for sixteen to see."
    )


def further(name: str) -> None:
    if option_study.ask_gate_share():
        option_study.show_study()


page_frame.show_page(
    "bricks",
    [
        Step(
            title="Bricks",
            takeaway="A net is a list of modules; what one gives, the next must be able to take.",
            body=build,
            code=(
                brick_stack.laid,
                Bricks.__init__,
                Embedding,
                FlattenConsecutive,
                Linear,
                BatchNorm1d,
                Tanh,
            ),
        ),
        Step(
            title="Train it",
            takeaway="Whatever fits can be trained; whether it is any good shows in a few seconds.",
            body=train,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            polls=True,
        ),
        Step(
            title="Flat, tree, scale",
            takeaway="More letters, fused step by step, lower the loss; more weights lower it further and "
            "open a gap between names seen and not seen.",
            body=scale,
        ),
        Step(
            title="Further down",
            takeaway="What newer nets add to the tree, each switched on alone: some of it helps, some drowns "
            "in the noise between seeds.",
            body=further,
            code=(Gate.forward, Residual.forward, Skip.forward),
        ),
    ],
)
