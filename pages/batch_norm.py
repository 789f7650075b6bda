"""Page: batch norm, from one batch to what it costs and buys."""

from functools import partial

import streamlit as st

from makemore.diagnostics.layers import (
    batch_neighbours,
    batch_norm_numbers,
    shifted_biases,
    subtracted_means,
)
from makemore.inference import sampling
from makemore.layers import BatchNorm1d
from makemore.lessons.batch_norm import (
    batch_norm_bands,
    five_values,
    idle_bias,
    notebook,
    reduced_axes,
    running_averages,
    two_modes,
)
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import activation_spread, page_frame, shared_notebooks
from makemore.ui.kit.choose_checkpoint import choose_beside, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.perplexities import show_perplexities
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.training_panel import train_shipped

NAMED = ("mlp", "mlp_bn")  # whose names are drawn


def train(about: ChosenList, name: str, stage: Stage) -> None:
    view = partial(activation_spread.show_spread, key="train_mlp_bn")
    train_shipped("mlp_bn", about, stage, recipe="fast", key="train_mlp_bn", view=view)
    with stage.below:
        st.subheader("New names", anchor=False)
        if about.missing(NAMED):  # which must not stand in the way of the training above
            st.caption(
                "Drawn here once both nets are trained on your list, which the steps “Train and eval mode” "
                "and “The idle bias” offer."
            )
            return
        left, right = st.columns([2, 5], gap="large")
        draw(about, Stage(picture=right, controls=left, below=stage.below))


def draw(about: ChosenList, stage: Stage) -> None:
    """Names of the net without batch norm, and of another beside it."""
    models = choose_beside(about, NAMED, stage, fits=embeds_letters, key="mlp_bn_drawn")
    with stage.controls:
        show_perplexities(about, models)
    show_samples(about, *models.items(), stage=stage, key="mlp_bn")


page_frame.show_page(
    "batch_norm",
    [
        Step(
            title="One batch",
            takeaway="Batch norm gives each neuron mean 0 and standard deviation 1 over the batch, whatever "
            "the weights before it do; γ and β then move it to where the net wants it.",
            body=batch_norm_bands.show_before_after,
            notebook=notebook.one_batch,
            code=(BatchNorm1d.forward,),
        ),
        Step(
            title="Five values",
            takeaway="Batch norm couples the examples of a batch: what comes out for one depends on all that "
            "are in it.",
            body=five_values.show_five_values,
            notebook=notebook.five_values,
            code=(batch_norm_numbers.normalised_values, batch_norm_numbers.moved_by),
        ),
        Step(
            title="Running statistics",
            takeaway="A layer keeps moving averages of its batches for when there is no batch. A small "
            "momentum makes them slow, a large one noisy.",
            body=running_averages.show_running_averages,
            notebook=notebook.running,
            code=(BatchNorm1d.remember, batch_norm_numbers.running_statistics),
            short="Running",
        ),
        Step(
            title="Train and eval mode",
            takeaway="In train mode an answer depends on who else is in the batch, in eval mode on the "
            "example alone. So a net has to be told which of the two it is for.",
            body=two_modes.show_two_modes,
            notebook=notebook.two_modes,
            code=(batch_neighbours.probabilities_among, BatchNorm1d.check),
            short="Two modes",
        ),
        Step(
            title="The idle bias",
            takeaway="A bias before a batch norm gets no gradient: the norm takes any mean away, and the bias "
            "with it.",
            body=idle_bias.show_idle_bias,
            notebook=notebook.idle_bias,
            code=(shifted_biases.gradients_by_neuron, shifted_biases.losses_by_shift),
            short="Bias",
        ),
        Step(
            title="Which axes",
            takeaway="A feature's mean runs over whatever is no feature. Ours has the features on the last "
            "axis; torch.nn.BatchNorm1d takes axis 1 for them.",
            body=reduced_axes.show_axes,
            notebook=notebook.axes,
            code=(subtracted_means.subtracted_means, batch_norm_numbers.axes_of),
            short="Axes",
        ),
        Step(
            title="Watch it learn",
            takeaway="Kaiming initialisation gets below ln 27 in ten steps of the lecture's loop, with batch "
            "norm or without; the naive start needs more than 1,500. Trained, both make names of perplexity 8.1.",
            elsewhere="With a sound initialisation and batch norm the loss falls from the first step on; how "
            "the activations spread stays the same.",
            body=train,
            notebook=shared_notebooks.trained_then_drawn,
            settings={"first": "mlp"},
            code=(Planned.descend, PlannedForward.losses, Descent.descend, sampling.sample),
            short="Training",
            polls=True,
        ),
    ],
)
