"""Which optimizer moves which weights, and how fast. Takes no step."""

import torch
from torch import nn

from makemore.layers import Embedding
from makemore.models import LanguageModel, LayeredModel
from makemore.training.recipes import Recipe


def optimizers(model: LanguageModel, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW, and Muon for the hidden matrices if the recipe says so; `peak` keeps each one's rate."""
    hidden = hidden_matrices(model) if recipe.optimizer == "muon" else []
    others = [p for p in model.parameters() if not any(p is matrix for matrix in hidden)]
    tables = {
        "params": [p for p in others if p.dim() == 2],
        "weight_decay": recipe.adam_weight_decay,
    }
    vectors = {"params": [p for p in others if p.dim() != 2], "weight_decay": 0.0}
    # The whole set has no noise to average, so that shorter memories do.
    betas = (0.9, 0.99) if recipe.batch_size else (0.8, 0.9)
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


def set_rates(both: list[torch.optim.Optimizer], share: float) -> None:
    """Set each learning rate to this share of its peak."""
    for optimizer in both:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * share


def hidden_matrices(model: LanguageModel) -> list[nn.Parameter]:
    """The matrices between the tables that letters enter and leave by; Muon is meant for these."""
    last = model.layers[-1] if isinstance(model, LayeredModel) else [*model.modules()][-1]
    between = [
        module
        for module in model.modules()
        if module is not last and not isinstance(module, Embedding | nn.Embedding)
    ]
    return [p for module in between for p in module.parameters(recurse=False) if p.dim() == 2]
