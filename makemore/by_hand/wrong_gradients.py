"""Wrong formulas for every gradient, each with what it would be the gradient of. Knows no page.

What a wrong formula does is never written here but measured: which checks fail, whether torch refuses
the shapes, and what becomes of a training.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

from torch import Tensor

from makemore.by_hand import wrong_of_batch_norm, wrong_of_layers, wrong_of_loss
from makemore.by_hand.backprop import ENTRIES, walk_back
from makemore.by_hand.checked_gradients import Check, autograd, check_all
from makemore.by_hand.hand_training import Trained
from makemore.by_hand.wrong_formula import Wrong

__all__ = ["WRONG", "Wreck", "Wrong", "end_of", "fate", "wreck"]

LAST = 100  # batches whose mean loss says where a training ended
SAME = 0.005  # nats; so near is as good as the right gradient
Fate = Literal["refused", "diverges", "rises", "stands still", "falls less", "falls as well"]

# By the gradient that they are wrong for, in the order of the backward pass.
_ALL = (*wrong_of_loss.WRONG, *wrong_of_batch_norm.WRONG, *wrong_of_layers.WRONG)
WRONG: Mapping[str, tuple[Wrong, ...]] = {
    name: tuple(wrong for wrong in _ALL if wrong.name == name)
    for name in reversed(ENTRIES)
    if ENTRIES[name].paths
}


@dataclass(frozen=True)
class Wreck:
    """What one wrong formula does to the checks of all gradients.

    refusal: what torch said, if it did. written: what the wrong formula itself came to.
    """

    checks: Mapping[str, Check]
    refusal: str
    written: Tensor | None

    @property
    def red(self) -> tuple[str, ...]:
        """The gradients whose check fails, from the loss towards C."""
        return tuple(name for name, check in self.checks.items() if not check.passed)


def wreck(wrong: Wrong, net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> Wreck:
    """Walk back with the wrong formula in its place, as far as torch goes along, and check everything."""
    values, theirs = autograd(net, X, Y)
    own: dict[str, Tensor] = {}
    refusal = ""
    try:
        for name, gradient in walk_back(values, X, Y, {wrong.name: wrong.code}):
            own[name] = gradient
    except RuntimeError as error:
        refusal = str(error).partition("\n")[0]
    return Wreck(check_all(own, theirs), refusal, own.get(wrong.name))


def end_of(trained: Trained) -> float:
    """The mean loss of the last batches in nats; NaN where it was refused or is not finite."""
    last = trained.losses[-LAST:]
    mean = sum(last) / len(last) if last and not trained.refused else nan
    return mean if isfinite(mean) else nan


def fate(trained: Trained, right: Trained) -> Fate:
    """What became of a training with a wrong gradient, beside the right one on the same batches."""
    if trained.refused:
        return "refused"
    end, best = end_of(trained), end_of(right)
    start = sum(right.losses[:10]) / 10
    if not isfinite(end):
        return "diverges"
    if abs(end - best) <= SAME:
        return "falls as well"
    if end > start + SAME:
        return "rises"
    return "falls less" if start - end > 0.1 * (start - best) else "stands still"
