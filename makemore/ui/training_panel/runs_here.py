"""The trainings that this session has begun at any panel, as far as they have come. Draws nothing."""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import Any

import streamlit as st
import torch

from makemore.models import build, config_for
from makemore.training.events import Evaluated
from makemore.training.recipes import Recipe
from makemore.ui.training_panel.offer import Run


@dataclass(frozen=True)
class Measured:
    """What is known of a run that was measured at least once, in the words of a checkpoint's metadata.

    losses: train and dev, in nats, as they were measured last; test is never measured while one trains.
    """

    label: str
    losses: dict[str, float]
    vocabulary: str
    parameters: int
    seconds: float
    recipe: dict[str, Any]
    seed: int
    model: str
    step: int


def measured_runs(names_sha256: str, vocabulary: str) -> list[Measured]:
    """Those of this session that learn from the list with this SHA-256 and alphabet."""
    runs = [run for run in st.session_state.values() if isinstance(run, Run)]
    found = []
    for run in runs:
        state = run.handle.snapshot()
        if run.spec.names_sha256 == names_sha256 and state.evaluated:
            found.append(_measured(run, vocabulary, state.evaluated[-1], state.seconds))
    return found


@dataclass(frozen=True)
class Sized:
    """A finished training: the whole config of its model, its seed, and train and dev loss in nats."""

    settings: dict[str, Any]
    seed: int
    losses: dict[str, float]


def sized_runs(names_sha256: str, model: str, recipe: Recipe) -> list[Sized]:
    """Those of this session that learned from this list, with this model and by just this recipe."""
    found = []
    for run in [run for run in st.session_state.values() if isinstance(run, Run)]:
        spec, state = run.spec, run.handle.snapshot()
        same = (spec.names_sha256, spec.model, spec.recipe) == (names_sha256, model, recipe)
        if same and state.status == "finished" and state.evaluated:
            last = state.evaluated[-1]
            settings = config_for(model, dict(spec.settings)).to_json()
            losses = {"train": last.train, "dev": last.dev}
            found.append(Sized(settings=settings, seed=spec.seed, losses=losses))
    return found


def _measured(run: Run, vocabulary: str, last: Evaluated, seconds: float) -> Measured:
    settings = json.dumps(dict(run.spec.settings), sort_keys=True)
    words = [run.offer.title or run.spec.model, run.spec.recipe.name]
    return Measured(
        label=f"{', '.join(words)}, step {last.step:,}",
        losses={"train": last.train, "dev": last.dev, "test": nan},
        vocabulary=vocabulary,
        parameters=_count_parameters(run.spec.model, settings, len(vocabulary) + 1),
        seconds=seconds,
        recipe=run.spec.recipe.to_json(),
        seed=run.spec.seed,
        model=run.spec.model,
        step=last.step,
    )


@lru_cache(maxsize=64)
def _count_parameters(model: str, settings: str, vocab_size: int) -> int:
    return build(model, vocab_size, torch.Generator(), json.loads(settings)).size
