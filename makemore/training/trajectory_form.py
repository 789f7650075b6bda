"""The form of a trajectory, checked as a whole so that whoever replays it may rely on it. Knows no file."""

from collections.abc import Mapping

import torch
from torch import Tensor

BINS = 50
STEP, EMBEDDING = "step", "embedding"
ROUNDING = 1e-3  # how far the shares of a histogram may be from 1 in all

Part = Mapping[str, Tensor]


def check_trajectory(evaluated: Part, losses: Part, probed: Part) -> None:
    """Raises ValueError unless the parts are those that `Trajectory` describes."""
    _check_names("evaluated", evaluated, {STEP, "train", "dev"})
    _check_names("losses", losses, {STEP, "mean"} if losses else set())
    if STEP not in probed:
        raise ValueError("probed has no step")
    for part, tensors in (("evaluated", evaluated), ("losses", losses), ("probed", probed)):
        _check_lengths(part, tensors)
        if tensors:
            _check_steps(part, tensors[STEP], whole=part != "losses")
    for part, name, tensor in (
        *(("evaluated", name, evaluated[name]) for name in ("train", "dev")),
        *(("losses", name, losses[name]) for name in losses),
    ):
        check_floats(f"{part}/{name}", tensor, axes=1)
        if bool((tensor < 0).any()):
            raise ValueError(f"{part}/{name} is below 0")
    for name, tensor in probed.items():
        if name == EMBEDDING:
            check_floats("probed/embedding", tensor, axes=3)
        elif name != STEP:
            check_histograms(f"probed/{name}", tensor)


def _check_names(part: str, tensors: Part, wanted: set[str]) -> None:
    if tensors.keys() != wanted:
        odd = sorted(tensors.keys() ^ wanted)[0]
        raise ValueError(f"{part}/{odd} is missing or too many")


def _check_lengths(part: str, tensors: Part) -> None:
    if any(not tensor.dim() for tensor in tensors.values()):
        raise ValueError(f"{part} holds a single number")
    if len({len(tensor) for tensor in tensors.values()}) > 1:
        raise ValueError(f"{part} holds tensors of different lengths")


def _check_steps(part: str, steps: Tensor, *, whole: bool) -> None:
    """Steps rise and none is below 0; those of `losses` are the middles of blocks."""
    if steps.dim() != 1 or (
        len(steps) and steps.dtype is not (torch.int64 if whole else torch.float32)
    ):
        raise ValueError(f"{part}/step is not a list of steps")
    if bool((steps < 0).any()) or not bool((steps.diff() > 0).all()):
        raise ValueError(f"{part}/step is not in order")


def check_floats(name: str, tensor: Tensor, *, axes: int) -> None:
    """Raises ValueError unless these are finite numbers of 32 bits, with so many axes."""
    if tensor.dtype is not torch.float32 or tensor.dim() != axes:
        raise ValueError(f"{name} is {tensor.dtype} {tuple(tensor.shape)}")
    if not torch.isfinite(tensor).all():
        raise ValueError(f"{name} holds NaN or infinity")


def check_histograms(name: str, tensor: Tensor, bins: int = BINS) -> None:
    """Raises ValueError unless each row is a histogram, as shares."""
    check_floats(name, tensor, axes=2)
    if tensor.shape[1] != bins or bool((tensor < 0).any()):
        raise ValueError(f"{name} is no histogram of {bins} shares")
    if not bool(((tensor.sum(dim=1) - 1).abs() < ROUNDING).all()):
        raise ValueError(f"{name} has shares that do not add up to 1")
