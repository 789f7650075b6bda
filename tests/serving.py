"""Starts the real server on a free port, for tests and benchmarks. Knows no browser and no page."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
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
    written: Path  # its log

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def log(self) -> list[str]:
        """The lines that it has written to stderr so far."""
        return self.written.read_text().splitlines()


def free_port() -> int:
    """A port of the loopback that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(
    *, renamed: Sequence[str] = (), workers: int | None = None, kept: Path | None = None
) -> Iterator[Server]:
    """A fresh server that keeps nothing; it is told to end afterwards and given twenty seconds for it.

    `renamed` are names inside Streamlit that are changed before it starts; `workers` is the number of
    its worker processes, that of the environment unless given; in the folder `kept` trainings stay.
    """
    told = {} if workers is None else {"MAKEMORE_WORKERS": str(workers)}
    port = free_port()
    streamlit = ["tests.renamed_streamlit", ",".join(renamed)] if renamed else ["streamlit"]
    command = [sys.executable, "-m", *streamlit, "run", "app.py", "--server.headless", "true"]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, **told, "MAKEMORE_AUTOSAVE": str(kept or Path(folder) / "autosave")},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/api/ready", process)
            seconds = time.monotonic() - started
            yield Server(f"http://127.0.0.1:{port}", process, seconds, Path(log.name))
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
