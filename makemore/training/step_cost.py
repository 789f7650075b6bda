"""Reckons what a step of a training takes before there is one: memory and time. Trains nothing.

Of each layer it counts the numbers that are kept for the way back and the multiplications there and
back; a net that a plan understands is reckoned at its distinct nodes. What the formulas say is held
against measured steps by a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, prod
from typing import Any, cast

import torch
from torch import Tensor, nn

from makemore.config import ConfigError
from makemore.data.examples import Dataset, Examples
from makemore.inference.distinct_nodes import Planner
from makemore.inference.evaluation import eval_mode
from makemore.inference.understood import understands
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive
from makemore.models import LanguageModel, LayeredModel, build
from makemore.training.optimizers import hidden_matrices
from makemore.training.recipes import Recipe

MOST_BYTES = 500_000_000
MOST_SECONDS = 0.5  # between two moments at which a training can be stopped
MOST_WHOLE_SECONDS = 5.0  # for a step that is computed in parts; it can be stopped between them

# Measured on one core of a server: multiplications and additions a second in 32 bits and, as Muon
# computes, in 16; and what a number costs that a layer makes, there and back.
FLOPS, MUON_FLOPS = 7e10, 1.2e11
SECONDS_A_NUMBER = 8e-9
MUON_ROUNDS = 5
NUMBER_BYTES = 4
SAMPLE = (
    200_000  # examples whose distinct nodes are counted; of more there are at most as many each
)
FEW = 32  # examples; a smaller mini-batch is no remedy where a narrower net fits


@dataclass(frozen=True)
class Cost:
    """What a step takes at its peak, beside the weights and the examples, and how long."""

    bytes: float
    seconds: float

    @property
    def fits(self) -> bool:
        """Whether a server makes such a step, and can be stopped soon at any time."""
        return self.bytes <= MOST_BYTES and self.seconds <= MOST_SECONDS


@dataclass(frozen=True)
class Passage:
    """What one example meets in a layer: its positions behind it, features a position, weights."""

    layer: nn.Module
    positions: int
    features: int
    weights: int  # of the matrix that each position is multiplied with


def passages(model: LanguageModel) -> list[Passage]:
    """The innermost modules in the order in which one context goes through them."""
    met: list[Passage] = []

    def meet(layer: nn.Module, _: Any, out: Tensor) -> None:
        shape = out.shape[1:]
        matrices = [] if isinstance(layer, Embedding) else layer.parameters(recurse=False)
        weights = sum(matrix.numel() for matrix in matrices if matrix.dim() == 2)
        met.append(Passage(layer, prod(shape[:-1]), shape[-1], weights))

    inner = [module for module in model.modules() if not [*module.children()]]
    hooks = [module.register_forward_hook(meet) for module in inner]
    device = next(iter(model.state_dict().values())).device
    try:
        with eval_mode(model):
            model(torch.zeros(1, model.block_size, dtype=torch.int64, device=device))
    finally:
        for hook in hooks:
            hook.remove()
    return met


def reckon(model: LanguageModel, recipe: Recipe, examples: Examples, size: int) -> Cost:
    """The cost of a step on so many of the examples."""
    planned = recipe.optimizer in ("adam", "muon") and understands(model)
    nodes = _distinct_nodes(cast(LayeredModel, model), examples, size) if planned else {}
    numbers, largest, flops = 0.0, 0.0, 0.0
    for each in passages(model):
        rows = nodes.get(each.positions, size * each.positions)
        # A plan looks up no letter and joins nodes into new rows; the plain forward does the reverse.
        if not isinstance(each.layer, Embedding if planned else FlattenConsecutive):
            numbers += rows * each.features
            largest = max(largest, rows * each.features)
        flops += 6.0 * rows * each.weights  # one product on the way there, two on the way back
    guesses = nodes.get(1, size) * model.vocab_size
    kept = numbers + largest + (6 if planned else 3) * guesses
    copies = 2 if recipe.optimizer == "sgd" else 4  # gradients, and what an optimizer remembers
    return Cost(
        NUMBER_BYTES * (kept + copies * model.size),
        flops / FLOPS + SECONDS_A_NUMBER * (numbers + copies * model.size) + _muon(model, recipe),
    )


def _distinct_nodes(model: LayeredModel, examples: Examples, size: int) -> dict[int, float]:
    """How many distinct nodes so many examples have, by the positions of their level."""
    number = min(size, SAMPLE, len(examples))
    chosen = torch.randint(0, len(examples), (number,), generator=torch.Generator().manual_seed(0))
    if size >= len(examples) == number:
        chosen = torch.arange(number)
    chosen = chosen.to(examples.targets.device)
    some = Examples(examples.contexts[chosen], examples.targets[chosen])
    plan = Planner(some, model).everything()
    found, positions = dict[int, float](), model.block_size
    for level in (plan.letters, *plan.levels):
        if level is not None:
            count, joined = level.children.shape
            positions //= joined
            found[positions] = count * size / number
    return found


def _muon(model: LanguageModel, recipe: Recipe) -> float:
    """Seconds that Muon takes to orthogonalise an update, whatever the batch."""
    flops = 0.0
    for matrix in hidden_matrices(model) if recipe.optimizer == "muon" else []:
        small, large = sorted(matrix.shape)
        flops += MUON_ROUNDS * (4 * small**2 * large + 2 * small**3)
    return flops / MUON_FLOPS


def step_size(recipe: Recipe, examples: Examples) -> int:
    """How many examples a step of the recipe looks at."""
    if recipe.optimizer == "count":
        return ceil(len(examples) / recipe.steps)
    return recipe.batch_size or len(examples)


def part_size(model: LanguageModel, recipe: Recipe, examples: Examples) -> int:
    """Examples a part, where a step on all of them is computed in parts; 0 where it is done whole.

    Only plain descent can be: its gradients add up. Batch norm needs all examples at once.
    """
    if recipe.optimizer != "sgd" or recipe.batch_size or _has_norm(model):
        return 0
    if reckon(model, recipe, examples, len(examples)).fits:
        return 0
    return next(_fitting(model, recipe, examples), 1)


def _has_norm(model: LanguageModel) -> bool:
    return any(isinstance(module, BatchNorm1d) for module in model.modules())


def _fitting(model: LanguageModel, recipe: Recipe, examples: Examples) -> Iterator[int]:
    """The powers of two below a step's size that fit, the largest first."""
    size = 1 << (step_size(recipe, examples) - 1).bit_length()
    while (size := size // 2) > 1:
        if reckon(model, recipe, examples, size).fits:
            yield size


def cost(model: LanguageModel, recipe: Recipe, examples: Examples) -> tuple[Cost, float]:
    """What the longest time between two moments to stop takes, and the seconds of the whole step."""
    size, part = step_size(recipe, examples), part_size(model, recipe, examples)
    found = reckon(model, recipe, examples, part or size)
    return found, found.seconds * (ceil(size / part) if part else 1)


def problem(model: str, settings: dict[str, Any], recipe: Recipe, dataset: Dataset) -> str:
    """Why a step is too large for a server, with its number and what fits; "" if it is not."""
    net = build(model, len(dataset.vocabulary), torch.Generator(), settings)
    examples = dataset.examples(recipe.trains_on, net.block_size)
    found, whole = cost(net, recipe, examples)
    if found.fits and whole <= MOST_WHOLE_SECONDS:
        return ""
    if found.bytes > MOST_BYTES:
        over = f"{found.bytes / 1e9:.1f} GB is over the limit of {MOST_BYTES / 1e9:.1f} GB"
    else:
        most = MOST_WHOLE_SECONDS if found.fits else MOST_SECONDS
        over = f"{whole:.2f} seconds is over the limit of {most:.2f}"
    return f"a step of {over}; {_remedy(net, settings, recipe, examples)}"


def check(model: str, settings: dict[str, Any], recipe: Recipe, dataset: Dataset) -> None:
    """Raises ConfigError for a training whose steps are too large for a server."""
    if wrong := problem(model, settings, recipe, dataset):
        raise ConfigError(wrong)


def _remedy(
    net: LanguageModel, settings: dict[str, Any], recipe: Recipe, examples: Examples
) -> str:
    """The setting that fits and is nearest."""
    if recipe.optimizer == "count":
        size = next(_fitting(net, recipe, examples), 1)
        return f"{ceil(len(examples) / size):,} steps fit"
    size = next(_fitting(net, recipe, examples), 0)
    width = 0 if size >= FEW else _fitting_width(net, settings, recipe, examples)
    if width:
        return f"{width:,} hidden units fit"
    return f"a mini-batch of {size:,} fits" if size else "take a narrower net"


def _fitting_width(
    net: LanguageModel, settings: dict[str, Any], recipe: Recipe, examples: Examples
) -> int:
    """The largest power of two of hidden units that fits with the same mini-batch; 0 if there is none."""
    width = 1 << (int(getattr(net.config, "hidden", 1)) - 1).bit_length()
    while (width := width // 2) > 1:
        changed = {**settings, "hidden": width}
        narrower = build(net.name, net.vocab_size, torch.Generator(), changed)
        if cost(narrower, recipe, examples)[0].fits:
            return width
    return 0
