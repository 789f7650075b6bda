"""Draws activations over one axis, their flat regions shaded, and the cost of scale. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

COLOURS = (palette.BLUE, palette.ORANGE, palette.TEAL, palette.VIOLET, palette.OCHRE)


def activation_curve(curve: pd.DataFrame, bins: pd.DataFrame, *, name: str, top: float) -> Chart:
    """One activation, the stretches where its slope is next to 0 shaded, and what goes into it below.

    curve: `x, y, flat` in the order of x. bins: `left, right, share` of the pre-activations, drawn as
    a histogram at the foot, at most a third of the height. The vertical axis ends at `top`.
    """
    ends = flat_stretches(curve)
    low = float(min(curve["y"].min(), 0.0)) - 0.1
    most = max(float(bins["share"].max()), 1e-9)
    foot = bins.assign(low=low, high=low + bins["share"] / most * (top - low) / 3)
    text = f"{name}: flat " + (
        ", ".join(f"from {a:.2f} to {b:.2f}" for a, b in ends.itertuples(index=False))
        if len(ends) else "nowhere"
    )  # fmt: skip
    span = (float(curve["x"].min()), float(curve["x"].max()))
    frames = {"curve": curve[curve["y"] <= top], "flat": ends, "bins": foot}
    return Chart(_curve_spec(name, span, (low, top)), frames, text + ".")


def flat_stretches(curve: pd.DataFrame) -> pd.DataFrame:
    """Where the curve is flat without a break. Columns: start, end."""
    flat = curve["flat"].to_numpy()
    x = curve["x"].to_numpy()
    rows, begun = list[tuple[float, float]](), -1
    for place, is_flat in enumerate([*flat, False]):
        if is_flat and begun < 0:
            begun = place
        if not is_flat and begun >= 0:
            rows.append((float(x[begun]), float(x[place - 1])))
            begun = -1
    return pd.DataFrame(rows, columns=["start", "end"])


@lru_cache(maxsize=32)
def _curve_spec(name: str, span: tuple[float, float], heights: tuple[float, float]) -> Spec:
    x = alt.X("x:Q", title="pre-activation", scale=alt.Scale(domain=list(span), nice=False))
    y = alt.Y("y:Q", title=name, scale=alt.Scale(domain=list(heights), nice=False))
    shade = (
        alt.Chart(source("flat"))
        .mark_rect(opacity=0.16, fill=palette.WARNING.css)
        .encode(x=alt.X("start:Q"), x2="end:Q")
    )
    foot = (
        alt.Chart(source("bins"))
        .mark_rect(opacity=0.5, fill=palette.SLATE.css, clip=True)
        .encode(x=alt.X("left:Q"), x2="right:Q", y=alt.Y("low:Q"), y2="high:Q")
    )
    line = alt.Chart(source("curve")).mark_line(strokeWidth=2.5, stroke=palette.BLUE.css, clip=True)
    return finished(alt.layer(shade, foot, line.encode(x=x, y=y)).properties(height=220))


def shares_by_scale(shares: pd.DataFrame, *, field: str, title: str, shown: float) -> Chart:
    """A line an activation over the scale of the pre-activations, with the scale that is `shown`.

    shares: `activation, scale` and the `field` (a share).
    """
    names = tuple(dict.fromkeys(shares["activation"]))
    at = shares[shares["scale"] == shown]
    told = ", ".join(
        f"{name} {share:.0%}" for name, share in zip(at["activation"], at[field], strict=True)
    )
    text = f"{title} against the scale of the pre-activations. At × {shown:g}: {told}."
    drawn = shares.assign(share=shares[field])
    frames = {"shares": drawn, "shown": pd.DataFrame({"scale": [shown]})}
    return Chart(_shares_spec(names, title), frames, text)


@lru_cache(maxsize=8)
def _shares_spec(names: tuple[str, ...], title: str) -> Spec:
    x = alt.X(
        "scale:Q", title="scale of the pre-activations", scale=alt.Scale(type="log", nice=False)
    )
    lines = (
        alt.Chart(source("shares"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=28))
        .encode(
            x=x,
            y=alt.Y(
                "share:Q",
                title=title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="~%", tickCount=4),
            ),
            color=alt.Color(
                "activation:N",
                **key(dict(zip(names, COLOURS, strict=False)), symbol="stroke", narrow=3),
            ),
            tooltip=[
                alt.Tooltip("activation:N"),
                alt.Tooltip("scale:Q"),
                alt.Tooltip("share:Q", title=title, format=".1%"),
            ],
        )
    )
    rule = alt.Chart(source("shown")).mark_rule(strokeWidth=1.5)
    return finished(
        alt.layer(lines, rule.encode(x=x, stroke=alt.value(palette.ACCENT.css))).properties(
            height=220
        )
    )
