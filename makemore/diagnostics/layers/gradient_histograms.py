"""Frames of kept gradients: a histogram a layer and a matrix, and their size beside the data. Runs no model."""

from collections.abc import Mapping, Sequence

import pandas as pd
import torch
from torch import Tensor

from makemore.inference.readings import Reading, gradient_interval


def gradient_histograms(look: Reading) -> pd.DataFrame:
    """The gradients of the loss by the outputs of each layer that bends.

    Columns: layer, left, right, share (of all values), density (share over width, so that outlines of
    different widths compare). Outliers count in the outermost bins.
    """
    spans = {
        name: gradient_interval(each.gradient_mean, each.gradient_std)
        for name, each in look.layers.items()
    }
    return _histograms(look.gradients, spans, by="layer")


def weight_gradient_histograms(look: Reading) -> pd.DataFrame:
    """The same of the gradients by each matrix. Columns: parameter, left, right, share, density."""
    spans = {
        name: gradient_interval(each.gradient_mean, each.gradient_std)
        for name, each in look.parameters.items()
    }
    return _histograms(look.weight_gradients, spans, by="parameter")


def gradient_ratios(looks: Sequence[Reading]) -> pd.DataFrame:
    """How large the gradient of each matrix is beside the matrix, at each moment.

    Columns: step, parameter, mean and std (of the gradient), data_std, ratio (std over data_std; NaN
    where the data has none).
    """
    rows = [
        {
            "step": look.step,
            "parameter": name,
            "mean": each.gradient_mean,
            "std": each.gradient_std,
            "data_std": each.std,
            "ratio": each.gradient_std / each.std if each.std else float("nan"),
        }
        for look in looks
        for name, each in look.parameters.items()
        if name in look.weight_gradients
    ]
    columns = ["step", "parameter", "mean", "std", "data_std", "ratio"]
    return pd.DataFrame(rows, columns=columns)


def _histograms(
    shares: Mapping[str, Tensor], spans: Mapping[str, tuple[float, float]], *, by: str
) -> pd.DataFrame:
    frames = []
    for name, share in shares.items():
        low, high = spans[name]
        edges = torch.linspace(low, high, len(share) + 1, dtype=torch.float64)
        frames.append(
            pd.DataFrame(
                {
                    by: name,
                    "left": edges[:-1].tolist(),
                    "right": edges[1:].tolist(),
                    "share": share.tolist(),
                    "density": (share.double() * len(share) / (high - low)).tolist(),
                }
            )
        )
    columns = [by, "left", "right", "share", "density"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
