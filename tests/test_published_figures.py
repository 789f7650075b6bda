"""The course's published figures, to the printed digits, with its own seeds and recipes."""

import pytest
from torch import Generator

from makemore.data.examples import Dataset, Split
from makemore.inference.evaluation import judge, loss
from makemore.models import Bigram, build
from makemore.training.events import Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer

SEED = 2147483647


def log_lines(
    real: Dataset, model: str, seed: int, steps: list[int], **settings: object
) -> list[str]:
    """The batch losses at these steps of the lecture's training, as its notebook prints them."""
    recipe = recipe_for("lecture", model)
    trainer = Trainer.start(model, real, recipe, seed=seed, settings=settings)
    events = trainer.events(until=steps[-1] + 1)
    found = {event.step: event.loss for event in events if isinstance(event, Stepped)}
    return [f"{found[step]:.4f}" for step in steps]


def test_bigram_nn(real: Dataset) -> None:
    assert log_lines(real, "bigram_nn", SEED, [0, 199]) == ["3.7590", "2.4624"]


@pytest.mark.parametrize(
    ("logits_init", "hidden_init", "line"),
    [("naive", "naive", "27.8817"), ("small", "naive", "3.3221"), ("small", "small", "3.3135"),
     ("small", "kaiming", "3.3179")],
)  # fmt: skip
def test_mlp_at_step_0(real: Dataset, logits_init: str, hidden_init: str, line: str) -> None:
    """Part 3, from the naive start through the repairs."""
    settings = {"logits_init": logits_init, "hidden_init": hidden_init}
    assert log_lines(real, "mlp", SEED, [0], **settings) == [line]


def test_mlp_with_batch_norm(real: Dataset) -> None:
    assert log_lines(real, "mlp_bn", SEED, [0, 10_000]) == ["3.3239", "2.0322"]


def test_wavenet(real: Dataset) -> None:
    assert log_lines(real, "wavenet", 42, [0, 10_000]) == ["3.3167", "2.0576"]


@pytest.mark.parametrize(
    ("smoothing", "printed"),
    [(0, "2.4540"), (1, "2.4546"), (5, "2.4577"), (10, "2.4621"), (100, "2.5375")],
)
def test_smoothed_bigrams_of_all_names(real: Dataset, smoothing: int, printed: str) -> None:
    model = build("bigram", 27, Generator(), {"smoothing": smoothing})
    assert isinstance(model, Bigram)
    examples = real.examples("all", 1)
    model.count(examples.contexts, examples.targets)
    assert f"{loss(model, examples):.4f}" == printed


@pytest.mark.parametrize(("split", "printed"), [("all", "2.4546"), ("dev", "2.4533")])
def test_the_bigram_on_names_it_has_not_counted(real: Dataset, split: Split, printed: str) -> None:
    model = build("bigram", 27, Generator())
    assert isinstance(model, Bigram)
    examples = real.examples("all", 1)
    model.count(examples.contexts, examples.targets)
    found = judge(model, real, split, trained_on="all", same_data=True)
    assert f"{found.nll:.4f}" == printed
