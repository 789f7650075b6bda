"""Checks every value that a client sends for a widget before Streamlit takes it in. Knows no page.

Any client can send any value for any widget, also one that no browser would. A value is taken when the
widget, as it was drawn last, can have it: then Streamlit reads it and writes it back unchanged. Any
other is dropped, so that the widget has its default again, and the page says so beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from inspect import unwrap
from typing import Any

from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import (
    RegisterWidgetResult,
    WidgetMetadata,
    unpack_widget_state_value,
)
from streamlit.runtime.state.session_state import Serialized, SessionState

from makemore.ui.kit import refused_values

Metadata = WidgetMetadata[Any]


def check_widget_values() -> None:
    """Let Streamlit take in no value that its widget cannot have. May be called twice."""
    # Unwrapped, so that each is wrapped once.
    SessionState.set_widgets_from_proto = _checking_arrivals(  # type: ignore[assignment,method-assign]
        unwrap(SessionState.set_widgets_from_proto)
    )
    SessionState.register_widget = _checking_first_drawing(  # type: ignore[assignment,method-assign]
        unwrap(SessionState.register_widget)
    )


def _checking_arrivals(
    take: Callable[[SessionState, WidgetStates], None],
) -> Callable[[SessionState, WidgetStates], None]:
    """What comes for a widget that was drawn before is checked before any callback sees it."""

    @wraps(take)
    def checked(self: SessionState, states: WidgetStates) -> None:
        take(self, states)
        for state in states.widgets:
            known = self._new_widget_state.widget_metadata.get(state.id)
            if known is not None and not fits(known, state):
                _drop(self, state.id)

    return checked


def _checking_first_drawing(
    register: Callable[[SessionState, Metadata, str | None], RegisterWidgetResult[Any]],
) -> Callable[[SessionState, Metadata, str | None], RegisterWidgetResult[Any]]:
    """What came for a widget before it was ever drawn is checked as it is drawn."""

    @wraps(register)
    def checked(
        self: SessionState, metadata: Metadata, user_key: str | None
    ) -> RegisterWidgetResult[Any]:
        sent = self._new_widget_state.states.get(metadata.id)
        if isinstance(sent, Serialized) and not fits(metadata, sent.value):
            _drop(self, metadata.id)
        result = register(self, metadata, user_key)
        if metadata.id not in refused_values.waiting():
            return result
        refused_values.tell_refused(metadata.id)
        # So that a browser, too, goes back to what the server has.
        return replace(result, value_changed=True)

    return checked


def _drop(session: SessionState, widget: str) -> None:
    """Forget the value and the one before it: the widget begins as if it were drawn for the first time."""
    session._new_widget_state.states.pop(widget, None)
    session._old_state.pop(widget, None)
    refused_values.refuse_value(widget)


def fits(metadata: Metadata, state: WidgetState) -> bool:
    """Whether the widget can have this value."""
    sent = state.WhichOneof("value")
    if sent is None:  # emptied: what that means the widget knows
        return True
    # Of a widget that was emptied Streamlit no longer knows the type.
    if metadata.value_type is not None and not _is_of(sent, metadata.value_type):
        return False
    try:
        return _comes_back(metadata, unpack_widget_state_value(state))
    except Exception:  # Streamlit reads what it expects, so anything else may fail in any way
        return False


def _is_of(sent: str, expected: str) -> bool:
    """Whether a value came as its widget expects it; a browser sends a whole number as one."""
    return sent == expected or {sent, expected} <= {"int_value", "double_value"}


def _comes_back(metadata: Metadata, wire: Any) -> bool:
    """Whether a value is the same after it was read and written."""
    value = metadata.deserializer(wire)
    if metadata.formatted_options is not None:
        words = [wire] if isinstance(wire, str) else list(wire)
        return set(words) <= set(metadata.formatted_options) and _once(metadata, value, wire)
    if isinstance(value, Mapping):
        return _is_selection(value, metadata.deserializer(None))
    return _once(metadata, value, wire)


def _once(metadata: Metadata, value: Any, wire: Any) -> bool:
    back = metadata.serializer(value)
    if isinstance(wire, FileUploaderState):
        return _files(back) == _files(wire)
    return bool(back == (wire if isinstance(wire, str | bool | int | float) else list(wire)))


def _files(state: FileUploaderState) -> list[str]:
    return [each.file_id for each in state.uploaded_file_info]


def _is_selection(value: Mapping[str, Any], none: Mapping[str, Any]) -> bool:
    """Marks that were chosen in a chart: by selection, a dict each. Whether there are such, it knows."""
    chosen = value["selection"]
    if set(value) != set(none) or not set(chosen) <= set(none["selection"]):
        return False
    return all(
        isinstance(marks, Mapping) or all(isinstance(mark, Mapping) for mark in marks)
        for marks in chosen.values()
    )
