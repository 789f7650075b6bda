"""Takes one step of `fast` or `best`: large batches by a plan, and generations. Knows no events."""

from functools import cached_property
from typing import cast

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from makemore.data.examples import Examples
from makemore.inference import distinct_nodes, planned_forward, understood
from makemore.inference.distinct_nodes import Plan, Planner
from makemore.inference.planned_forward import cross_entropy, planned_logits, wanted
from makemore.models import LanguageModel, LayeredModel
from makemore.training.optimizers import optimizers, set_peaks, set_rates
from makemore.training.recipes import Recipe

EXPLODED = 1e4  # nats: no start, however unlucky, is that wrong; ln 27 is 3.3


class PlannedForward:
    """The losses of a net that a plan understands: each distinct node is computed once."""

    def __init__(self, model: LayeredModel, examples: Examples) -> None:
        self.model, self.planner = model, Planner(examples, model)

    @cached_property
    def whole(self) -> Plan:
        return self.planner.everything()

    def losses(
        self, chosen: Tensor | None, elders: Tensor, from_elders: float
    ) -> tuple[Tensor, Tensor]:
        """The NLL of these examples, or of all, and what is to fall: partly what elders expect."""
        plan = self.whole if chosen is None else self.planner.batch(chosen)
        logp = planned_logits(self.model, plan).log_softmax(dim=1)
        shares = wanted(plan, logp.shape[1])
        nll = cross_entropy(logp, shares)
        if not len(elders):
            return nll, nll
        expected = shares.sum(dim=1, keepdim=True) * elders[plan.tops]
        return nll, cross_entropy(logp, shares.lerp(expected, from_elders))

    def expected(self) -> Tensor:
        """(distinct contexts, vocab): the probabilities after each, of the model in eval mode."""
        return planned_logits(self.model, self.planner.everything()).softmax(dim=1)


class PlainForward:
    """The same losses of any other net, by its own forward over every example."""

    def __init__(self, model: LanguageModel, examples: Examples) -> None:
        self.model, self.examples = model, examples

    @cached_property
    def distinct(self) -> tuple[Tensor, Tensor]:
        """All distinct contexts, and for each example the number of its own."""
        return distinct_nodes.distinct_contexts(self.examples.contexts)

    def losses(
        self, chosen: Tensor | None, elders: Tensor, from_elders: float
    ) -> tuple[Tensor, Tensor]:
        """The NLL of these examples, or of all, and what is to fall: partly what elders expect."""
        everything = slice(None) if chosen is None else chosen
        contexts, targets = self.examples.contexts[everything], self.examples.targets[everything]
        logits = self.model(contexts)
        nll = F.cross_entropy(logits, targets)
        if not len(elders):
            return nll, nll
        expected = elders[self.distinct[1][everything]]
        return nll, nll.lerp(F.cross_entropy(logits, expected), from_elders)

    def expected(self) -> Tensor:
        """(distinct contexts, vocab): the probabilities after each, of the model in eval mode."""
        return planned_forward.logits(self.model, self.distinct[0]).softmax(dim=1)


class Planned:
    """Shuffled batches, each distinct node computed once; the matrices of hidden layers by Muon.

    Muon makes each update orthogonal (Jordan et al. 2024); all else goes by AdamW (Loshchilov and
    Hutter 2019). The learning rates rise over the first twentieth of the steps and fall along a
    cosine. A recipe with several generations draws the weights anew at the start of each, and lets
    the net learn partly from what its elders expect (born-again networks, Furlanello et al. 2018).
    A net that no plan understands takes its plain forward; that is decided when training begins.
    """

    def __init__(
        self, model: LanguageModel, examples: Examples, recipe: Recipe, generator: Generator
    ) -> None:
        self.model, self.examples, self.recipe = model, examples, recipe
        self.generator = generator
        self.forward: PlannedForward | PlainForward = (
            PlannedForward(cast(LayeredModel, model), examples)
            if understood.understands(model)
            else PlainForward(model, examples)
        )
        self.order = torch.zeros(0, dtype=torch.int64)
        self.elders = torch.zeros(0)  # (distinct contexts, vocab): what former generations expect
        self.optimizers = optimizers(model, recipe)

    def __call__(self, step: int) -> float | None:
        generation, within = divmod(step, self.recipe.generation_steps)
        if generation and not within:
            self._succeed(generation)
        if not self.model.training:
            self.model.train()
        set_rates(self.optimizers, self.recipe.share_at(step))
        return self.descend(self._batch(within))

    def descend(self, batch: Tensor | None) -> float | None:
        """One update of the recipes `fast` and `best`, by Muon and AdamW; the loss before it."""
        # Forward: the NLL, and what is to fall, which in later generations is partly up to elders.
        nll, loss = self.forward.losses(batch, self.elders, self.recipe.from_elders)
        if not (value := nll.item()) < EXPLODED:  # a NaN is not either
            return None
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return value

    def _batch(self, step: int) -> Tensor | None:
        """The next examples of a shuffled order that is drawn anew each epoch; None means all."""
        if not self.recipe.batch_size:
            return None
        size = min(self.recipe.batch_size, len(self.examples))
        place = step % (len(self.examples) // size)
        if place == 0:
            self.order = torch.randperm(len(self.examples), generator=self.generator)
        return self.order[place * size : (place + 1) * size].to(self.examples.targets.device)

    @torch.no_grad()
    def _succeed(self, generation: int) -> None:
        """The trained net joins the elders; a fresh one takes its place."""
        self.model.eval()
        expected = self.forward.expected()
        former = self.elders if len(self.elders) else torch.zeros_like(expected)
        self.elders = former + (expected - former) / generation
        model = self.model
        fresh = type(model)(model.config, model.vocab_size, self.generator)
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
