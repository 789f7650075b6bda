"""A net learns a few examples by heart, as the same descent written on five tensors does."""

import pytest
import torch.nn.functional as F
from torch import Generator, autograd

from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset, windows
from makemore.diagnostics.losses.few_answers import conditional_entropy, first_examples
from makemore.experiments.few_examples import SETTINGS, STEPS, overfit
from makemore.models import build


def test_its_losses_are_those_of_plain_gradient_descent(real: Dataset) -> None:
    some = first_examples(windows(real.name_list.names[:5], real.vocabulary, 3), 32)
    found = overfit(some, 27, steps=40)
    twin = build("mlp", 27, Generator().manual_seed(MLP_SEED), dict(SETTINGS)).train()
    parameters = list(twin.parameters())
    for step in range(40):
        loss = F.cross_entropy(twin(some.contexts), some.targets)
        assert float(found.losses[step]) == pytest.approx(loss.item(), rel=1e-4)
        for p, slope in zip(parameters, autograd.grad(loss, parameters), strict=True):
            p.data -= 0.1 * slope


def test_it_comes_near_the_floor_and_not_below(real: Dataset) -> None:
    some = first_examples(windows(real.name_list.names[:5], real.vocabulary, 3), 32)
    floor, found = conditional_entropy(some.tally), overfit(some, 27)
    assert len(found.losses) == STEPS + 1
    assert bool((found.losses > floor).all())
    assert float(found.losses[-1]) - floor < 0.02
    assert found.net.size == 3_481
