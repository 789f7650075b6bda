"""Sends what a run draws without delay and all at once. Knows Streamlit's insides, and no page.

A browser paints after each handful of messages that reach it, so a run that trickles in is painted
three times. Two seams of the pinned Streamlit are used here; `tests/pages/test_sending.py` holds them.
"""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState

HOLD = 0.03  # seconds; most runs are over by then, and a longer one begins to show what it has

Flush = Callable[[AppSession], list[ForwardMsg]]
_plain: Flush = AppSession.flush_browser_queue


def without_delay() -> None:
    """Switch off Nagle's algorithm, which holds a page's second message back for 40 ms.

    asyncio does so for sockets that name their protocol, and Streamlit's does not. The sockets that
    the server accepts inherit it from the one that listens, which is bound before this runs.
    """
    for each in gc.get_objects():
        if type(each) is socket.socket and each.type == socket.SOCK_STREAM:
            with contextlib.suppress(OSError):  # not one of TCP, or closed
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def all_at_once() -> None:
    """From now on the messages of a run leave together when it ends, or after HOLD."""
    AppSession.flush_browser_queue = holding(_plain)  # type: ignore[assignment,method-assign]


def holding(flush: Flush) -> Flush:
    """The same, but of a session that runs a script it takes no messages for the first HOLD seconds."""
    since: WeakKeyDictionary[AppSession, float] = WeakKeyDictionary()

    def flushed(session: AppSession) -> list[ForwardMsg]:
        if session._state is not AppSessionState.APP_IS_RUNNING:
            since.pop(session, None)
            return flush(session)
        if session not in since:
            since[session] = monotonic()
            # Should the script send nothing more for a while, the server looks again by itself.
            if look := session._message_enqueued_callback:
                asyncio.get_running_loop().call_later(HOLD, look)
        return [] if monotonic() - since[session] < HOLD else flush(session)

    return flushed
