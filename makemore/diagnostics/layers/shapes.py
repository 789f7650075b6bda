"""Frames of shapes: what each layer makes of a batch, and numbers that are only grouped anew. Draws nothing."""

from collections.abc import Mapping

import pandas as pd
from torch import Tensor, nn

from makemore.layers import Gate, Residual, Skip
from makemore.models.brick_kinds import KINDS

DOES: Mapping[type[nn.Module], str] = {kind.module: kind.does for kind in KINDS.values()} | {
    Gate: "tanh of one half × sigmoid of the other",
    Residual: "adds a level to the mean of its children",
    Skip: "hands the newest node past the levels above",
}


def trace(
    layers: Mapping[str, nn.Module], contexts: Tensor, outputs: Mapping[str, Tensor]
) -> pd.DataFrame:
    """Layer by layer: columns layer, kind, does, shape (of what comes out), parameters (how many).

    The first row is the batch itself. What a layer does is empty for one that nobody has described.
    """
    rows = [
        {
            "layer": "contexts",
            "kind": "ids",
            "does": "letters as numbers",
            "shape": tuple(contexts.shape),
            "parameters": 0,
        }
    ]
    for name, layer in layers.items():
        rows.append(
            {
                "layer": name,
                "kind": type(layer).__name__,
                "does": DOES.get(type(layer), ""),
                "shape": tuple(outputs[name].shape),
                "parameters": sum(p.numel() for p in layer.parameters()),
            }
        )
    return pd.DataFrame(rows)


def regrouped(values: Tensor, n: int, letters: str) -> pd.DataFrame:
    """(positions, features), n neighbours to a row: every number with its old and its new place.

    Columns: row, column, value, letter, channel, position, stored (the number's place in memory, which
    never changes).
    """
    features = values.shape[1]
    rows = []
    for stored, value in enumerate(values.flatten().tolist()):
        position, channel = divmod(stored, features)
        row, column = divmod(stored, features * n)
        rows.append(
            {
                "row": row,
                "column": column,
                "value": value,
                "letter": letters[position],
                "channel": channel,
                "position": position,
                "stored": stored,
            }
        )
    return pd.DataFrame(rows)
