"""Lets the messages of a run travel together. Knows no page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import wraps
from inspect import unwrap
from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.app_session import AppSession

    Flush = Callable[[AppSession], list[ForwardMsg]]

HOLD = 0.03  # seconds; most runs are over by then, and a longer one begins to show what it has


def hold_messages() -> None:
    """Let the messages of a run leave together when it ends, or after HOLD.

    A browser paints after each handful of messages that reach it. Without this, a run trickles in and
    is painted about three times.
    """
    from streamlit.runtime.app_session import AppSession

    # Unwrapped, so that it is held once, however often this is called.
    plain = unwrap(AppSession.flush_browser_queue)
    AppSession.flush_browser_queue = holding(plain)  # type: ignore[assignment,method-assign]


def holding(flush: Flush) -> Flush:
    """The same, but of a session that runs a script it takes no messages for the first HOLD seconds."""
    from streamlit.runtime.app_session import AppSessionState

    since: WeakKeyDictionary[AppSession, float] = WeakKeyDictionary()

    @wraps(flush)
    def flushed(self: AppSession) -> list[ForwardMsg]:
        if self._state is not AppSessionState.APP_IS_RUNNING:
            since.pop(self, None)
            return flush(self)
        if self not in since:
            since[self] = monotonic()
            # Should the script send nothing more for a while, the server looks again by itself.
            if look := self._message_enqueued_callback:
                asyncio.get_running_loop().call_later(HOLD, look)
        return [] if monotonic() - since[self] < HOLD else flush(self)

    return flushed
