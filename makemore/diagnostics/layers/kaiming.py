"""Kaiming's rule in numbers: what a matrix makes of a spread, and what many layers make of it. Trains nothing.

std(y) = std(x) · std(w) · √fan_in for y = x @ w with independent numbers of mean 0, so std(w) = 1/√fan_in
keeps a spread, and an activation that squeezes needs a gain on top. Source: He et al. 2015.
"""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Generator, Tensor

from makemore.layers import Activation, Tanh

WIDTH, EXAMPLES = 100, 1000


@dataclass(frozen=True)
class Spreads:
    """Standard deviations about one product; `formula` is what the rule says that `y` should be."""

    x: float
    w: float
    fan_in: int
    y: float
    formula: float


def spreads(x: Tensor, w: Tensor) -> Spreads:
    """The rule on (examples, fan_in) @ (fan_in, fan_out), its inputs taken as they are."""
    std_x, std_w, fan_in = float(x.std()), float(w.std()), len(w)
    return Spreads(std_x, std_w, fan_in, float((x @ w).std()), std_x * std_w * fan_in**0.5)


def through_layers(
    gain: float,
    depth: int,
    *,
    activation: Activation | None = None,
    width: int = WIDTH,
    examples: int = EXAMPLES,
    seed: int = 0,
) -> pd.DataFrame:
    """N(0, 1) through so many layers whose matrices are gain · N(0, 1)/√width, and a gradient back.

    Columns: layer (from 1), pre_std, std (of the outputs), flat (share of them), gradient_std (of the
    gradient by the outputs, where N(0, 1) comes in at the last).
    """
    bend = activation or Tanh()
    generator = Generator().manual_seed(seed)
    x = torch.randn(examples, width, generator=generator)
    pres, posts = list[Tensor](), list[Tensor]()
    for _ in range(depth):
        w = gain * torch.randn(width, width, generator=generator) / width**0.5
        pres.append((x @ w).requires_grad_())
        x = bend(pres[-1])
        x.retain_grad()
        posts.append(x)
    posts[-1].backward(torch.randn(x.shape, generator=generator))
    rows = [
        {
            "layer": place,
            "pre_std": float(pre.detach().std()),
            "std": float(post.detach().std()),
            "flat": float(bend.saturated(post.detach()).float().mean()),
            "gradient_std": float("nan") if post.grad is None else float(post.grad.std()),
        }
        for place, (pre, post) in enumerate(zip(pres, posts, strict=True), 1)
    ]
    return pd.DataFrame(rows)
