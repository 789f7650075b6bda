"""Frames of where in names, and at which letters, nets lose. Runs no model."""

from collections.abc import Mapping

import pandas as pd
from torch import Tensor

from makemore.data.vocabulary import Vocabulary
from makemore.inference.example_losses import mean_by


def by_position(losses: Mapping[str, Tensor], places: Tensor, *, last: int = 10) -> pd.DataFrame:
    """The mean loss at each letter of a name; those from number `last` on count as one.

    losses: by net, (n,) in nats; places: (n,) from 0. Columns: net, position (from 1), loss, number
    (of examples), share (of all).
    """
    grouped = places.clamp(max=last - 1)
    count = int(grouped.max()) + 1
    return pd.concat(
        [
            _frame(net, each, grouped, "position", list(range(1, count + 1)))
            for net, each in losses.items()
        ],
        ignore_index=True,
    )


def by_letter(
    losses: Mapping[str, Tensor], targets: Tensor, vocabulary: Vocabulary
) -> pd.DataFrame:
    """The mean loss of each letter that comes. Columns: net, letter, loss, number, share."""
    letters = list(vocabulary.letters)
    frames = [_frame(net, each, targets, "letter", letters) for net, each in losses.items()]
    whole = pd.concat(frames, ignore_index=True)
    return whole[whole["number"] > 0].reset_index(drop=True)


def _frame(
    net: str, losses: Tensor, groups: Tensor, name: str, labels: list[int] | list[str]
) -> pd.DataFrame:
    means = mean_by(losses, groups, len(labels))
    return pd.DataFrame(
        {
            "net": net,
            name: labels,
            "loss": means.loss.tolist(),
            "number": means.number.tolist(),
            "share": (means.number / len(losses)).tolist(),
        }
    )


def contributions(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """What each group adds to the difference of two nets, the second less the first.

    Columns: `by`, number, share, one, other (the mean losses), difference (other - one), adds
    (difference times share: these add up to the difference of the whole losses).
    """
    first, second = dict.fromkeys(frame["net"])
    sides = {net: part.set_index(by) for net, part in frame.groupby("net", sort=False)}
    one, other = sides[first], sides[second]
    difference = other["loss"] - one["loss"]
    return pd.DataFrame(
        {
            by: one.index,
            "number": one["number"].to_numpy(),
            "share": one["share"].to_numpy(),
            "one": one["loss"].to_numpy(),
            "other": other["loss"].to_numpy(),
            "difference": difference.to_numpy(),
            "adds": (difference * one["share"]).to_numpy(),
        }
    )


def distinct(labels: tuple[str, str]) -> tuple[str, str]:
    """Two names for two nets, also where both are called the same."""
    one, other = labels
    return (one, other) if one != other else (f"{one} (1)", f"{other} (2)")
