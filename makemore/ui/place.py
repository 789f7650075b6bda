"""Puts a chart on the page. Knows Streamlit and what a chart is, not what it shows."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from makemore.charts.chart import Chart


def place(
    chart: Chart, *, key: str, on_select: Literal["ignore", "rerun"] | Callable[[], None] = "ignore"
) -> list[dict[str, Any]]:
    """Draw the chart; return what is chosen in it, one dict a mark, empty if nothing or ignored.

    Only the frames travel anew: the spec is the same object each time, so the browser updates the
    marks in place.
    """
    spec = {**chart.spec, "datasets": dict(chart.datasets)}
    width: Literal["stretch", "content"] = "stretch" if chart.stretch else "content"
    if on_select == "ignore" or not chart.selections:
        st.vega_lite_chart(spec, width=width, key=key, alt=chart.alt)
        return []
    # Zooming is a selection too, for the client alone: only the promised ones come back.
    state = st.vega_lite_chart(
        spec,
        width=width,
        key=key,
        on_select=on_select,
        selection_mode=list(chart.selections),
        alt=chart.alt,
    )
    chosen: Any = state
    return [mark for name in chart.selections for mark in chosen.selection.get(name, [])]
