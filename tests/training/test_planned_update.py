"""The recipe `fast` at its word: the loss of the lecture's loop, on the real names, in seconds."""

import pytest

from makemore.data.examples import Dataset, Split
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


@pytest.mark.parametrize(
    ("model", "split", "nll"),
    [
        ("bigram_nn", "all", 2.4550),
        ("mlp", "dev", 2.105),
        ("mlp_bn", "dev", 2.107),
        ("wavenet", "dev", 1.993),
    ],
)
def test_fast_ends_at_the_loss_of_the_lecture(
    real: Dataset, model: str, split: Split, nll: float
) -> None:
    trainer = Trainer.start(model, real, recipe_for("fast", model), seed=1)
    for _ in trainer.events():
        pass
    assert trainer.loss(split) <= nll
