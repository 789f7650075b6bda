"""Draws what a name costs at several moments of a training, beside the dev loss. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

NAME, DEV = "your name", "all dev names"


def name_over_training(losses: pd.DataFrame, *, letters_loss: float) -> Chart:
    """Mean NLL a character of one name and of the dev split after so many steps, and the uniform baseline.

    losses: `step, series (NAME or DEV), loss` in nats. letters_loss: that of the baseline.
    """
    own = losses[losses["series"] == NAME]
    told = ", ".join(f"{row['step']:,}: {row['loss']:.3f}" for row in own.to_dict("records"))
    text = f"Loss of the name by training step, {told}; uniform baseline {letters_loss:.2f}."
    named = losses.assign(moment=[f"{step:,}" for step in losses["step"]])
    datasets = {"losses": named, "baseline": pd.DataFrame({"loss": [letters_loss]})}
    return Chart(_spec(tuple(named["moment"].drop_duplicates())), datasets, text)


@lru_cache(maxsize=4)
def _spec(moments: tuple[str, ...]) -> Spec:
    names = {NAME: palette.ACCENT, DEV: palette.SPLITS["dev"]}
    keyed = key(names, symbol="stroke", narrow=2)
    x = alt.X(
        "moment:N", sort=list(moments), title="training steps made", axis=alt.Axis(labelAngle=0)
    )
    y = alt.Y(
        "loss:Q",
        title="NLL, nats per character",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(tickCount=4),
    )
    dash = alt.condition(alt.datum.series == DEV, alt.value([4, 3]), alt.value([1, 0]))
    lines = (
        alt.Chart(source("losses"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=40))
        .encode(
            x=x,
            y=y,
            color=alt.Color("series:N", **keyed),
            strokeDash=dash,
            tooltip=[
                alt.Tooltip("series:N", title="names"),
                alt.Tooltip("moment:N", title="steps"),
                alt.Tooltip("loss:Q", title="NLL", format=".4f"),
            ],
        )
    )
    rule = alt.Chart(source("baseline")).mark_rule(strokeDash=[2, 3]).encode(y=y)
    return finished(alt.layer(rule, lines).properties(height=200))
