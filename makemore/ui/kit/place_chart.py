"""Puts a chart on the page. Knows Streamlit and what a chart is, not what it shows."""

import weakref
from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from makemore.charts.base.chart import NAME, Chart

# By the id of a frame: the frame, as long as it lives, and how it travels. Charts that are kept for
# everybody are packed once, and packing takes longer than all else that a drawing costs.
_packed: dict[int, "tuple[weakref.ref[pd.DataFrame], bytes]"] = {}


Fill = Literal["own", "whole", "most", "half", "third"]


def place_chart(
    chart: Chart,
    *,
    key: str,
    fill: Fill = "own",
    on_select: Literal["ignore", "rerun"] | Callable[[], None] = "ignore",
) -> list[dict[str, Any]]:
    """Draw the chart; return what is chosen in it, one dict a mark, empty if nothing or ignored.

    Only the frames travel anew: spec and name are the same each time, so the browser updates the marks
    in place. A frame that has been placed must not be changed. `fill` is how much of the screen's
    height the chart takes, see stage.css; by itself it has the height of its spec.
    """
    if fill != "own":
        with st.container(key=f"fill-{fill}-{key}"):
            return _place(chart, key, on_select, filling=True)
    return _place(chart, key, on_select, filling=False)


def _place(
    chart: Chart,
    key: str,
    on_select: Literal["ignore", "rerun"] | Callable[[], None],
    *,
    filling: bool,
) -> list[dict[str, Any]]:
    frames = {name: pack_frame(frame) for name, frame in chart.frames.items()}
    spec = {**chart.spec, "datasets": frames}
    if filling:  # legends and titles then take their room from the plot
        spec |= {"height": "container", "autosize": {"type": "fit", "contains": "padding"}}
    width: Literal["stretch", "content"] = "stretch" if chart.stretch else "content"
    height: Literal["stretch", "content"] = "stretch" if filling else "content"
    if on_select == "ignore" or not chart.selections:
        st.vega_lite_chart(spec, width=width, height=height, key=key, alt=NAME)
        return []
    # Zooming is a selection too, for the client alone: only the promised ones come back.
    state = st.vega_lite_chart(
        spec,
        width=width,
        height=height,
        key=key,
        on_select=on_select,
        selection_mode=list(chart.selections),
        alt=NAME,
    )
    chosen: Any = state
    return [mark for name in chart.selections for mark in chosen.selection.get(name, [])]


def pack_frame(frame: pd.DataFrame) -> bytes:
    """The frame in the form in which Streamlit sends it, an Arrow stream, without its index."""
    place_ = id(frame)
    kept = _packed.get(place_)
    if kept and kept[0]() is frame:
        return kept[1]
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    _packed[place_] = (weakref.ref(frame, lambda _: _packed.pop(place_, None)), content)
    return content
