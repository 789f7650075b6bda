"""Draws the losses of models side by side. Loads no model."""

from functools import lru_cache
from math import isnan
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source
from makemore.charts.base.duration import duration

ROOMY = 44  # pixels a row; below this the label stands inside the bar
REPORTED = "reported"
LABEL = 20  # pixels of a roomy row for its label


def scoreboard(models: pd.DataFrame) -> Chart:
    """Dev and test NLL as bars, the reported one as a tick, one row a model, in the order of the frame.

    models: `model, label, dev, test, deviation, reported, reported_on, uniform, parameters, seconds,
    recipe, seed`; `deviation` (standard deviation of dev over seeds) and `reported` may be missing.
    `uniform` is the loss of the uniform baseline. Rows and letters follow the height: from 5 rows to
    16 are legible in the height of a screen.
    """
    uniform = float(models["uniform"].iloc[0])
    best = models.iloc[int(models["dev"].to_numpy().argmin())]
    text = (
        f"Bars: dev and test loss of {len(models)} models. Lowest dev loss: {best['label']} with "
        f"{best['dev']:.4f}. The uniform baseline is a line at {uniform:.4f}."
    )
    datasets = {"models": _with_words(models), "uniform": pd.DataFrame({"value": [uniform]})}
    return Chart(_scoreboard_spec(len(models), uniform), datasets, text)


def _with_words(models: pd.DataFrame) -> pd.DataFrame:
    """The same with what is written in and beside the bars, and where the longer mark ends."""
    return models.assign(
        end=models[["dev", "reported"]].max(axis="columns"),
        note=[
            f"{label} · {parameters:,} parameters · {duration(seconds)}"
            for label, parameters, seconds in zip(
                models["label"], models["parameters"], models["seconds"], strict=True
            )
        ],
        told=[
            f"dev {dev:.4f}" + ("" if isnan(deviation) else f" ± {deviation:.4f}")
            for dev, deviation in zip(models["dev"], models["deviation"], strict=True)
        ],
        course=[
            "none"
            if isnan(loss)
            else f"reported {loss:.2f}" + (", on all names" if on == "all" else "")
            for loss, on in zip(models["reported"], models["reported_on"], strict=True)
        ],
    )


@lru_cache(maxsize=16)
def _scoreboard_spec(rows: int, uniform: float) -> Spec:
    baseline = f"uniform baseline {uniform:.4f}"
    names = {
        "dev loss": palette.BLUE,
        "test loss": palette.SPLITS["test"],
        REPORTED: palette.SOURCES["reported"],
        baseline: palette.MUTED,
    }
    base = alt.Chart(source("models")).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=None), tooltip=_scoreboard_tooltip()
    )
    layers = [
        *_bars(base, rows, names),
        *_texts(base, rows),
        *_reported(base, rows, names),
        alt.Chart(source("uniform"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x="value:Q", color=alt.Color(datum=baseline, **key(names, narrow=2))),
    ]
    return finished(alt.layer(*layers).properties(height=52 * rows))


class _Row:
    """Where the parts of a row lie, as expressions: pixels from its middle, heights in pixels."""

    def __init__(self, rows: int) -> None:
        row = f"(height / {rows})"
        self.roomy = f"{row} >= {ROOMY}"
        self.dev = f"({self.roomy} ? min(34, 0.32 * {row}) : 0.6 * {row})"
        self.test = f"({self.roomy} ? min(18, 0.2 * {row}) : 0.26 * {row})"
        top = f"({self.roomy} ? {LABEL} : 0.06 * {row}) - {row} / 2"
        self.label = f"{self.roomy} ? {LABEL / 2} - {row} / 2 : {top} + {self.dev} / 2"
        self.dev_middle = f"{top} + {self.dev} / 2"
        self.test_middle = f"{top} + {self.dev} + 1 + {self.test} / 2"


def _bars(
    base: alt.Chart, rows: int, names: dict[str, palette.Colour]
) -> tuple[alt.Chart, alt.Chart]:
    row = _Row(rows)
    x: dict[str, Any] = {
        "title": "loss, nats per character (lower is better)",
        "axis": alt.Axis(tickCount=5, format=".1f", grid=True),
        "scale": alt.Scale(domainMin=0, nice=False, padding=12),
    }

    def bar(split: str, height: str, middle: str) -> alt.Chart:
        mark = base.mark_bar(
            height=alt.ExprRef(height), yOffset=alt.ExprRef(middle), cornerRadiusEnd=2
        )
        drawn: alt.Chart = mark.encode(
            x=alt.X(f"{split}:Q", **x),
            color=alt.Color(datum=f"{split} loss", **key(names, narrow=2)),
        )
        return drawn

    return bar("dev", row.dev, row.dev_middle), bar("test", row.test, row.test_middle)


def _texts(base: alt.Chart, rows: int) -> list[alt.Chart]:
    """Labels above the bars and figures in them; in low rows both stand in the bar of dev."""
    row, paper = _Row(rows), alt.value(palette.PAPER.css)
    size = f"min(width < 520 ? 11 : 13, 0.8 * {row.dev})"
    left = alt.datum(0)

    def text(middle: str, size: str, **mark: Any) -> alt.Chart:
        made: alt.Chart = base.mark_text(
            aria=False, dy=alt.ExprRef(middle), fontSize=alt.ExprRef(size), **mark
        )
        return made

    note = text(row.label, f"{row.roomy} ? (width < 520 ? 10.5 : 13) : 0", align="left")
    label = text(row.dev_middle, f"{row.roomy} ? 0 : {size}", align="left", dx=6)
    dev = text(row.dev_middle, f"{row.roomy} ? {size} : 0", align="left", dx=6, fontWeight=600)
    low = text(row.dev_middle, f"{row.roomy} ? 0 : {size}", align="right", dx=-18, fontWeight=600)
    test = text(
        row.test_middle, f"{row.test} < 8.5 ? 0 : min(12, {row.test})", align="left", dx=6
    ).transform_calculate(
        test_told="isValid(datum.test) ? 'test ' + format(datum.test, '.4f') : 'test not measured'"
    )
    return [
        note.encode(x=left, text="note:N"),
        label.encode(x=left, text="label:N", fill=paper),
        dev.encode(x=left, text="told:N", fill=paper),
        low.encode(x="dev:Q", text=alt.Text("dev:Q", format=".4f"), fill=paper),
        test.encode(x=left, text="test_told:N", fill=paper),
    ]


def _reported(base: alt.Chart, rows: int, names: dict[str, palette.Colour]) -> list[alt.Chart]:
    """A tick over both bars, its figure beside it where there is room."""
    row = _Row(rows)
    height = f"{row.dev} + {row.test} + 4"
    middle = f"({row.dev_middle} + {row.test_middle}) / 2"
    there = base.transform_filter("isValid(datum.reported)")
    tick = there.mark_tick(
        thickness=3, opacity=1, size=alt.ExprRef(height), yOffset=alt.ExprRef(middle)
    ).encode(x="reported:Q", color=alt.Color(datum=REPORTED, **key(names, narrow=2)))
    figure = there.mark_text(
        aria=False,
        align="left",
        dx=8,
        dy=alt.ExprRef(row.dev_middle),
        fontSize=alt.ExprRef(f"width < 520 || !({row.roomy}) ? 0 : 12"),
    ).encode(x="end:Q", text="course:N", fill=alt.value(palette.MUTED.css))
    return [tick, figure]


def _scoreboard_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="model"),
        alt.Tooltip("dev:Q", title="dev loss, measured here", format=".4f"),
        alt.Tooltip("test:Q", title="test loss, measured here", format=".4f"),
        alt.Tooltip("deviation:Q", title="standard deviation over seeds", format=".4f"),
        alt.Tooltip("course:N", title="loss, course"),
        alt.Tooltip("parameters:Q", title="parameters", format=","),
        alt.Tooltip("seconds:Q", title="training time, s", format=",.1f"),
        alt.Tooltip("recipe:N", title="recipe"),
        alt.Tooltip("seed:N", title="seed"),
    ]
