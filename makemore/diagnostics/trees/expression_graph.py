"""A graph of numbers as places on a plane, with what each node and edge says. Draws nothing."""

from math import isnan

import pandas as pd

from makemore.by_hand.scalar_autograd import Number
from makemore.by_hand.scalar_walk import Edge


def place_nodes(root: Number) -> pd.DataFrame:
    """`name, made_by, column, row, value, gradient` (NaN before the walk has come there), one row a number.

    Its column is the longest way to the root, counted from the left; what nothing is made of stands in
    a row of its own, and everything else at the mean height of what it was made of.
    """
    numbers = root.ordered()
    back = {root: 0}
    for number in reversed(numbers):
        for part, _ in number.edges:
            back[part] = max(back.get(part, 0), back[number] + 1)
    rows: dict[Number, float] = {}
    leaves = 0
    for number in numbers:
        if number.edges:
            rows[number] = sum(rows[part] for part, _ in number.edges) / len(number.edges)
        else:
            rows[number] = float(leaves)
            leaves += 1
    deepest = max(back.values())
    return pd.DataFrame(
        [
            {
                "name": number.name,
                "made_by": number.made_by,
                "column": deepest - back[number],
                "row": rows[number],
                "value": number.value,
                "gradient": number.gradient,
            }
            for number in numbers
        ]
    )


def place_edges(nodes: pd.DataFrame, edges: list[Edge], done: int) -> pd.DataFrame:
    """`x, y, x2, y2, slope, passed, state`, from a part to what is made of it; as `edges_back` has them.

    state: done, at hand (the last one done), to come. passed: NaN while the edge is still to come.
    """
    places = zip(nodes["column"], nodes["row"], strict=True)
    at = dict(zip(nodes["name"], places, strict=True))
    return pd.DataFrame(
        [
            {
                "part": edge.part.name,
                "made": edge.made.name,
                "x": at[edge.part.name][0],
                "y": at[edge.part.name][1],
                "x2": at[edge.made.name][0],
                "y2": at[edge.made.name][1],
                "slope": edge.slope,
                "passed": edge.passed if place < done else float("nan"),
                "state": "at hand" if place == done - 1 else "done" if place < done else "to come",
            }
            for place, edge in enumerate(edges)
        ]
    )


def write_number(value: float) -> str:
    """With its sign and four digits; a dash where there is none yet."""
    return "–" if isnan(value) else f"{value:+.4f}".replace("-", "−")
