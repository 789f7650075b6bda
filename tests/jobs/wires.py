"""A wire between two programs of this machine that can be cut, mended and snapped. Knows no Dask."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from tests.jobs.clusters import HOST


class Wire:
    """Passes on what comes to its port. While it is cut nothing passes, and nobody is told so."""

    def __init__(self, target: int) -> None:
        self._target, self._flows, self._closed = target, Event(), False
        self._lock, self._ends = Lock(), list[socket.socket]()
        self.bytes, self.pieces = 0, 0  # both ways
        self._flows.set()
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, name="wire", daemon=True).start()

    def cut(self) -> None:
        self._flows.clear()

    def mend(self) -> None:
        self._flows.set()

    def snap(self) -> None:
        """Break every connection there is; new ones pass."""
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self._closed = True
        self.mend()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.snap()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                self._flows.wait()
                far = socket.create_connection((HOST, self._target))
            except OSError:
                if self._closed:
                    return
                near.close()  # nobody is there
                continue
            with self._lock:
                self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                Thread(target=self._pass, args=(one, other), name="wire", daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                self._flows.wait()
                other.sendall(data)
                with self._lock:
                    self.bytes, self.pieces = self.bytes + len(data), self.pieces + 1
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
