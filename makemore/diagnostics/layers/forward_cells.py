"""The tensors of one forward pass as a frame of cells, number by number. Draws nothing."""

from collections.abc import Mapping, Sequence

import pandas as pd
from torch import Tensor

LINES = 4  # in which a long tensor is folded
LONG = 100  # numbers


def forward_cells(tensors: Mapping[str, Tensor], letters: Sequence[str]) -> pd.DataFrame:
    """Every number of the first example of each tensor, in the order of its storage.

    letters: the alphabet, the dot first; it names ids, and what has one number a letter. Columns:
    tensor, place (from 0), value, line and column (where it stands), columns (how many a line has),
    label (the letter, or "").
    """
    return pd.concat(
        [_cells_of(name, tensor[0], letters) for name, tensor in tensors.items()],
        ignore_index=True,
    )


def _cells_of(name: str, numbers: Tensor, letters: Sequence[str]) -> pd.DataFrame:
    values = numbers.flatten().tolist()
    columns = numbers.shape[-1]
    if len(values) > LONG and numbers.dim() == 1:
        columns = -(-len(values) // LINES)
    if not numbers.is_floating_point():
        labels = [f"{letters[i]} = {i}" for i in values]
    elif tuple(numbers.shape) == (len(letters),):
        labels = list(letters)
    else:
        labels = [""] * len(values)
    return pd.DataFrame(
        {
            "tensor": name,
            "place": range(len(values)),
            "value": [float(value) for value in values],
            "line": [place // columns for place in range(len(values))],
            "column": [place % columns for place in range(len(values))],
            "columns": columns,
            "label": labels,
        }
    )


def forward_rows(tensors: Mapping[str, Tensor], formulas: Mapping[str, str]) -> pd.DataFrame:
    """Tensor by tensor: columns tensor, shape, stride (each as text), does (the formula)."""
    return pd.DataFrame(
        {
            "tensor": list(tensors),
            "shape": [written(tensor.shape) for tensor in tensors.values()],
            "stride": [written(tensor.stride()) for tensor in tensors.values()],
            "does": [formulas[name] for name in tensors],
        }
    )


def written(sizes: Sequence[int]) -> str:
    """(1, 3, 10), with blanks that do not break."""
    return "(" + ",\u00a0".join(map(str, sizes)) + ("," if len(sizes) == 1 else "") + ")"
