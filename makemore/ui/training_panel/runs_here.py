"""The trainings that this session has begun at any panel, as far as they have come. Draws nothing."""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import Any

import streamlit as st
import torch

from makemore.models import build
from makemore.training.events import Evaluated
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
