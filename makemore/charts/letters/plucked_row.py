"""Draws a one-hot letter times the matrix W, and the row that comes out, in one picture. Trains nothing."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

# Places beside the letters: the one-hot column, the row of logits, and a gap before each.
ONE_HOT, LOGITS, GAP = "one-hot", "logits", "gap"
LARGE = 1000  # pixels from which a window is one for a class
WIDE, HIGH = 23, 13  # pixels: a cell with room for its number, a row with room for its letter


def plucked_row(cells: pd.DataFrame, *, plucked: str, limit: float) -> Chart:
    """The one-hot letter stands before the rows that it multiplies, the product below its columns.

    cells: `first, second, pair, weight`, row by row. Colours reach to ±`limit`. The row `plucked` is
    framed and the others step back. Selection `row`, on the client and for the page.
    """
    letters = cells["first"].unique().tolist()
    drawn = cells.assign(lit=cells["first"] == plucked)
    row = cells[drawn["lit"]].assign(
        first=LOGITS, strong=lambda frame: frame["weight"].abs() > 0.6 * limit
    )
    best = row.iloc[int(row["weight"].to_numpy().argmax())]
    text = (
        f"The one-hot letter {plucked}, a one among {len(letters) - 1} zeros, times the {len(letters)} by "
        f"{len(letters)} matrix W as a heatmap gives the row {plucked} of W. Its largest logit is "
        f"{best['weight']:.2f}, for {best['second']}."
    )
    datasets = {**_beside(letters, plucked), "weights": drawn, "row": row}
    return Chart(_spec(len(letters), limit), datasets, text, selections=("row",))


def _beside(letters: list[str], plucked: str) -> dict[str, pd.DataFrame]:
    """What stands around the matrix; `places` holds the order of both axes."""
    middle = letters[len(letters) // 2]
    return {
        "places": pd.DataFrame(
            {"first": [*letters, GAP, LOGITS], "second": [ONE_HOT, GAP, *letters]}
        ),
        "one_hot": pd.DataFrame(
            {"first": letters, "second": ONE_HOT, "value": [int(a == plucked) for a in letters]}
        ),
        "signs": pd.DataFrame(
            {"first": [middle, GAP], "second": [GAP, middle], "sign": ["×", "="]}
        ),
        "frame": pd.DataFrame({"first": [plucked], "from": letters[:1], "to": letters[-1:]}),
    }


@lru_cache(maxsize=16)
def _spec(letters: int, limit: float) -> Spec:
    order = alt.Chart(source("places")).mark_point(opacity=0, aria=False)
    layers = [
        order.encode(x=_across(), y=_down(letters)),
        *_matrix(limit),
        *_product(letters, limit),
        *_one_hot(letters),
        _signs(),
        _frame(),
    ]
    return finished(alt.layer(*layers).properties(height=HIGH * (letters + 2)))


def _size(small: float, usual: float, large: float, letters: int = 0) -> alt.ExprRef:
    """Of text: small on a phone and where the rows are low, large in a large window."""
    low = f"width < 520 || height < {HIGH * (letters + 2)}" if letters else "width < 520"
    return alt.ExprRef(f"{low} ? {small} : width > {LARGE} ? {large} : {usual}")


def _across(field: str = "second") -> alt.X:
    axis = alt.Axis(
        orient="top",
        labelAngle=0,
        labelOverlap=False,
        labelFontSize=_size(8, 11, 13),
        labelExpr=_NAMED,
    )
    return alt.X(f"{field}:N", sort=None, title="next letter", axis=axis)


def _down(letters: int) -> alt.Y:
    axis = alt.Axis(labelOverlap=False, labelFontSize=_size(8, 11, 13, letters), labelExpr=_NAMED)
    return alt.Y("first:N", sort=None, title="letter that comes in", axis=axis)


# On a phone the word before the matrix would lie over its first letter.
_NAMED = (
    f"datum.value === '{GAP}' || (datum.value === '{ONE_HOT}' && width < 520) ? '' : datum.value"
)
_ROW = alt.Y("first:N", sort=None)


def _colour(limit: float) -> alt.Color:
    legend = alt.Legend(
        title=f"parameter, in nats (±{limit:g} and beyond)",
        titleOrient="top",
        titleLimit=340,
        gradientLength=200,
        gradientThickness=8,
        tickCount=5,
    )
    scale = alt.Scale(domain=[-limit, limit], range="diverging", clamp=True)
    return alt.Color("weight:Q", scale=scale, legend=legend)


def _told() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("pair:N", title="pair"),
        alt.Tooltip("weight:Q", title="logit", format=".3f"),
    ]


def _matrix(limit: float) -> list[alt.Chart]:
    pick = alt.selection_point(name="row", fields=["first"], empty=False)
    lit = alt.condition("datum.lit", alt.value(1.0), alt.value(0.55))
    cells = alt.Chart(source("weights")).mark_rect(aria=False).add_params(pick)
    return [cells.encode(x=_across(), y=_ROW, color=_colour(limit), opacity=lit, tooltip=_told())]


def _product(letters: int, limit: float) -> list[alt.Chart]:
    """The row of logits; where its cells are too narrow, without its numbers."""
    strong, faint = alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css)
    base = alt.Chart(source("row")).encode(x=_across(), y=_ROW, tooltip=_told())
    size = alt.ExprRef(f"width < {WIDE * (letters + 2)} ? 0 : width > {LARGE} ? 11.5 : 9")
    numbers = base.mark_text(fontSize=size, aria=False).encode(
        text=alt.Text("weight:Q", format=".1f"), fill=alt.condition("datum.strong", strong, faint)
    )
    return [base.mark_rect(aria=False).encode(color=_colour(limit)), numbers]


def _one_hot(letters: int) -> list[alt.Chart]:
    accent, paper = alt.value(palette.ACCENT.css), alt.value(palette.PAPER.css)
    base = alt.Chart(source("one_hot")).encode(x=_across(), y=_ROW)
    cells = base.mark_rect(aria=False, stroke=palette.LINE.css).encode(
        fill=alt.condition("datum.value", accent, paper)
    )
    numbers = base.mark_text(fontSize=_size(7, 10, 12, letters), aria=False).encode(
        text="value:Q", fill=alt.condition("datum.value", paper, alt.value(palette.MUTED.css))
    )
    return [cells, numbers]


def _signs() -> alt.Chart:
    signs = alt.Chart(source("signs")).mark_text(fontSize=15, aria=False)
    drawn: alt.Chart = signs.encode(x=_across(), y=_ROW, text="sign:N")
    return drawn


def _frame() -> alt.Chart:
    frame = alt.Chart(source("frame")).mark_rect(aria=False, fill="transparent", strokeWidth=2)
    drawn: alt.Chart = frame.encode(
        x=alt.X("from:N", sort=None, bandPosition=0),
        x2=alt.X2("to:N", bandPosition=1),
        y=_ROW,
        stroke=alt.value(palette.ACCENT.css),
    )
    return drawn
