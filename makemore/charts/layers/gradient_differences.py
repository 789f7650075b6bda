"""Draws how far gradients written by hand are from autograd's, on a logarithmic axis. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

FLOOR = 1e-11  # where what is equal in all bits is drawn, as a logarithm has no 0
COLOURS = {"exact": palette.TEAL, "approximate": palette.BLUE}
SHAPES = {"exact": "diamond", "approximate": "circle"}


def gradient_differences(differences: pd.DataFrame) -> Chart:
    """A point a gradient. differences: `name, verdict (exact, approximate), largest`."""
    told = ", ".join(
        f"{name} {verdict if verdict == 'exact' else f'{largest:.1e}'}"
        for name, verdict, largest in differences[["name", "verdict", "largest"]].itertuples(
            index=False, name=None
        )
    )
    drawn = differences.assign(at=differences["largest"].clip(lower=FLOOR))
    text = f"Points: the largest difference of each gradient by hand from that of autograd: {told}."
    return Chart(_spec(), {"differences": drawn}, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    points = (
        alt.Chart(source("differences"))
        .mark_point(filled=True, size=130, opacity=1)
        .encode(
            x=alt.X(
                "at:Q",
                title="largest difference from autograd",
                scale=alt.Scale(type="log", domain=[FLOOR, 1e-6]),
                axis=alt.Axis(values=[FLOOR, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6], labelExpr=(
                    f"datum.value < {2 * FLOOR} ? '0' : format(datum.value, '.0e')"
                )),
            ),
            y=alt.Y(
                "name:N", title=None, sort=None, axis=alt.Axis(grid=True, ticks=False, domain=False)
            ),
            color=alt.Color("verdict:N", **key(COLOURS, symbol="circle", narrow=2)),
            shape=alt.Shape(
                "verdict:N",
                scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("name:N", title="gradient by"),
                alt.Tooltip("verdict:N", title="against autograd"),
                alt.Tooltip("largest:Q", title="largest difference", format=".1e"),
            ],
        )
    )  # fmt: skip
    return finished(alt.layer(points).properties(height=260))
