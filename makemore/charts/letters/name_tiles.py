"""Draws two lists of names side by side, a tile a letter. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

GAP = 1  # columns between the two lists


def name_tiles(tiles: pd.DataFrame, *, shown: int) -> Chart:
    """A row a name, the counted letters left and the learned ones right; where they part is framed.

    tiles: `row, side (counted | learned), place, letter, parted`; at most `shown` + 1 places a side.
    """
    places = shown + 1
    right = tiles["side"] == "learned"
    drawn = tiles.assign(column=tiles["place"] + right * (places + GAP))
    heads = pd.DataFrame(
        {"row": [0, 0], "column": [1, places + GAP + 1], "head": ["counted", "learned"]}
    )
    rows = pd.DataFrame({"row": range(int(tiles["row"].max()) + 1)})
    columns = pd.DataFrame({"column": range(1, 2 * places + GAP + 1)})
    words, apart = _words(drawn), set(drawn.loc[drawn["parted"], "row"])
    listed = "; ".join(
        f"{row}: {' and '.join(names) if row in apart else names[0]}"
        for row, names in words.items()
    )
    text = (
        f"{len(words)} names of the counts beside those of the net, {len(words) - len(apart)} of them "
        f"the same. {listed}"
    )
    datasets = {"rows": rows, "columns": columns, "heads": heads, "tiles": drawn}
    return Chart(_spec(len(rows), len(columns)), datasets, text)


def _words(tiles: pd.DataFrame) -> dict[int, tuple[str, str]]:
    """Row -> the counted name and the learned one."""
    words: dict[int, tuple[str, str]] = {}
    for row, side, letter in zip(tiles["row"], tiles["side"], tiles["letter"], strict=True):
        counted, learned = words.get(row, ("", ""))
        if side == "counted":
            words[row] = counted + letter, learned
        else:
            words[row] = counted, learned + letter
    return words


@lru_cache(maxsize=4)
def _spec(rows: int, columns: int) -> Spec:
    size = alt.ExprRef(f"clamp(min(height / {rows} * 0.55, width / {columns} * 1.1), 6, 20)")
    names = alt.Axis(labelExpr="datum.value ? datum.value : ''", domain=False, ticks=False)
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.08))
    y = alt.Y("row:O", title=None, axis=names, scale=alt.Scale(paddingInner=0.14))
    blank = [
        alt.Chart(source(name)).mark_point(opacity=0, aria=False).encode(channel)
        for name, channel in (("rows", y), ("columns", x))
    ]
    heads = alt.Chart(source("heads")).mark_text(
        align="left", fontSize=13, dx=-8, fill=palette.MUTED.css, aria=False
    )
    parted, same = alt.value(palette.ACCENT.css), alt.value("transparent")
    base = alt.Chart(source("tiles")).encode(x=x, y=y)
    tiles = base.mark_rect(cornerRadius=3, aria=False, strokeWidth=px(1.5, 0.8)).encode(
        fill=alt.condition(
            "datum.parted", alt.value(palette.PAPER.css), alt.value(palette.PANEL.css)
        ),
        stroke=alt.condition("datum.parted", parted, same),
        tooltip=[alt.Tooltip("side:N"), alt.Tooltip("letter:N")],
    )
    letters = base.mark_text(fontSize=size, aria=False).encode(
        text="letter:N",
        fill=alt.condition("datum.parted", parted, alt.value(palette.INK.css)),
    )
    layers = [*blank, heads.encode(x=x, y=y, text="head:N"), tiles, letters]
    return finished(alt.layer(*layers).properties(height=24 * rows))
