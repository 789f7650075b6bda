"""Shipped models as rungs of a ladder: the loss of each, and what it cost. Knows no page."""

import streamlit as st

from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import SHIPPED
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources import loaded
from makemore.ui.sources.shipped_scoreboard import board


def show_ladder(*names: str, key: str) -> None:
    """Dev losses as bars with the reported ones, and a table with the gap from train to dev."""
    place_chart(scoreboard(board(names)), key=key)
    table = []
    for name in loaded.present(names):
        meta = loaded.checkpoint(name).metadata
        train, dev = meta.losses["train"], meta.losses["dev"]
        table.append(
            {
                "model": SHIPPED[name].label,
                "letters": str(meta.config["block_size"]),
                "train": f"{train:.3f}",
                "dev": f"{dev:.3f}",
                "gap": f"{dev - train:.3f}",
            }
        )
    st.table(table, border="horizontal", hide_index=True)
