"""Says in words what a training configuration does, in the terms of the field. Knows no widget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from makemore.training.recipes import Recipe

NAMES = {"lecture": "Lecture", "fast": "Fast", "best": "Best"}
INTRODUCTION = (
    "A recipe says with which optimizer, mini-batches, learning rate and steps a net is trained."
)
SGD = "SGD, stochastic gradient descent: each parameter moves against its gradient, times the learning rate"
ADAM = "AdamW, which divides the step of each parameter by the size that its gradients had lately"
MUON = (
    "Muon for the hidden matrices, which orthogonalises the update of each, so that it has the same size "
    f"in all directions; {ADAM.replace('AdamW', 'AdamW for the rest')}"
)
CYCLE = "the learning rate rises over a twentieth of the steps and falls along a cosine"


@dataclass(frozen=True)
class Reached:
    """Dev losses in nats that two recipes end with, of one net and seed on the course's names."""

    fast: float
    lecture: float


# By shipped checkpoint, of those in the study `fast_ends`; of the others there it ends no higher.
FAST_FALLS_SHORT: Mapping[str, Reached] = {
    "mlp_2d": Reached(fast=2.190, lecture=2.179),
    "wavenet_22k": Reached(fast=2.048, lecture=2.020),
}


def explain(recipes: Iterable[Recipe], *, shipped: str = "") -> str:
    """Markdown: what a recipe is, and a line for each of these; where one of them ends for this checkpoint."""
    lines = [f"- **{NAMES[recipe.name]}:** {describe(recipe)}" for recipe in recipes]
    if short := FAST_FALLS_SHORT.get(shipped):
        lines += [
            "",
            f"For this net “{NAMES['fast']}” is quick but not as good: it ends at a dev loss of "
            f"{short.fast:.3f}, the lecture's loop at {short.lecture:.3f}.",
        ]
    return "\n".join([INTRODUCTION, "", *lines])


def describe(recipe: Recipe) -> str:
    """Optimizer, mini-batch, steps, learning-rate schedule and weight decay of one recipe."""
    if recipe.optimizer == "count":
        return f"every pair is counted once, in {recipe.steps:,} steps; there is no optimizer."
    optimizer = {"sgd": SGD, "adam": ADAM, "muon": MUON}[recipe.optimizer]
    batch = (
        f"mini-batches of {recipe.batch_size:,}" if recipe.batch_size else "all examples at once"
    )
    parts = [optimizer, f"{recipe.steps:,} steps on {batch}", _schedule(recipe)]
    if recipe.weight_decay or recipe.adam_weight_decay:
        parts.append("weight decay pulls every weight a little towards zero at each step")
    if recipe.generations > 1:
        parts.append(
            f"self-distillation: {recipe.generations} nets one after the other, each of which learns partly "
            "what the former ones expect"
        )
    return "; ".join(part for part in parts if part) + "."


def _schedule(recipe: Recipe) -> str:
    if recipe.optimizer in ("adam", "muon"):
        return CYCLE
    if not 0 < recipe.decay_at < recipe.steps:
        return ""
    return f"the learning rate is divided by 10 after step {recipe.decay_at:,}"
