"""Draws what the rows and the columns of a matrix add up to. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source
from makemore.charts.letters.letter_bars import place_axis

WAYS = {"row": palette.BLUE, "column": palette.OCHRE}


def sum_bars(sums: pd.DataFrame, *, top: float, panel: str) -> Chart:
    """What each row and each column of a matrix adds up to, with a line at 1; axis up to `top`.

    sums: `letter, which (row | column), total`, the letters of one kind after those of the other.
    """
    ranges = sums.groupby("which")["total"].agg(["min", "max"])
    text = f"Bars, {panel}: " + ", ".join(
        f"{which} sums from {low:.2f} to {high:.2f}" for which, (low, high) in ranges.T.items()
    )
    placed = sums.assign(place=sums.groupby("which").cumcount())
    datasets = {"sums": placed, "one": pd.DataFrame({"total": [1.0]})}
    ends = pd.DataFrame({"total": [top]})
    return Chart(_sums_spec(), {**datasets, "ends": ends}, text)


@lru_cache(maxsize=1)
def _sums_spec() -> Spec:
    y = alt.Y("total:Q", title="sum", axis=alt.Axis(tickCount=4, minExtent=34, maxExtent=34))
    names = {f"{which} sums": colour for which, colour in WAYS.items()}
    base = alt.Chart(source("sums")).encode(
        x=place_axis("sums", "letter"),
        y=y,
        tooltip=[
            alt.Tooltip("letter:N"),
            alt.Tooltip("which:N", title="sum of its"),
            alt.Tooltip("total:Q", title="sum", format=".4f"),
        ],
    )
    keyed = key(names, narrow=2)
    rows = base.transform_filter("datum.which === 'row'").mark_bar(cornerRadiusEnd=1)
    columns = base.transform_filter("datum.which === 'column'").mark_tick(thickness=3)
    one = alt.Chart(source("one")).mark_rule(strokeDash=[4, 3]).encode(y="total:Q")
    ends = alt.Chart(source("ends")).mark_rule(opacity=0).encode(y="total:Q")
    layers = [
        rows.encode(fill=alt.Fill(datum="row sums", **keyed)),
        columns.encode(fill=alt.Fill(datum="column sums", **keyed)),
        one,
        ends,
    ]
    return finished(alt.layer(*layers).properties(height=150))
