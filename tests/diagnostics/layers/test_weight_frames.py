"""Frames of weights, gradients and updates against numpy and a step that is made."""

import numpy as np
import pytest
import torch

from makemore.data.examples import Dataset
from makemore.diagnostics.layers.gradients import update_ratios
from makemore.diagnostics.layers.weight_histograms import (
    distance_table,
    tensor_table,
    weight_histograms,
)
from makemore.inference.capture import snapshot
from makemore.inference.tensor_numbers import distances, named_tensors
from tests.conftest import Start

SMALL = {"hidden": 5, "embedding": 2}


def test_every_number_of_a_tensor_is_in_its_histogram(start: Start) -> None:
    tensors = named_tensors(start("mlp_bn", settings=SMALL).model)
    frame = weight_histograms(tensors, bins=12)
    assert list(dict.fromkeys(frame["tensor"])) == list(tensors)
    for name, part in frame.groupby("tensor", sort=False):
        values = tensors[str(name)].numpy().astype(np.float64).ravel()
        low, high = values.min(), values.max()
        if low == high:  # as of gamma before any training
            assert sorted(part["share"])[-2:] == [0, 1]
            continue
        counts, edges = np.histogram(values, 12, (low, high))
        assert part["share"].tolist() == pytest.approx((counts / len(values)).tolist())
        assert part["left"].tolist() == pytest.approx(edges[:-1].tolist())
        assert part["height"].max() == 1
    table = tensor_table(tensors).set_index("tensor")
    weight = tensors["hidden.weight"]
    assert table.loc["hidden.weight", "shape"] == " × ".join(map(str, weight.shape))
    assert table.loc["hidden.weight", "std"] == pytest.approx(float(weight.std()), rel=1e-5)


def test_the_update_is_that_of_the_step_which_is_made(start: Start, few: Dataset) -> None:
    net = start("mlp_bn", settings=SMALL).model.train()
    batch = few.examples("train", net.block_size)
    frame = update_ratios(snapshot(net, batch.contexts, batch.targets), learning_rate=0.05)
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    torch.nn.functional.cross_entropy(net(batch.contexts), batch.targets).backward()
    torch.optim.SGD(net.parameters(), lr=0.05).step()
    rows = frame.set_index("tensor")
    assert len(rows) == len(before)
    for name, parameter in net.named_parameters():
        row = rows.loc[name.removeprefix("layers.")]
        moved, was = (parameter.detach() - before[name]).double(), before[name].double()
        if float(was.std()):
            wanted = float(moved.std() / was.std())
            assert row["update_to_data"] == pytest.approx(wanted, rel=1e-3, abs=1e-9)
            assert row["grad_to_data"] == pytest.approx(row["update_to_data"] / 0.05)
        else:
            assert np.isnan(row["update_to_data"])


def test_distances_of_tensors_that_both_have(start: Start) -> None:
    one, other = (named_tensors(start("mlp", settings=SMALL, seed=s).model) for s in (1, 2))
    found = distances(one, {**other, "odd": torch.ones(3)})
    assert list(distance_table(found)["tensor"]) == list(one)
