"""Readings as the tensors of a trajectory, and back, checked so that charts may rely on them. Knows no file.

By name, one row a moment: `looks/loss` and `looks/uniform` (p,); `layers/LAYER` (p, 8) and
`parameters/PARAMETER` (p, 6), the fields of LayerNumbers and ParameterNumbers and then the place among
their like, as a file has an order of its own; `gradients/LAYER` and `weight_gradients/PARAMETER` (p, 51).
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields

import torch
from torch import Tensor

from makemore.inference.readings import (
    FINITE,
    GRADIENT_BINS,
    LayerNumbers,
    ParameterNumbers,
    Reading,
)
from makemore.training.trajectory_form import check_floats, check_histograms

LOOKS, LAYERS, PARAMETERS = "looks", "layers", "parameters"
GRADIENTS, WEIGHT_GRADIENTS = "gradients", "weight_gradients"
PARTS = (LOOKS, LAYERS, PARAMETERS, GRADIENTS, WEIGHT_GRADIENTS)
LAYER_FIELDS = [each.name for each in fields(LayerNumbers)]
PARAMETER_FIELDS = [each.name for each in fields(ParameterNumbers)]

Parts = Mapping[str, Mapping[str, Tensor]]


def pack_readings(readings: Sequence[Reading]) -> dict[str, dict[str, Tensor]]:
    """The tensors of each part; no part at all where there is no reading."""
    if not readings:
        return {}
    first = readings[0]
    return {
        LOOKS: {
            "loss": torch.tensor([each.loss for each in readings]),
            "uniform": torch.tensor([each.uniform for each in readings]),
        },
        LAYERS: {
            name: torch.tensor([[*astuple(each.layers[name]), place] for each in readings])
            for place, name in enumerate(first.layers)
        },
        PARAMETERS: {
            name: torch.tensor([[*astuple(each.parameters[name]), place] for each in readings])
            for place, name in enumerate(first.parameters)
        },
        GRADIENTS: {
            name: torch.stack([each.gradients[name] for each in readings])
            for name in first.gradients
        },
        WEIGHT_GRADIENTS: {
            name: torch.stack([each.weight_gradients[name] for each in readings])
            for name in first.weight_gradients
        },
    }


def unpack_readings(parts: Parts, steps: Tensor) -> tuple[Reading, ...]:
    """The inverse, for moments at these steps. Raises ValueError for anything that is none."""
    if not any(parts.values()):
        return ()
    _check(parts, len(steps))
    layers, parameters = _in_order(parts[LAYERS]), _in_order(parts[PARAMETERS])
    return tuple(
        Reading(
            step=int(step),
            loss=float(parts[LOOKS]["loss"][row]),
            uniform=float(parts[LOOKS]["uniform"][row]),
            layers={name: _layer(parts[LAYERS][name][row]) for name in layers},
            parameters={
                name: ParameterNumbers(*parts[PARAMETERS][name][row, :-1].tolist())
                for name in parameters
            },
            gradients={n: parts[GRADIENTS][n][row] for n in layers if n in parts[GRADIENTS]},
            weight_gradients={
                name: parts[WEIGHT_GRADIENTS][name][row]
                for name in parameters
                if name in parts[WEIGHT_GRADIENTS]
            },
        )
        for row, step in enumerate(steps.tolist())
    )


def _layer(row: Tensor) -> LayerNumbers:
    numbers = dict(zip(LAYER_FIELDS, row.tolist(), strict=False))
    return LayerNumbers(**{**numbers, "flat_ends": int(numbers["flat_ends"])})


def _in_order(tensors: Mapping[str, Tensor]) -> list[str]:
    """The names by their places. Raises ValueError unless these are 0, 1, 2, ... at every moment."""
    places = {name: tensor[:, -1] for name, tensor in tensors.items()}
    ordered = sorted(places, key=lambda name: float(places[name][0]))
    for place, name in enumerate(ordered):
        if not bool((places[name] == place).all()):
            raise ValueError(f"{name!r:.80} does not say which place it has")
    return ordered


def _check(parts: Parts, moments: int) -> None:
    """Raises ValueError for a part that is missing, of another form or with numbers that cannot be."""
    if parts[LOOKS].keys() != {"loss", "uniform"}:
        raise ValueError("looks are not the loss and that of guessing")
    for name, tensor in parts[LOOKS].items():
        check_floats(f"{LOOKS}/{name}", tensor, axes=1)
        if bool((tensor < 0).any()):
            raise ValueError(f"{LOOKS}/{name} is below 0")
    for part, numbers in ((LAYERS, LAYER_FIELDS), (PARAMETERS, PARAMETER_FIELDS)):
        for name, tensor in parts[part].items():
            check_floats(f"{part}/{name}", tensor, axes=2)
            _check_numbers(f"{part}/{name}", tensor, numbers)
    for part, of in ((GRADIENTS, LAYERS), (WEIGHT_GRADIENTS, PARAMETERS)):
        for name, tensor in parts[part].items():
            check_histograms(f"{part}/{name}", tensor, GRADIENT_BINS)
        if not parts[part].keys() <= parts[of].keys():
            raise ValueError(f"{part} tell of what {of} do not")
    lengths = {len(tensor) for tensors in parts.values() for tensor in tensors.values()}
    if lengths != {moments} or not moments:
        raise ValueError("the looks are not as many as the moments")


def _check_numbers(name: str, tensor: Tensor, numbers: Sequence[str]) -> None:
    if tensor.shape[1] != len(numbers) + 1 or bool((tensor.abs() > 2 * FINITE).any()):
        raise ValueError(f"{name} is not {len(numbers)} numbers and a place")
    for column, number in enumerate(numbers):
        values = tensor[:, column]
        if number.endswith("std") and bool((values < 0).any()):
            raise ValueError(f"{name}: {number} is below 0")
        if number in ("flat", "dead") and not bool(((values >= 0) & (values <= 1)).all()):
            raise ValueError(f"{name}: {number} is no share")
        if number == "flat_ends" and not bool(torch.isin(values, torch.arange(3.0)).all()):
            raise ValueError(f"{name}: {number} is not 0, 1 or 2")
