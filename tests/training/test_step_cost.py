"""What a step is reckoned to take is held against steps that were made, and what is over a limit is refused."""

import re
import time
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.inference import evaluation
from makemore.models import build
from makemore.training import step_cost
from makemore.training.events import Stepped, Working
from makemore.training.rate_search import TRIAL_STEPS, RateSearch
from makemore.training.recipes import RECIPES, Recipe, recipe_for
from makemore.training.trainer import Trainer

LARGEST = {"hidden": 1024, "embedding": 64}  # that the panel offers
RATIO = 1.6  # that memory may be off by; 3 for time, which depends on the machine


def start(model: str, recipe: Recipe, data: Dataset, settings: dict[str, Any]) -> Trainer:
    return Trainer.start(model, data, recipe, seed=1, settings=settings)


def peak(trained: Trainer) -> float:
    """Megabytes that a step takes at its peak, by what torch allocates and frees."""
    trained.update(0)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as told:
        trained.update(1)
    assert told.profiler is not None
    events = [e for e in told.profiler.kineto_results.events() if e.name() == "[memory]"]
    changes = [e.nbytes() for e in sorted(events, key=lambda event: event.start_ns())]
    return float(max(accumulate(changes))) / 1e6


CASES = [
    ("mlp", "lecture", {"hidden": 1024, "embedding": 64}, 2_000),
    ("mlp_bn", "lecture", {"hidden": 400, "embedding": 10}, 4_000),
    ("wavenet", "lecture", {"hidden": 128, "embedding": 24}, 4_000),
    ("wavenet", "fast", {"hidden": 128, "embedding": 24}, 16_000),
    ("wavenet", "best", {"hidden": 256, "embedding": 24}, 2_848),
]


@pytest.mark.parametrize(("model", "name", "settings", "size"), CASES)
def test_memory_is_what_was_reckoned(
    real: Dataset, model: str, name: str, settings: dict[str, int], size: int
) -> None:
    made = start(model, recipe_for(name, model, batch_size=size), real, settings)
    found, _ = step_cost.cost(made.model, made.recipe, made.examples)
    measured, reckoned = peak(made), found.bytes / 1e6
    assert reckoned / RATIO < measured < reckoned * RATIO


@pytest.mark.parametrize(("model", "name", "settings", "size"), CASES)
def test_time_is_what_was_reckoned(
    real: Dataset, model: str, name: str, settings: dict[str, int], size: int
) -> None:
    made = start(model, recipe_for(name, model, batch_size=size), real, settings)
    found, _ = step_cost.cost(made.model, made.recipe, made.examples)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        made.update(0)
        times = []
        for step in (1, 2, 3):
            started = time.thread_time()  # whoever else computes does not count
            made.update(step)
            times.append(time.thread_time() - started)
    finally:
        torch.set_num_threads(threads)
    assert found.seconds / 3 < min(times) < found.seconds * 3


@pytest.mark.parametrize("model", ["mlp", "mlp_bn", "wavenet"])
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("batch", [0, 10_000])
def test_what_is_refused_fits_with_the_remedy(
    real: Dataset, model: str, recipe: str, batch: int
) -> None:
    asked = recipe_for(recipe, model, batch_size=batch)
    told = step_cost.problem(model, LARGEST, asked, real)
    settings: dict[str, Any] = dict(LARGEST)
    if size := re.search(r"a mini-batch of ([\d,]+) fits", told):
        asked = replace(asked, batch_size=int(size[1].replace(",", "")))
    elif width := re.search(r"([\d,]+) hidden units fit", told):
        settings["hidden"] = int(width[1].replace(",", ""))
    else:
        assert told == ""
    assert step_cost.problem(model, settings, asked, real) == ""


def test_the_largest_tree_on_all_examples_is_refused_with_its_size(real: Dataset) -> None:
    asked = recipe_for("lecture", "wavenet", batch_size=0)
    with pytest.raises(ConfigError, match=r"a step of 1\d\.\d GB is over the limit of 0\.5 GB"):
        step_cost.check("wavenet", LARGEST, asked, real)


@pytest.mark.parametrize(
    ("recipe", "model"), [(name, model) for name in RECIPES for model in RECIPES[name]]
)
def test_the_recipes_themselves_fit(real: Dataset, recipe: str, model: str) -> None:
    asked = RECIPES[recipe][model]
    assert step_cost.problem(model, {}, asked, real) == ""
    net = build(model, len(real.vocabulary), torch.Generator(), {})
    examples = real.examples(asked.trains_on, net.block_size)
    assert step_cost.part_size(net, asked, examples) == 0, "the floats are those of one go"


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that few examples are over."""
    monkeypatch.setattr(step_cost, "MOST_BYTES", 100_000)


WHOLE = {"hidden": 6, "embedding": 2}


def test_a_step_in_parts_is_that_of_all(
    few: Dataset, tight: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = recipe_for("lecture", "mlp", batch_size=0, steps=20)
    parted = start("mlp", asked, few, WHOLE)
    monkeypatch.setattr(step_cost, "MOST_BYTES", 1e9)
    whole = start("mlp", asked, few, WHOLE)
    size = parted.update.part_size  # type: ignore[union-attr]  # that of a Descent
    assert 0 < size < len(few.examples("train", 3))
    losses = [
        [event.loss for event in each.events() if isinstance(event, Stepped)]
        for each in (parted, whole)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    for name, weight in whole.weights().items():
        torch.testing.assert_close(parted.weights()[name], weight, rtol=1e-4, atol=1e-6)


def test_a_training_stopped_within_a_step_goes_on_bit_for_bit(few: Dataset, tight: None) -> None:
    asked = recipe_for("lecture", "mlp", batch_size=0, steps=6)
    straight, stopped = (start("mlp", asked, few, WHOLE) for _ in range(2))
    for _ in straight.events():
        pass
    breaks = list(start("mlp", asked, few, WHOLE).events(breaks=True))
    assert sum(isinstance(event, Working) for event in breaks) >= 2 * asked.steps
    for event in stopped.events(breaks=True):
        if isinstance(event, Working) and event.step == 3:
            break
    resumed = start("mlp", asked, few, WHOLE)
    resumed.restore(stopped.state())
    for _ in resumed.events():
        pass
    for name, weight in straight.weights().items():
        assert torch.equal(resumed.weights()[name], weight)


def test_a_search_for_a_rate_tries_a_part_at_a_time(few: Dataset, tight: None) -> None:
    asked = recipe_for("lecture", "mlp", batch_size=0, steps=50, learning_rate=90.0)
    search = RateSearch(lambda each: start("mlp", each, few, WHOLE), asked, 90.0, again=False)
    looks = 0
    while not search.over:
        search.advance()
        looks += 1
    assert search.found is not None
    assert looks >= 2 * TRIAL_STEPS


def test_batch_norm_on_all_examples_is_never_parted(few: Dataset, tight: None) -> None:
    asked = recipe_for("lecture", "mlp_bn", batch_size=0)
    assert start("mlp_bn", asked, few, WHOLE).update.part_size == 0  # type: ignore[union-attr]
    assert "a mini-batch of" in step_cost.problem("mlp_bn", WHOLE, asked, few)


def test_an_evaluation_has_breaks_and_the_same_losses(
    real: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = start("mlp", recipe_for("lecture", "mlp", steps=1), real, WHOLE)
    plain = list(made.events(0, evaluate_at={0}))
    monkeypatch.setattr(evaluation, "CHUNK", 1_000)
    told = list(made.events(0, evaluate_at={0}, breaks=True))
    assert sum(isinstance(event, Working) for event in told) > 5
    assert told[-1].train == pytest.approx(plain[0].train, rel=1e-6)  # type: ignore[union-attr]
