"""Frames of a tree that slides along a name: which of its nodes were there before. Runs no model."""

import pandas as pd
import torch
from torch import Tensor

from makemore.data.vocabulary import DOT

NEW, REUSED, OTHER = "new", "computed before", "not used now"
NAMED = {1: "pairs", 2: "fours", 3: "eights", 4: "sixteens"}


def lattice(name: str, block_size: int, at: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """All nodes of the convolution over a name, and the tree that predicts after `at` letters.

    Node (level, time) has seen the 2**level letters up to time; it looks at two nodes below, dilation
    2**(level-1) apart. New is a node whose letters no tree before has fused; for the others `ago`
    tells how many letters earlier the first such tree stood, 0 for all else.
    Nodes: time, level, state, ago, padding (it sees nothing else), letters. Edges: x, y, x2, y2, state.
    Letters: time, letter, padding.
    """
    text = DOT * block_size + name
    levels, end = block_size.bit_length() - 1, block_size + at - 1
    first = {
        piece: end - t
        for t in reversed(range(block_size - 1, end))
        for piece in _pieces(text, block_size, t)
    }
    used = _tree(levels, end)
    nodes, edges = [], []
    for level in range(1, levels + 1):
        for time in range(2**level - 1, len(text)):
            seen = text[time + 1 - 2**level : time + 1]
            ago = first.get(seen, 0) if (level, time) in used else 0
            state = OTHER if (level, time) not in used else REUSED if ago else NEW
            about = {"time": time, "level": level, "state": state, "ago": ago}
            nodes.append({**about, "padding": not seen.strip(DOT), "letters": seen})
            for below in (time, time - 2 ** (level - 1)):
                edges.append({"x": below, "y": level - 1, "x2": time, "y2": level, "state": state})
    letters = [
        {"time": time, "letter": letter, "padding": time < block_size}
        for time, letter in enumerate(text)
    ]
    return pd.DataFrame(nodes), pd.DataFrame(edges), pd.DataFrame(letters)


def _tree(levels: int, end: int) -> set[tuple[int, int]]:
    """The (level, time) of all nodes of the tree whose window ends at `end`."""
    return {
        (level, end - i * 2**level)
        for level in range(1, levels + 1)
        for i in range(2 ** (levels - level))
    }


def _pieces(text: str, block_size: int, end: int) -> set[str]:
    """What the nodes of the tree whose window ends at `end` see."""
    levels = block_size.bit_length() - 1
    return {text[t + 1 - 2**level : t + 1] for level, t in _tree(levels, end)}


def counts(contexts: Tensor) -> pd.DataFrame:
    """How many nodes the windows (n, block) have, and how many differ. Columns: level, afresh, distinct.

    level: pairs, fours, ...
    """
    rows, block = [], contexts.shape[1]
    ids, number = contexts, int(contexts.max()) + 1
    for level in range(1, block.bit_length()):
        halves = ids.view(len(ids), -1, 2)
        _, ids = torch.unique(halves[..., 0] * number + halves[..., 1], return_inverse=True)
        number = int(ids.max()) + 1
        rows.append({"level": NAMED[level], "afresh": ids.numel(), "distinct": number})
    return pd.DataFrame(rows)
