"""One nn.Module each, the lecture's formula and nothing else. Knows no data, no model and no training."""

from makemore.layers.activations import (
    ELU,
    FAR,
    FLAT,
    SATURATED,
    Activation,
    Interval,
    LeakyReLU,
    Nonlinearity,
    ReLU,
    Sigmoid,
    Tanh,
)
from makemore.layers.basic import Embedding, FlattenConsecutive, Linear, bias_of
from makemore.layers.batch_norm import BatchNorm1d, Reduce
from makemore.layers.connections import Gate, Residual, Skip

__all__ = [
    "ELU",
    "FAR",
    "FLAT",
    "SATURATED",
    "Activation",
    "BatchNorm1d",
    "Embedding",
    "FlattenConsecutive",
    "Gate",
    "Interval",
    "LeakyReLU",
    "Linear",
    "Nonlinearity",
    "ReLU",
    "Reduce",
    "Residual",
    "Sigmoid",
    "Skip",
    "Tanh",
    "bias_of",
]
