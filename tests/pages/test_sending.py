"""What a run draws leaves without delay and all at once: on real sockets and a real Streamlit session."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from makemore.ui import sending

APP = Path(__file__).resolve().parents[2] / "app.py"


def test_an_accepted_connection_sends_without_delay() -> None:
    """As Streamlit binds it: without a protocol, so that asyncio leaves Nagle's algorithm on."""
    with socket.socket(family=socket.AF_INET) as listening:
        listening.bind(("127.0.0.1", 0))
        sending.without_delay()
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@contextmanager
def session(heard: Callable[[], None] = lambda: None) -> Iterator[AppSession]:
    """A session as the server makes it for a new tab, not running anything yet."""
    files = MemoryUploadedFileManager("/upload")
    tab = AppSession(ScriptData(str(APP), False), files, ScriptCache(), heard, {})
    try:
        yield tab
    finally:
        tab.shutdown()


def in_a_loop(check: Callable[[], Coroutine[None, None, None]]) -> None:
    """As on the server, in an event loop; in a thread of its own, since browser tests keep one here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, check()).result()


def some_message(name: str) -> ForwardMsg:
    message = ForwardMsg()
    message.page_info_changed.query_string = name
    return message


def test_a_run_is_held_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HOLD", 60.0)
    flush = sending.holding(AppSession.flush_browser_queue)

    async def check() -> None:
        with session() as tab, session() as other:
            tab._state = AppSessionState.APP_IS_RUNNING
            tab._enqueue_forward_msg(some_message("a"))
            other._enqueue_forward_msg(some_message("elsewhere"))
            assert flush(tab) == []
            assert len(flush(other)) == 1
            tab._enqueue_forward_msg(some_message("b"))
            assert flush(tab) == []
            tab._state = AppSessionState.APP_NOT_RUNNING
            assert [m.page_info_changed.query_string for m in flush(tab)] == ["a", "b"]
            assert flush(tab) == []

    in_a_loop(check)


def test_a_long_run_shows_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HOLD", 0.02)
    flush = sending.holding(AppSession.flush_browser_queue)

    async def check() -> None:
        looked = asyncio.Event()
        with session(looked.set) as tab:
            tab._state = AppSessionState.APP_IS_RUNNING
            tab._enqueue_forward_msg(some_message("first"))
            assert flush(tab) == []
            looked.clear()
            await asyncio.wait_for(looked.wait(), 5)  # though nothing more is said
            assert len(flush(tab)) == 1
            tab._enqueue_forward_msg(some_message("second"))
            assert len(flush(tab)) == 1  # from here on it trickles, as Streamlit has it

    in_a_loop(check)


def test_each_run_is_held_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HOLD", 0.01)
    flush = sending.holding(AppSession.flush_browser_queue)

    async def check() -> None:
        with session() as tab:
            for _ in range(2):
                tab._state = AppSessionState.APP_IS_RUNNING
                tab._enqueue_forward_msg(some_message("a"))
                assert flush(tab) == []
                await asyncio.sleep(0.03)
                assert len(flush(tab)) == 1
                tab._state = AppSessionState.APP_NOT_RUNNING
                assert flush(tab) == []

    in_a_loop(check)


def test_the_server_holds_what_its_sessions_send(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HOLD", 60.0)
    monkeypatch.setattr(AppSession, "flush_browser_queue", AppSession.flush_browser_queue)
    sending.all_at_once()

    async def check() -> None:
        with session() as tab:
            tab._state = AppSessionState.APP_IS_RUNNING
            tab._enqueue_forward_msg(some_message("a"))
            assert tab.flush_browser_queue() == []
            tab._state = AppSessionState.APP_NOT_RUNNING
            assert len(tab.flush_browser_queue()) == 1

    in_a_loop(check)
