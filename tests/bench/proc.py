"""What the system says of a process and its children: memory, threads. Linux only; knows no server."""

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


def counted(pid: int) -> Counted:
    whole = family(pid)
    return Counted(sum(int(_status(p).get("Threads", "0")) for p in whole), len(whole))
