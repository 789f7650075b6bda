"""A visitor without a browser: speaks Streamlit's protocol over a websocket. Knows no page."""

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

PATIENCE = 60.0
MOST_BYTES = 50_000_000
WHOLE_RUN = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
FRAGMENT_RUN = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


@dataclass
class Visitor:
    """One session. Widgets are named by their key, as the pages name them.

    As a browser does, it sends the values of all widgets with every request, asks for the fragment
    that a changed widget stands in, asks for each polled fragment at its interval, and stops that with
    the next whole run.
    """

    port: int
    page: str = ""
    query: str = ""
    widgets: dict[str, Element] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # the newest text of each kind of element
    received: int = 0  # bytes
    charts: int = 0
    exceptions: int = 0
    errors: list[str] = field(default_factory=list)  # what boxes of that kind say
    pages: list[str] = field(default_factory=list)  # the titles that the navigation offers
    ticks: list[float] = field(default_factory=list)  # seconds that each polled fragment took
    cookie: str = ""  # what it has been given, and sends from then on
    address: str = ""  # the query that the page has put into the browser's address
    _socket: ClientConnection | None = None
    _page_hash: str = ""
    _closing: bool = False
    _homes: dict[str, str] = field(default_factory=dict)  # by widget, the fragment it stands in
    _drawn: dict[str, Element] = field(default_factory=dict)  # by the whole run under way
    _waiting: "dict[bool, asyncio.Future[None]]" = field(default_factory=dict)
    _tasks: "list[asyncio.Task[None]]" = field(default_factory=list)
    _polls: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self) -> float:
        """Connect and run the page for the first time; the seconds until all of it was there."""
        started = time.perf_counter()
        self._socket = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=MOST_BYTES,
            open_timeout=PATIENCE,
            compression=None,
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
        )
        if (answer := self._socket.response) and (given := answer.headers.get("Set-Cookie")):
            self.cookie = given.split(";")[0]
        self._tasks.append(asyncio.create_task(self._listen()))
        await self.run()
        return time.perf_counter() - started

    async def close(self) -> None:
        self._closing = True
        for task in [*self._polls.values(), *self._tasks]:
            task.cancel()
        if self._socket:
            await self._socket.close()

    async def run(self, *, changed: str = "") -> float:
        """Ask for a run of the page, or of what the changed widget stands in; the seconds it took."""
        return await self._ask(self._homes.get(changed, ""))

    async def _ask(self, fragment: str, *, pressed: str = "", tick: bool = False) -> float:
        async with self._lock:  # a browser would coalesce, which would blur the measurement
            asked = time.perf_counter()
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting[bool(fragment)] = ended
            await self._send(fragment, pressed, tick)
            await asyncio.wait_for(ended, PATIENCE)
            return time.perf_counter() - asked

    def key(self, ending: str) -> str:
        """The key of the widget on this page that ends so."""
        return next(key for key in self.widgets if key.endswith(ending))

    async def press(self, key: str) -> float:
        """Click a button. Raises KeyError when the page has none of that key, or a disabled one."""
        button = self.widgets[key].button
        if button.disabled:
            raise KeyError(f"{key} is disabled")
        return await self._ask(self._homes.get(key, ""), pressed=button.id)

    def put(self, key: str, value: Any) -> None:
        """Give a widget a value that goes with the next request."""
        element = self.widgets[key]
        kind = element.WhichOneof("type")
        state = WidgetState(id=getattr(element, kind or "").id)
        if kind == "text_input":
            state.string_value = value
        elif kind == "number_input":
            state.double_value = value
        elif kind == "slider":
            state.double_array_value.data[:] = [value]
        else:
            state.string_array_value.data[:] = [value]
        self.values[state.id] = state

    def options(self, key: str) -> list[str]:
        """What a row of buttons or a slider of named places offers."""
        element = self.widgets[key]
        if element.WhichOneof("type") == "button_group":
            return [option.content for option in element.button_group.options]
        return list(element.slider.options)

    async def _send(self, fragment: str, pressed: str, tick: bool) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id = self.query, fragment
        state.page_script_hash, state.page_name = self._page_hash, self.page
        state.is_auto_rerun = tick
        state.widget_states.widgets.extend(self.values.values())
        if pressed:
            state.widget_states.widgets.append(WidgetState(id=pressed, trigger_value=True))
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(websockets.ConnectionClosed):
            async for raw in self._socket:
                self.received += len(raw)
                self._heard(ForwardMsg.FromString(bytes(raw) if isinstance(raw, bytes) else b""))

    def _heard(self, message: ForwardMsg) -> None:
        kind = "" if self._closing else message.WhichOneof("type")
        if kind == "new_session":
            if not message.metadata.run.fragment_ids:
                self._stop_polling()
                self._drawn = {}
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
            self.pages = [page.page_name for page in message.navigation.app_pages]
        elif kind == "page_info_changed":
            self.address = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._poll(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._learn(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            self._finished(message.script_finished)

    def _finished(self, status: int) -> None:
        # A run that was cut short for another one is answered by that other one.
        if status in WHOLE_RUN:
            self.widgets = dict(self._drawn)
        if status == FRAGMENT_RUN or status in WHOLE_RUN:
            for fragment in (True, False) if status in WHOLE_RUN else (True,):
                waiting = self._waiting.pop(fragment, None)
                if waiting and not waiting.done():
                    waiting.set_result(None)

    def _learn(self, element: Element, home: str) -> None:
        kind = element.WhichOneof("type") or ""
        part = getattr(element, kind)
        identity = getattr(part, "id", "")
        if match := re.fullmatch(r"\$\$ID-[0-9a-f]+-(.+)", identity):
            self.widgets[match[1]] = self._drawn[match[1]] = element
            self._homes[match[1]] = home
        if kind == "progress":
            self.texts[kind] = part.text
        if kind == "alert" and part.format == Alert.ERROR:
            self.errors.append(part.body)
        self.charts += kind == "vega_lite_chart"
        self.exceptions += kind == "exception"

    def _stop_polling(self) -> None:
        for task in self._polls.values():
            task.cancel()
        self._polls.clear()

    def _poll(self, fragment: str, interval: float) -> None:
        if fragment in self._polls:
            self._polls.pop(fragment).cancel()
        self._polls[fragment] = asyncio.create_task(self._keep_polling(fragment, interval))

    async def _keep_polling(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            # A cancellation that comes together with an answer is lost in Python 3.11.
            if self._closing or self._polls.get(fragment) is not asyncio.current_task():
                return
            if not self._lock.locked():  # a browser's tick behind a click counts as that click
                self.ticks.append(await self._ask(fragment, tick=True))
