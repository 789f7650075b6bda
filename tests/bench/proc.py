"""What the system says of a process and its children: memory, threads, time. Linux only; knows no server."""

import contextlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counted:
    """A process and those that it has started."""

    threads: int
    processes: int


def _status(pid: int) -> dict[str, str]:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended
        return {}
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    known = [pid]
    for each in known:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            known += [int(child) for child in task.read_text().split()]
    return known


def memory(pid: int) -> float:
    """Resident memory of the family in MB."""
    return sum(int(_status(p).get("VmRSS", "0 kB").split()[0]) for p in family(pid)) / 1024


def peak_memory(pid: int) -> float:
    """The largest resident memory that each of the family has had, together in MB."""
    return sum(int(_status(p).get("VmHWM", "0 kB").split()[0]) for p in family(pid)) / 1024


def own_memory(pid: int) -> float:
    """Memory of the family in MB; what they share counts once."""
    whole = 0
    for each in family(pid):
        with contextlib.suppress(OSError):  # it has just ended
            text = Path(f"/proc/{each}/smaps_rollup").read_text()
            whole += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return whole / 1024


class Peak:
    """The highest `own_memory` of a family while inside, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def __enter__(self) -> "Peak":
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self.megabytes = max(self.megabytes, own_memory(self._pid))


def counted(pid: int) -> Counted:
    whole = family(pid)
    return Counted(sum(int(_status(p).get("Threads", "0")) for p in whole), len(whole))


def cpu_seconds(pid: int) -> float:
    """What the family has computed so far."""
    ticks = 0
    for each in family(pid):
        try:
            after_name = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(after_name[11]) + int(after_name[12])  # user and system
    return ticks / os.sysconf("SC_CLK_TCK")
