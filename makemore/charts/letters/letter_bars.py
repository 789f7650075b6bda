"""Draws distributions over the next letter, one alone or two compared. Knows nothing of models."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, baseline, baseline_name, finished, key, source

NEXT_LETTER = ("next letter", "probability")
_CHOSEN_TOO = {  # a bar of 0 is not seen, but its letter is
    "condition": {"test": "data('letters')[datum.value].chosen", "value": palette.ACCENT.css},
    "value": palette.MUTED.css,
}


def letter_bars(
    letters: pd.DataFrame,
    *,
    given: str,
    chosen: str | None = None,
    ranked: bool = False,
    titles: tuple[str, str] = NEXT_LETTER,
) -> Chart:
    """A distribution as bars with the uniform baseline; the `chosen` letter in the accent.

    letters: `letter, probability`. The bars keep this order, so that one sees what changes from one
    distribution to the next, or are `ranked`, most probable first. `given` says what precedes: "after
    q"; `titles` are those of the two axes. Selection `letter`.
    """
    drawn = in_places(letters, "probability", ranked=ranked).assign(
        chosen=lambda frame: frame["letter"] == chosen
    )
    best = letters.iloc[int(letters["probability"].to_numpy().argmax())]
    order = ", most probable first" if ranked else ""
    text = f"Bars: the {titles[0]} {given}{order}. {best['letter']} leads with {best['probability']:.1%}."
    datasets = {"letters": drawn, "baseline": baseline(len(letters))}
    return Chart(_bars_spec(len(letters), titles), datasets, text, selections=("letter",))


@lru_cache(maxsize=8)
def _bars_spec(letters: int, titles: tuple[str, str]) -> Spec:
    pick = alt.selection_point(name="letter", fields=["letter"], empty=False)
    across = place_axis("letters", titles[0], labelColor=_CHOSEN_TOO)
    base = alt.Chart(source("letters")).encode(x=across)
    bars = base.mark_bar(cornerRadiusEnd=2, strokeWidth=3, description=_read("probability")).encode(
        y=_share_axis("probability:Q", titles[1]),
        fill=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
        ),
        stroke=alt.condition(pick, alt.value(palette.ACCENT.css), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("letter:N", title=titles[0]),
            alt.Tooltip("probability:Q", title=titles[1], format=".2%"),
        ],
    )
    line_name = {baseline_name(letters): palette.MUTED}
    line = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3])
        .encode(
            y="value:Q",
            color=alt.Color(datum=baseline_name(letters), **key(line_name, symbol="stroke")),
        )
    )
    return finished(alt.layer(bars.add_params(pick), line).properties(height=170))


def compared_letters(
    letters: pd.DataFrame,
    *,
    given: str,
    names: tuple[str, str] = ("counted", "learned"),
    ranked: bool = False,
) -> Chart:
    """Two distributions over the same letters: the first as wide bars, the second as narrow ones in them.

    letters: `letter` and the two `names`. The bars keep this order, or are `ranked` by the first.
    """
    first, second = names
    both = {"first": letters[first], "second": letters[second]}
    frame = pd.DataFrame({"letter": letters["letter"], **both})
    drawn = in_places(frame, "first", ranked=ranked).assign(
        difference=lambda frame: frame["second"] - frame["first"]
    )
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
    axis = place_axis("letters", "next letter")
    base = alt.Chart(source("letters")).encode(x=axis, tooltip=tooltip)
    keyed = key(dict(zip(names, palette.COMPARED.values(), strict=True)), narrow=2)

    def bar(field: str, width: float, opacity: float) -> alt.Chart:
        mark = base.mark_bar(
            width=alt.RelativeBandSize(width), opacity=opacity, description=_read(field)
        )
        drawn: alt.Chart = mark.encode(
            y=_share_axis(f"{field}:Q", "probability"), fill=alt.Fill(datum=titles[field], **keyed)
        )
        return drawn

    return finished(
        alt.layer(bar("first", 0.9, 0.45), bar("second", 0.4, 1)).properties(height=230)
    )


def in_places(letters: pd.DataFrame, by: str, *, ranked: bool) -> pd.DataFrame:
    """The frame with `place`, where a letter stands from left to right, in the order of the places.

    A browser keeps letters in the order in which it first saw them. So the axis is one of places,
    which are always the same, and the letter that stands at each is data.
    """
    if ranked:
        letters = letters.sort_values(by, ascending=False, kind="stable")
    return letters.assign(place=range(len(letters)))


def _read(field: str) -> alt.ExprRef:
    """What a screen reader says of a bar, which would otherwise be the number of its place."""
    return alt.ExprRef(f"datum.letter + ': ' + format(datum.{field}, '.1%')")


def place_axis(data: str, title: str, **look: Any) -> alt.X:
    """Places from left to right, each with its letter: row i of the data set has that of place i."""
    axis = alt.Axis(
        labelAngle=0,
        labelOverlap=False,
        labelExpr=f"data('{data}')[datum.value].letter",
        labelFontSize=_label_size(),
        **look,
    )
    return alt.X("place:O", title=title, axis=axis)


def letter_axis(title: str) -> alt.X:
    """Letters from left to right, in the order of the frame, for frames whose letters never change."""
    axis = alt.Axis(labelAngle=0, labelOverlap=False, labelFontSize=_label_size())
    return alt.X("letter:N", sort=None, title=title, axis=axis)


def _label_size() -> alt.ExprRef:
    """As large as the room for a letter; where a large alphabet leaves none, no label."""
    room = "width / length(domain('x'))"
    return alt.ExprRef(f"{room} < 7 ? 0 : min(12, 0.95 * {room})")


def _share_axis(field: str, title: str) -> alt.Y:
    return alt.Y(field, title=title, axis=alt.Axis(format="~%", tickCount=4))
