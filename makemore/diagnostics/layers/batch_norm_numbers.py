"""Batch norm in numbers small enough to check by hand: one batch, its Jacobian, running statistics, axes.

Source: "Building makemore" part 3; Ioffe and Szegedy 2015. Trains nothing.
"""

from collections.abc import Sequence

import pandas as pd
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from makemore.layers import BatchNorm1d

EPS = 1e-5


def normalised_values(
    values: Sequence[float], *, gamma: float = 1.0, beta: float = 0.0, eps: float = EPS
) -> pd.DataFrame:
    """One feature of a batch through batch norm in train mode, by the plain formula.

    Columns: example (from 1), before, after. A single value gives NaN: it has no variance to divide
    by, as that is a sum of squares over n - 1.
    """
    x = torch.tensor(list(values), dtype=torch.float64)
    after = gamma * (x - x.mean()) / (_variance(x) + eps).sqrt() + beta
    return pd.DataFrame(
        {"example": range(1, len(x) + 1), "before": x.tolist(), "after": after.tolist()}
    )


def _variance(x: Tensor) -> Tensor:
    """The unbiased one, 0/0 = NaN for a single number, as written in the lecture."""
    return ((x - x.mean()) ** 2).sum() / (len(x) - 1)


def moved_by(
    values: Sequence[float], example: int, *, gamma: float = 1.0, eps: float = EPS
) -> pd.DataFrame:
    """How far each output of a batch moves when one of its values does, per unit: the derivative.

    γ/σ · (1 − 1/n − x̂²/(n−1)) for its own output, γ/σ · (−1/n − x̂ᵢ·x̂ⱼ/(n−1)) for every other one.
    `example` counts from 0. Columns: example (from 1), moves.
    """
    x = torch.tensor(list(values), dtype=torch.float64)
    n, sigma = len(x), (_variance(x) + eps).sqrt()
    hat = (x - x.mean()) / sigma
    own = torch.zeros(n, dtype=torch.float64)
    own[example] = 1
    moves = gamma / sigma * (own - 1 / n - hat * hat[example] / (n - 1))
    return pd.DataFrame({"example": range(1, n + 1), "moves": moves.tolist()})


def running_statistics(
    values: Tensor, *, momentum: float, batch_size: int, steps: int, seed: int = 0
) -> pd.DataFrame:
    """The moving averages that a layer learns of one feature (examples,), from batches drawn of it.

    They begin at 0 and 1. Columns: step (from 0), running_mean, running_var, and in every row the true
    mean and var of all examples.
    """
    norm = BatchNorm1d(1, momentum=momentum)
    generator = Generator().manual_seed(seed)
    rows = [(0, 0.0, 1.0)]
    for step in range(1, steps + 1):
        chosen = torch.randint(0, len(values), (batch_size,), generator=generator)
        norm(values[chosen, None].float())
        rows.append((step, float(norm.running_mean), float(norm.running_var)))
    frame = pd.DataFrame(rows, columns=["step", "running_mean", "running_var"])
    return frame.assign(mean=float(values.mean()), var=float(values.var()))


def bias_gradients(
    inputs: Tensor, weight: Tensor, bias: Tensor, out: Tensor, targets: Tensor
) -> pd.DataFrame:
    """The gradient that a bias gets with a batch norm behind it, and without one.

    inputs (n, fan_in) @ weight + bias, batch norm or not, tanh, @ out (hidden, vocab), cross-entropy.
    Columns: net, bias and weight (the largest absolute gradient of each). The norm takes away any
    mean, the bias with it, so nothing gets back to it but rounding.
    """
    rows = []
    for net, norm in (("with batch norm", BatchNorm1d(len(bias))), ("without", nn.Identity())):
        w, b = (each.detach().clone().requires_grad_() for each in (weight, bias))
        hidden = torch.tanh(norm.to(inputs.dtype)(inputs @ w + b))
        by_w, by_b = torch.autograd.grad(F.cross_entropy(hidden @ out, targets), (w, b))
        rows.append(
            {"net": net, "bias": float(by_b.abs().max()), "weight": float(by_w.abs().max())}
        )
    return pd.DataFrame(rows)


def axes_of(x: Tensor) -> pd.DataFrame:
    """What each batch norm takes its statistics over, for x of (batch, positions, features).

    Columns: norm, axes, statistics (their shape), numbers (that each is made from), difference (the
    largest to ours). Torch takes axis 1 for channels: of x as it is, it normalises each position over
    all features, and wants as many features as there are positions.
    """
    _, positions, features = x.shape
    ours = BatchNorm1d(features)
    bug = BatchNorm1d(features, reduce="batch", positions=positions)
    middle, last = _torch_norm(positions), _torch_norm(features)
    x = x.float()
    wanted = ours(x)
    found = (
        ("ours", (0, 1), ours.running_mean.shape, wanted),
        ("ours with the bug", (0,), bug.running_mean.shape, bug(x)),
        ("torch, as it is", (0, 2), (positions,), middle(x)),
        ("torch, transposed", (0, 1), (features,), last(x.transpose(1, 2)).transpose(1, 2)),
    )
    rows = [
        {
            "norm": norm,
            "axes": axes,
            "statistics": tuple(shape),
            "numbers": x.numel() // torch.Size(shape).numel(),
            "difference": float((y - wanted).detach().abs().max()),
        }
        for norm, axes, shape, y in found
    ]
    return pd.DataFrame(rows)


def _torch_norm(features: int) -> nn.BatchNorm1d:
    return nn.BatchNorm1d(features).train()
