"""A sweep of learning rates against the same updates made by autograd on the side."""

import pytest
import torch
import torch.nn.functional as F
from torch import Generator

from makemore.data.examples import Dataset
from makemore.models import build
from makemore.training.rate_sweep import sweep
from makemore.training.recipes import recipe_for

RECIPE = recipe_for("lecture", "mlp")
SMALL = {"embedding": 2, "hidden": 20}


def test_each_update_has_the_next_rate(few: Dataset) -> None:
    train, letters = few.examples("train", 3), len(few.vocabulary)
    g = Generator().manual_seed(6)
    found = sweep(build("mlp", letters, g, dict(SMALL)), train, RECIPE, g, steps=30)
    g = Generator().manual_seed(6)
    twin = build("mlp", letters, g, dict(SMALL)).train()
    parameters = list(twin.parameters())
    for step in range(30):
        rate = 1e-3 * 1000 ** (step / 29)
        assert float(found.rates[step]) == pytest.approx(rate)
        chosen = torch.randint(0, len(train), (32,), generator=g)
        loss = F.cross_entropy(twin(train.contexts[chosen]), train.targets[chosen])
        assert float(found.losses[step]) == pytest.approx(loss.item(), rel=1e-4)
        for p, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            p.data -= rate * slope


def test_it_ends_where_the_loss_explodes(few: Dataset) -> None:
    g = Generator().manual_seed(6)
    net = build("mlp", len(few.vocabulary), g, dict(SMALL))
    found = sweep(net, few.examples("train", 3), RECIPE, g, highest=1e9, steps=100)
    assert 0 < len(found.losses) == len(found.rates) < 100
    assert bool(found.losses.isfinite().all())
