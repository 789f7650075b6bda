"""The naive and the repaired start of one net, before and after training. Knows no page."""

from typing import Literal

import torch

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Examples
from makemore.inference import evaluation
from makemore.inference.capture import Snapshot, capture, layers_of, snapshot
from makemore.layers import Activation
from makemore.models import LanguageModel, build
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint

Panel = Literal["naive", "repaired"]
When = Literal["start", "end"]

# The same seed, draws and recipe; the repaired one scales the first weights and biases, no more.
PANELS: dict[Panel, str] = {"naive": "mlp_naive", "repaired": "mlp_lecture"}
WORDS = ("naive", "repaired")
WHENS: dict[When, str] = {"start": "Before training", "end": "After training"}
EXAMPLES = 1000
DRAWN = 7  # seed of the choice of examples


def checkpoint_of(panel: Panel) -> Checkpoint:
    return loaded.checkpoint(PANELS[panel])


def model_at(panel: Panel, when: When) -> LanguageModel:
    """The net at its start, drawn again from its seed, or at its end, as shipped."""
    return _model(checkpoint_of(panel), when)


def _model(trained: Checkpoint, when: When) -> LanguageModel:
    return _drawn_again(trained) if when == "start" else trained.model


@kept_per_checkpoint(most=8)
def _drawn_again(trained: Checkpoint) -> LanguageModel:
    """A checkpoint's model as it was at step 0."""
    about = trained.metadata
    generator = torch.Generator().manual_seed(about.seed)
    return build(about.model, len(about.vocabulary) + 1, generator, about.config).eval()


def bend() -> tuple[str, Activation]:
    """The activation layer of the net and its name, the same in both panels."""
    (only,) = layers_of(checkpoint_of("naive").model, Activation).items()
    return only


def fixed_batch(block_size: int, size: int = EXAMPLES) -> Examples:
    """Examples of the train split, always the same ones."""
    train = loaded.dataset().examples("train", block_size)
    generator = torch.Generator().manual_seed(DRAWN)
    chosen = torch.randint(0, len(train), (size,), generator=generator)
    return Examples(train.contexts[chosen], train.targets[chosen])


def look_at(panel: Panel, when: When) -> Snapshot:
    """What the examples look like inside the net."""
    return look_inside(checkpoint_of(panel), when)


@kept_per_checkpoint(most=8)
def look_inside(trained: Checkpoint, when: When) -> Snapshot:
    """The same for any checkpoint with one activation layer."""
    net = _model(trained, when)
    examples = fixed_batch(net.block_size)
    return snapshot(net, examples.contexts, examples.targets)


def saturated_share(panel: Panel, when: When) -> float:
    """The share of saturated activations over all train examples."""
    return saturated_share_of(checkpoint_of(panel), when)


@kept_per_checkpoint(most=8)
def saturated_share_of(trained: Checkpoint, when: When) -> float:
    """The same for any checkpoint with one activation layer."""
    net = _model(trained, when)
    tally = loaded.dataset().examples("train", net.block_size).tally  # each context once
    weights = tally.weights.double()
    with evaluation.eval_mode(net), capture(net) as outputs:
        net(tally.contexts)
    name, activation = bend()
    share = activation.saturated(outputs[name]).double().mean(dim=1)
    return float((share * weights).sum() / weights.sum())


def first_loss(panel: Panel) -> float:
    """The loss on all train examples before the first update, in nats."""
    return _first_loss(checkpoint_of(panel))


@kept_per_checkpoint(most=8)
def _first_loss(trained: Checkpoint) -> float:
    net = _drawn_again(trained)
    return evaluation.loss(net, loaded.dataset().examples("train", net.block_size))


def confidence_at_start(panel: Panel) -> tuple[float, float]:
    """Over the examples before the first update: the mean probability of the likeliest letter, and
    how often that letter is the one that comes."""
    look = look_at(panel, "start")
    likeliest = look.activations["logits"].softmax(dim=-1).max(dim=-1)
    targets = fixed_batch(checkpoint_of(panel).model.block_size).targets
    right = (likeliest.indices == targets).double().mean()
    return float(likeliest.values.mean()), float(right)
