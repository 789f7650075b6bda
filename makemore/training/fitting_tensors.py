"""Checks that named tensors are those of a model or an optimizer before they touch it. Changes nothing.

A fused optimizer writes as far as its weights reach, whatever the length of its own tensors is.
"""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

# What an optimizer keeps of each of its weights, and whether that has the shape of the weight.
_KEPT: dict[type[torch.optim.Optimizer], dict[str, bool]] = {
    torch.optim.AdamW: {"step": False, "exp_avg": True, "exp_avg_sq": True},
    torch.optim.Muon: {"momentum_buffer": True},
}
_SQUARES = ("running_var", "exp_avg_sq", "step")  # besides counts, what is never below zero


class MisfitError(ValueError):
    """Tensors are not those of what they shall be put into; the message names the first that is not."""


def check_fit(
    found: Mapping[str, Tensor], expected: Mapping[str, Tensor], *, finite: bool = True
) -> None:
    """Raises MisfitError unless names, shapes, dtypes and signs are the expected ones.

    finite: whether every number must be one; a training that has diverged ends with others. The
    expected tensors are only looked at from outside, so they may be on the device `meta`.
    """
    if found.keys() != expected.keys():
        odd = sorted(found.keys() ^ expected.keys())[0]
        raise MisfitError(f"tensor {odd!r:.80} is missing or too many")
    for name, like in expected.items():
        tensor = found[name]
        if tensor.shape != like.shape or tensor.dtype != like.dtype:
            raise MisfitError(
                f"{name} is {tensor.dtype} {tuple(tensor.shape)}, expected {like.dtype} "
                f"{tuple(like.shape)}"
            )
        if finite and not torch.isfinite(tensor).all():
            raise MisfitError(f"{name} holds NaN or infinity")
        signed = like.dtype.is_floating_point and not name.endswith(_SQUARES)
        if not signed and bool((tensor < 0).any()):
            raise MisfitError(f"{name} holds numbers below 0")


def optimizer_tensors(
    optimizers: Iterable[torch.optim.Optimizer], found: Iterable[str]
) -> dict[str, Tensor]:
    """What the tensors `optimizer.I.J.KEY` must look like: of weight J of optimizer I, all or nothing.

    An optimizer keeps nothing of a weight that it has not moved yet; which ones these are is told by
    the names that were found. Raises MisfitError for an optimizer that is not known here.
    """
    expected: dict[str, Tensor] = {}
    begun = {name.rpartition(".")[0] for name in found}
    for i, optimizer in enumerate(optimizers):
        if type(optimizer) not in _KEPT:
            raise MisfitError(f"nothing is known of what {type(optimizer).__name__} keeps")
        weights = [weight for group in optimizer.param_groups for weight in group["params"]]
        for j, weight in enumerate(weights):
            if f"optimizer.{i}.{j}" in begun:
                for key, as_weight in _KEPT[type(optimizer)].items():
                    like = weight.detach() if as_weight else torch.zeros((), dtype=torch.float32)
                    expected[f"optimizer.{i}.{j}.{key}"] = like
    return expected


def check_generator(state: Tensor) -> None:
    """Raises MisfitError unless this is the state of a generator."""
    try:
        torch.Generator().set_state(state.cpu())
    except (RuntimeError, TypeError) as error:
        raise MisfitError(f"the state of the generator is none ({error})") from None


def part_of(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose name begins so, by the rest of their names."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
