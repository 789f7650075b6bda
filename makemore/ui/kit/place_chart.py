"""Puts a chart on the page. Knows Streamlit and what a chart is, not what it shows."""

import weakref
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from makemore.charts.base.chart import NAME, Chart
from makemore.ui.kit.refused_values import refuse_value, tell_refused

# By the id of a frame: the frame, as long as it lives, and how it travels. Charts that are kept for
# everybody are packed once, and packing takes longer than all else that a drawing costs.
_packed: dict[int, "tuple[weakref.ref[pd.DataFrame], bytes]"] = {}


Fill = Literal["own", "whole", "most", "half", "third", "column"]

Mark = dict[str, Any]  # its fields, as the selection names them
Pick = Literal["ignore", "rerun"] | Callable[[Mark], None]


def place_chart(
    chart: Chart,
    *,
    key: str,
    fill: Fill = "own",
    on_select: Pick = "ignore",
) -> list[Mark]:
    """Draw the chart; return what is chosen in it, one dict a mark, empty if nothing or ignored.

    A function as `on_select` is a callback that gets the first mark. A mark that the chart does not
    have is never chosen: anybody can send one.

    Only the frames travel anew: spec and name are the same each time, so the browser updates the marks
    in place. A frame that has been placed must not be changed. `fill` is how much of the screen's
    height the chart takes, see stage.css; by itself it has the height of its spec.
    """
    if fill != "own":
        with st.container(key=f"fill-{fill}-{key}"):
            return _place(chart, key, on_select, filling=True)
    return _place(chart, key, on_select, filling=False)


def _place(chart: Chart, key: str, on_select: Pick, *, filling: bool) -> list[Mark]:
    frames = {name: pack_frame(frame) for name, frame in chart.frames.items()}
    spec = {**chart.spec, "datasets": frames}
    if filling:  # legends and titles then take their room from the plot
        spec |= {"height": "container", "autosize": {"type": "fit", "contains": "padding"}}
    width: Literal["stretch", "content"] = "stretch" if chart.stretch else "content"
    height: Literal["stretch", "content"] = "stretch" if filling else "content"
    if on_select == "ignore" or not chart.selections:
        st.vega_lite_chart(spec, width=width, height=height, key=key, alt=NAME)
        return []
    tell_refused(key)

    def picked() -> None:
        sent = _chosen_marks(chart, st.session_state[key])
        if None in sent:
            refuse_value(key)
        elif sent and callable(on_select):
            on_select(sent[0])

    # Zooming is a selection too, for the client alone: only the promised ones come back.
    state = st.vega_lite_chart(
        spec,
        width=width,
        height=height,
        key=key,
        on_select=picked,
        selection_mode=list(chart.selections),
        alt=NAME,
    )
    return [mark for mark in _chosen_marks(chart, state) if mark is not None]


def _chosen_marks(chart: Chart, state: Any) -> list[Any]:
    """What is chosen; None for each mark that the chart does not have."""
    return [
        mark if _has_mark(chart, name, mark) else None
        for name in chart.selections
        for mark in state.selection.get(name, [])
    ]


def _has_mark(chart: Chart, selection: str, mark: Any) -> bool:
    """Whether it has just the fields of this selection, and some row of a frame has these values."""
    if not isinstance(mark, dict) or set(mark) != set(_fields_of(chart.spec, selection)):
        return False
    if not all(isinstance(value, str | int | float) for value in mark.values()):
        return False
    return any(_has_row(frame, mark) for frame in chart.datasets.values())


def _fields_of(part: Any, selection: str) -> list[str]:
    """The fields of a selection, which a spec may define at any depth."""
    if isinstance(part, Mapping):
        if part.get("name") == selection and isinstance(part.get("select"), Mapping):
            fields: list[str] = part["select"].get("fields", [])
            return fields
        part = part.values()
    elif not isinstance(part, list):
        return []
    return next((found for each in part if (found := _fields_of(each, selection))), [])


def _has_row(frame: pd.DataFrame, mark: Mark) -> bool:
    if not set(mark) <= set(frame.columns):
        return False
    same = [frame[name].to_numpy() == value for name, value in mark.items()]
    return bool(np.logical_and.reduce(same).any())


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
