"""The bias before a batch norm: moved, and its gradient measured. Knows the net it is taken from, not the page."""

from functools import partial

import pandas as pd
import streamlit as st

from makemore.charts.layers.bias_lines import bias_gradients, shifted_losses
from makemore.diagnostics.layers import shifted_biases
from makemore.diagnostics.layers.shifted_biases import HiddenLayer
from makemore.inference.capture import snapshot
from makemore.models import LanguageModel
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import BATCH, batch_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

NET = "mlp"  # a trained net with a bias in its hidden layer
SHIFTS = links.Tenths(-30, 30)
DRAWN = [tenth / 10 for tenth in range(-30, 31)]


def show_idle_bias(about: ChosenList, name: str, stage: Stage) -> None:
    """The loss while every bias is moved, with a batch norm behind it and without, and all gradients."""
    with stage.controls:
        links.bound("shift", key="bias_shift", options=SHIFTS, first=1.0)
        help = "The same number on top of each of the biases of the hidden layer."
        shift = st.slider("Added to every bias", -3.0, 3.0, step=0.1, key="bias_shift", help=help)
    losses = about.kept("shifted losses", partial(shifted_losses_of, about))
    gradients = about.kept("bias gradients", partial(gradients_of, about))
    at = round(float(shift), 1)
    with stage.picture:
        place_chart(shifted_losses(losses, shift=at), key="bias_losses", fill="half")
        place_chart(bias_gradients(gradients), key="bias_gradients", fill="half")
    with stage.controls:
        place_table(_rows(losses, gradients, at))
        st.caption(
            f"The hidden layer of the trained MLP on {BATCH} train examples, with a batch norm put behind "
            "it (γ = 1, β = 0) and as it is. The norm takes the mean away, and with it whatever was added "
            "to all examples alike; what is left of the gradient is rounding. So a layer before a batch "
            "norm goes without a bias: β does its work."
        )


def hidden_layer(about: ChosenList) -> HiddenLayer:
    """What goes into the hidden layer of the trained MLP for one batch, and its parameters."""
    model: LanguageModel = about.checkpoint(NET).model
    examples = batch_of(about.dataset, model.block_size, BATCH)
    look = snapshot(model, examples.contexts, examples.targets)
    named = [f"layers.{layer}" for layer in ("hidden.weight", "hidden.bias")]
    weight, bias, out, out_bias = (
        look.weights[name] for name in (*named, "layers.logits.weight", "layers.logits.bias")
    )
    inputs = look.activations[look.before("hidden")]
    return HiddenLayer(inputs, weight, bias, out, out_bias, examples.targets)


def shifted_losses_of(about: ChosenList) -> pd.DataFrame:
    """Columns: net, shift, loss."""
    return shifted_biases.losses_by_shift(hidden_layer(about), DRAWN)


def gradients_of(about: ChosenList) -> pd.DataFrame:
    """Columns: net, neuron, bias, weight."""
    return shifted_biases.gradients_by_neuron(hidden_layer(about))


def _rows(losses: pd.DataFrame, gradients: pd.DataFrame, shift: float) -> list[dict[str, str]]:
    """Loss as it is and moved, and the largest gradients, with batch norm and without."""
    rows: dict[str, dict[str, str]] = {}
    for net in (shifted_biases.WITH, shifted_biases.WITHOUT):
        largest = gradients[gradients["net"] == net][["bias", "weight"]].max()
        found = losses[losses["net"] == net]
        plain, moved = (
            float(found["loss"][(found["shift"] - at).abs() < 1e-6].iloc[0]) for at in (0.0, shift)
        )
        rows[net] = {
            "loss": f"{plain:.4f}",
            f"loss at {shift:+g}": f"{moved:.4f}",
            "largest gradient of a bias": f"{largest['bias']:.0e}",
            "of a weight": f"{largest['weight']:.0e}",
        }
    return [
        {f"{BATCH} examples": what, **{net: found[what] for net, found in rows.items()}}
        for what in rows[shifted_biases.WITH]
    ]
