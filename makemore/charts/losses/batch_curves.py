"""Draws one training for each batch size, over the examples or the seconds it took. Knows no model."""

from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

Against = Literal["examples", "seconds"]
TITLES: dict[Against, str] = {
    "examples": "examples seen (log scale)",
    "seconds": "seconds of updates, one core (log scale)",
}
TICKS = [10.0**power for power in range(-2, 9)]
DASHES = ([1, 2], [2, 2], [1, 0], [6, 2], [8, 2, 2, 2])


def batch_curves(curves: pd.DataFrame, *, against: Against, top: float) -> Chart:
    """Dev loss over what each training has cost so far, one line a batch size; cut off above `top` nats.

    curves: `batch (a word), examples, seconds, dev`, the batch sizes in order.
    """
    last = curves.groupby("batch", sort=False)["dev"].last()
    told = ", ".join(f"{batch} {dev:.3f}" for batch, dev in last.items())
    text = f"Dev loss over {against} for each batch size. At the end of what is drawn: {told}."
    spec = _spec(tuple(curves["batch"].drop_duplicates()), against, top)
    return Chart(spec, {"curves": curves}, text)


@lru_cache(maxsize=8)
def _spec(batches: tuple[str, ...], against: Against, top: float) -> Spec:
    names = dict(zip(batches, palette.CATEGORICAL[: len(batches)], strict=True))
    keyed = key(names, symbol="stroke", narrow=3)
    lines = (
        alt.Chart(source("curves"))
        .mark_line(strokeWidth=2, clip=True, point=alt.OverlayMarkDef(size=14, clip=True))
        .encode(
            x=alt.X(
                f"{against}:Q",
                title=TITLES[against],
                scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(labelExpr="format(datum.value, '~s')", values=TICKS),
            ),
            y=alt.Y(
                "dev:Q",
                title="dev loss, nats per character",
                scale=alt.Scale(zero=False, domainMax=top, nice=False),
                axis=alt.Axis(tickCount=5),
            ),
            color=alt.Color("batch:N", **keyed),
            strokeDash=alt.StrokeDash(
                "batch:N",
                scale=alt.Scale(domain=list(batches), range=list(DASHES[: len(batches)])),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("batch:N", title="batch size"),
                alt.Tooltip("examples:Q", title="examples", format=","),
                alt.Tooltip("seconds:Q", title="seconds", format=".2f"),
                alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
            ],
        )
    )
    return finished(alt.layer(lines).properties(height=240))
