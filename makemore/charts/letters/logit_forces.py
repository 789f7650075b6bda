"""Draws the gradient by the logits of a batch, and the forces on the logits of one example. Knows no net."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, key, source
from makemore.charts.letters.letter_bars import in_places, place_axis

UP, DOWN = "pushed up", "pushed down"
FORCES = {UP: palette.BLUE, DOWN: palette.ORANGE}  # a gradient below zero is blue, and pushes up


def logit_gradients(
    gradient: png.Matrix, *, examples: list[str], letters: list[str], chosen: int
) -> Chart:
    """A row an example, a column a letter: blue below, orange above zero; a click chooses a row.

    gradient: (examples, letters). How strong a cell is goes by the square root, opaque at the largest,
    so that the small forces show beside the large ones. Selection `example`, from 0.
    """
    limit = float(np.abs(gradient).max())
    strong = np.sign(gradient) * np.sqrt(np.abs(gradient))
    rows, columns = gradient.shape
    ends = {"left": 0.0, "right": float(columns)}
    image = {**ends, "top": 0.0, "low": float(rows), "url": png.diverging(strong, limit**0.5)}
    frame = pd.DataFrame(
        {
            "example": range(rows),
            "text": examples,
            **ends,
            "row": [place + 0.5 for place in range(rows)],
            "low": [place + 1.0 for place in range(rows)],
            "top": [float(place) for place in range(rows)],
            "least": gradient.min(axis=1),
            "most": gradient.max(axis=1),
            "chosen": [place == chosen for place in range(rows)],
        }
    )
    heads = pd.DataFrame(
        {"letter": letters, "column": [i + 0.5 for i in range(columns)], "row": -0.6}
    )
    text = (
        f"Heatmap of the gradient by the logits, {rows} examples by {columns} letters, blue below and "
        f"orange above zero, ±{limit:.3g} at most. Framed: {examples[chosen]}."
    )
    datasets = {"image": pd.DataFrame([image]), "rows": frame, "heads": heads}
    return Chart(_map_spec(rows, columns), datasets, text, selections=("example",))


@lru_cache(maxsize=8)
def _map_spec(rows: int, columns: int) -> Spec:
    across = alt.Scale(domain=[-columns * 0.2, columns], nice=False, zero=False)
    down = alt.Scale(domain=[-1.2, rows + 0.2], reverse=True, nice=False, zero=False)
    ends = {"x2": "right:Q", "y2": "low:Q"}

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across, axis=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=down, axis=None)

    pick = alt.selection_point(name="example", fields=["example"], empty=False)
    image = alt.Chart(source("image"))
    back = image.mark_rect(fill="transparent", stroke=palette.MUTED.css, strokeWidth=0.8)
    picture = image.mark_image(aspect=False, smooth=False)
    lines = alt.Chart(source("rows"))
    tooltip = [
        alt.Tooltip("text:N", title="example"),
        alt.Tooltip("least:Q", title="of the letter that came", format="+.5f"),
        alt.Tooltip("most:Q", title="the largest of the others", format="+.5f"),
    ]
    names = lines.mark_text(
        align="right", dx=-5, fontSize=alt.ExprRef(f"min(12, 0.85 * height / {rows})")
    )
    heads = alt.Chart(source("heads")).mark_text(
        fontSize=alt.ExprRef(f"width / {columns} < 6 ? 0 : min(12, width / {columns})"),
        fill=palette.MUTED.css,
    )
    frame = lines.mark_rect(fill="transparent", strokeWidth=2).encode(
        x=x("left"), y=y("top"), **ends,
        stroke=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value("transparent")
        ),
        tooltip=tooltip,
    )  # fmt: skip
    layers = [
        back.encode(x=x("left"), y=y("top"), **ends),
        picture.encode(x=x("left"), y=y("top"), **ends, url="url:N"),
        names.encode(
            x=x("left"),
            y=y("row"),
            text="text:N",
            fill=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
            ),
        ),
        heads.encode(x=x("column"), y=y("row"), text="letter:N"),
        frame.add_params(pick),
    ]
    return finished(alt.layer(*layers).properties(height=480))


def force_bars(forces: pd.DataFrame, *, example: str) -> Chart:
    """What a step of descent does to each logit of one example: minus its gradient, up on one letter.

    forces: `letter, force, probability`.
    """
    drawn = in_places(forces, "force", ranked=False).assign(
        way=[UP if force > 0 else DOWN for force in forces["force"]]
    )
    up = forces.loc[forces["force"] > 0]
    names = ", ".join(up["letter"])
    text = (
        f"Bars: the force on each logit of {example}. Up on {names}: {up['force'].sum():.5f}; down on "
        f"all others, together as much."
    )
    return Chart(_bars_spec(), {"forces": drawn}, text)


@lru_cache(maxsize=1)
def _bars_spec() -> Spec:
    bars = (
        alt.Chart(source("forces"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=place_axis("forces", "letter"),
            y=alt.Y(
                "force:Q",
                title="force = −∂loss/∂logit",
                axis=alt.Axis(tickCount=5, format="~g"),
            ),
            fill=alt.Fill("way:N", **key(FORCES, narrow=2)),
            tooltip=[
                alt.Tooltip("letter:N", title="letter"),
                alt.Tooltip("probability:Q", title="probability", format=".2%"),
                alt.Tooltip("force:Q", title="force", format="+.6f"),
            ],
        )
    )
    rule = (
        alt.Chart(source("forces"))
        .transform_aggregate(n="count()")
        .transform_calculate(zero="0")
        .mark_rule()
        .encode(y="zero:Q")
    )
    return finished(alt.layer(bars, rule).properties(height=230))
