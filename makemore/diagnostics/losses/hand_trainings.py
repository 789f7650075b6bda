"""How far trainings part that should differ by rounding alone, and how long they print alike. Draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import torch

from makemore.by_hand.hand_training import Trained, printed_alike
from makemore.by_hand.trained_each_way import AUTOGRAD, BY_HAND

DIGITS = (4, 5, 6, 7)  # after the point
POINTS = 100  # that are kept of a curve


@dataclass(frozen=True, eq=False)
class Compared:
    """What trainings from one seed came to beside that of autograd.

    curves: `way, step, loss` (means of so many steps that there are 100), `apart` (the largest difference
    from autograd's loss among them). seconds: by way. alike: by digits, how many of the losses by
    hand, from the first on, print as those of autograd; `differing`: how many of all do not. largest:
    difference of a loss by hand, fused or not; of_net: of a parameter at the end.
    """

    steps: int
    curves: pd.DataFrame
    seconds: dict[str, float]
    alike: dict[int, int]
    differing: dict[int, int]
    largest: float
    of_net: float


def compare_trainings(runs: Mapping[str, Trained]) -> Compared:
    """What they came to, by way: by hand, fused by hand, autograd."""
    hand, theirs = runs[BY_HAND], runs[AUTOGRAD]
    own = [run for way, run in runs.items() if way != AUTOGRAD]
    return Compared(
        len(theirs.losses),
        pd.concat([thinned(way, run, theirs) for way, run in runs.items()], ignore_index=True),
        {way: run.seconds for way, run in runs.items()},
        {digits: printed_alike(hand.losses, theirs.losses, digits) for digits in DIGITS},
        {digits: printed_differently(hand.losses, theirs.losses, digits) for digits in DIGITS},
        max(largest_apart(run, theirs) for run in own),
        max(float((run.net[n] - theirs.net[n]).abs().max()) for run in own for n in theirs.net),
    )


def thinned(way: str, run: Trained, theirs: Trained) -> pd.DataFrame:
    """A hundred points of a curve at most, see `Compared`; `step` is the last one of each mean."""
    losses = torch.tensor(run.losses, dtype=torch.float64)
    apart = (losses - torch.tensor(theirs.losses, dtype=torch.float64)).abs()
    size = -(-len(losses) // POINTS)
    blocks = list(zip(losses.split(size), apart.split(size), strict=True))
    ends = torch.tensor([len(block) for block, _ in blocks]).cumsum(0).tolist()
    return pd.DataFrame(
        {
            "way": way,
            "step": ends,
            "loss": [float(block.mean()) for block, _ in blocks],
            "apart": [float(block.max()) for _, block in blocks],
        }
    )


def printed_differently(one: tuple[float, ...], other: tuple[float, ...], digits: int) -> int:
    """How many losses are not the same when printed with so many digits."""
    pairs = zip(one, other, strict=True)
    return sum(f"{a:.{digits}f}" != f"{b:.{digits}f}" for a, b in pairs)


def largest_apart(run: Trained, theirs: Trained) -> float:
    """The largest difference of two losses of the same step."""
    return max(abs(a - b) for a, b in zip(run.losses, theirs.losses, strict=True))
