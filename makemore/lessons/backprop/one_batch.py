"""One batch through the net, forward, backward by hand and by autograd: what all steps look at. Knows no step."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.by_hand.backprop import ENTRIES, backward, draw_net
from makemore.by_hand.checked_gradients import Check, autograd, check_all
from makemore.by_hand.gradient_entries import Values
from makemore.data.examples import Examples, windows
from makemore.ui.kit.chosen_list import ChosenList

BLOCK, SIZE = 3, 32
DRAWN_BY = 7  # seed of the examples that fill the batch
RECENT = 8  # passes that are kept of a list, half a megabyte each
WALK = tuple(reversed(ENTRIES))  # from the loss to C


@dataclass(frozen=True, eq=False)
class Pass:
    """A batch and all that is made of it; `own` gradients are written by hand, `theirs` are autograd's.

    X (batch, block), Y (batch,); `labels` has each example as text: "..e → m".
    """

    X: Tensor
    Y: Tensor
    net: Values
    values: Values
    own: Values
    theirs: Values
    checks: dict[str, Check]
    labels: tuple[str, ...]


def batch_for(about: ChosenList, name: str) -> Examples:
    """The windows of the learner's name, and so many drawn train examples that there are 32."""
    first = windows((name,) if name else (), about.vocabulary, BLOCK) if name else None
    train = about.dataset.examples("train", BLOCK).draw(SIZE, DRAWN_BY)
    if first is None:
        return train
    contexts = torch.cat([first.contexts, train.contexts])[:SIZE]
    return Examples(contexts, torch.cat([first.targets, train.targets])[:SIZE])


def pass_of(about: ChosenList, name: str) -> Pass:
    """The net as its seed draws it on that batch, float32; the last few are kept."""
    recent: OrderedDict[str, Pass] = about.kept("backprop passes", OrderedDict)
    found = recent.pop(name, None) or _work_out(about, name)
    recent[name] = found
    while len(recent) > RECENT:
        recent.popitem(last=False)
    return found


def _work_out(about: ChosenList, name: str) -> Pass:
    batch = batch_for(about, name)
    X, Y = batch.contexts, batch.targets
    net = draw_net(letters=len(about.vocabulary))
    values, theirs = autograd(net, X, Y)
    own = backward(values, X, Y)
    letters = about.vocabulary.letters
    labels = tuple(
        f"{''.join(letters[i] for i in context)} → {letters[target]}"
        for context, target in zip(X.tolist(), Y.tolist(), strict=True)
    )
    return Pass(X, Y, net, values, own, theirs, check_all(own, theirs), labels)


def matrix(tensor: Tensor) -> Tensor:
    """Any value as (rows, columns): a vector as one row, the three rows of a context side by side."""
    if tensor.dim() == 3:
        return tensor.flatten(1)
    return tensor.reshape(1, -1) if tensor.dim() < 2 else tensor


def write_shape(tensor: Tensor) -> str:
    """32 × 64; a single number is 1."""
    return " × ".join(map(str, tensor.shape)) or "1"
