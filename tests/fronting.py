"""Starts several real servers behind a real nginx, for tests and benchmarks. Knows no page."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from makemore.server.front import configuration
from tests.serving import Server, free_port, serving

READY_SECONDS = 10


@dataclass(frozen=True)
class Front:
    """nginx at an address, and the servers behind it in the order of their numbers, from 1."""

    port: int
    process: "subprocess.Popen[bytes]"
    servers: Sequence[Server]
    written: Path  # its log

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def fronting(nginx: str, count: int, *, workers: int | None = None) -> Iterator[Front]:
    """So many fresh servers, which share a folder for their trainings, and this nginx before them."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        ways = [serving(workers=workers, kept=Path(folder, "kept")) for _ in range(count)]
        with ThreadPoolExecutor(count) as pool:  # they take seconds to start
            servers = list(pool.map(stack.enter_context, ways))
        port = free_port()
        place = Path(folder, "nginx")
        place.mkdir()
        behind = [str(server.port) for server in servers]
        (place / "nginx.conf").write_text(configuration(behind, listen=str(port)))
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(_command(nginx, place), stderr=log)
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
            _wait_until_open(port, process)
            yield Front(port, process, servers, place / "log")


def _command(nginx: str, place: Path) -> list[str]:
    # Started by root it works as another user, who may not read a folder of root's.
    told = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    return [nginx, "-p", str(place), "-e", "stderr", "-c", "nginx.conf", "-g", told]


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nginx does not listen; exit code {process.poll()}")
