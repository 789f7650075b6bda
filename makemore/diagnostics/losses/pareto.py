"""Which models nobody beats on both counts at once. Knows no model."""

import pandas as pd


def on_front(costs: pd.Series, losses: pd.Series) -> list[bool]:
    """For each, whether none costs as little or less and has a lower loss, or less with one as low.

    Source: Pareto efficiency.
    """
    pairs = list(zip(costs, losses, strict=True))
    return [
        not any((a <= cost and b < loss) or (a < cost and b <= loss) for a, b in pairs)
        for cost, loss in pairs
    ]
