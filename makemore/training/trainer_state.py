"""Checks that tensors are the state of a trainer, before any trainer takes them. Trains nothing."""

import torch
from torch import Tensor

from makemore.data.examples import Examples
from makemore.models import LanguageModel
from makemore.training.fitting_tensors import (
    MisfitError,
    check_fit,
    check_generator,
    optimizer_tensors,
    part_of,
)
from makemore.training.optimizers import optimizers
from makemore.training.recipes import MOST_STEPS, Recipe

State = dict[str, Tensor]


def check_state(
    state: State, model: LanguageModel, examples: Examples, recipe: Recipe, *, finite: bool = False
) -> None:
    """Raises MisfitError or ConfigError for what is no `Trainer.state()` of this training.

    finite: whether the weights and what an optimizer keeps must be so; in a training that diverges
    they need not.
    """
    check_fit(part_of(state, "model."), model.state_dict(), finite=finite)
    rest = {k: v for k, v in state.items() if not k.startswith(("model.", "update."))}
    number = torch.zeros((), dtype=torch.float64)
    check_fit(rest, {"step": torch.tensor(0), "learning_rate": number, "seconds": number})
    step, seconds = int(state["step"]), float(state["seconds"])
    if not 0 <= step <= MOST_STEPS or seconds < 0:
        raise MisfitError(f"step {step} or {seconds:g} seconds cannot be")
    recipe.at_rate(float(state["learning_rate"]))
    update = part_of(state, "update.")
    if recipe.optimizer in ("adam", "muon"):
        _check_planned(update, step, model, examples, recipe, finite=finite)
    else:
        drawing = recipe.optimizer != "count"
        check_fit(update, {"generator": torch.Generator().get_state()} if drawing else {})
    if "generator" in update:
        check_generator(update["generator"])


def _check_planned(
    state: State,
    step: int,
    model: LanguageModel,
    examples: Examples,
    recipe: Recipe,
    *,
    finite: bool,
) -> None:
    """The order of the examples, what elders expect, and what the optimizers keep."""
    kept = [name for name in state if name.startswith("optimizer.")]
    former, updates = divmod(step - 1, recipe.generation_steps)  # of the last update
    ordered = len(examples) if step and recipe.batch_size else 0
    rows = (len(examples.tally.contexts), model.vocab_size) if step and former else (0,)
    expected = optimizer_tensors(optimizers(model, recipe), kept) | {
        "generator": torch.Generator().get_state(),
        "order": torch.arange(ordered),
        "elders": torch.empty(rows, device="meta"),
    }
    check_fit(state, expected, finite=finite)
    if not torch.equal(state["order"].cpu().sort().values, expected["order"]):
        raise MisfitError("order does not have every example once")
    made = {float(state[name]) for name in kept if name.endswith(".step")}
    if made != ({updates + 1.0} if step else set()):
        raise MisfitError(f"the optimizer has not made the updates of step {step}")
