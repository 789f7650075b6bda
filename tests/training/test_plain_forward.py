"""Nets that no plan understands, trained by `fast` and `best`: against loops written out here."""

import copy
from dataclasses import replace
from math import cos, pi

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.testing import assert_close

from makemore.data.examples import Dataset
from makemore.models import LanguageModel
from makemore.training.events import Diverged, Evaluated, Probed, Sampled, Stepped
from makemore.training.planned_update import PlainForward, Planned
from makemore.training.recipes import LECTURE, Recipe, recipe_for
from makemore.training.trainer import Trainer
from tests.nets import BlockConfig, Loose, Mixed

# The few names have some 180 examples, so an epoch is over after three batches.
STEPS, BATCH = 20, 50
NETS: list[type[LanguageModel]] = [Mixed, Loose]
HIDDEN = {
    Mixed: ("layers.across.weight", "layers.linear1.weight", "layers.linear2.weight"),
    Loose: ("hidden.weight",),
}
CASES: dict[str, Recipe] = {
    "mlp": recipe_for("fast", "mlp", steps=STEPS, batch_size=BATCH),
    "wavenet": recipe_for("fast", "wavenet", steps=STEPS, batch_size=BATCH),
    "all at once": recipe_for("fast", "wavenet", steps=STEPS, batch_size=0),
    "adam": recipe_for("fast", "bigram_nn", steps=STEPS),
}


def started(net: type[LanguageModel], few: Dataset, recipe: Recipe) -> Trainer:
    generator = Generator().manual_seed(3)
    model = net(BlockConfig(), len(few.vocabulary), generator).double()
    return Trainer(model, few, recipe, generator=generator)


class Loop:
    """The same training in plain torch: a forward over every example, cross-entropy, two optimizers."""

    def __init__(self, net: type[LanguageModel], few: Dataset, recipe: Recipe) -> None:
        self.net, self.recipe, self.generator = net, recipe, Generator().manual_seed(3)
        self.examples = few.examples(recipe.trains_on, 4)
        self.vocab = len(few.vocabulary)
        self.elders: list[nn.Module] = []
        self.begin()

    def begin(self) -> None:
        """A fresh net with fresh optimizers."""
        self.model = self.net(BlockConfig(), self.vocab, self.generator).double()
        named, recipe = dict(self.model.named_parameters()), self.recipe
        hidden = [named.pop(name) for name in HIDDEN[self.net] if recipe.optimizer == "muon"]
        decayed = [p for p in named.values() if p.dim() == 2]
        rest = [p for p in named.values() if p.dim() != 2]
        groups = [
            {"params": decayed, "weight_decay": recipe.adam_weight_decay},
            {"params": rest, "weight_decay": 0.0},
        ]
        betas = (0.9, 0.99) if recipe.batch_size else (0.8, 0.9)
        self.adam = torch.optim.AdamW(groups, betas=betas, fused=True)
        self.muon = torch.optim.Muon(hidden, weight_decay=recipe.weight_decay) if hidden else None

    def step(self, within: int, of: int) -> float:
        done, recipe = within / of, self.recipe
        share = max(done / 0.05, 0.01) if done < 0.05 else (1 + cos(pi * (done - 0.05) / 0.95)) / 2
        for group in self.adam.param_groups:
            group["lr"] = (recipe.adam_learning_rate or recipe.learning_rate) * share
        for group in self.muon.param_groups if self.muon else []:
            group["lr"] = recipe.learning_rate * share
        contexts, targets = self.batch(within)
        logits = self.model.train()(contexts)
        nll = loss = F.cross_entropy(logits, targets)
        if self.elders:
            with torch.no_grad():
                expected = torch.stack([elder(contexts).softmax(1) for elder in self.elders]).mean(
                    0
                )
            told = -(expected * logits.log_softmax(1)).sum(1).mean()
            loss = (1 - recipe.from_elders) * nll + recipe.from_elders * told
        self.model.zero_grad()
        loss.backward()
        for optimizer in [self.adam, self.muon] if self.muon else [self.adam]:
            optimizer.step()
        return nll.item()

    def batch(self, within: int) -> tuple[Tensor, Tensor]:
        if not self.recipe.batch_size:
            return self.examples.contexts, self.examples.targets
        place = within % (len(self.examples) // BATCH)
        if place == 0:
            self.order = torch.randperm(len(self.examples), generator=self.generator)
        chosen = self.order[place * BATCH : (place + 1) * BATCH]
        return self.examples.contexts[chosen], self.examples.targets[chosen]


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("case", CASES)
def test_a_net_that_is_not_understood_trains_bit_for_bit_as_a_plain_loop(
    few: Dataset, net: type[LanguageModel], case: str
) -> None:
    trainer, loop = started(net, few, CASES[case]), Loop(net, few, CASES[case])
    assert isinstance(trainer.update, Planned)
    assert isinstance(trainer.update.forward, PlainForward)
    losses = [event.loss for event in trainer.events() if isinstance(event, Stepped)]
    assert losses == [loop.step(step, STEPS) for step in range(STEPS)]
    assert_close(trainer.weights(), loop.model.state_dict(), rtol=0, atol=0)
    assert losses[-1] < losses[0] - 0.1


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("batch_size", [BATCH, 0])
def test_its_generations_learn_partly_from_their_elders(
    few: Dataset, net: type[LanguageModel], batch_size: int
) -> None:
    cycle = {"steps": 3 * STEPS, "generations": 3, "from_elders": 0.8, "batch_size": batch_size}
    recipe = recipe_for("fast", "bigram_nn", learning_rate=0.01, trains_on="train", **cycle)
    trainer, loop = started(net, few, recipe), Loop(net, few, recipe)
    for generation in range(3):
        if generation:
            loop.elders.append(copy.deepcopy(loop.model).eval())
            loop.begin()
        until = (generation + 1) * STEPS
        losses = [event.loss for event in trainer.events(until) if isinstance(event, Stepped)]
        assert losses == pytest.approx([loop.step(step, STEPS) for step in range(STEPS)], rel=1e-12)
    assert_close(trainer.weights(), loop.model.state_dict(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("recipe", [CASES["wavenet"], replace(LECTURE["mlp"], steps=STEPS)])
def test_it_is_measured_probed_and_sampled_on_the_way_and_resumed(
    few: Dataset, net: type[LanguageModel], recipe: Recipe
) -> None:
    whole, watched, resumed = (started(net, few, recipe) for _ in range(3))
    list(whole.events())
    every = range(STEPS + 1)
    events = list(watched.events(until=5, evaluate_at=every, probe_at=every, sample_at=every))
    assert [type(event) for event in events[-4:]] == [Stepped, Evaluated, Probed, Sampled]
    dev, model = few.examples("dev", 4), watched.model.eval()
    assert isinstance(measured := events[-3], Evaluated)
    assert measured.dev == pytest.approx(F.cross_entropy(model(dev.contexts), dev.targets).item())
    resumed.restore(watched.state())
    list(resumed.events())
    assert_close(resumed.weights(), whole.weights(), rtol=0, atol=0)


@pytest.mark.parametrize("net", NETS)
def test_a_loss_that_is_no_number_ends_it(few: Dataset, net: type[LanguageModel]) -> None:
    trainer = started(net, few, CASES["mlp"])
    with torch.no_grad():
        next(trainer.model.parameters()).fill_(float("nan"))
    assert [type(event) for event in trainer.events()] == [Diverged]
