"""Shipped models as rungs of a ladder: the loss of each, and what it cost. Knows no page."""

import pandas as pd
import streamlit as st

from makemore.charts.models import scoreboard
from makemore.shipped import SHIPPED
from makemore.ui import load
from makemore.ui.place import place


def rungs(*names: str, key: str) -> None:
    """Dev losses as bars with the reported ones, and a table with the gap from train to dev."""
    present = load.present(names)
    place(scoreboard(pd.DataFrame([_row(name) for name in present])), key=key)
    table = []
    for name in present:
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


def _row(name: str) -> dict[str, object]:
    about, meta = SHIPPED[name], load.checkpoint(name).metadata
    return {
        "model": name,
        "label": about.label,
        "dev": meta.losses["dev"],
        "reported": about.reported,
        "parameters": meta.parameters,
        "seconds": meta.seconds,
        "recipe": meta.recipe["name"],
        "seed": str(meta.seed),
    }
