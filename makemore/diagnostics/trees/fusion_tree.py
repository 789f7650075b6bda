"""Frames of the fusion tree over one context: nodes, edges, letters. Runs no model, draws nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from torch import Tensor

from makemore.data.vocabulary import DOT

STUB = 0.5  # the edge from the last node up to the prediction

Worth = Mapping[tuple[int, int], float]  # by level (0: the letters) and position from 1, in nats


@dataclass(frozen=True)
class Tree:
    """A tree in which a letter is 1 wide and a level 1 high.

    nodes: node, level (from 1), position, x, y, width, letters, worth. edges: x, y, x2, y2, worth,
    letters: from each letter and node up to what it is joined into. letters: x, letter, padding,
    worth. activations: by node, (features,).
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    letters: pd.DataFrame
    activations: dict[str, Tensor]


def tree(context: str, levels: Sequence[Tensor], worth: Worth) -> Tree:
    """The tree over the letters of one context; each level is (nodes, features), from the pairs up.

    A flat net is a tree of one level with one node.
    """
    nodes, edges, activations = [], [], {}
    for level, strips in enumerate(levels, 1):
        span = len(context) // len(strips)
        above = len(context) // len(levels[level]) if level < len(levels) else span
        for position, strip in enumerate(strips, 1):
            name, x = f"{level}.{position}", _centre(position, span)
            seen = context[(position - 1) * span : position * span]
            lost = worth[level, position]
            nodes.append((name, level, position, x, float(level), 0.86 * span, seen, lost))
            rise = 1.0 if level < len(levels) else STUB
            parent = _centre((position - 1) * span // above + 1, above)
            edges.append((x, float(level), parent, level + rise, lost, seen))
            activations[name] = strip
    first = len(context) // len(levels[0])
    for i, letter in enumerate(context):
        parent = _centre(i // first + 1, first)
        edges.append((float(i), 0.0, parent, 1.0, worth[0, i + 1], letter))
    named = ["node", "level", "position", "x", "y", "width", "letters", "worth"]
    return Tree(
        pd.DataFrame(nodes, columns=named),
        pd.DataFrame(edges, columns=["x", "y", "x2", "y2", "worth", "letters"]),
        _letters(context, worth),
        activations,
    )


def _centre(position: int, span: int) -> float:
    return (position - 0.5) * span - 0.5


def _letters(context: str, worth: Worth) -> pd.DataFrame:
    """The foot of the tree; a dot in a context is always padding."""
    return pd.DataFrame(
        {
            "x": [float(i) for i in range(len(context))],
            "letter": list(context),
            "padding": [letter == DOT for letter in context],
            "worth": [worth[0, i + 1] for i in range(len(context))],
        }
    )
