"""Frames that go through a net layer by layer: how activations and gradients spread there. Runs no model."""

from collections.abc import Sequence

import pandas as pd

from makemore.inference.readings import Reading

COLUMNS = [
    "step", "layer", "place", "mean", "std", "flat", "dead", "gradient_mean", "gradient_std"
]  # fmt: skip


def over_layers(looks: Sequence[Reading]) -> pd.DataFrame:
    """Every layer that bends at every moment, from the bottom up.

    Columns: step, layer, place (from 1), mean, std, flat (share of outputs where it is flat), dead
    (share of neurons that are so for every example), gradient_mean, gradient_std. flat and dead are NaN
    for a layer of which nobody knows where it is flat.
    """
    rows = []
    for look in looks:
        for place, (name, each) in enumerate(look.layers.items(), 1):
            known = each.flat_ends > 0
            rows.append(
                {
                    "step": look.step,
                    "layer": name,
                    "place": place,
                    "mean": each.mean,
                    "std": each.std,
                    "flat": each.flat if known else float("nan"),
                    "dead": each.dead if known else float("nan"),
                    "gradient_mean": each.gradient_mean,
                    "gradient_std": each.gradient_std,
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)
