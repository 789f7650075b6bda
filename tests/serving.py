"""Starts the real server on a free port, for tests and benchmarks. Knows no browser and no page."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that is warm and has not been visited; `seconds` is what it took to get there."""

    address: str
    process: "subprocess.Popen[bytes]"
    seconds: float

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])


@contextmanager
def serving() -> Iterator[Server]:
    """A fresh server that keeps nothing; it is told to end afterwards and given twenty seconds for it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, "MAKEMORE_AUTOSAVE": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/api/ready", process)
            yield Server(f"http://127.0.0.1:{port}", process, time.monotonic() - started)
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.read() == b'{"ready":true}':
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer {url}; exit code {process.poll()}")
