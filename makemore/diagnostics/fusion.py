"""Frames of the fusion tree over one context: nodes, edges, letters. Runs no model, draws nothing."""

from dataclasses import dataclass

import pandas as pd
from torch import Tensor

from makemore.capture import Snapshot
from makemore.vocabulary import DOT, Vocabulary


@dataclass(frozen=True)
class Tree:
    """A tree in which a letter is 1 wide and a level 1 high.

    nodes: node, level (from 1), position, x, y, width, letters. edges: x, y, x2, y2, from child to
    parent. letters: x, letter, padding. activations: by node, (features,).
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    letters: pd.DataFrame
    activations: dict[str, Tensor]


def tree(snapshot: Snapshot, vocabulary: Vocabulary) -> Tree:
    """The tree over the first context of a snapshot of a wavenet."""
    context = vocabulary.decode(snapshot.contexts[0].tolist())
    levels = [name for name in snapshot.activations if name.startswith("tanh")]
    nodes, edges, activations = [], [], {}
    for level, layer in enumerate(levels, 1):
        span = 2**level
        strips = snapshot.activations[layer][0].reshape(len(context) // span, -1)
        for position, strip in enumerate(strips):
            name = f"{level}.{position + 1}"
            x = (position + 0.5) * span - 0.5
            seen = context[position * span : (position + 1) * span]
            nodes.append((name, level, position + 1, x, float(level), 0.86 * span, seen))
            edges += [(x + side * span / 4, level - 1.0, x, float(level)) for side in (-1, 1)]
            activations[name] = strip
    return Tree(
        pd.DataFrame(nodes, columns=["node", "level", "position", "x", "y", "width", "letters"]),
        pd.DataFrame(edges, columns=["x", "y", "x2", "y2"]),
        _letters(context),
        activations,
    )


def _letters(context: str) -> pd.DataFrame:
    """The foot of the tree; a dot in a context is always padding."""
    return pd.DataFrame(
        {
            "x": [float(i) for i in range(len(context))],
            "letter": list(context),
            "padding": [letter == DOT for letter in context],
        }
    )
