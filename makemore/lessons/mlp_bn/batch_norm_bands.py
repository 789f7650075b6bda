"""One batch before and after batch norm, neuron by neuron. Knows the nets, not the page."""

import copy
from typing import Literal

import streamlit as st
from torch import Tensor

from makemore.charts.layers.neuron_bands import bands
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import Snapshot, layers_of, snapshot
from makemore.layers import BatchNorm1d
from makemore.lessons.mlp_bn.starts_of_list import starts_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, has_one
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint
from makemore.ui.sources.two_starts import Starts, fixed_batch

View = Literal["naive", "trained", "moved"]
Factor = Literal["1", "0.3", "0.1"]

VIEWS: dict[View, str] = {
    "naive": "Naive start",
    "trained": "Trained",
    "moved": "Trained + γ, β",
}
FACTORS: dict[Factor, str] = {"1": "as drawn", "0.3": "× 0.3", "0.1": "× 0.1"}
COMPARED = ("mlp_naive", "mlp", "mlp_bn")

USUAL = "mlp_bn"  # the trained net to begin with
SIZE = 32  # the lecture's batch
QUIET = 0.1  # a standard deviation after normalising that is far from 1
SILENCED = (
    "have no bar: training shrank their weights so far that ε, which keeps the division from "
    "dividing by zero, outweighs what is left of them."
)


@kept_per_checkpoint(most=4)
def one_batch(checkpoint: Checkpoint, dataset: Dataset) -> Snapshot:
    """A batch as training sees it: normalised by its own mean and variance."""
    net = copy.deepcopy(checkpoint.model).train()
    examples = fixed_batch(dataset, net.block_size, SIZE)
    return snapshot(net, examples.contexts, examples.targets)


def show_before_after(about: ChosenList, name: str, stage: Stage) -> None:
    """Every neuron's mean and standard deviation over one batch, before and after the layer."""
    starts, checkpoint = starts_of(about), about.checkpoint(USUAL)
    with stage.controls:
        view = choose(
            "Net",
            VIEWS,
            key="norm_view",
            in_link="net",
            help="γ scales and β shifts; both are learned.",
        )
        factor = 1.0
        if view == "naive":
            help = "Of the layer before batch norm. Kaiming initialisation is × 0.3 here."
            factor = float(
                choose("Its weights", FACTORS, key="norm_factor", help=help, in_link="scale")
            )
        else:
            checkpoint = choose_checkpoint(
                has_one(BatchNorm1d, "batch norm", "batch norms"),
                key="norm_net",
                first=USUAL,
                about=about,
                in_link="checkpoint",
            )
    whole, _ = stages(starts, checkpoint, view, 1.0)
    before, after = stages(starts, checkpoint, view, factor)
    order = whole.mean(dim=0).argsort()
    frames = {"before": neurons.bands(before, order), "after": neurons.bands(after, order)}
    # Axes that do not follow the factor: what shrinks is seen to shrink.
    scales = (neurons.bands(whole), frames["after"])
    limit = max(float(frame[["low", "high"]].abs().max().max()) for frame in scales)
    with stage.picture:
        for panel, frame in frames.items():
            place_chart(bands(frame, panel=panel, limit=limit), key=f"bands_{panel}", fill="half")
    with stage.controls:
        rows = [
            {
                "batch norm": panel,
                "means from": _figure(frame["mean"].min()),
                "to": _figure(frame["mean"].max()),
                "mean std": _figure(frame["std"].mean()),
            }
            for panel, frame in frames.items()
        ]
        place_table(rows)
        quiet = int((frames["after"]["std"] < QUIET).sum())
        st.caption(
            f"One batch of {SIZE} examples. A bar runs from a neuron's mean less one standard "
            "deviation (std) to its mean plus one."
            + (f" {quiet} neurons {SILENCED}" if quiet else "")
        )
    with stage.below:
        _tell_worth(about)


def _figure(value: float) -> str:
    """Two digits, and no sign on a zero."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def stages(
    starts: Starts, checkpoint: Checkpoint, view: View, factor: float
) -> tuple[Tensor, Tensor]:
    """(examples, neurons) before and after; `factor` multiplies the weights and biases of a fresh net."""
    if view == "naive":
        start = starts.look_at("naive", "start")
        before = factor * start.activations[start.before(starts.bend()[0])][:SIZE]
        return before, neurons.normalised(before)
    look = one_batch(checkpoint, starts.dataset)
    ((name, layer),) = layers_of(checkpoint.model, BatchNorm1d).items()
    # Where positions have outputs of their own, each counts as an example.
    before = look.activations[look.before(name)].flatten(0, -2)
    if view == "moved":
        return before, look.activations[name].flatten(0, -2)
    return before, neurons.normalised(before, layer.eps)


def _tell_worth(about: ChosenList) -> None:
    """What batch norm brings here, with its numbers, and where this layer differs from torch's."""
    where = "on the course's names" if about.own else "here"
    st.subheader(f"What it is worth {where}", anchor=False)
    table, words = st.columns([2, 3], gap="large")
    with table:
        place_table([_row(key) for key in COMPARED])
    loop, best = ([_losses(key)[i] for key in ("mlp", "mlp_bn")] for i in (0, 1))
    words.markdown(
        f"For so small a net, hardly anything in dev loss: with the lecture's loop it ends {loop[0]:.4f} → "
        f"**{loop[1]:.4f}**, with the recipe best {best[0]:.4f} → **{best[1]:.4f}**, one seed each. The "
        "initialisation brings the larger part. What batch norm buys is **robustness**: multiply the "
        "weights before it by any number, and what comes after it stays the same."
    )
    words.caption(
        "`BatchNorm1d` here averages over every axis but the last, so channels stand last. "
        "torch.nn.BatchNorm1d takes axis 1 of three for the channels and averages over the other two."
    )


def _row(key: str) -> dict[str, str]:
    loop, shipped = _losses(key)
    recipe = loaded.checkpoint(key).metadata.recipe["name"]
    return {
        "dev loss": plain(SHIPPED["mlp_lecture" if key == "mlp" else key].label),
        "lecture's loop": f"{loop:.4f}",
        "recipe best": f"{shipped:.4f}" if recipe == "best" else "–",
    }


def _losses(key: str) -> tuple[float, float]:
    """Dev losses: of the lecture's loop, and of the shipped checkpoint."""
    lecture = SHIPPED[key].lecture
    assert lecture is not None
    return lecture, float(loaded.checkpoint(key).metadata.losses["dev"])
