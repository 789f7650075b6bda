"""One batch before and after batch norm, neuron by neuron. Knows the nets, not the page."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st
import torch
from torch import Tensor

from makemore.charts.layers.neuron_bands import bands
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.layers import neurons
from makemore.experiments import recorded_starts
from makemore.inference.capture import capture
from makemore.lessons.batch_norm.one_norm import Normed, batch_before, choose_normed, one_batch
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import BATCH, batch_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import loaded

View = Literal["naive", "trained", "moved"]
Factor = Literal["1", "0.3", "0.1"]

VIEWS: dict[View, str] = {
    "naive": "Naive start",
    "trained": "Trained",
    "moved": "Its own γ, β",
}
FACTORS: dict[Factor, str] = {"1": "as drawn", "0.3": "× 0.3", "0.1": "× 0.1"}
COMPARED = ("mlp_naive", "mlp", "mlp_bn")

GAMMAS, BETAS = links.Tenths(0, 30), links.Tenths(-20, 20)
REACH = 5.0  # of the axis, at least: γ = 3 and β = 2 move a bar so far
QUIET = 0.1  # a standard deviation after normalising that is far from 1
SILENCED = (
    "have no bar: training shrank their weights so far that ε, which keeps the division from "
    "dividing by zero, outweighs what is left of them."
)


def show_before_after(about: ChosenList, name: str, stage: Stage) -> None:
    """Every neuron's mean and standard deviation over one batch, before and after the layer."""
    with stage.controls:
        view = choose(
            "Net",
            VIEWS,
            key="norm_view",
            in_link="net",
            help="The last one is the trained net with the γ and β that each neuron has learned.",
        )
        factor = _choose_factor() if view == "naive" else "1"
        gamma, beta = _choose_gamma_beta() if view != "moved" else (1.0, 0.0)
        net = choose_normed(about) if view != "naive" else None
    told = net.key if net else ""
    frames = about.kept(
        ("bands", told, view, factor), partial(_frames, about, net, view, float(factor))
    )
    after = moved(frames["after"], gamma, beta)
    shown = {"before": frames["before"], "after": after}
    limit = about.kept(("bands", told, view), lambda: _limit(about, net, view))
    with stage.picture:
        for panel, frame in shown.items():
            place_chart(bands(frame, panel=panel, limit=limit), key=f"bands_{panel}", fill="half")
    with stage.controls:
        _tell_figures(shown, quiet=int((frames["after"]["std"] < QUIET).sum()))
    with stage.below:
        _tell_worth(about)


def _choose_factor() -> Factor:
    help = "Of the layer before batch norm. Kaiming initialisation is × 0.3 here."
    return choose("Its weights", FACTORS, key="norm_factor", help=help, in_link="scale")


def _choose_gamma_beta() -> tuple[float, float]:
    """One γ and one β for all neurons."""
    left, right = st.columns(2)
    with left:
        links.bound("gamma", key="norm_gamma", options=GAMMAS, first=1.0)
        gamma = st.slider(
            "γ", 0.0, 3.0, step=0.1, key="norm_gamma", help="Scales; learned, from 1."
        )
    with right:
        links.bound("beta", key="norm_beta", options=BETAS, first=0.0)
        beta = st.slider("β", -2.0, 2.0, step=0.1, key="norm_beta", help="Shifts; learned, from 0.")
    return round(float(gamma), 1), round(float(beta), 1)


def moved(frame: pd.DataFrame, gamma: float, beta: float) -> pd.DataFrame:
    """Bands after γ and β: means and standard deviations of what both did to every value."""
    mean, std = gamma * frame["mean"] + beta, gamma * frame["std"]
    return frame.assign(mean=mean, std=std, low=mean - std, high=mean + std)


def _frames(
    about: ChosenList, net: Normed | None, view: View, factor: float
) -> Mapping[str, pd.DataFrame]:
    before, after = stages(about, net, view, factor)
    order = before.mean(dim=0).argsort()
    return {"before": neurons.bands(before, order), "after": neurons.bands(after, order)}


def _limit(about: ChosenList, net: Normed | None, view: View) -> float:
    """Of axes that follow no slider: what shrinks is seen to shrink."""
    frames = _frames(about, net, view, 1.0).values()
    return max(REACH, *(float(frame[["low", "high"]].abs().max().max()) for frame in frames))


def stages(
    about: ChosenList, net: Normed | None, view: View, factor: float
) -> tuple[Tensor, Tensor]:
    """(examples, neurons) before and after; `factor` multiplies the weights and biases of a fresh net."""
    if net is None:
        before = factor * naive_batch(about)
        return before, neurons.normalised(before)
    look = one_batch(about, net)
    before = batch_before(about, net)
    if view == "moved":
        return before, look.activations[net.name].flatten(0, -2)
    return before, neurons.normalised(before, net.norm.eps)


def naive_batch(about: ChosenList) -> Tensor:
    """(examples, neurons): what the naive start gives before its tanh."""
    net = recorded_starts.fresh("naive", len(about.vocabulary))
    with torch.inference_mode(), capture(net) as outputs:
        net(batch_of(about.dataset, net.block_size, BATCH).contexts)
    return outputs["hidden"]


def _tell_figures(shown: Mapping[str, pd.DataFrame], *, quiet: int) -> None:
    rows = [
        {
            "batch norm": panel,
            "means from": _figure(frame["mean"].min()),
            "to": _figure(frame["mean"].max()),
            "mean std": _figure(frame["std"].mean()),
        }
        for panel, frame in shown.items()
    ]
    place_table(rows)
    st.caption(
        f"One batch of {BATCH} examples. A bar runs from a neuron's mean less one standard "
        "deviation (std) to its mean plus one." + (f" {quiet} neurons {SILENCED}" if quiet else "")
    )


def _figure(value: float) -> str:
    """Two digits, and no sign on a zero."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def _tell_worth(about: ChosenList) -> None:
    """What batch norm brings here, with its numbers."""
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
