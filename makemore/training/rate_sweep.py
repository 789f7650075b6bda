"""Trains a net while its learning rate rises, to see which rates work. Knows no file, no screen, no job.

The learning-rate range test: L. N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017;
in the lecture from 0.001 to 1, evenly in the exponent.
"""

from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from makemore.data.examples import Examples
from makemore.models import LanguageModel
from makemore.training.recipes import Recipe
from makemore.training.updates import Descent

LOWEST, HIGHEST, STEPS = 1e-3, 1.0, 1_000


@dataclass(frozen=True, eq=False)
class Sweep:
    """rates, losses (s,): the rate of each update, and the loss of its batch before it, in nats."""

    rates: Tensor
    losses: Tensor


def sweep(
    model: LanguageModel,
    examples: Examples,
    recipe: Recipe,
    generator: Generator,
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int = STEPS,
) -> Sweep:
    """One training of so many steps by gradient descent, each at a higher rate than the one before.

    Ends earlier where the loss explodes. `model` is changed; batches are drawn from the generator.
    """
    recipe = replace(recipe, decay_at=0)
    update = Descent(model, examples, recipe, generator)
    rates = lowest * (highest / lowest) ** torch.linspace(0, 1, steps, dtype=torch.float64)
    losses: list[float] = []
    for step, rate in enumerate(rates.tolist()):
        update.follow(replace(recipe, learning_rate=rate))
        loss = update(step)
        if loss is None:
            break
        losses.append(loss)
    return Sweep(rates[: len(losses)], torch.tensor(losses, dtype=torch.float64))
