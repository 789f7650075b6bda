"""The naive and the repaired start of one net, before and after training. Knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Examples
from makemore.inference import evaluation
from makemore.inference.capture import Snapshot, capture, layers_of, snapshot
from makemore.layers import Activation
from makemore.models import LanguageModel, build
from makemore.ui.sources.kept import kept_per_checkpoint

Panel = Literal["naive", "repaired"]
When = Literal["start", "end"]

# The same seed, draws and recipe; the repaired one scales the first weights and biases, no more.
PANELS: dict[Panel, str] = {"naive": "mlp_naive", "repaired": "mlp_lecture"}
WORDS = ("naive", "repaired")
WHENS: dict[When, str] = {"start": "Before training", "end": "After training"}
EXAMPLES = 1000
DRAWN = 7  # seed of the choice of examples


@dataclass(frozen=True, eq=False)
class Starts:
    """Both nets, trained on the names of one list. They have one activation layer each."""

    nets: Mapping[Panel, Checkpoint]
    dataset: Dataset

    def model_at(self, panel: Panel, when: When) -> LanguageModel:
        """The net at its start, drawn again from its seed, or at its end, as trained."""
        return _model(self.nets[panel], when)

    def bend(self) -> tuple[str, Activation]:
        """The activation layer of the net and its name, the same in both panels."""
        return bend_of(self.nets["naive"])

    def look_at(self, panel: Panel, when: When) -> Snapshot:
        """What the examples look like inside the net."""
        return look_inside(self.nets[panel], self.dataset, when)

    def saturated_share(self, panel: Panel, when: When) -> float:
        """The share of saturated activations over all train examples."""
        return saturated_share_of(self.nets[panel], self.dataset, when)

    def first_loss(self, panel: Panel) -> float:
        """The loss on all train examples before the first update, in nats."""
        return _first_loss(self.nets[panel], self.dataset)

    def confidence_at_start(self, panel: Panel) -> tuple[float, float]:
        """Over the examples before the first update: the mean probability of the likeliest letter, and
        how often that letter is the one that comes."""
        look = self.look_at(panel, "start")
        likeliest = look.activations["logits"].softmax(dim=-1).max(dim=-1)
        targets = fixed_batch(self.dataset, self.nets[panel].model.block_size).targets
        right = (likeliest.indices == targets).double().mean()
        return float(likeliest.values.mean()), float(right)


def _model(trained: Checkpoint, when: When) -> LanguageModel:
    return _drawn_again(trained) if when == "start" else trained.model


@kept_per_checkpoint(most=16)
def _drawn_again(trained: Checkpoint) -> LanguageModel:
    """A checkpoint's model as it was at step 0."""
    about = trained.metadata
    generator = torch.Generator().manual_seed(about.seed)
    return build(about.model, len(about.vocabulary) + 1, generator, about.config).eval()


def bend_of(trained: Checkpoint) -> tuple[str, Activation]:
    """The one activation layer of a net and its name."""
    (only,) = layers_of(trained.model, Activation).items()
    return only


def fixed_batch(dataset: Dataset, block_size: int, size: int = EXAMPLES) -> Examples:
    """Examples of the train split, always the same ones."""
    train = dataset.examples("train", block_size)
    generator = torch.Generator().manual_seed(DRAWN)
    chosen = torch.randint(0, len(train), (size,), generator=generator)
    return Examples(train.contexts[chosen], train.targets[chosen])


@kept_per_checkpoint(most=16)
def look_inside(trained: Checkpoint, dataset: Dataset, when: When) -> Snapshot:
    """What the fixed batch of a list looks like inside a net."""
    net = _model(trained, when)
    examples = fixed_batch(dataset, net.block_size)
    return snapshot(net, examples.contexts, examples.targets)


@kept_per_checkpoint(most=16)
def saturated_share_of(trained: Checkpoint, dataset: Dataset, when: When) -> float:
    """The share of saturated activations over all train examples."""
    net = _model(trained, when)
    tally = dataset.examples("train", net.block_size).tally  # each context once
    weights = tally.weights.double()
    with evaluation.eval_mode(net), capture(net) as outputs:
        net(tally.contexts)
    name, activation = bend_of(trained)
    share = activation.saturated(outputs[name]).double().mean(dim=1)
    return float((share * weights).sum() / weights.sum())


@kept_per_checkpoint(most=16)
def _first_loss(trained: Checkpoint, dataset: Dataset) -> float:
    net = _drawn_again(trained)
    return evaluation.loss(net, dataset.examples("train", net.block_size))
