"""Headers of every answer, and what the server does not answer at all. Knows no page.

What the policy has to allow, because Streamlit is made so: scripts and styles inside the page (its own
index.html, `st.html`), WebAssembly, and fonts and pictures as data. It need not allow `eval`: Vega
interprets the expressions of a chart here. Nothing is loaded from, sent to or framed by another site.
"""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",  # the websocket too
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {allowed}" for name, allowed in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    "referrer-policy": "same-origin",  # a link has the learner's name in it
}
CLOSED = "/_stcore/metrics"  # how many visitors there are, and what they keep: nobody here needs it
NOT_BYTES = (
    1003  # the code by which a websocket is closed that was sent what its server does not read
)

_PAIRS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class Guard:
    """Stands before Streamlit: adds the headers, closes what nobody needs, reads bytes only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = PlainTextResponse("Not found", 404) if _is_closed(scope) else self.app
            await answer(scope, receive, _adding_headers(send))
        elif scope["type"] == "websocket":
            await self.app(scope, _reading_bytes(receive, send), send)
        else:
            await self.app(scope, receive, send)


def _is_closed(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.rstrip("/").endswith(CLOSED)


def _adding_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [
                pair
                for pair in message.get("headers", [])
                if pair[0].decode().lower() not in HEADERS
            ]
            message = {**message, "headers": [*kept, *_PAIRS]}
        await send(message)

    return sending


def _reading_bytes(receive: Receive, send: Send) -> Receive:
    """A frame of text ends the connection, as Streamlit would too, but without an exception in the log."""

    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and message.get("bytes") is None:
            await send({"type": "websocket.close", "code": NOT_BYTES})
            return {"type": "websocket.disconnect", "code": NOT_BYTES}
        return message

    return receiving
