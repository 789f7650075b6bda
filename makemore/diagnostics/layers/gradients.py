"""Frames of what one batch asks of the weights: gradients and updates beside the numbers themselves."""

import pandas as pd
from torch import Tensor

from makemore.inference.capture import Snapshot


def update_ratios(snapshot: Snapshot, *, learning_rate: float) -> pd.DataFrame:
    """One row a parameter that the loss depends on, in the order of the layers.

    Columns: tensor, numbers, data (standard deviation of the weights), gradient (that of the
    gradient of the mean loss), grad_to_data (gradient over data), update_to_data (that of one SGD
    step, learning rate times gradient, over data). A ratio is missing where all weights are equal.
    """
    rows = []
    for name, gradient in snapshot.weight_gradients.items():
        weights = snapshot.weights[name]
        data, std = _std(weights), _std(gradient)
        rows.append(
            {
                "tensor": name.removeprefix("layers."),
                "numbers": weights.numel(),
                "data": data,
                "gradient": std,
                "grad_to_data": std / data if data else None,
                "update_to_data": learning_rate * std / data if data else None,
            }
        )
    columns = ["tensor", "numbers", "data", "gradient", "grad_to_data", "update_to_data"]
    return pd.DataFrame(rows, columns=columns)


def _std(values: Tensor) -> float:
    return float(values.double().std()) if values.numel() > 1 else 0.0
