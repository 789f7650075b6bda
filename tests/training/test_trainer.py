"""The one stream of events: order, the same floats from the same seed, stopping and going on, divergence."""

import copy
import math
from collections.abc import Iterable

import pytest
import torch
from torch import Tensor

from makemore.data.examples import Dataset
from makemore.models import MODELS, Bigram, ModelConfig
from makemore.training.events import Diverged, Evaluated, Event, Probed, Sampled, Stepped
from makemore.training.recipes import RECIPES, recipe_for
from makemore.training.trainer import Trainer, evenly, log_spaced
from tests.conftest import Start
from tests.nets import BlockConfig, Loose

LEARNING = [name for name, model in MODELS.items() if not issubclass(model, Bigram)]
EACH_RECIPE = [(recipe, model) for recipe, models in RECIPES.items() for model in models]
LEARNING_RECIPES = [(recipe, model) for recipe, model in EACH_RECIPE if model in LEARNING]
SILLY = 1e6


def losses(events: Iterable[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, Stepped)]


def assert_same_state(first: Trainer, second: Trainer) -> None:
    one, two = first.state(), second.state()
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one if key != "seconds")


@pytest.mark.parametrize(("recipe", "model"), EACH_RECIPE)
def test_the_seed_decides_every_float(start: Start, recipe: str, model: str) -> None:
    first, second, other = (start(model, recipe=recipe, seed=seed) for seed in (7, 7, 8))
    run = losses(first.events())
    assert len(run) == 12
    assert run == losses(second.events())
    assert_same_state(first, second)
    if model != "bigram":  # counting has no dice
        assert run != losses(other.events())


@pytest.mark.parametrize(("recipe", "model"), EACH_RECIPE)
@pytest.mark.parametrize("stop", [0, 1, 5])
def test_stopped_and_resumed_equals_uninterrupted(
    start: Start, recipe: str, model: str, stop: int
) -> None:
    small = {"batch_size": min(RECIPES[recipe][model].batch_size, 50)}  # several in an epoch
    whole, first = (start(model, recipe=recipe, **small) for _ in range(2))
    uninterrupted = losses(whole.events())
    until_stop = losses(first.events(until=stop))
    state = first.state()
    list(first.events(until=stop + 3))  # what the first does later is no matter of the state's
    second = start(model, recipe=recipe, seed=99, **small)
    second.restore(state)
    assert second.step == stop
    assert until_stop + losses(second.events()) == uninterrupted
    assert_same_state(whole, second)


@pytest.mark.parametrize("model", MODELS)
def test_ceasing_to_iterate_is_stopping(start: Start, model: str) -> None:
    whole, halting = start(model), start(model)
    uninterrupted = losses(whole.events())
    found: list[float] = []
    while halting.step < 12:
        for event in halting.events():
            found += losses([event])
            break
    assert found == uninterrupted
    assert_same_state(whole, halting)


@pytest.mark.parametrize(("recipe", "model"), EACH_RECIPE)
def test_looking_does_not_change_the_floats(start: Start, recipe: str, model: str) -> None:
    blind, watched = start(model, recipe=recipe), start(model, recipe=recipe)
    every = range(13)
    seen = list(watched.events(evaluate_at=every, probe_at=every, sample_at=every))
    assert losses(blind.events()) == losses(seen)
    assert_same_state(blind, watched)


@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_events(start: Start, model: str) -> None:
    events = start(model, steps=3).events(evaluate_at=[0, 2], probe_at=[1, 2, 3], sample_at={2, 3})
    assert [(type(event), event.step) for event in events] == [
        (Evaluated, 0), (Stepped, 0),
        (Probed, 1), (Stepped, 1),
        (Evaluated, 2), (Probed, 2), (Sampled, 2), (Stepped, 2),
        (Probed, 3), (Sampled, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("log_every", "steps"), [(1, [0, 1, 2, 3, 4, 5, 6]), (3, [0, 3, 6]), (100, [0])]
)
def test_log_every(start: Start, log_every: int, steps: list[int]) -> None:
    plain, thinned = start("mlp", steps=7), start("mlp", steps=7)
    events = [event for event in thinned.events(log_every=log_every) if isinstance(event, Stepped)]
    assert [event.step for event in events] == steps
    every = losses(plain.events())
    assert losses(events) == [every[step] for step in steps]
    assert_same_state(plain, thinned)


def test_the_learning_rate_of_each_step(start: Start) -> None:
    trainer = start("mlp", steps=6, decay_at=4, learning_rate=0.5)
    rates = [event.learning_rate for event in trainer.events() if isinstance(event, Stepped)]
    assert rates == [0.5] * 4 + [0.05] * 2


def test_seconds_are_those_of_updates_alone(start: Start) -> None:
    trainer = start("mlp")
    seconds = [event.seconds for event in trainer.events() if isinstance(event, Stepped)]
    assert seconds == sorted(seconds)
    before = trainer.seconds
    assert before == seconds[-1] > 0
    assert trainer.evaluate().seconds == before
    trainer.probe()
    trainer.sample()
    assert trainer.seconds == before


@pytest.mark.parametrize("model", MODELS)
def test_training_lowers_the_loss(start: Start, model: str) -> None:
    trainer = start(model, steps=60)
    before = trainer.evaluate()
    list(trainer.events())
    assert trainer.evaluate().train < before.train - 0.1


def test_counting_ends_with_every_pair_counted_once(few: Dataset, start: Start) -> None:
    trainer = start("bigram", steps=7)
    list(trainer.events())
    assert isinstance(trainer.model, Bigram)
    whole = trainer.model.recounted(trainer.examples.contexts, trainer.examples.targets)
    assert torch.equal(trainer.model.counts, whole.counts)
    assert int(whole.counts.sum()) == len(few.examples("all", 1))


def finite(value: object) -> bool:
    """Whether every number in an event is one."""
    if isinstance(value, Tensor):
        return bool(value.isfinite().all())
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if hasattr(value, "__dataclass_fields__"):
        return all(finite(getattr(value, name)) for name in value.__dataclass_fields__)
    return not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("model", LEARNING)
def test_a_silly_learning_rate_ends_in_diverged(start: Start, model: str) -> None:
    trainer = start(model, learning_rate=SILLY, steps=100)
    every = range(101)
    events = list(trainer.events(evaluate_at=every, probe_at=every, sample_at=every))
    assert all(map(finite, events))
    last = events[-1]
    assert isinstance(last, Diverged)
    assert not any(isinstance(event, Diverged) for event in events[:-1])
    assert "learning rate 1e+06" in last.cause
    assert "learning rate 100000" in last.remedy
    assert last.safer_learning_rate == SILLY / 10


@pytest.mark.parametrize(("recipe", "model"), LEARNING_RECIPES)
@pytest.mark.parametrize("rate", [0.0, SILLY])
def test_no_learning_rate_makes_an_event_that_is_no_number(
    start: Start, recipe: str, model: str, rate: float
) -> None:
    """Whether a rate is too high depends on the optimizer; that it never shows NaN does not."""
    trainer = start(model, recipe=recipe, learning_rate=rate, steps=30)
    every = range(31)
    events = list(trainer.events(evaluate_at=every, probe_at=every, sample_at=every))
    assert all(map(finite, events))
    last = events[-1]
    assert last.step == 30 or (isinstance(last, Diverged) and last.safer_learning_rate == rate / 10)


@pytest.mark.parametrize(("recipe", "model"), LEARNING_RECIPES)
def test_a_loss_that_is_no_number_stops_before_the_update(
    start: Start, recipe: str, model: str
) -> None:
    trainer = start(model, recipe=recipe)
    list(trainer.events(until=3))
    with torch.no_grad():
        next(trainer.model.parameters()).fill_(float("nan"))
    before = copy.deepcopy(trainer.model.state_dict())
    every = range(13)
    events = list(trainer.events(evaluate_at=every, probe_at=every, sample_at=every))
    assert [type(event) for event in events] == [Diverged]
    assert events[0].step == trainer.step == 3
    learned = [key for key, _ in trainer.model.named_parameters()]
    after = trainer.model.state_dict()
    assert all(torch.equal(before[k].nan_to_num(7.0), after[k].nan_to_num(7.0)) for k in learned)


class WithSpare(Loose):
    """A net with a weight that no logit depends on."""

    def __init__(self, config: ModelConfig, vocab_size: int, generator: torch.Generator) -> None:
        super().__init__(config, vocab_size, generator)
        self.spare = torch.nn.Parameter(torch.ones(2, 2))


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_weight_without_a_gradient_stays(few: Dataset, recipe: str) -> None:
    generator = torch.Generator().manual_seed(1)
    model = WithSpare(BlockConfig(), len(few.vocabulary), generator)
    trainer = Trainer(model, few, recipe_for(recipe, "mlp", steps=5), generator=generator)
    assert len(losses(trainer.events())) == 5
    assert torch.equal(model.spare, torch.ones(2, 2))


@pytest.mark.parametrize("steps", [1, 7, 100, 200_000])
def test_moments(steps: int) -> None:
    for moments in (evenly(steps, 50), log_spaced(steps, 50)):
        assert {0, steps} <= moments <= set(range(steps + 1))
        assert len(moments) <= 52


def test_log_spaced_moments_are_dense_at_the_start() -> None:
    moments = log_spaced(200_000, 50)
    assert {0, 1, 2, 3} <= moments
    assert len(moments) > 40
    early = [moment for moment in moments if moment <= 200_000**0.5]
    assert abs(len(early) - len(moments) / 2) <= 4
