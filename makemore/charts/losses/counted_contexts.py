"""Draws what counting longer contexts costs and brings, beside what nets reach. Knows no model.

Two pictures over the same axis of context lengths: losses, and how many contexts stand against how many
could.
"""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

FLOOR, DEV = "train, no lower", "dev, counted in train"
POSSIBLE, SEEN = "possible contexts", "distinct contexts in train"
NET = "dev, a net"
LINES = {FLOOR: palette.SLATE, DEV: palette.BLUE, NET: palette.ORANGE}
ROWS = {POSSIBLE: palette.OCHRE, SEEN: palette.TEAL}
DASHED = [4, 3]


def counted_losses(orders: pd.DataFrame, nets: pd.DataFrame, *, chosen: int) -> Chart:
    """The entropy within train and the loss on dev over the letters of context; each net a line and a dot.

    orders: `letters, floor, dev`, dev without a value where it is not to be seen yet. nets: `label,
    letters, dev`. The chosen number of letters is marked.
    """
    dev = orders.dropna(subset=["dev"])
    best = f" Lowest on dev: {_lowest(dev)}." if len(dev) else ""
    nets_said = "".join(f" {n['label']}: {n['dev']:.3f}." for n in nets.to_dict("records"))
    text = (
        f"Lines over 1 to {len(orders)} letters of context: the entropy within train falls from "
        f"{orders['floor'].iloc[0]:.3f} to {orders['floor'].iloc[-1]:.3f} nats.{best}{nets_said}"
    )
    lines = [
        orders[["letters"]].assign(series=FLOOR, loss=orders["floor"]),
        dev[["letters"]].assign(series=DEV, loss=dev["dev"]),
    ]
    datasets = {
        "lines": pd.concat(lines, ignore_index=True),
        "nets": nets.assign(
            series=NET, note=[f"{n['label']}: {n['dev']:.3f}" for n in nets.to_dict("records")]
        ),
        "chosen": pd.DataFrame({"letters": [chosen]}),
    }
    return Chart(_losses_spec(), datasets, text)


def _lowest(dev: pd.DataFrame) -> str:
    row = dev.iloc[int(dev["dev"].to_numpy().argmin())]
    return f"{row['dev']:.3f} nats with {row['letters']:.0f} letters"


def counted_rows(orders: pd.DataFrame, *, chosen: int) -> Chart:
    """How many contexts there could be, and how many distinct ones train holds, on a logarithmic axis.

    orders: `letters, rows, seen`.
    """
    last = orders.iloc[-1]
    text = (
        f"Bars over 1 to {len(orders)} letters of context: of {last['rows']:,.0f} possible contexts of "
        f"{last['letters']:.0f} letters train holds {last['seen']:,.0f}."
    )
    parts = [
        orders[["letters"]].assign(series=POSSIBLE, contexts=orders["rows"].astype(float)),
        orders[["letters"]].assign(series=SEEN, contexts=orders["seen"].astype(float)),
    ]
    drawn = pd.concat(parts, ignore_index=True).assign(
        chosen=lambda frame: frame["letters"] == chosen
    )
    return Chart(_rows_spec(), {"rows": drawn}, text)


def _letters() -> alt.X:
    return alt.X(
        "letters:O",
        title="context length, letters",
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(padding=0.3),
    )


@lru_cache(maxsize=1)
def _losses_spec() -> Spec:
    colour = alt.Color("series:N", **key(LINES, symbol="stroke"))
    mark = alt.Chart(source("chosen")).mark_rule(strokeWidth=14, opacity=0.16)
    chosen = mark.encode(x=_letters(), stroke=alt.value(palette.ACCENT.css))
    level, *nets = _nets(colour)
    layers = [chosen, level, *_curves(colour), *nets]
    return finished(alt.layer(*layers).properties(height=300))


def _curves(colour: alt.Color) -> list[alt.Chart]:
    """The line within train, dashed, and the one on dev, a dot for each number of letters."""
    lines = alt.Chart(source("lines")).encode(
        x=_letters(),
        y=alt.Y(
            "loss:Q",
            title="nats per character",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(format=".1f", tickCount=6),
        ),
        color=colour,
    )
    is_floor = f"datum.series === '{FLOOR}'"
    dash = alt.condition(is_floor, alt.value(DASHED), alt.value([1, 0]))
    told = [
        alt.Tooltip("series:N", title="loss on"),
        alt.Tooltip("letters:O", title="letters of context"),
        alt.Tooltip("loss:Q", title="nats", format=".4f"),
    ]
    return [
        lines.mark_line(strokeWidth=2).encode(strokeDash=dash),
        lines.mark_circle(size=55, opacity=1).encode(tooltip=told),
    ]


def _nets(colour: alt.Color) -> list[alt.Chart]:
    """Each net a level to compare the counts with, a mark at its own context length, and its name."""
    across = alt.Chart(source("nets")).encode(y=alt.Y("dev:Q"), color=colour)
    told = [
        alt.Tooltip("label:N", title="net"),
        alt.Tooltip("letters:O", title="letters of context"),
        alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
    ]
    return [
        across.mark_rule(strokeWidth=1.5, strokeDash=[2, 3]),
        across.mark_point(shape="diamond", size=110, filled=True, opacity=1).encode(
            x=_letters(), tooltip=told
        ),
        across.mark_text(align="left", dy=-9, fontSize=px(13, 11), aria=False).encode(
            x=alt.value(4), text="note:N"
        ),
    ]


@lru_cache(maxsize=1)
def _rows_spec() -> Spec:
    bars = (
        alt.Chart(source("rows"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=_letters(),
            xOffset=alt.XOffset("series:N", sort=list(ROWS)),
            y=alt.Y(
                "contexts:Q",
                title="contexts (log scale)",
                scale=alt.Scale(type="log", domainMin=1, nice=False),
                axis=alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=5),
            ),
            y2=alt.datum(1),
            color=alt.Color("series:N", **key(ROWS)),
            opacity=alt.condition("datum.chosen", alt.value(1), alt.value(0.5)),
            tooltip=[
                alt.Tooltip("letters:O", title="letters of context"),
                alt.Tooltip("series:N", title="what"),
                alt.Tooltip("contexts:Q", title="contexts", format=","),
            ],
        )
    )
    return finished(bars.properties(height=200))
