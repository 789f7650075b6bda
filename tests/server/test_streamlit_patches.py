"""Streamlit is changed where its seams hold, and left alone where one does not: real sockets, real sessions."""

import asyncio
import importlib
import inspect
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.session_state import SessionState
from streamlit.web.server.starlette.starlette_server import _bind_socket

from makemore.server import held_messages, streamlit_patches
from tests.loops import run_apart

APP = Path(__file__).resolve().parents[2] / "app.py"
SEAMS = [
    (name, seam.path) for name, patch in streamlit_patches.PATCHES.items() for seam in patch.seams
]
NAMES = (
    "check_widget_values",
    "ignore_pages_folder",
    "send_without_delay",
    "hold_messages",
    "take_turns",
)


@pytest.fixture
def _unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit after the test as before it, and as it is before a server starts."""
    flush = inspect.unwrap(AppSession.flush_browser_queue)
    monkeypatch.setattr(AppSession, "flush_browser_queue", flush)
    monkeypatch.setattr(ScriptRunner, "_run_script", inspect.unwrap(ScriptRunner._run_script))
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    for name in ("set_widgets_from_proto", "register_widget"):
        monkeypatch.setattr(SessionState, name, inspect.unwrap(getattr(SessionState, name)))


@pytest.fixture
def lines(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[str]]:
    """What the log has been told."""
    monkeypatch.setattr(logging.getLogger("makemore"), "propagate", True)
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.mark.usefixtures("_unchanged")
def test_all_patches_are_applied_to_the_pinned_version(lines: Callable[[], list[str]]) -> None:
    plain = AppSession.flush_browser_queue
    assert streamlit_patches.apply_patches() == NAMES
    assert PagesManager.uses_pages_directory is False
    assert AppSession.flush_browser_queue is not plain
    assert lines() == []


@pytest.mark.usefixtures("_unchanged")
def test_patches_may_be_applied_twice(lines: Callable[[], list[str]]) -> None:
    """A queue that is held twice would be held for twice as long."""
    plain, taking = AppSession.flush_browser_queue, SessionState.set_widgets_from_proto
    run = ScriptRunner._run_script
    assert streamlit_patches.apply_patches() == streamlit_patches.apply_patches() == NAMES
    assert vars(SessionState.set_widgets_from_proto)["__wrapped__"] is taking
    assert vars(AppSession.flush_browser_queue)["__wrapped__"] is plain
    assert vars(ScriptRunner._run_script)["__wrapped__"] is run
    assert lines() == []


def without_module(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)


def without_name(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    monkeypatch.delattr(importlib.import_module(module), name)


def of_another_kind(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    """In its place stands something in which each part of it is a text."""
    parts = [path.rsplit(".", 1)[1] for _, path in SEAMS if f":{name}." in path]
    other = SimpleNamespace(**dict.fromkeys(parts, "text")) if parts else "text"
    monkeypatch.setattr(importlib.import_module(module), name, other)


@pytest.mark.usefixtures("_unchanged")
@pytest.mark.parametrize("lacking", [without_module, without_name, of_another_kind])
@pytest.mark.parametrize(("patch", "seam"), SEAMS)
def test_a_patch_whose_seam_is_not_as_expected_is_left_out_in_one_line(
    patch: str,
    seam: str,
    lacking: Callable[[pytest.MonkeyPatch, str, str], None],
    lines: Callable[[], list[str]],
) -> None:
    module, _, names = seam.partition(":")
    with pytest.MonkeyPatch.context() as change:
        lacking(change, module, names.split(".")[0])
        assert streamlit_patches.apply_patches() == tuple(each for each in NAMES if each != patch)
    (line,) = lines()
    assert line.startswith(f"event=patch_skipped patch={patch} missing=")
    assert seam in line.partition("missing=")[2].split(",")


def test_an_accepted_connection_sends_without_delay() -> None:
    """As Streamlit binds it: without a protocol, so that asyncio leaves Nagle's algorithm on."""
    with _bind_socket("127.0.0.1", 0, 1) as listening:
        streamlit_patches.send_without_delay()
        with socket.create_connection(listening.getsockname()):
            listening.setblocking(True)
            with listening.accept()[0] as accepted:
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


def some_message(name: str) -> ForwardMsg:
    message = ForwardMsg()
    message.page_info_changed.query_string = name
    return message


def test_a_run_is_held_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_messages, "HOLD", 60.0)
    flush = held_messages.holding(AppSession.flush_browser_queue)

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

    run_apart(check())


def test_a_long_run_shows_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_messages, "HOLD", 0.02)
    flush = held_messages.holding(AppSession.flush_browser_queue)

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

    run_apart(check())


def test_each_run_is_held_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_messages, "HOLD", 0.01)
    flush = held_messages.holding(AppSession.flush_browser_queue)

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

    run_apart(check())


@pytest.mark.usefixtures("_unchanged")
def test_the_server_holds_what_its_sessions_send(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_messages, "HOLD", 60.0)
    held_messages.hold_messages()

    async def check() -> None:
        with session() as tab:
            tab._state = AppSessionState.APP_IS_RUNNING
            tab._enqueue_forward_msg(some_message("a"))
            assert tab.flush_browser_queue() == []
            tab._state = AppSessionState.APP_NOT_RUNNING
            assert len(tab.flush_browser_queue()) == 1

    run_apart(check())


def flush_of_more(self: AppSession, most: int) -> list[ForwardMsg]:
    return AppSession.flush_browser_queue(self)[:most]


def init_without_a_state(self: AppSession, message_enqueued_callback: Callable[[], None]) -> None:
    self._message_enqueued_callback = message_enqueued_callback


@pytest.mark.usefixtures("_unchanged")
@pytest.mark.parametrize(
    ("name", "other"),
    [("flush_browser_queue", flush_of_more), ("__init__", init_without_a_state)],
)
def test_messages_are_not_held_in_a_session_of_another_make(
    name: str, other: Callable[..., object], lines: Callable[[], list[str]]
) -> None:
    with pytest.MonkeyPatch.context() as change:
        change.setattr(AppSession, name, other)
        assert "hold_messages" not in streamlit_patches.apply_patches()
        assert getattr(AppSession, name) is other
    assert [line.partition("app_session:")[2] for line in lines()] == [f"AppSession.{name}"]
