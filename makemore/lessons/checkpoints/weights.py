"""Every tensor of a checkpoint as a histogram and in numbers. Runs no net."""

from typing import Any

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.layers.weight_histograms import weight_histograms
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers import weight_histograms as frames
from makemore.inference.tensor_numbers import named_tensors
from makemore.lessons.checkpoints import looked_at
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources.kept import kept_per_checkpoint

KEPT = 64


def show_weights(about: ChosenList, name: str, stage: Stage) -> None:
    """A row a tensor; its numbers below."""
    with stage.controls:
        checkpoint = looked_at.choose_looked_at(about)
        tensors = named_tensors(checkpoint.model)
        numbers = sum(tensor.numel() for tensor in tensors.values())
        st.markdown(
            f"**{checkpoint.metadata.parameters:,}** parameters in **{len(tensors)}** tensors"
            + (
                f", which hold {numbers:,} numbers with the running statistics of batch norm."
                if numbers > checkpoint.metadata.parameters
                else "."
            )
        )
        st.caption(
            "Each row spans its own tensor, from its smallest number to its largest, written "
            "at its two ends; the tick is zero."
        )
    with stage.picture:
        place_chart(_draw(checkpoint), key="weights", fill="whole")
    with stage.below:
        st.dataframe(
            frames.tensor_table(tensors),
            hide_index=True,
            height="content",
            column_config=_columns(),
        )


@kept_per_checkpoint(most=KEPT)
def _draw(checkpoint: Checkpoint) -> Chart:
    tensors = named_tensors(checkpoint.model)
    return weight_histograms(frames.weight_histograms(tensors), frames.tensor_table(tensors))


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "numbers": number(format="localized"),
        "mean": number(format="%.4f"),
        "std": number("standard deviation", format="%.4f"),
        "low": number("smallest", format="%.4f"),
        "high": number("largest", format="%.4f"),
    }
