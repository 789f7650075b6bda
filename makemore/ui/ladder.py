"""Shipped models as rungs of a ladder: the loss of each, and what it cost. Knows no page."""

import streamlit as st

from makemore.charts.models import scoreboard
from makemore.shipped import SHIPPED
from makemore.ui import load
from makemore.ui.board import board
from makemore.ui.place import place


def rungs(*names: str, key: str) -> None:
    """Dev losses as bars with the reported ones, and a table with the gap from train to dev."""
    place(scoreboard(board(names)), key=key)
    table = []
    for name in load.present(names):
        meta = load.checkpoint(name).metadata
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
