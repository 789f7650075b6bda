"""Every answer carries the headers; what nobody needs is not answered; text on the websocket ends it quietly."""

import urllib.error
import urllib.request
from email.message import Message

import pytest
import websockets

from makemore.server import headers
from tests.bench.visitor import Visitor
from tests.loops import run_apart
from tests.serving import Server


def ask(server: Server, path: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(server.address + path, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/bigram?name=ada", 200),
        ("/favicon.png", 200),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/api/ready", 200),
        ("/media/no-such-file", 404),
    ],
)
def test_every_answer_has_the_headers(server: Server, path: str, status: int) -> None:
    code, found, _ = ask(server, path)
    assert code == status
    assert found.get_all("X-Content-Type-Options") == ["nosniff"]
    assert found.get_all("X-Frame-Options") == ["DENY"]
    assert found.get_all("Referrer-Policy") == ["same-origin"]
    (policy,) = found.get_all("Content-Security-Policy") or []
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert parts["default-src"] == parts["connect-src"] == ["'self'"]
    assert parts["frame-ancestors"] == parts["object-src"] == ["'none'"]
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy, "no other site is named"


@pytest.mark.parametrize("path", ["", "/", "?families=session_events"])
def test_figures_about_visitors_are_not_given_out(server: Server, path: str) -> None:
    code, _, body = ask(server, headers.CLOSED + path)
    assert (code, body) == (404, b"Not found")


async def send_text(port: int) -> int | None:
    """The code that the server closes a websocket with that was sent text."""
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
    ) as socket:
        await socket.send("hello, secret-text")
        await socket.wait_closed()
        return socket.close_code


async def send_garbage(port: int) -> int | None:
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
    ) as socket:
        await socket.send(b"\xff" * 50)
        await socket.wait_closed()
        return socket.close_code


async def look(port: int) -> Visitor:
    visitor = Visitor(port, page="bigram")
    await visitor.open()
    await visitor.close()
    return visitor


def test_what_is_no_message_ends_the_connection_without_a_traceback(server: Server) -> None:
    before = len(server.log())
    assert run_apart(send_text(server.port)) == headers.NOT_BYTES
    assert run_apart(send_garbage(server.port)) == 1002
    assert run_apart(look(server.port)).charts, "others go on"
    text = "\n".join(server.log()[before:])
    assert "Traceback" not in text
    assert "secret-text" not in text
    assert len(server.log()) - before <= 2
