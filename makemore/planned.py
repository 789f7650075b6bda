"""How a model takes one step by way of a plan: large batches, modern optimizers, generations. Knows no events."""

from typing import cast

import torch
from torch import Generator, Tensor, nn

from makemore.data import Examples
from makemore.layers import Linear
from makemore.models import LanguageModel, LayeredModel, build
from makemore.plans import Planner, cross_entropy, planned_logits, wanted
from makemore.recipes import Recipe

EXPLODED = 1e4  # nats: no start, however unlucky, is that wrong; ln 27 is 3.3


class Planned:
    """Shuffled batches, each distinct node computed once; the matrices of hidden layers by Muon.

    Muon makes each update orthogonal (Jordan et al. 2024); all else goes by AdamW (Loshchilov and
    Hutter 2019). The learning rates rise over the first twentieth of the steps and fall along a
    cosine. A recipe with several generations draws the weights anew at the start of each, and lets
    the net learn partly from what its elders expect (born-again networks, Furlanello et al. 2018).
    """

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = cast(LayeredModel, model), examples, recipe
        self.generator = generator
        self.planner = Planner(examples, self.model)
        self.whole = None if recipe.batch_size else self.planner.everything()
        self.order = torch.zeros(0, dtype=torch.int64)
        self.elders = torch.zeros(0)  # (distinct contexts, vocab): what former generations expect
        self.optimizers = optimizers(self.model, recipe)

    def __call__(self, step: int) -> float | None:
        generation, within = divmod(step, self.recipe.generation_steps)
        if generation and not within:
            self._succeed(generation)
        if not self.model.training:
            self.model.train()
        plan = self.whole or self.planner.batch(self._batch(within))
        logp = planned_logits(self.model, plan).log_softmax(dim=1)
        shares = wanted(plan, self.model.vocab_size)
        loss = cross_entropy(logp, shares)
        if not (value := loss.item()) < EXPLODED:
            return None
        if len(self.elders):
            expected = shares.sum(dim=1, keepdim=True) * self.elders[plan.tops]
            loss = cross_entropy(logp, shares.lerp(expected, self.recipe.from_elders))
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        share = self.recipe.share_at(step)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * share
            optimizer.step()
        return value

    def _batch(self, step: int) -> Tensor:
        """The next examples of a shuffled order that is drawn anew each epoch."""
        size = min(self.recipe.batch_size, len(self.examples))
        place = step % (len(self.examples) // size)
        if place == 0:
            self.order = torch.randperm(len(self.examples), generator=self.generator)
        return self.order[place * size : (place + 1) * size].to(self.examples.targets.device)

    @torch.no_grad()
    def _succeed(self, generation: int) -> None:
        """The trained net joins the elders; a fresh one takes its place."""
        self.model.eval()
        expected = planned_logits(self.model, self.planner.everything()).softmax(dim=1)
        former = self.elders if len(self.elders) else torch.zeros_like(expected)
        self.elders = former + (expected - former) / generation
        model = self.model
        fresh = build(model.name, model.vocab_size, self.generator, model.config.to_json())
        model.load_state_dict(fresh.state_dict())
        self.optimizers = optimizers(model, self.recipe)

    def state(self) -> dict[str, Tensor]:
        tensors = {"generator": self.generator.get_state(), "order": self.order.clone()}
        tensors["elders"] = self.elders.clone()
        for i, optimizer in enumerate(self.optimizers):
            for j, values in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizer.{i}.{j}.{key}": v.clone() for key, v in values.items()}
        return tensors

    def restore(self, state: dict[str, Tensor]) -> None:
        self.generator.set_state(state["generator"].cpu())
        self.order = state["order"].cpu()
        self.elders = state["elders"].to(self.examples.targets.device)
        for i, optimizer in enumerate(self.optimizers):
            values: dict[int, dict[str, Tensor]] = {}
            for name, tensor in state.items():
                if name.startswith(f"optimizer.{i}."):
                    _, _, j, key = name.split(".", 3)
                    values.setdefault(int(j), {})[key] = tensor.clone()
            optimizer.load_state_dict({**optimizer.state_dict(), "state": values})

    def follow(self, recipe: Recipe) -> None:
        self.recipe = recipe
        set_peaks(self.optimizers, recipe)


def optimizers(model: LayeredModel, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW, and Muon for the hidden matrices if the recipe says so; `peak` keeps each one's rate."""
    hidden = _hidden_matrices(model) if recipe.optimizer == "muon" else []
    others = [p for p in model.parameters() if not any(p is matrix for matrix in hidden)]
    tables = {
        "params": [p for p in others if p.dim() == 2],
        "weight_decay": recipe.adam_weight_decay,
    }
    vectors = {"params": [p for p in others if p.dim() != 2], "weight_decay": 0.0}
    betas = (
        (0.9, 0.99) if recipe.batch_size else (0.8, 0.9)
    )  # the whole set has no noise to average
    both: list[torch.optim.Optimizer] = [
        torch.optim.AdamW([tables, vectors], betas=betas, fused=True)
    ]
    if hidden:
        both.append(torch.optim.Muon(hidden, weight_decay=recipe.weight_decay))
    set_peaks(both, recipe)
    return both


def set_peaks(both: list[torch.optim.Optimizer], recipe: Recipe) -> None:
    """Tell AdamW, and Muon if it is there, the highest rate that the recipe gives it."""
    peaks = (recipe.adam_learning_rate or recipe.learning_rate, recipe.learning_rate)
    for optimizer, peak in zip(both, peaks, strict=False):
        for group in optimizer.param_groups:
            group["peak"] = peak


def _hidden_matrices(model: LayeredModel) -> list[nn.Parameter]:
    """The matrices between the tables that letters enter and leave by; Muon is meant for these."""
    last = model.layers[-1]
    layers = [each for each in model.layers.modules() if isinstance(each, Linear)]
    return [each.weight for each in layers if each is not last]
