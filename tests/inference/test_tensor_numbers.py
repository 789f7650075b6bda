"""Numbers about tensors against numpy's, and the losses of examples against the loss of the whole."""

import math

import numpy as np
import pytest
import torch

from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.inference import evaluation, example_losses
from makemore.inference.tensor_numbers import distances, named_tensors, spread
from tests.conftest import Start

SMALL = {
    "mlp": {"hidden": 5, "embedding": 2},
    "bigram": None,
    "wavenet": {"hidden": 4, "block_size": 4},
}


def test_a_tensor_in_numbers() -> None:
    values = torch.randn(3, 7, generator=torch.Generator().manual_seed(1))
    found, wanted = spread(values), values.numpy().astype(np.float64)
    assert (found.shape, found.numbers) == ((3, 7), 21)
    assert (found.mean, found.std) == pytest.approx((wanted.mean(), wanted.std(ddof=1)))
    assert (found.low, found.high) == (wanted.min(), wanted.max())
    assert spread(torch.tensor([4])).std == 0


def test_how_far_two_nets_lie_apart(start: Start) -> None:
    one = named_tensors(start("mlp", settings=SMALL["mlp"]).model)
    other = named_tensors(start("mlp", settings=SMALL["mlp"], seed=8).model)
    for name, found in distances(one, other).items():
        a, b = (each[name].numpy().astype(np.float64).ravel() for each in (one, other))
        assert found is not None
        assert found.distance == pytest.approx(np.linalg.norm(a - b))
        if np.linalg.norm(a):
            assert found.relative == pytest.approx(np.linalg.norm(a - b) / np.linalg.norm(a))
            assert found.cosine == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        else:
            assert (found.relative, found.cosine) == (None, None)
    assert "hidden.weight" in one
    wide = named_tensors(start("mlp", settings={"hidden": 6, "embedding": 2}).model)
    partly = distances(one, {**wide, "more": torch.ones(2)})
    assert partly["hidden.weight"] is None
    assert partly["more"] is None
    assert partly["embedding.weight"] is not None


@pytest.mark.parametrize("model", SMALL)
def test_the_losses_of_examples_make_the_loss(start: Start, few: Dataset, model: str) -> None:
    trainer = start(model, settings=SMALL[model])
    for _ in trainer.events():
        pass
    net, trained_on = trainer.model, trainer.recipe.trains_on
    found = example_losses.example_losses(net, few, "dev", trained_on=trained_on, same_data=True)
    judged = evaluation.judge(net, few, "dev", trained_on=trained_on, same_data=True)
    assert float(found.mean()) == pytest.approx(judged.nll, abs=1e-6)
    if model != "bigram":
        scores = evaluation.score(net, few.vocabulary, few.names("dev"))
        letters = [letter.nll for score in scores for letter in score.letters]
        assert found.tolist() == pytest.approx(letters, abs=1e-5)


def test_places_count_from_the_start_of_each_name(few: Dataset) -> None:
    places = example_losses.places(few, "dev").tolist()
    assert places == [i for name in few.names("dev") for i in range(len(name) + 1)]


def test_means_by_group() -> None:
    losses = torch.tensor([1.0, 2.0, 4.0, 6.0])
    found = example_losses.mean_by(losses, torch.tensor([0, 2, 2, 0]), 3)
    assert found.number.tolist() == [2, 0, 2]
    assert found.loss.tolist()[::2] == [3.5, 3.0]
    assert math.isnan(found.loss[1])


def test_tensors_are_named_by_their_layers() -> None:
    tensors = named_tensors(store.load("wavenet").model)
    assert next(iter(tensors)) == "embedding.weight"
    assert not any(name.startswith("layers.") for name in tensors)
