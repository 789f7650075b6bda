"""How a model takes one step: it counts, or it descends as in the lecture. Knows no events."""

from collections import abc
from typing import Protocol, cast

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from makemore.data.examples import Examples
from makemore.inference.evaluation import finish
from makemore.models import Bigram, LanguageModel
from makemore.training.planned_update import EXPLODED, Planned
from makemore.training.recipes import Recipe
from makemore.training.step_cost import part_size


class Update(Protocol):
    """One way to take a step. `state()` and `restore()` carry what the weights do not."""

    def __call__(self, step: int) -> float | None:
        """Make update number `step`; its loss before it, or None, and no update, if it exploded."""

    def state(self) -> dict[str, Tensor]: ...

    def restore(self, state: dict[str, Tensor]) -> None: ...

    def follow(self, recipe: Recipe) -> None:
        """Take another learning rate from the next step on; all else in the recipe is as before."""


class Counting:
    """Counts the next share of the examples; the loss is what they cost before that."""

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = cast(Bigram, model), examples, recipe

    def seen(self, step: int) -> int:
        """How many examples are counted after `step` updates."""
        return min(round(step * len(self.examples) / self.recipe.steps), len(self.examples))

    def __call__(self, step: int) -> float:
        part = slice(self.seen(step), self.seen(step + 1))
        contexts, targets = self.examples.contexts[part], self.examples.targets[part]
        loss = F.cross_entropy(self.model(contexts), targets).item() if len(targets) else 0.0
        self.model.count(contexts, targets)
        return loss

    def state(self) -> dict[str, Tensor]:
        return {}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Nothing to do: what is counted is in the model."""

    def follow(self, recipe: Recipe) -> None:
        self.recipe = recipe


class Descent:
    """The lecture's step: the loss of a random batch, and each weight moves against its gradient."""

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = model, examples, recipe
        self.generator = generator
        self.parameters = list(model.parameters())  # to gather them is felt in a small step
        self.part_size = part_size(model, recipe, examples)  # 0: a step is made at once

    def __call__(self, step: int) -> float | None:
        if not self.model.training:
            self.model.train()
        if self.part_size:
            return finish(self.in_parts(step))
        return self.descend(*self._batch(), self.recipe.learning_rate_at(step))

    def descend(self, contexts: Tensor, targets: Tensor, rate: float) -> float | None:
        """One update of the recipe `lecture`, by the gradient alone; the loss before it."""
        loss = F.cross_entropy(self.model(contexts), targets)
        if not (value := loss.item()) < EXPLODED:  # a NaN is not either
            return None
        self._forget_gradients()
        loss.backward()
        self._move(rate)
        return value

    def in_parts(self, step: int) -> abc.Generator[None, None, float | None]:
        """A step on all examples with a break after every part of them, whose gradients add up.

        Nothing is changed before the last part; the loss and the update are those of all, to rounding.
        """
        self.model.train()
        self._forget_gradients()
        value, number = 0.0, len(self.examples)
        for start in range(0, number, self.part_size):
            part = slice(start, start + self.part_size)
            targets = self.examples.targets[part]
            logits = self.model(self.examples.contexts[part])
            loss = F.cross_entropy(logits, targets) * (len(targets) / number)
            loss.backward()
            value += loss.item()
            yield
        if not value < EXPLODED:
            return None
        self._move(self.recipe.learning_rate_at(step))
        return value

    def _forget_gradients(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    def _move(self, rate: float) -> None:
        with torch.no_grad():
            for parameter in self.parameters:
                if parameter.grad is not None:  # one that the loss does not depend on stays
                    parameter.sub_(parameter.grad, alpha=rate)

    def _batch(self) -> tuple[Tensor, Tensor]:
        size = self.recipe.batch_size
        if not size:
            return self.examples.contexts, self.examples.targets
        chosen = torch.randint(0, len(self.examples), (size,), generator=self.generator)
        chosen = chosen.to(self.examples.targets.device)
        return self.examples.contexts[chosen], self.examples.targets[chosen]

    def state(self) -> dict[str, Tensor]:
        return {"generator": self.generator.get_state()}

    def restore(self, state: dict[str, Tensor]) -> None:
        self.generator.set_state(state["generator"].cpu())

    def follow(self, recipe: Recipe) -> None:
        self.recipe = recipe


UPDATES: dict[str, type[Counting] | type[Descent] | type[Planned]] = {
    "count": Counting,
    "sgd": Descent,
    "adam": Planned,
    "muon": Planned,
}
