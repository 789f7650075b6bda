"""Changes five things inside Streamlit, each only where its seams are as expected. Knows no page.

Nothing else in this project changes Streamlit. What the pinned version is made of is nowhere promised,
so another version may lack a seam: then that patch is left out, the log says so, and the app runs on
plain Streamlit. What is lost then is said at each patch.
"""

from __future__ import annotations

import contextlib
import dis
import gc
import inspect
import pkgutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import FunctionType

from makemore.server import held_messages, turns
from makemore.server.error_log import log

Form = Callable[[object], bool]  # whether a part is what a patch expects


@dataclass(frozen=True)
class Seam:
    """A part of Streamlit that a patch leans on: `module:name.name`, and the form it must have."""

    path: str
    fits: Form

    def holds(self) -> bool:
        """Whether it is there and has its form."""
        try:
            return self.fits(pkgutil.resolve_name(self.path))
        except (ImportError, AttributeError):
            return False


def takes(*parameters: str) -> Form:
    """A function of exactly these parameters."""
    return lambda part: (
        isinstance(part, FunctionType) and tuple(inspect.signature(part).parameters) == parameters
    )


def assigns(*fields: str) -> Form:
    """A method that assigns these fields."""

    def fits(part: object) -> bool:
        code = dis.get_instructions(part) if isinstance(part, FunctionType) else ()
        return set(fields) <= {each.argval for each in code if each.opname == "STORE_ATTR"}

    return fits


def is_member(part: object) -> bool:
    """One of an enumeration."""
    return isinstance(part, Enum)


def is_flag(part: object) -> bool:
    """True, False, or None for not yet known."""
    return part is None or isinstance(part, bool)


@dataclass(frozen=True)
class Patch:
    """A change of Streamlit, which may be applied twice, and the seams that it needs for it."""

    apply: Callable[[], None]
    seams: tuple[Seam, ...]


def apply_patches() -> tuple[str, ...]:
    """Apply every patch whose seams all hold, log each other one in one line; the names of the applied."""
    applied = []
    for name, patch in PATCHES.items():
        if missing := [seam.path for seam in patch.seams if not seam.holds()]:
            log.warning("event=patch_skipped patch=%s missing=%s", name, ",".join(missing))
        else:
            patch.apply()
            applied.append(name)
    return tuple(applied)


def ignore_pages_folder() -> None:
    """Let `app.py` answer every link, from the first one on.

    Streamlit takes a folder `pages` for its older kind of app until a first run has named the pages.
    Without this, a link to a page that is the first request of a fresh server is answered by that
    page's file alone, below a list of file names and without sections, until somebody opens `/`.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def send_without_delay() -> None:
    """Switch off Nagle's algorithm. Without this, a page's second message is held back for 40 ms.

    asyncio does so for sockets that name their protocol, and Streamlit's does not. The sockets that
    the server accepts inherit it from the one that listens, which is bound before this runs.
    """
    for each in gc.get_objects():
        if type(each) is socket.socket and each.type == socket.SOCK_STREAM:
            with contextlib.suppress(OSError):  # not one of TCP, or closed
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def check_widget_values() -> None:
    """Take in no value that its widget cannot have. Without this, a forged one may break its page."""
    # Imported here: it imports what its seams, once they are known to hold, say is there.
    from makemore.server import widget_values

    widget_values.check_widget_values()


_STATE = "streamlit.runtime.state.session_state:SessionState"
_SESSION = "streamlit.runtime.app_session:AppSession"
_RUNNER = "streamlit.runtime.scriptrunner.script_runner:ScriptRunner"

PATCHES = {
    "check_widget_values": Patch(
        check_widget_values,
        (
            Seam(f"{_STATE}.set_widgets_from_proto", takes("self", "widget_states")),
            Seam(f"{_STATE}.register_widget", takes("self", "metadata", "user_key")),
            Seam(
                "streamlit.runtime.state.session_state:WStates.__init__",
                takes("self", "states", "widget_metadata"),
            ),
            Seam(
                "streamlit.runtime.state.session_state:Serialized.__init__", takes("self", "value")
            ),
            Seam("streamlit.runtime.state.common:unpack_widget_state_value", takes("widget_state")),
        ),
    ),
    "ignore_pages_folder": Patch(
        ignore_pages_folder,
        (Seam("streamlit.runtime.pages_manager:PagesManager.uses_pages_directory", is_flag),),
    ),
    "send_without_delay": Patch(
        send_without_delay,
        (
            Seam(
                "streamlit.web.server.starlette.starlette_server:_bind_socket",
                takes("address", "port", "backlog"),
            ),
        ),
    ),
    "hold_messages": Patch(
        held_messages.hold_messages,
        (
            Seam(f"{_SESSION}.flush_browser_queue", takes("self")),
            Seam(f"{_SESSION}.__init__", assigns("_state", "_message_enqueued_callback")),
            Seam(f"{_SESSION}State.APP_IS_RUNNING", is_member),
        ),
    ),
    "take_turns": Patch(
        turns.take_turns,
        (
            Seam(f"{_RUNNER}._run_script", takes("self", "rerun_data")),
            Seam(f"{_RUNNER}.__init__", assigns("_session_id")),
        ),
    ),
}
