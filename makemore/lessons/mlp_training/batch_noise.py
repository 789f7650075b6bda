"""How far a mini-batch's gradient is from the full one, and what that does to a training. Knows no job."""

from functools import partial

import pandas as pd
import streamlit as st
from torch import Generator

from makemore.charts.base.chart import Chart
from makemore.charts.losses.batch_angles import batch_angles
from makemore.charts.losses.batch_curves import Against, batch_curves
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.losses.batch_gradients import DRAWS, batch_gradients
from makemore.experiments.recorded_descents import BATCHES
from makemore.lessons.mlp_training.records import recorded
from makemore.models import LanguageModel, build
from makemore.ui.kit import ask_beside
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

NET, SEED = "mlp_lecture", 1
NETS = {"start": "As drawn", "trained": "Trained"}
AXES: dict[Against, str] = {"seconds": "Equal time", "examples": "Equal examples"}
BLOCK = 3  # letters that the recorded net sees
TOP = 3.4  # nats: just above the uniform baseline
SOONEST = 0.01  # seconds; what came before is not to be compared


def show_batch_noise(about: ChosenList, name: str, stage: Stage) -> None:
    """The angles of many batches of each size; of the course's list also whole trainings by batch size."""
    with stage.controls:
        net = choose("Net", NETS, key="noise_net", in_link="net")
        draws = angles(about, net)
        if draws is None:
            st.caption("The gradients of your list are being worked out.")
        else:
            place_table(about.kept(("batch noise table", net), partial(_rows, draws)))
    with stage.picture:
        fill: Fill = "whole" if about.own else "half"
        if draws is not None:
            chart = about.kept(("batch noise chart", net), partial(batch_angles, draws))
            place_chart(chart, key="noise_angles", fill=fill)
    if not about.own:
        with stage.controls:
            against = choose("Compare at", AXES, key="noise_axis", in_link="axis")
        with stage.picture:
            drawn = about.kept(("batch curves", against), partial(_draw_curves, about, against))
            place_chart(drawn, key="noise_curves", fill="half")
    with stage.controls:
        _tell(about)
    ask_beside.look_again(draws is None)


def net_of(about: ChosenList, which: str) -> LanguageModel:
    """The net as its seed draws it, or at the end of its training. Raises NotTrainedError."""
    if which == "trained":
        return about.checkpoint(NET).model
    made = SHIPPED[NET]
    generator = Generator().manual_seed(made.seed)
    return build(made.model, len(about.vocabulary), generator, dict(made.settings)).eval()


def angles(about: ChosenList, which: str) -> pd.DataFrame | None:
    """Those of all batches, see batch_gradients; worked out once for each list and net.

    Of an own list, which may be long, beside the page: None until they are there.
    """

    key = "batch noise", which
    if not about.own:
        return about.kept(key, lambda: _find_angles(about, net_of(about, which)))
    net = net_of(about, which)  # what is missing is said here, not beside
    return ask_beside.ask_beside(about, key, partial(_find_angles, about, net))


def _find_angles(about: ChosenList, net: LanguageModel) -> pd.DataFrame:
    return batch_gradients(net, about.dataset.examples("train", net.block_size), seed=SEED)


def _draw_curves(about: ChosenList, against: Against) -> Chart:
    return batch_curves(curves(about, against), against=against, top=TOP)


def curves(about: ChosenList, against: Against) -> pd.DataFrame:
    """The recorded trainings up to where all batch sizes can be compared.

    Columns: batch, examples, seconds, dev.
    """
    found = {descent: recorded(descent) for descent in BATCHES}
    train = len(about.dataset.examples("train", BLOCK))
    frames = []
    for descent, record in found.items():
        size = BATCHES[descent] or train
        frame = pd.DataFrame(
            {
                "batch": descent.removeprefix("batch "),
                "examples": [step * size for step in record.steps.tolist()],
                "seconds": record.seconds.tolist(),
                "dev": record.dev.tolist(),
            }
        )
        frames.append(frame[frame["examples"] > 0])
    return _cut(frames, against)


def _cut(frames: list[pd.DataFrame], against: Against) -> pd.DataFrame:
    """Each only as far as the one that came least far: of examples the smallest batches did."""
    first, *_, last = frames
    if against == "seconds":
        far = min(float(frame["seconds"].max()) for frame in frames)
        return pd.concat([f[f["seconds"].between(SOONEST, far)] for f in frames], ignore_index=True)
    far = max(float(first["examples"].max()), float(last["examples"].min()))
    return pd.concat([f[f["examples"] <= far] for f in frames], ignore_index=True)


def _rows(draws: pd.DataFrame) -> list[dict[str, str]]:
    rows = []
    for size in draws["size"].unique().tolist():
        each = draws[draws["size"] == size]
        many = len(each) > 1
        rows.append(
            {
                "batch": f"{size:,}" if size else "all",
                "angle": f"{each['angle'].mean():.1f}°",
                "±": f"{each['angle'].std():.1f}°" if many else "–",
                "noise": f"{each['noise'].mean():.1f} ×",
            }
        )
    return rows


def _tell(about: ChosenList) -> None:
    st.caption(
        f"{DRAWS} random batches of each size, by their angle to the full gradient; ±: standard "
        "deviation. Noise: length of what a batch's gradient is off by, as a multiple of the full one's "
        "length. It shrinks with the root of the batch size; a trained net's full gradient is short, so "
        "hardly any batch points along it."
    )
    if not about.own:
        highest = float(recorded("batch 1").dev.max())
        st.caption(
            "Below: one net, one seed, learning rate 0.1 and SGD throughout; the batch size alone differs. "
            f"Above {TOP:g} nats nothing is drawn: at this rate batches of 1 climb to {highest:.1f} first. "
            "Seconds are processor time of one core of the machine that recorded them."
        )
