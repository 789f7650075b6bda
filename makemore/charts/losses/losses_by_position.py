"""Draws where in names, or at which letters, two nets lose, and what each place adds. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

COLOURS = (palette.OCHRE, palette.TEAL)
WORDS = {"position": "letter of the name, the end counted", "letter": "letter that comes"}
HEIGHT = 240


def losses_by_group(losses: pd.DataFrame, by: str, *, last: str = "") -> Chart:
    """The mean loss of one net or two in each group, a dot as large as its share of the examples.

    losses: `net, position or letter (see by), loss, number, share`; `last` is how the last group is
    called where it holds all that follow.
    """
    nets = tuple(dict.fromkeys(losses["net"]))
    drawn = losses.assign(group=_labels(losses[by], last))
    worst = losses.loc[losses.groupby("net", sort=False)["loss"].idxmax()]
    text = f"Mean loss by {WORDS[by]}. Highest: " + ", ".join(
        f"{row['net']} {row['loss']:.2f} at {row[by]}" for row in worst.to_dict("records")
    )
    return Chart(_losses_spec(nets, by), {"losses": drawn}, text + ".")


def loss_differences(
    parts: pd.DataFrame, by: str, nets: tuple[str, str], *, last: str = ""
) -> Chart:
    """What each group adds to the difference of two mean losses; the bars add up to it.

    parts: `position or letter, number, share, one, other, difference, adds` (other less one).
    """
    better = [nets[1] if adds < 0 else nets[0] for adds in parts["adds"]]
    drawn = parts.assign(group=_labels(parts[by], last), better=better)
    whole = parts["adds"].sum()
    most = parts.iloc[int(parts["adds"].abs().to_numpy().argmax())]
    text = (
        f"Bars: what each {by} adds to the difference of the losses, {whole:+.4f} nats. The most: "
        f"{most[by]}, {most['adds']:+.4f}."
    )
    return Chart(_differences_spec(nets, by), {"parts": drawn}, text)


def _labels(groups: pd.Series, last: str) -> list[str]:
    words = [str(group) for group in groups]
    highest = words[-1] if words else ""
    return [last if last and word == highest else word for word in words]


def _across(by: str) -> alt.X:
    return alt.X(
        "group:N",
        sort=None,
        title=WORDS[by],
        axis=alt.Axis(labelAngle=0, labelFontSize=px(13, 10), labelOverlap=False, grid=False),
    )


@lru_cache(maxsize=32)
def _losses_spec(nets: tuple[str, ...], by: str) -> Spec:
    colours = key(dict(zip(nets, COLOURS, strict=False)), symbol="circle")
    base = alt.Chart(source("losses")).encode(
        x=_across(by),
        y=alt.Y(
            "loss:Q",
            title="mean loss, nats",
            scale=alt.Scale(domainMin=0, nice=True),
            axis=alt.Axis(tickCount=5),
        ),
        color=alt.Color("net:N", **colours),
        tooltip=[
            alt.Tooltip("net:N", title="net"),
            alt.Tooltip("group:N", title=by),
            alt.Tooltip("loss:Q", title="mean loss", format=".4f"),
            alt.Tooltip("number:Q", title="examples", format=","),
            alt.Tooltip("share:Q", title="share of all", format=".1%"),
        ],
    )
    dots = base.mark_circle(opacity=0.9).encode(
        size=alt.Size("share:Q", legend=None, scale=alt.Scale(range=[25, 260])),
        xOffset=alt.XOffset("net:N", sort=list(nets), scale=alt.Scale(paddingOuter=0.35)),
    )
    layers = [dots]
    if by == "position":  # places follow each other, letters do not
        layers.insert(0, base.mark_line(strokeWidth=1.5, opacity=0.6))
        layers[1] = base.mark_circle(opacity=0.9).encode(
            size=alt.Size("share:Q", legend=None, scale=alt.Scale(range=[25, 260]))
        )
    return finished(alt.layer(*layers).properties(height=HEIGHT))


@lru_cache(maxsize=32)
def _differences_spec(nets: tuple[str, str], by: str) -> Spec:
    names = {f"{net} is better": colour for net, colour in zip(nets, COLOURS, strict=True)}
    bars = (
        alt.Chart(source("parts"))
        .transform_calculate(who="datum.better + ' is better'")
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=_across(by),
            y=alt.Y(
                "adds:Q",
                title="adds to the difference, nats",
                axis=alt.Axis(format="+.3~f", tickCount=5),
            ),
            color=alt.Color("who:N", **key(names)),
            tooltip=[
                alt.Tooltip("group:N", title=by),
                alt.Tooltip("one:Q", title=f"mean loss, {nets[0]}", format=".4f"),
                alt.Tooltip("other:Q", title=f"mean loss, {nets[1]}", format=".4f"),
                alt.Tooltip("share:Q", title="share of the examples", format=".1%"),
                alt.Tooltip("adds:Q", title="adds", format="+.4f"),
            ],
        )
    )
    rule = alt.Chart(source("parts")).mark_rule(strokeWidth=1).encode(y=alt.datum(0))
    return finished(alt.layer(bars, rule).properties(height=HEIGHT))
