"""What a page offers to train, and what a session makes of it. Knows jobs, no widget."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from makemore import jobs
from makemore.jobs import Handle, JobState, Spec
from makemore.recipes import Recipe, recipe_for
from makemore.shipped import SHIPPED, Shipped
from makemore.ui import load
from makemore.ui.training import curve

FORMER = 3  # runs of this session that can still be laid over the present one


@dataclass(frozen=True)
class Offer:
    """A shipped checkpoint's model and start; `key` sets this panel apart from those of other pages.

    `steps` ends the recipe of that name earlier, `settings` change the model.
    """

    name: str
    key: str
    recipe_name: str
    steps: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> Shipped:
        return SHIPPED[self.name]

    def recipe(self, name: str) -> Recipe:
        """The recipe of this name as the page offers it."""
        shorter = self.steps is not None and name == self.recipe_name
        return recipe_for(name, self.about.model, **({"steps": self.steps} if shorter else {}))


@dataclass(frozen=True)
class Run:
    """A job that this session holds, and what it was asked to train."""

    spec: Spec
    handle: Handle

    @property
    def label(self) -> str:
        recipe = self.spec.recipe
        rate = f", learning rate {recipe.learning_rate:g}" if recipe.optimizer != "count" else ""
        return f"{recipe.name}, seed {self.spec.seed}{rate}"


@dataclass(frozen=True)
class Former:
    """What is left of a run after the next one has begun."""

    label: str
    curve: pd.DataFrame
    steps: int


@dataclass(frozen=True)
class Look:
    """What the learner chose to see: a stored step (`newest`: follow the training), and how."""

    step: int
    newest: bool
    log: bool
    other: Former | None


def current(offer: Offer) -> Run | None:
    """The run of this session at this panel, if it has begun one."""
    run: Run | None = st.session_state.get(f"{offer.key}_run")
    return run


def start(offer: Offer, spec: Spec) -> None:
    """Train in the place of what this session trained before, which is kept for comparison."""
    keep(offer)
    handle = jobs.shared().start(spec, load.dataset(), whose())
    st.session_state[f"{offer.key}_run"] = Run(spec, handle)


def keep(offer: Offer) -> None:
    """Keep the curve of the present run, so that the next one can be laid over it."""
    run = current(offer)
    if run is None:
        return
    state = run.handle.snapshot()
    if state.step:
        label = f"{run.label}, {state.step:,} steps"
        kept = [Former(label, _frame(curve.lived(state)), state.steps), *formers(offer)]
        st.session_state[f"{offer.key}_formers"] = kept[:FORMER]


def formers(offer: Offer) -> list[Former]:
    """What this session trained here before, the newest first."""
    kept: list[Former] = st.session_state.get(f"{offer.key}_formers", [])
    return kept


def shipped(asked: Offer) -> Former:
    """The shipped training as something to compare with."""
    checkpoint = load.checkpoint(asked.name)
    return Former("the shipped one", _frame(curve.replayed(checkpoint)), checkpoint.metadata.step)


def _frame(whole: curve.Curve) -> pd.DataFrame:
    """What is drawn of another run: its single batches would only be in the way."""
    return curve.frame({name: whole.get(name, ()) for name in ("mean", "dev")})


def whose() -> str:
    """A name for this session that says nothing of the learner."""
    return str(st.session_state.setdefault("training_session", uuid.uuid4().hex))


def stored(state: JobState | None) -> bool:
    """Whether there is something that a checkpoint could keep, standing still."""
    return state is not None and state.step > 0 and (state.over or state.status == "paused")
