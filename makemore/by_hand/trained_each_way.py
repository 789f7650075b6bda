"""One training three times over: gradients by hand, fused, and by autograd. Knows no trainer and no page."""

from collections.abc import Mapping

from torch import Tensor

from makemore.by_hand.checked_gradients import autograd_step
from makemore.by_hand.hand_training import Slope, Trained, fused_step, hand_step, train
from makemore.data.examples import Examples

BY_HAND, FUSED, AUTOGRAD = "by hand", "fused by hand", "autograd"
WAYS: Mapping[str, Slope] = {BY_HAND: hand_step, FUSED: fused_step, AUTOGRAD: autograd_step}


def train_each_way(
    net: Mapping[str, Tensor], examples: Examples, *, steps: int, seed: int
) -> dict[str, Trained]:
    """From the same net, on the same batches; by way."""
    return {
        way: train(net, examples, steps=steps, seed=seed, slope=slope)
        for way, slope in WAYS.items()
    }
