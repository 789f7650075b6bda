"""Frames of the fusion tree over one context: nodes, edges, letters. Runs no model, draws nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from torch import Tensor

from makemore.data.vocabulary import DOT

STUB = 0.5  # the edge from the last node up to the prediction
WIDTH = 0.86  # of a node, for each letter under it

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
    spans = [len(context) // len(strips) for strips in levels]  # letters under a node
    return Tree(
        nodes=_nodes(context, spans, worth),
        edges=_edges(context, spans, worth),
        letters=_letters(context, worth),
        activations={
            f"{level}.{position}": strip
            for level, strips in enumerate(levels, 1)
            for position, strip in enumerate(strips, 1)
        },
    )


def _nodes(context: str, spans: Sequence[int], worth: Worth) -> pd.DataFrame:
    rows = []
    for level, span in enumerate(spans, 1):
        for position in range(1, len(context) // span + 1):
            rows.append(
                {
                    "node": f"{level}.{position}",
                    "level": level,
                    "position": position,
                    "x": _centre(position, span),
                    "y": float(level),
                    "width": WIDTH * span,
                    "letters": _under(context, position, span),
                    "worth": worth[level, position],
                }
            )
    return pd.DataFrame(rows)


def _edges(context: str, spans: Sequence[int], worth: Worth) -> pd.DataFrame:
    """From each node, and then from each letter (level 0), up to what it is joined into."""
    rows = []
    for level in (*range(1, len(spans) + 1), 0):
        span = spans[level - 1] if level else 1
        at_top = level == len(spans)
        above = span if at_top else spans[level]
        for position in range(1, len(context) // span + 1):
            rows.append(
                {
                    "x": _centre(position, span),
                    "y": float(level),
                    "x2": _centre((position - 1) * span // above + 1, above),
                    "y2": level + (STUB if at_top else 1.0),
                    "worth": worth[level, position],
                    "letters": _under(context, position, span),
                }
            )
    return pd.DataFrame(rows)


def _centre(position: int, span: int) -> float:
    return (position - 0.5) * span - 0.5


def _under(context: str, position: int, span: int) -> str:
    return context[(position - 1) * span : position * span]


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
