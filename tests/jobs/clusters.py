"""A Dask cluster of real processes on the loopback, and a wire to it that can be cut. Knows no job."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
END_SECONDS = 10.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


class LoopbackCluster:
    """A scheduler, and as many workers as were asked for. Ends by `close()`, each process by its id."""

    def __init__(
        self,
        *,
        scheme: str = "tcp",
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.address = f"{scheme}://{HOST}:{self.port}"
        self._options = list(options)
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        # A worker of these tests gets its share of two cores, and reads no settings of the developer.
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DASK_TEMPORARY_DIRECTORY": self._folder.name,
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
            **(environment or {}),
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start_scheduler()

    def start_scheduler(self) -> "subprocess.Popen[bytes]":
        """Start the scheduler, again at the same address if there was one."""
        place = ("--host", HOST, "--port", str(self.port), "--dashboard-address", f"{HOST}:0")
        self.scheduler = self._start("scheduler", *place)
        return self.scheduler

    def add_worker(self, *place: str) -> "subprocess.Popen[bytes]":
        """One more worker; it comes when it has started. `place` is where it listens, if not anywhere."""
        chosen = ("--no-nanny", "--no-dashboard", "--nthreads", "1", *(place or ("--host", HOST)))
        self.workers.append(self._start("worker", self.address, *chosen))
        return self.workers[-1]

    def grow(self, number: int) -> None:
        """Have at least so many workers that are alive."""
        alive = [each for each in self.workers if each.poll() is None]
        for _ in range(number - len(alive)):
            self.add_worker()

    def _start(self, kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "dask", kind, *arguments, *self._options],
            cwd="/",
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait(END_SECONDS)
        self._folder.cleanup()


@contextmanager
def loopback_cluster(workers: int = 0) -> Iterator[LoopbackCluster]:
    cluster = LoopbackCluster()
    try:
        cluster.grow(workers)
        yield cluster
    finally:
        cluster.close()
