"""How a model takes one step: it counts, it descends as in the lecture, or it follows a plan. Knows no events."""

import math
from typing import Protocol, cast

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from makemore.data import Examples
from makemore.models import Bigram, LanguageModel, LayeredModel
from makemore.plans import Planner, planned_loss
from makemore.recipes import Recipe


class Update(Protocol):
    """One way to take a step. `state()` and `restore()` carry what the weights do not."""

    def __call__(self, step: int) -> float | None:
        """Make update number `step`; its loss before it, or None, and no update, if not finite."""

    def state(self) -> dict[str, Tensor]: ...

    def restore(self, state: dict[str, Tensor]) -> None: ...


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


class Descent:
    """The lecture's step: the loss of a random batch, and each weight moves against its gradient."""

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = model, examples, recipe
        self.generator = generator

    def __call__(self, step: int) -> float | None:
        self.model.train()
        contexts, targets = self._batch()
        loss = F.cross_entropy(self.model(contexts), targets)
        if not math.isfinite(value := loss.item()):
            return None
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        rate = self.recipe.learning_rate_at(step)
        with torch.no_grad():
            for parameter in self.model.parameters():
                parameter.sub_(cast(Tensor, parameter.grad), alpha=rate)
        return value

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


class Planned:
    """Large batches in shuffled order, each distinct node computed once, modern optimizers.

    The matrices of the hidden layers go by Muon (Jordan 2024: each update is made orthogonal),
    everything else by AdamW (Loshchilov and Hutter 2019); the learning rates rise over the first
    twentieth of the steps and fall to zero along a cosine.
    """

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = cast(LayeredModel, model), examples, recipe
        self.generator = generator
        self.planner = Planner(examples, self.model)
        self.whole = self.planner.everything() if not recipe.batch_size else None
        self.order = torch.zeros(0, dtype=torch.int64)
        self.optimizers = _optimizers(self.model, recipe)

    def __call__(self, step: int) -> float | None:
        self.model.train()
        plan = self.whole or self.planner.batch(self._batch(step))
        loss = planned_loss(self.model, plan)
        if not math.isfinite(value := loss.item()):
            return None
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        share = self.recipe.learning_rate_at(step) / self.recipe.learning_rate
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * share
            optimizer.step()
        return value

    def _batch(self, step: int) -> Tensor:
        """The next examples of a shuffled order that is drawn anew each epoch."""
        size = min(self.recipe.batch_size, len(self.examples))
        place = step % (len(self.examples) // size)
        if place == 0 or not len(self.order):
            self.order = torch.randperm(len(self.examples), generator=self.generator)
        return self.order[place * size : (place + 1) * size].to(self.examples.targets.device)

    def state(self) -> dict[str, Tensor]:
        tensors = {"generator": self.generator.get_state(), "order": self.order.clone()}
        for i, optimizer in enumerate(self.optimizers):
            for j, values in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizer.{i}.{j}.{key}": v.clone() for key, v in values.items()}
        return tensors

    def restore(self, state: dict[str, Tensor]) -> None:
        self.generator.set_state(state["generator"].cpu())
        self.order = state["order"].cpu()
        for i, optimizer in enumerate(self.optimizers):
            values: dict[int, dict[str, Tensor]] = {}
            for name, tensor in state.items():
                if name.startswith(f"optimizer.{i}."):
                    _, _, j, key = name.split(".", 3)
                    values.setdefault(int(j), {})[key] = tensor.clone()
            optimizer.load_state_dict({**optimizer.state_dict(), "state": values})


def _optimizers(model: LayeredModel, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """Muon for the hidden matrices if the recipe asks for it; AdamW for all else."""
    hidden = _hidden_matrices(model) if recipe.optimizer == "muon" else []
    others = [p for p in model.parameters() if not any(p is matrix for matrix in hidden)]
    adam_rate = recipe.adam_learning_rate or recipe.learning_rate
    groups = [
        {"params": [p for p in others if p.dim() == 2], "weight_decay": recipe.adam_weight_decay},
        {"params": [p for p in others if p.dim() != 2], "weight_decay": 0.0},
    ]
    betas = (
        (0.9, 0.99) if recipe.batch_size else (0.8, 0.9)
    )  # the whole set has no noise to average
    adamw = torch.optim.AdamW(groups, lr=adam_rate, betas=betas, fused=True)
    optimizers: list[torch.optim.Optimizer] = [adamw]
    if hidden:
        rate, decay = recipe.learning_rate, recipe.weight_decay
        optimizers.append(torch.optim.Muon(hidden, lr=rate, weight_decay=decay))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def _hidden_matrices(model: LayeredModel) -> list[torch.nn.Parameter]:
    return [p for name, p in model.layers.named_parameters() if p.dim() == 2 and not _is_end(name)]


def _is_end(name: str) -> bool:
    """The tables that letters enter and leave by, for which Muon is not meant."""
    return name.split(".")[0] in ("embedding", "W", "logits")


UPDATES: dict[str, type[Counting] | type[Descent] | type[Planned]] = {
    "count": Counting,
    "sgd": Descent,
    "adam": Planned,
    "muon": Planned,
}
