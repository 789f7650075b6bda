"""Trains a small net on a handful of examples until it knows them by heart. Knows no page and no file."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Examples
from makemore.models import LanguageModel, build
from makemore.training.recipes import ALL_EXAMPLES, Recipe
from makemore.training.updates import Descent

BLOCK = 3
SETTINGS = {"embedding": 2, "hidden": 100}  # the lecture's first net: 3,481 parameters
STEPS = 1_000
RECIPE = Recipe("lecture", steps=STEPS, batch_size=ALL_EXAMPLES, learning_rate=0.1)


@dataclass(frozen=True, eq=False)
class Overfitted:
    """The net at the end, and `losses` (s + 1,) of the examples after 0, 1, ... s updates, in nats."""

    net: LanguageModel
    losses: Tensor


def overfit(examples: Examples, letters: int, *, steps: int = STEPS) -> Overfitted:
    """Gradient descent on all of the examples at once, from the lecture's seed."""
    net = build("mlp", letters, Generator().manual_seed(MLP_SEED), dict(SETTINGS))
    update = Descent(net, examples, RECIPE, Generator().manual_seed(MLP_SEED))
    losses = []
    for step in range(steps):
        loss = update(step)
        assert loss is not None  # at this rate a net of this size never explodes
        losses.append(loss)
    with torch.no_grad():
        logits = net(examples.contexts)
        losses.append(float(torch.nn.functional.cross_entropy(logits, examples.targets)))
    return Overfitted(net.eval(), torch.tensor(losses))
