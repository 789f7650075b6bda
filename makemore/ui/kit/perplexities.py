"""Dev loss and perplexity of some checkpoints as a small table. Knows no page."""

import math
from collections.abc import Mapping

import streamlit as st

from makemore.checkpoints.store import Checkpoint
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain


def show_perplexities(about: ChosenList, models: Mapping[str, Checkpoint]) -> None:
    """One row a checkpoint, by label: its context length, its dev loss, and e to that power."""
    rows = []
    for label, checkpoint in models.items():
        dev = checkpoint.metadata.losses["dev"]
        rows.append(
            {
                "net": plain(label),
                "context": checkpoint.model.block_size,
                "dev loss": f"{dev:.3f}",
                "perplexity": f"{math.exp(dev):.1f}",
            }
        )
    place_table(rows)
    st.caption(
        f"Perplexity is e to the loss: {len(about.vocabulary)} for uniform guesses, 1 for a net that "
        "always knows."
    )
