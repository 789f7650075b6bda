"""Which neurons are flat for which examples, as an array for one image, thousands of examples high. Draws nothing.

Source: "Building makemore" part 3, the map of |h| > 0.99; a neuron that is flat for every example is dead.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from makemore.layers import SATURATED, Activation


@dataclass(frozen=True, eq=False)
class SaturationImage:
    """pixels: (examples, neurons), whether flat, columns in the order of the frame.

    neurons: a row a column: place (from 0), neuron, flat (share of the examples), mean, std, dead.
    dead: the neurons that are flat for every example. share: of all pixels.
    """

    pixels: npt.NDArray[np.bool_]
    neurons: pd.DataFrame
    dead: list[int]
    share: float


def saturation_image(
    outputs: Tensor, activation: Activation, *, threshold: float = SATURATED, by_share: bool = True
) -> SaturationImage:
    """Where an activation's outputs (examples, ..., neurons) are flat, the flattest neurons first.

    threshold: of a tanh; for another activation flat is where its slope is below that of a tanh at
    ±threshold. Every position of a window counts as an example.
    """
    rows = outputs.flatten(0, -2)
    mask = flat_at(rows, activation, threshold)
    counts, examples = mask.sum(dim=0, dtype=torch.int32), len(rows)
    order = counts.argsort(descending=True, stable=True) if by_share else torch.arange(len(counts))
    deads = counts == examples
    mean = rows.mean(dim=0)
    # A third of the time of torch.std over columns, which is felt where a slider moves.
    std = ((rows - mean).square_().sum(dim=0) / (examples - 1)).sqrt()
    frame = pd.DataFrame(
        {
            "place": range(len(order)),
            "neuron": order.tolist(),
            "flat": (counts[order].double() / examples).tolist(),
            "mean": mean[order].tolist(),
            "std": std[order].tolist(),
            "dead": deads[order].tolist(),
        }
    )
    dead = torch.nonzero(deads).flatten().tolist()
    pixels = np.take(mask.numpy(), order.numpy(), axis=1)
    return SaturationImage(pixels, frame, dead, float(counts.double().mean() / examples))


def flat_at(outputs: Tensor, activation: Activation, threshold: float) -> Tensor:
    """Whether each output lies where the slope is below that of a tanh at ±threshold."""
    if threshold == SATURATED:
        return activation.saturated(
            outputs
        )  # which for a tanh asks without the rounding of a square
    return activation.slope(outputs) < 1 - threshold**2


def neuron_weights(
    weight: Tensor, table: Tensor, neuron: int, letters: str, gradient: Tensor | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The weights of one neuron of a layer (block·embedding, hidden) over joined rows of a table.

    First the weights themselves, columns position (from 1), dimension (from 1), weight, gradient (NaN
    without one); then what each letter at each position adds to the neuron's sum, columns letter,
    position, adds: its row of the table times the weights of that position.
    """
    embedding = table.shape[1]
    weights = weight[:, neuron].view(-1, embedding)  # (block, embedding)
    slopes = torch.full_like(weights, torch.nan)
    if gradient is not None:
        slopes = gradient[:, neuron].view(-1, embedding)
    block = len(weights)
    own = pd.DataFrame(
        {
            "position": [p + 1 for p in range(block) for _ in range(embedding)],
            "dimension": [*range(1, embedding + 1)] * block,
            "weight": weights.flatten().tolist(),
            "gradient": slopes.flatten().tolist(),
        }
    )
    added = table @ weights.T  # (letters, block)
    by_letter = pd.DataFrame(
        {
            "letter": [letter for letter in letters for _ in range(block)],
            "position": [*range(1, block + 1)] * len(letters),
            "adds": added.flatten().tolist(),
        }
    )
    return own, by_letter
