"""Draws distributions over the next letter, one alone or two compared. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, guess, guess_name, key, source


def letter_bars(letters: pd.DataFrame, *, given: str, chosen: str | None = None) -> Chart:
    """A distribution as sorted bars with the line of guessing; the `chosen` letter in the accent.

    letters: `letter, probability`. `given` says what precedes: "after q". Selection `letter`.
    """
    drawn = letters.sort_values("probability", ascending=False, kind="stable").assign(
        chosen=lambda frame: frame["letter"] == chosen
    )
    best = drawn.iloc[0]
    text = (
        f"Bars: the next letter {given}, most probable first. "
        f"{best['letter']} leads with {best['probability']:.1%}."
    )
    datasets = {"letters": drawn, "guess": guess(len(letters))}
    return Chart(_bars_spec(len(letters)), datasets, text, selections=("letter",))


@lru_cache(maxsize=8)
def _bars_spec(letters: int) -> Spec:
    pick = alt.selection_point(name="letter", fields=["letter"], empty=False)
    base = alt.Chart(source("letters")).encode(x=letter_axis())
    bars = base.mark_bar(cornerRadiusEnd=2, strokeWidth=3).encode(
        y=_share_axis("probability:Q", "probability"),
        fill=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
        ),
        stroke=alt.condition(pick, alt.value(palette.ACCENT.css), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("letter:N", title="next letter"),
            alt.Tooltip("probability:Q", title="probability", format=".2%"),
        ],
    )
    line_name = {guess_name(letters): palette.MUTED}
    line = (
        alt.Chart(source("guess"))
        .mark_rule(strokeDash=[4, 3])
        .encode(
            y="value:Q",
            color=alt.Color(datum=guess_name(letters), **key(line_name, symbol="stroke")),
        )
    )
    return finished(alt.layer(bars.add_params(pick), line).properties(height=170))


def compared_letters(
    letters: pd.DataFrame, *, given: str, names: tuple[str, str] = ("counted", "learned")
) -> Chart:
    """Two distributions over the same letters: the first as wide bars, the second as narrow ones in them.

    letters: `letter` and the two `names`, sorted by the first.
    """
    first, second = names
    both = {"first": letters[first], "second": letters[second]}
    drawn = pd.DataFrame({"letter": letters["letter"], **both}).sort_values(
        "first", ascending=False, kind="stable"
    )
    drawn["difference"] = drawn["second"] - drawn["first"]
    text = (
        f"Bars: the next letter {given}, {first} and {second}. The largest difference is "
        f"{drawn['difference'].abs().max():.2%}."
    )
    return Chart(_compared_spec(names), {"letters": drawn}, text)


@lru_cache(maxsize=4)
def _compared_spec(names: tuple[str, str]) -> Spec:
    titles = {"first": names[0], "second": names[1], "difference": "difference"}
    tooltip = [alt.Tooltip("letter:N", title="next letter")] + [
        alt.Tooltip(f"{field}:Q", title=title, format=".2%") for field, title in titles.items()
    ]
    base = alt.Chart(source("letters")).encode(x=letter_axis(), tooltip=tooltip)
    keyed = key(dict(zip(names, palette.COMPARED.values(), strict=True)), narrow=2)

    def bar(field: str, width: float, opacity: float) -> alt.Chart:
        mark = base.mark_bar(width=alt.RelativeBandSize(width), opacity=opacity)
        drawn: alt.Chart = mark.encode(
            y=_share_axis(f"{field}:Q", "probability"), fill=alt.Fill(datum=titles[field], **keyed)
        )
        return drawn

    return finished(
        alt.layer(bar("first", 0.9, 0.45), bar("second", 0.4, 1)).properties(height=230)
    )


def letter_axis(title: str = "next letter") -> alt.X:
    """Letters from left to right, in the order of the frame."""
    crowded = "length(domain('x')) > 60"  # a large alphabet leaves no room for every letter
    axis = alt.Axis(
        labelAngle=0,
        labelOverlap=False,
        labelFontSize=alt.ExprRef(f"{crowded} ? 0 : width < 520 ? 9 : 12"),
    )
    return alt.X("letter:N", sort=None, title=title, axis=axis)


def _share_axis(field: str, title: str) -> alt.Y:
    return alt.Y(field, title=title, axis=alt.Axis(format="~%", tickCount=4))
