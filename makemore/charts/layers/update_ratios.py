"""Draws gradients and updates beside the weights that they move, tensor by tensor. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

USUAL = 1e-3  # update over data at which a net learns well, as the course reads it
ROW = 30
DECADES = [10.0**power for power in range(-9, 4)]
MEASURES = {
    "gradient": "std of the gradient",
    "grad_to_data": "gradient : weights",
    "update_to_data": "update : weights",
}
COLOURS = (palette.SLATE, palette.BLUE, palette.ORANGE)
SHAPES = ("square", "circle", "diamond", "stroke")


def update_ratios(ratios: pd.DataFrame) -> Chart:
    """One row a tensor: how far its gradient spreads, over its numbers, and one step over them.

    ratios: `tensor, numbers, data, gradient, grad_to_data, update_to_data`.
    """
    drawn = ratios.melt(
        id_vars=["tensor", "numbers", "data"],
        value_vars=list(MEASURES),
        var_name="measure",
        value_name="value",
    )
    drawn["measure"] = drawn["measure"].map(MEASURES)
    drawn = drawn[drawn["value"] > 0]  # a log axis has no place for zero
    updates = ratios.dropna(subset="update_to_data")
    text = f"Gradients and updates of {len(ratios)} tensors on a log axis."
    if len(updates):
        most = updates.iloc[int(updates["update_to_data"].to_numpy().argmax())]
        text += f" The largest update over weights is {most['update_to_data']:.1e}, of {most['tensor']}."
    names = tuple(ratios["tensor"])
    usual = pd.DataFrame({"value": [USUAL]})
    return Chart(_spec(names), {"ratios": drawn, "usual": usual}, text)


@lru_cache(maxsize=32)
def _spec(names: tuple[str, ...]) -> Spec:
    count = len(names)
    words = dict(zip(MEASURES.values(), COLOURS, strict=True))
    line = "a thousandth"
    keyed = key({**words, line: palette.MUTED}, symbol="circle", narrow=1)
    axis = alt.Axis(
        labelFontSize=alt.ExprRef(f"clamp(0.7 * height / {count}, 6, 13)"),
        labelOverlap=False,
        labelLimit=170,
        grid=True,
        gridOpacity=0.5,
    )
    dots = (
        alt.Chart(source("ratios"))
        .mark_point(
            filled=True, opacity=0.9, size=alt.ExprRef(f"clamp(6 * height / {count}, 25, 130)")
        )
        .encode(
            x=alt.X(
                "value:Q",
                title="log scale",
                scale=alt.Scale(type="log", padding=12),
                axis=alt.Axis(format="~e", values=DECADES, gridOpacity=0.6),
            ),
            y=alt.Y("tensor:N", sort=list(names), title=None, axis=axis),
            color=alt.Color("measure:N", **keyed),
            shape=alt.Shape(
                "measure:N",
                scale=alt.Scale(domain=[*words, line], range=list(SHAPES)),
                legend=keyed["legend"],
            ),
            tooltip=[
                alt.Tooltip("tensor:N", title="tensor"),
                alt.Tooltip("measure:N", title="what"),
                alt.Tooltip("value:Q", title="value", format=".2e"),
                alt.Tooltip("data:Q", title="standard deviation of the weights", format=".4f"),
                alt.Tooltip("numbers:Q", title="numbers", format=","),
            ],
        )
    )
    rule = (
        alt.Chart(source("usual"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x="value:Q", color=alt.Color(datum=line, **keyed))
    )
    return finished(alt.layer(rule, dots).properties(height=max(ROW * count, 160)))
