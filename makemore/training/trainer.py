"""Trains a model step by step and tells what happened as events. Knows no screen, no file, no thread."""

from collections.abc import Collection, Generator, Iterator, Mapping
from time import perf_counter
from typing import TypeVar, cast

import torch
from torch import Tensor

from makemore.data.examples import Dataset, Split
from makemore.inference import evaluation, sampling
from makemore.inference.capture import snapshot
from makemore.layers import BatchNorm1d
from makemore.models import LanguageModel, build
from makemore.training.events import (
    Diverged,
    Evaluated,
    Event,
    Kept,
    Probed,
    Sampled,
    Stepped,
    Working,
)
from makemore.training.fitting_tensors import part_of
from makemore.training.recipes import Recipe
from makemore.training.trainer_state import check_state
from makemore.training.update_sizes import copied, update_sizes
from makemore.training.updates import UPDATES, Descent

PROBE_EXAMPLES = 200
# Of dev, fewer: a net knows the train names of so short a list by heart, and its loss of others then
# rises far above guessing whatever the learning rate is, which would be taken for one too high.
FEW_EXAMPLES = 2_000
SAMPLES = 10
HUGE = 1e6  # a weight beyond this leads to overflow sooner or later; sound ones are below 100

T = TypeVar("T")


def evenly(steps: int, times: int) -> frozenset[int]:
    """About `times` moments at equal distances, the start and the end among them."""
    return frozenset(round(i * steps / times) for i in range(times + 1))


def log_spaced(steps: int, times: int) -> frozenset[int]:
    """About `times` moments, dense at the start where most happens: 0, 1, 2, 3, 5, 8, ..., steps."""
    ratio = max(steps, 1) ** (1 / times)
    return frozenset({0, steps}) | {round(ratio**i) for i in range(times + 1)}


def probe(
    model: LanguageModel,
    dataset: Dataset,
    *,
    step: int,
    updates: Mapping[str, float] | None = None,
) -> Probed:
    """A look inside a model, always at the same examples: of dev, or of train where the list is short."""
    split: Split = "dev" if dataset.sizes["dev"] >= FEW_EXAMPLES else "train"
    device = next(iter(model.state_dict().values())).device
    examples = dataset.examples(split, model.block_size)
    # Copies: those of a data set may have been made in inference mode, from which no gradient comes.
    contexts = examples.contexts[:PROBE_EXAMPLES].clone().to(device)
    targets = examples.targets[:PROBE_EXAMPLES].clone().to(device)
    return Probed(step, snapshot(model, contexts, targets, step=step, updates=updates))


class Trainer:
    """A model in training. `events()` does the work; to stop, cease to iterate; to go on, iterate again.

    The weights and then the batches are drawn from one generator, as in the lecture, so the same
    seed on the same device gives the same floats, also across `state()` and `restore()`.
    """

    def __init__(
        self,
        model: LanguageModel,
        dataset: Dataset,
        recipe: Recipe,
        *,
        generator: torch.Generator,
        device: torch.device | None = None,
    ) -> None:
        self.device = device or torch.device("cpu")
        self.model = model.to(self.device)
        self.dataset = dataset
        self.recipe = self._made_with = recipe
        for layer in self.model.modules():
            if isinstance(layer, BatchNorm1d):
                layer.momentum = recipe.momentum
        self.step = 0
        self.seconds = 0.0
        self.moved: dict[str, float] = {}  # of the last update, if somebody looks after it
        self.examples = dataset.examples(recipe.trains_on, model.block_size).to(self.device)
        self.update = UPDATES[recipe.optimizer](self.model, self.examples, recipe, generator)

    @classmethod
    def start(
        cls,
        model: str,
        dataset: Dataset,
        recipe: Recipe,
        *,
        seed: int,
        settings: dict[str, object] | None = None,
        device: torch.device | None = None,
    ) -> "Trainer":
        """A trainer at step 0 with a model fresh from the seed. Raises ConfigError."""
        generator = torch.Generator().manual_seed(seed)
        fresh = build(model, len(dataset.vocabulary), generator, settings)
        return cls(fresh, dataset, recipe, generator=generator, device=device)

    def events(
        self,
        until: int | None = None,
        *,
        log_every: int = 1,
        evaluate_at: Collection[int] = (),
        probe_at: Collection[int] = (),
        keep_at: Collection[int] = (),
        sample_at: Collection[int] = (),
        pass_at: Collection[int] = (),
        breaks: bool = False,
    ) -> Iterator[Event]:
        """Train up to step `until` (the recipe's last one unless given).

        Yields a Stepped for every `log_every`-th update, and at the given steps, before the update
        that has their number, Evaluated, Probed, Kept and Sampled. After a Diverged nothing follows.
        `pass_at` may grow meanwhile: a Kept of sound weights there, which decides nothing.
        With `breaks` a Working comes now and then in an evaluation or a step that takes long.
        Every yield is a point where `state()` may be taken.
        """
        until = self.recipe.steps if until is None else until
        while True:
            due = any(
                self.step in moments for moments in (evaluate_at, probe_at, keep_at, sample_at)
            )
            if due and not self._sound():
                yield self._diverged()
                return
            if self.step in evaluate_at:
                yield (yield from self._evaluate()) if breaks else self.evaluate()
            if self.step in probe_at:
                yield self.probe()
            if self.step in keep_at or (self.step in pass_at and self._sound()):
                yield Kept(self.step, self.weights(), self.moved)
            if self.step in sample_at:
                yield self.sample()
            if self.step >= until:
                return
            rate = self.recipe.learning_rate_at(self.step)
            before = self._before_update(probe_at, keep_at, pass_at)
            loss = yield from self._update(breaks)
            if loss is None:
                yield self._diverged()
                return
            self.step += 1
            self.moved = {} if before is None else update_sizes(self.model, before)
            if (self.step - 1) % log_every == 0:
                yield Stepped(
                    step=self.step - 1, seconds=self.seconds, loss=loss, learning_rate=rate
                )

    def evaluate(self) -> Evaluated:
        """The losses on all of train and dev now."""
        train, dev = (self.loss("train"), self.loss("dev"))
        return Evaluated(step=self.step, seconds=self.seconds, train=train, dev=dev)

    def _evaluate(self) -> Generator[Working, None, Evaluated]:
        """The same with breaks."""
        train = yield from self._with_breaks(self._loss("train"))
        dev = yield from self._with_breaks(self._loss("dev"))
        return Evaluated(step=self.step, seconds=self.seconds, train=train, dev=dev)

    def _with_breaks(
        self, work: Generator[None, None, T], *, updating: bool = False
    ) -> Generator[Working, None, T]:
        while True:
            try:
                next(work)
            except StopIteration as end:
                return cast(T, end.value)
            yield Working(self.step, updating)

    def probe(self) -> Probed:
        """A look inside now."""
        return probe(self.model, self.dataset, step=self.step, updates=self.moved)

    def _before_update(self, *moments: Collection[int]) -> dict[str, Tensor] | None:
        """The parameters now, if somebody looks inside after the next update.

        Not where that begins a generation: then they are drawn anew.
        """
        fresh = self.step and self.step % self.recipe.generation_steps == 0
        looked_at = any(self.step + 1 in each for each in moments)
        return copied(self.model) if looked_at and not fresh else None

    def weights(self) -> dict[str, Tensor]:
        """A copy of the weights and running statistics."""
        return {k: v.detach().clone() for k, v in self.model.state_dict().items()}

    def set_learning_rate(self, rate: float) -> None:
        """Go on with another learning rate from the next update on. Raises ConfigError."""
        # From the first recipe, not from the last: rounding then does not depend on the way here.
        self.recipe = self._made_with.at_rate(rate)
        self.update.follow(self.recipe)

    def sample(self) -> Sampled:
        """Names made up now; the same draws each time, so that only the model makes a difference."""
        names = sampling.sample(self.model, self.dataset.vocabulary, SAMPLES, seed=0)
        return Sampled(self.step, tuple(names))

    def state(self) -> dict[str, Tensor]:
        """All that is needed to go on bit for bit: weights, optimizer, generator, step, rate, seconds."""
        tensors = {f"model.{k}": v for k, v in self.weights().items()}
        tensors |= {f"update.{k}": v for k, v in self.update.state().items()}
        tensors["step"] = torch.tensor(self.step)
        rate = self.recipe.learning_rate
        tensors["learning_rate"] = torch.tensor(rate, dtype=torch.float64)
        tensors["seconds"] = torch.tensor(self.seconds, dtype=torch.float64)
        return tensors

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go back, or on, to a `state()` of a trainer with the same model and recipe.

        Raises MisfitError or ConfigError for anything else, and then nothing has changed.
        """
        examples = self.dataset.examples(self.recipe.trains_on, self.model.block_size)
        check_state(state, self.model, examples, self._made_with)
        self.model.load_state_dict(part_of(state, "model."))
        self.update.restore(part_of(state, "update."))
        self.set_learning_rate(float(state["learning_rate"]))
        self.step = int(state["step"])
        self.moved = {}
        self.seconds = float(state["seconds"])

    def loss(self, split: Split) -> float:
        """The NLL of a split as the model stands now, in nats."""
        return evaluation.finish(self._loss(split))

    def _loss(self, split: Split) -> Generator[None, None, float]:
        judged = yield from evaluation.judge_in_parts(
            self.model, self.dataset, split, trained_on=self.recipe.trains_on, same_data=True
        )
        return judged.nll

    def _update(self, breaks: bool) -> Generator[Working, None, float | None]:
        """Make the next update, its seconds counted."""
        if breaks and isinstance(self.update, Descent) and self.update.part_size:
            parts = self._timed(self.update.in_parts(self.step))
            return (yield from self._with_breaks(parts, updating=True))
        started = perf_counter()
        try:
            return self.update(self.step)
        finally:
            self.seconds += perf_counter() - started

    def _timed(self, work: Generator[None, None, T]) -> Generator[None, None, T]:
        """The same, and what it takes counts as seconds of updates."""
        while True:
            started = perf_counter()
            try:
                next(work)
            except StopIteration as end:
                return cast(T, end.value)
            finally:
                self.seconds += perf_counter() - started
            yield

    def _sound(self) -> bool:
        """Whether every weight is of a size that can be worked with (a NaN is not)."""
        return all(bool((p.abs() < HUGE).all()) for p in self.model.parameters())

    def _diverged(self) -> Diverged:
        rate = self.recipe.learning_rate
        return Diverged(
            step=self.step,
            cause=f"at learning rate {rate:g} the updates overshot until the loss was no number",
            remedy=f"start again with learning rate {rate / 10:g}",
            safer_learning_rate=rate / 10,
        )
