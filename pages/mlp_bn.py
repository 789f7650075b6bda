"""Page: how a net should start, and batch norm, which keeps it there."""

from functools import partial

import streamlit as st

from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.layers import neurons
from makemore.inference import sampling
from makemore.layers import BatchNorm1d
from makemore.lessons.mlp_bn import batch_norm_bands, loss_at_start, saturation, spread_at_start
from makemore.models.mlp import MLP
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import activation_spread, page_frame
from makemore.ui.kit.page_frame import Step
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.sources import loaded, two_starts
from makemore.ui.training_panel import train_shipped

RUNGS = ("mlp_naive", "mlp_lecture", "mlp_bn")


def maps(name: str) -> None:
    saturation.show_maps()


def histograms(name: str) -> None:
    spread_at_start.show_histograms()


def first_loss(name: str) -> None:
    naive, repaired = two_starts.first_loss("naive"), two_starts.first_loss("repaired")
    why = (
        f"It starts at {naive:.1f} nats, the repaired one at {repaired:.2f}. A fresh net knows "
        "nothing, so it should spread its guess; large random weights make it sure of itself, and "
        "being sure and wrong costs most."
    )
    answer = f"about {naive:.0f} nats: far worse than guessing"
    choices = ["about 3.3 nats: as good as guessing", "about 1 nat: already better", answer]
    if ask_to_predict(
        "guessing evenly among 27 letters costs 3.30 nats. What is the loss of the naive start, "
        "before any training?",
        dict.fromkeys(choices, why),
        answer=answer,
        key="naive_loss",
    ):
        loss_at_start.show_first_logits()
        loss_at_start.show_loss_curves()


def batch_norm(name: str) -> None:
    batch_norm_bands.show_before_after(loaded.checkpoint("mlp_bn"))
    for key, column in zip(RUNGS, st.columns(len(RUNGS)), strict=True):
        column.metric(f"{SHIPPED[key].label}: dev loss", f"{SHIPPED[key].lecture:.3f}")
    st.caption(
        "All three trained with the lecture's loop, one seed each. For so small a net the good start "
        "brings nearly all of the gain; what batch norm buys is that the start need not be so "
        "careful, which deep nets need."
    )


def train(name: str) -> None:
    view = partial(activation_spread.show_spread, key="train_mlp_bn")
    train_shipped("mlp_bn", recipe="fast", key="train_mlp_bn", view=view)


def draw(name: str) -> None:
    keys = loaded.present(("mlp_naive", "mlp_bn"))
    show_samples(*[(SHIPPED[key].label, loaded.checkpoint(key)) for key in keys], key="mlp_bn")


page_frame.show_page(
    "mlp_bn",
    [
        Step(
            title="Saturation",
            takeaway="A tanh that is pushed to its flat ends passes hardly any gradient back: where the map "
            "is white, hardly anything is learned.",
            body=maps,
            code=(neurons.saturation, neurons.responses),
        ),
        Step(
            title="Histograms",
            takeaway="The sum of many products spreads wide; weights scaled to their number keep it where "
            "the tanh still bends.",
            body=histograms,
            code=(MLP._draw,),
        ),
        Step(
            title="First loss",
            takeaway="The loss before the first step is known in advance, so it is the first thing to check.",
            body=first_loss,
            code=(MLP._draw,),
        ),
        Step(
            title="Batch norm",
            takeaway="Batch norm gives each neuron mean 0 and spread 1 over the batch, whatever the weights "
            "before it do.",
            body=batch_norm,
            code=(BatchNorm1d.forward, BatchNorm1d.remember),
        ),
        Step(
            title="Watch it learn",
            takeaway="With the repaired start the loss falls from the first step on, not only after the "
            "net has unlearned its own confidence.",
            body=train,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="New names",
            takeaway="The naive start costs loss, not sense: its names are only a little less like names.",
            body=draw,
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
