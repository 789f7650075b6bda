"""The one place that chooses where tensors live. Knows no model."""

import os
import platform
from contextlib import suppress
from pathlib import Path

import torch

DEVICES = ("cpu", "cuda", "mps")
LARGE = 1_000  # examples; from here on a step has work for a second thread, or for a card


class DeviceError(ValueError):
    """The wanted device is unknown or not there."""


def choose(wanted: str | None = None, *, batch_size: int = 0) -> torch.device:
    """The wanted device, else the one that `MAKEMORE_DEVICE` names, else cuda, else cpu.

    Unless it is named, cuda is not taken for small batches (0: all examples at once), whose steps are
    so short that starting their kernels takes longer than the CPU takes for all: on an H100 the
    lecture's loops were up to three times slower than on the CPU beside it, and the recipe `fast` no
    slower (`python -m tests.bench.devices`). mps is taken only on demand, for the same reason.
    Raises DeviceError.
    """
    name = wanted or os.environ.get("MAKEMORE_DEVICE") or _best(batch_size)
    if name not in DEVICES:
        raise DeviceError(f"unknown device {name!r}; known ones: {', '.join(DEVICES)}")
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceError("no CUDA device here; use cpu")
    if name == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("no MPS device here; use cpu")
    if name == "cuda":
        _always_the_same_floats()
    return torch.device(name)


def _best(batch_size: int) -> str:
    worth_it = not batch_size or batch_size >= LARGE
    return "cuda" if worth_it and torch.cuda.is_available() else "cpu"


def _always_the_same_floats() -> None:
    """Have cuda add up in the same order at each run, so that a training can be repeated and resumed.

    What has no such way warns instead of failing.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS is first used
    torch.use_deterministic_algorithms(True, warn_only=True)


def describe(device: torch.device) -> str:
    """The device with the name of its card."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def processor() -> str:
    """The processor by its name where the system tells it, and the instructions that torch uses of it."""
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()  # Linux alone has it
        name = next((line.partition(": ")[2] for line in lines if "model name" in line), name)
    return f"{name}, {torch.backends.cpu.get_cpu_capability()}"


def use_one_thread() -> None:
    """One torch thread for this process: small matrices are done before a second one wakes."""
    torch.set_num_threads(1)


def use_threads(batch_size: int) -> None:
    """Every core for a training with large batches, one thread for any other."""
    torch.set_num_threads(cores() if batch_size >= LARGE else 1)


def cores() -> int:
    """How many this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux alone knows
    return len(allowed(0)) if allowed else os.cpu_count() or 1
