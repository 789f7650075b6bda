"""The search for a learning rate that works: which one it picks, when it gives up, and that its pick trains."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.jobs import Spec
from makemore.training import rate_search
from makemore.training.events import Diverged, Event, Stepped
from makemore.training.rate_search import (
    DIVISORS,
    FALLEN,
    FEWEST_STEPS,
    LAST,
    LOWEST,
    MOST_SECONDS,
    OVERSHOT,
    TRIAL_STEPS,
    RateSearch,
    trial_recipe,
)
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer
from tests.conftest import Start

Losses = Sequence[float | None]  # None: it diverges there

RATE = 1000.0
LOWER = [100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01]
FALLING = [3.3 - step / 100 for step in range(TRIAL_STEPS)]
FLAT = [3.3] * TRIAL_STEPS
OVERSHOOTING = [3.3, 3.3 + OVERSHOT + 0.01, *FALLING[2:]]
DIVERGING = [3.3, 3.2, None]


@dataclass
class Clock:
    """Time that passes only with updates."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Scripted:
    """Stands for the trainings of each rate: their losses are given, an update takes `seconds`."""

    losses: Mapping[float, Losses]
    seconds: float = 0.0
    clock: Clock = field(default_factory=Clock)
    recipes: list[Recipe] = field(default_factory=list)

    def start(self, recipe: Recipe) -> Trainer:
        self.recipes.append(recipe)
        return cast(Trainer, _Training(self, self.losses.get(recipe.learning_rate, FLAT)))

    @property
    def tried(self) -> list[float]:
        return [recipe.learning_rate for recipe in self.recipes]

    def search(self, rate: float = RATE, *, again: bool = False) -> float | None:
        return carried_out(RateSearch(self.start, recipe_for("lecture", "mlp"), rate, again=again))


@dataclass
class _Training:
    of: Scripted
    losses: Losses

    def events(self, *, breaks: bool = False) -> Iterator[Event]:
        for step, loss in enumerate(self.losses):
            self.of.clock.now += self.of.seconds
            if loss is None:
                yield Diverged(step=step, cause="", remedy="", safer_learning_rate=0.0)
                return
            yield Stepped(step=step, seconds=0.0, loss=loss, learning_rate=0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The only time that the search knows of."""
    clock = Clock()
    monkeypatch.setattr(rate_search, "perf_counter", clock)
    return clock


def carried_out(search: RateSearch) -> float | None:
    while not search.over:
        search.advance()
    return search.found


def works(losses: Losses) -> bool:
    """What the search promises of a rate, judged with all losses at hand."""
    known = [loss for loss in losses if loss is not None]
    if len(known) < len(losses) or max(known) > known[0] + OVERSHOT:
        return False
    return sum(known[-LAST:]) / LAST < known[0] - FALLEN


@pytest.mark.parametrize("bad", [FLAT, OVERSHOOTING, DIVERGING, [3.3, *[3.27] * 39]])
def test_picks_the_highest_rate_whose_loss_falls(bad: Losses) -> None:
    scripted = Scripted({100.0: bad, 30.0: bad, 10.0: FALLING, 3.0: FALLING})
    assert scripted.search() == 10.0
    assert scripted.tried == [100.0, 30.0, 10.0], "and tries no further"


one_trial = st.one_of(
    st.sampled_from([FALLING, FLAT, OVERSHOOTING, DIVERGING]),
    st.lists(st.floats(1.0, 6.0), min_size=TRIAL_STEPS, max_size=TRIAL_STEPS),
)


@given(st.lists(one_trial, min_size=len(LOWER), max_size=len(LOWER)))
def test_picks_what_a_look_at_all_trials_would_pick(trials: list[Losses]) -> None:
    losses = dict(zip(LOWER, trials, strict=True))
    expected = max((rate for rate in LOWER if works(losses[rate])), default=None)
    assert Scripted(losses).search() == expected


def test_gives_up_when_no_rate_works() -> None:
    scripted = Scripted({})
    assert scripted.search() is None
    assert scripted.tried == LOWER
    assert len(LOWER) == len(DIVISORS)


def test_the_given_rate_is_tried_too_where_the_training_began_with_another() -> None:
    losses = {RATE: FALLING, 100.0: FALLING}
    assert Scripted(losses).search(again=True) == RATE
    assert Scripted(losses).search() == 100.0
    scripted = Scripted({100.0: FALLING})
    assert scripted.search(again=True) == 100.0
    assert scripted.tried == [RATE, 100.0]


def test_no_rate_is_tried_that_the_panel_does_not_offer() -> None:
    scripted = Scripted({})
    assert scripted.search(0.05) is None
    assert min(scripted.tried) >= LOWEST
    nothing = RateSearch(scripted.start, recipe_for("lecture", "mlp"), LOWEST, again=False)
    assert nothing.over
    assert nothing.found is None


@pytest.mark.parametrize(("steps", "found"), [(FEWEST_STEPS - 1, None), (FEWEST_STEPS, 100.0)])
def test_a_trial_is_judged_by_what_there_is_when_the_time_is_over(
    clock: Clock, steps: int, found: float | None
) -> None:
    """It is over with this step; the loss has fallen by far from the first one on."""
    losses = [3.3, *[2.0] * (TRIAL_STEPS - 1)]
    scripted = Scripted({100.0: losses}, seconds=MOST_SECONDS / (steps - 0.5), clock=clock)
    assert scripted.search() == found
    assert scripted.tried == [100.0]


def test_all_trials_share_one_time(clock: Clock) -> None:
    """Each trial in vain takes a quarter: the one that would work comes too late."""
    slow = MOST_SECONDS / 3.9 / TRIAL_STEPS
    early = Scripted({10.0: FALLING}, slow, clock)
    assert early.search() == 10.0
    late = Scripted({0.3: FALLING}, slow, clock)
    assert late.search() is None
    assert late.tried[:4] == LOWER[:4]
    assert len(late.tried) < LOWER.index(0.3)


def test_a_trial_is_the_same_recipe_gone_through_in_a_few_steps() -> None:
    recipe = recipe_for("best", "wavenet")
    tried = trial_recipe(recipe, recipe.learning_rate / 10)
    assert (tried.steps, tried.generations, tried.decay_at) == (TRIAL_STEPS, 1, 0)
    assert tried.adam_learning_rate == pytest.approx(recipe.adam_learning_rate / 10)
    whole = replace(tried, steps=recipe.steps, generations=4, decay_at=recipe.decay_at)
    assert whole == recipe.at_rate(recipe.learning_rate / 10)


@pytest.mark.parametrize(("recipe", "model"), [("lecture", "mlp"), ("fast", "mlp_bn")])
def test_each_trial_begins_at_the_start_of_the_training(
    start: Start, recipe: str, model: str
) -> None:
    begun: list[dict[str, Tensor]] = []
    given = recipe_for(recipe, model, steps=200, batch_size=20, learning_rate=RATE)

    def begin(tried: Recipe) -> Trainer:
        trainer = start(model, recipe=recipe, batch_size=20, learning_rate=tried.learning_rate)
        begun.append(trainer.weights())
        return Trainer.start(model, trainer.dataset, tried, seed=7)

    found = carried_out(RateSearch(begin, given, RATE, again=True))
    assert found is not None
    assert len(begun) >= 3
    first = begun[0]
    assert all(torch.equal(first[name], each[name]) for each in begun for name in first)


@pytest.mark.parametrize("rate", [1000.0, 100.0, 50.0])
@pytest.mark.parametrize("name", ["mlp_2d", "mlp", "mlp_naive"])
def test_what_is_found_trains(real: Dataset, name: str, rate: float) -> None:
    """On the course's names, from the shipped start: 500 steps with the rate, and the lecture's loop."""
    about = SHIPPED[name]
    chosen = recipe_for("lecture", about.model, learning_rate=rate)
    spec = Spec.of(about.model, chosen, seed=about.seed, dataset=real, settings=about.settings)
    found = carried_out(spec.start_rate_search(real, rate))
    assert found is not None
    assert LOWEST <= found < rate
    losses = []
    for event in spec.build_trainer(real, None, found).events(500):
        assert isinstance(event, Stepped), event
        losses.append(event.loss)
    end = sum(losses[-50:]) / 50
    assert end < losses[0] - FALLEN
    assert end < math.log(27) + 0.2 or name == "mlp_naive", "whose start is nine times as high"
