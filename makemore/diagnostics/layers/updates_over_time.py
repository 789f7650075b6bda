"""Frame of updates beside the data that they change, over a training. Runs no model and makes no update."""

from collections.abc import Sequence
from math import log10

import pandas as pd

from makemore.inference.readings import Reading


def updates_over_time(looks: Sequence[Reading]) -> pd.DataFrame:
    """The standard deviation of the last update over that of the parameter, at each moment that knows it.

    Columns: step, parameter, matrix (whether it is one; the lecture shows these alone), ratio,
    log10_ratio, whose sound value for hidden matrices is about -3. Parameters that did not move, or
    that are all one number, have no ratio and no row.
    """
    rows = [
        {
            "step": look.step,
            "parameter": name,
            "matrix": name in look.weight_gradients,
            "ratio": each.update_std / each.std,
            "log10_ratio": log10(each.update_std / each.std),
        }
        for look in looks
        for name, each in look.parameters.items()
        if each.update_std and each.std
    ]
    return pd.DataFrame(rows, columns=["step", "parameter", "matrix", "ratio", "log10_ratio"])
