"""What one batch asks of the weights of a checkpoint: gradients, and one step beside the weights."""

import copy
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.layers.update_ratios import USUAL, update_ratios
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers import gradients
from makemore.inference.capture import Snapshot, snapshot
from makemore.lessons.checkpoints import looked_at
from makemore.ui.kit import examined
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import identity

RATES = {"0.1": "0.1", "0.01": "0.01", "0.001": "0.001"}


def show_gradients(about: ChosenList, name: str, stage: Stage) -> None:
    """One row a tensor; the learning rate of the step beside it, the numbers below."""
    with stage.controls:
        checkpoint = looked_at.choose_looked_at(about, learns)
        on = examined.list_for(about, checkpoint)
        if on is None:
            told = plain(examined.tell_lacking(about, checkpoint))
            st.info(f"There is no batch for it: {told}.", icon=":material/info:")
            return
        rate = float(
            choose("Learning rate of the step", RATES, key="gradient_rate", in_link="rate")
        )
        look = _look(on, checkpoint)
        ratios = gradients.update_ratios(look, learning_rate=rate)
        _tell(look, ratios, examined.tell_list(about, on))
    with stage.picture:
        place_chart(update_ratios(ratios), key="gradients", fill="whole")
    with stage.below:
        st.dataframe(ratios, hide_index=True, height="content", column_config=_columns())


def learns(checkpoint: Checkpoint) -> str:
    """Fits a net that learns by gradients."""
    return (
        "" if any(True for _ in checkpoint.model.parameters()) else "it counts, and has no gradient"
    )


def _look(on: ChosenList, checkpoint: Checkpoint) -> Snapshot:
    """One batch forward and back, batch norm as in training; once for each list."""

    def look() -> Snapshot:
        net = copy.deepcopy(checkpoint.model).train()
        batch = examined.batch_of(examined.dataset_for(on, checkpoint), net.block_size)
        return snapshot(net, batch.contexts, batch.targets)

    return on.kept((identity(checkpoint), "batch"), look)


def _tell(look: Snapshot, ratios: pd.DataFrame, measured: str) -> None:
    st.metric(
        "Loss of the batch",
        f"{look.loss:.3f}",
        help=f"{examined.BATCH} examples of train, always the same; batch norm takes their own mean.",
    )
    known = ratios.dropna(subset="update_to_data")
    if len(known):
        place = known["update_to_data"].to_numpy()
        most, least = known.iloc[int(place.argmax())], known.iloc[int(place.argmin())]
        st.markdown(
            f"One SGD step would move **{plain(most['tensor'])}** most, by {most['update_to_data']:.2g} "
            f"of its standard deviation, and **{plain(least['tensor'])}** least, by "
            f"{least['update_to_data']:.2g}."
        )
    st.caption(
        f"The course looks for updates near a thousandth ({USUAL:g}) of the weights: far above, a step "
        f"may overshoot; far below, that tensor hardly learns. {measured}"
    )


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "numbers": number(format="localized"),
        "data": number("std of the weights", format="%.4f"),
        "gradient": number("std of the gradient", format="%.2e"),
        "grad_to_data": number("gradient : weights", format="%.2e"),
        "update_to_data": number("update : weights", format="%.2e"),
    }
