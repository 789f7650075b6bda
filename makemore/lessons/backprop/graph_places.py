"""Where each value stands in the computation graph, and the frames that are drawn. Knows no step."""

from collections.abc import Mapping

import pandas as pd

from makemore.by_hand.backprop import ENTRIES, PARAMETERS
from makemore.by_hand.checked_gradients import Check
from makemore.by_hand.gradient_entries import Values
from makemore.lessons.backprop.one_batch import write_shape

# Two lines: to the hidden layer, and from there to the loss. Above a line stands what branches off
# and comes back, below it what is learnt.
PLACES: Mapping[str, tuple[float, float]] = {
    "C": (0, 1), "emb": (1, 1), "embcat": (2, 1), "W1": (2.5, 1.9), "b1": (3.5, 1.9), "hprebn": (3, 1),
    "bnmeani": (3.9, 0), "bndiff": (4.8, 1), "bndiff2": (5.6, 0), "bnvar": (6.6, 0),
    "bnvar_inv": (7.6, 0), "bnraw": (8.4, 1), "bngain": (8.9, 1.9), "bnbias": (9.9, 1.9),
    "hpreact": (9.4, 1), "h": (10.4, 1),
    "W2": (0.2, 4.7), "b2": (1.2, 4.7), "logits": (0.7, 3.8), "logit_maxes": (1.7, 2.9),
    "norm_logits": (2.7, 3.8), "counts": (4, 3.8), "counts_sum": (5, 2.9),
    "counts_sum_inv": (6.5, 2.9), "probs": (7.5, 3.8), "logprobs": (8.9, 3.8), "loss": (10.3, 3.8),
}  # fmt: skip
Place = tuple[float, float]
TURN = 2.4  # how low the line from h to the second line of dots runs
_BRANCH = (
    "bnmeani",
    "bndiff2",
    "bnvar",
    "bnvar_inv",
    "logit_maxes",
    "counts_sum",
    "counts_sum_inv",
)
_BESIDE = {"C": "emb", "W1": "embcat", "b1": "hprebn", "bngain": "bnraw", "bnbias": "hpreact",
           "W2": "h", "b2": "logits"}  # fmt: skip


def _column_places() -> dict[str, tuple[float, float]]:
    """Row and column where there is room for one column: parameters left, branches right of the way."""
    way = [name for name in ENTRIES if name not in _BESIDE]
    places = {name: (float(row), 2.0 if name in _BRANCH else 1.15) for row, name in enumerate(way)}
    return {name: places.get(name) or (places[_BESIDE[name]][0] - 0.5, 0.0) for name in ENTRIES}


COLUMN = _column_places()


def node_frame(values: Values, checks: Mapping[str, Check]) -> pd.DataFrame:
    """A row a value; only what is checked is told."""
    rows = []
    for name in ENTRIES:
        (x, y), (row, column), check = PLACES[name], COLUMN[name], checks.get(name)
        state = "to come" if check is None else "right" if check.passed else "wrong"
        shape = write_shape(values[name])
        told = check.verdict if check else state
        rows.append((name, x, y, row, column, state, shape, told, name in PARAMETERS))
    columns = ["node", "x", "y", "row", "column", "state", "shape", "told", "under"]
    return pd.DataFrame(rows, columns=columns)


def edge_frame(values: Values, walked: Mapping[str, Check]) -> pd.DataFrame:
    """A row a line from a value to what is made of it, the way from h in three pieces."""
    rows = []
    for name, entry in ENTRIES.items():
        for source in entry.inputs:
            shape = write_shape(values[source]).replace(" ", "")
            flowed = source in walked
            for begin, end, at, side in _lines(source, name):
                said = shape if at else ""
                rows.append((*begin, *end, *COLUMN[source], *COLUMN[name], said, flowed, at, side))
    columns = [
        "x",
        "y",
        "x2",
        "y2",
        "row",
        "column",
        "row2",
        "column2",
        "shape",
        "flowed",
        "at",
        "side",
    ]
    return pd.DataFrame(rows, columns=columns)


def _lines(source: str, name: str) -> list[tuple[Place, Place, float, str]]:
    """The pieces of a line, and where on which the shape stands: a share of the way, 0 for nowhere."""
    here, there = PLACES[source], PLACES[name]
    if source == "h":
        right, left = (here[0], TURN), (there[0], TURN)
        return [(here, right, 0, "below"), (right, left, 0.1, "below"), (left, there, 0, "below")]
    if here[1] == there[1]:
        return [(here, there, 0.5, "below")]
    if source in PARAMETERS and name != "emb":
        return [(here, there, 0.45, "left" if here[0] < there[0] else "right")]
    rising = here[1] > there[1]
    return [(here, there, 0.68 if rising else 0.32, "left" if rising else "right")]
