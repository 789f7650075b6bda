"""Running mean and variance against the true ones, and what momentum does. Knows the nets, not the page."""

from functools import partial

import pandas as pd
import streamlit as st

from makemore.charts.layers.running_lines import running_line
from makemore.diagnostics.layers.batch_norm_numbers import running_statistics
from makemore.lessons.batch_norm.one_norm import (
    Normed,
    choose_neuron,
    choose_normed,
    draw_start,
    train_values,
    true_statistics,
)
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

MOMENTA = {"0.001": "0.001", "0.01": "0.01", "0.1": "0.1", "1": "1"}
NETS = {"start": "Before training", "trained": "Trained"}
STEPS, BATCH = 1_000, 32
EVERY = 4  # steps, of which one is drawn


def show_running_averages(about: ChosenList, name: str, stage: Stage) -> None:
    """The averages that a layer gathers of one neuron, step by step, and those that the net has."""
    with stage.controls:
        help = "The weight of the newest batch: running ← (1 − m) · running + m · batch."
        momentum = float(
            choose(
                "Momentum m", MOMENTA, key="momentum", first="0.01", in_link="momentum", help=help
            )
        )
        when = choose("Net", NETS, key="running_net", in_link="net")
        net = draw_start(about) if when == "start" else choose_normed(about)
        neuron = choose_neuron(len(net.norm.gamma))
    key = (net.key, "running", neuron, momentum)
    frames = about.kept(key, partial(_gather, about, net, neuron, momentum))
    last = frames["mean"]
    with stage.picture:
        for quantity in ("mean", "variance"):
            frame = frames[quantity]
            chart = running_line(frame, quantity=quantity, true=float(frame["true"].iloc[0]))
            place_chart(chart, key=f"running_{quantity}", fill="half")
    with stage.controls:
        place_table([_row(quantity, frame) for quantity, frame in frames.items()])
        left = (1 - momentum) ** int(last["step"].iloc[-1])
        st.caption(
            f"{STEPS:,} batches of {BATCH} train examples; the net stands still. A momentum of {momentum:g} "
            f"averages about {1 / momentum:,.0f} batch{'es' if momentum < 1 else ''}; of the 0 and 1 that "
            f"the averages begin at, {left:.0%} is left."
            + (_tell_own(about, net) if when == "trained" else "")
        )


def _gather(
    about: ChosenList, net: Normed, neuron: int, momentum: float
) -> dict[str, pd.DataFrame]:
    """By quantity a frame with the columns step, value, true."""
    values = train_values(about, net, neuron)
    frame = running_statistics(values, momentum=momentum, batch_size=BATCH, steps=STEPS)
    drawn = frame[frame["step"] % EVERY == 0].reset_index(drop=True)
    return {
        quantity: pd.DataFrame(
            {"step": drawn["step"], "value": drawn[running], "true": drawn[true]}
        )
        for quantity, running, true in (
            ("mean", "running_mean", "mean"),
            ("variance", "running_var", "var"),
        )
    }


def _row(quantity: str, frame: pd.DataFrame) -> dict[str, str]:
    value, true = float(frame["value"].iloc[-1]), float(frame["true"].iloc[-1])
    return {"at the end": quantity, "running": f"{value:.3g}", "true": f"{true:.3g}"}


def _tell_own(about: ChosenList, net: Normed) -> str:
    """How far the averages that the net has kept are from the true ones."""
    far = about.kept((net.key, "far from true"), partial(far_from_true, about, net))
    return (
        f" What the net itself has kept: its {len(net.norm.gamma)} running means are off the true ones by "
        f"{far:.3f} standard deviations on average."
    )


def far_from_true(about: ChosenList, net: Normed) -> float:
    """Of all neurons the mean distance of the running mean from the true one, in standard deviations."""
    mean, var = true_statistics(about, net)
    away = (net.norm.running_mean.double() - mean).abs()
    return float((away / (var + net.norm.eps).sqrt()).mean())
