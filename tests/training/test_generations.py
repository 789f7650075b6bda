"""Nets that learn from their elders: one step of a later generation against the plain formula."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn
from torch.testing import assert_close

from makemore.data.examples import Dataset
from makemore.models import build
from makemore.training.events import Stepped
from makemore.training.planned_update import Planned
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer

STEPS, BATCH = 6, 40  # of each generation


@pytest.mark.parametrize("model", ["mlp_bn", "wavenet"])
def test_a_later_generation_learns_partly_from_what_its_elders_expect(
    few: Dataset, model: str
) -> None:
    recipe = recipe_for(
        "best", model, generations=3, from_elders=0.8, steps=3 * STEPS, batch_size=BATCH
    )
    trainer = Trainer.start(model, few, recipe, seed=3)
    elders: list[nn.Module] = []
    for generation in (1, 2):
        for _ in trainer.events(until=generation * STEPS):
            pass
        elders.append(copy.deepcopy(trainer.model).eval())
        assert isinstance(trainer.update, Planned)
        generator = Generator()
        generator.set_state(trainer.update.generator.get_state())
        plain = build(model, len(few.vocabulary), generator, trainer.model.config.to_json())
        chosen = torch.randperm(len(trainer.examples), generator=generator)[:BATCH]
        contexts, targets = trainer.examples.contexts[chosen], trainer.examples.targets[chosen]

        logp = plain.train()(contexts).log_softmax(dim=1)
        with torch.no_grad():
            expected = torch.stack([elder(contexts).softmax(dim=1) for elder in elders]).mean(dim=0)
        from_data = F.nll_loss(logp, targets)
        from_elders = -(expected * logp).sum(dim=1).mean()
        (0.2 * from_data + 0.8 * from_elders).backward()

        (step,) = trainer.events(until=generation * STEPS + 1)
        assert isinstance(step, Stepped)
        assert step.loss == pytest.approx(from_data.item(), rel=1e-5)  # what is told is the NLL
        for (name, one), two in zip(
            plain.named_parameters(), trainer.model.parameters(), strict=True
        ):
            assert_close(two.grad, one.grad, rtol=1e-4, atol=1e-6, msg=name)


def test_the_first_generation_learns_from_the_data_alone(few: Dataset) -> None:
    with_elders, without = (
        recipe_for(
            "best", "mlp_bn", generations=1, from_elders=share, steps=STEPS, batch_size=BATCH
        )
        for share in (0.8, 0.0)
    )
    ends = []
    for recipe in (with_elders, without):
        trainer = Trainer.start("mlp_bn", few, recipe, seed=3)
        for _ in trainer.events():
            pass
        ends.append(trainer.weights())
    assert_close(ends[0], ends[1], rtol=0, atol=0)
