"""What a page offers to train, and what a session makes of it. Knows jobs, no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from makemore import jobs
from makemore.checkpoints.store import Checkpoint
from makemore.jobs import Handle, JobState, Spec, View, Watch
from makemore.training.recipes import RECIPES, Recipe, recipe_for
from makemore.training.trajectory import Trajectory
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments, recorded_moments
from makemore.ui.training_panel import loss_curves, run_link
from makemore.ui.training_panel.live_moments import moments_of
from makemore.ui.training_panel.presence import is_here, session_token

FORMER = 3  # runs of this session that can still be laid over the present one


@dataclass(frozen=True, eq=False)
class Recorded:
    """A training that is seen before anything runs; `words` say whose.

    moments: what was kept on the way. letters: of the alphabet that its losses are of. rate: how many
    steps a second it made, 0 where that is not known.
    """

    words: str
    curve: loss_curves.Curve
    moments: Moments
    steps: int
    letters: int
    rate: float = 0.0


@dataclass(frozen=True)
class Offer:
    """A model, a list and its start; `key` sets this panel apart from those of other pages.

    `recipe_name` is the recipe to begin with, which `steps` ends earlier, or `exactly` this one; `like`
    is the model whose recipes are taken where this one has none. `start` are packed weights to go on
    from, at another `learning_rate` than the recipe's. Before anything runs `recorded` is shown, or the
    training of the checkpoint that `shipped` names; without either the start of this net, on empty axes
    or with `like_it`, the training of a net like it, as another run. Where one panel trains different
    nets, `title` tells them apart in a few words, and `detail` in full.
    """

    about: ChosenList
    key: str
    model: str
    seed: int
    recipe_name: str
    steps: int | None = None
    exactly: Recipe | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    like: str = ""
    shipped: str = ""
    recorded: Recorded | None = field(default=None, repr=False)
    like_it: "Former | None" = field(default=None, repr=False)
    title: str = ""
    detail: str = ""
    learning_rate: float | None = None
    start: bytes | None = field(default=None, repr=False)

    @property
    def checkpoint(self) -> Checkpoint | None:
        return self.about.checkpoint(self.shipped) if self.shipped else None

    @property
    def before(self) -> Recorded | None:
        """The training to see before anything runs, if there is one."""
        checkpoint = self.checkpoint
        return (
            recorded_training("the shipped training", checkpoint) if checkpoint else self.recorded
        )

    @property
    def recipe_names(self) -> list[str]:
        """The recipes that there are, the one to begin with first."""
        known = [self.recipe_name, *(name for name in RECIPES if name != self.recipe_name)]
        return [name for name in known if (self.like or self.model) in RECIPES[name]]

    def recipe(self, name: str) -> Recipe:
        """The recipe of this name as the page offers it, for the list that is looked at."""
        if self.exactly is not None and name == self.recipe_name:
            return self.exactly
        changes: dict[str, Any] = {}
        if name == self.recipe_name:
            changes = {"steps": self.steps, "learning_rate": self.learning_rate}
        given = {setting: value for setting, value in changes.items() if value}
        recipe = recipe_for(name, self.like or self.model, **given)
        return recipe.for_examples(self.about.dataset.sizes[recipe.trains_on])


@dataclass(frozen=True, eq=False)
class Run:
    """A job that this session sees, what it trains, and the offer that it belongs to.

    `handle` has the controls of the job or, for who only watches, a look at it. `link` is the token
    that leads here.
    """

    spec: Spec
    handle: View
    offer: Offer
    link: str

    @property
    def controls(self) -> Handle | None:
        """The controls, if they are this session's."""
        handle = self.handle
        mine = isinstance(handle, Handle) and handle.session == session_token()
        return handle if mine and isinstance(handle, Handle) else None

    @property
    def may_get_controls(self) -> bool:
        """Whether another tab has the controls, and they come here when that is closed."""
        only_looks = isinstance(self.handle, Watch) and self.handle.watch == self.link
        return self.controls is None and not only_looks

    @property
    def label(self) -> str:
        recipe = self.spec.recipe
        words = [self.offer.title, recipe.name, f"seed {self.spec.seed}"]
        if recipe.optimizer != "count":
            words.append(f"learning rate {recipe.learning_rate:g}")
        return ", ".join(word for word in words if word)


@dataclass(frozen=True, eq=False)
class Former:
    """What is left of a run after the next one has begun; `title` is its net in a few words."""

    label: str
    curve: pd.DataFrame
    steps: int
    detail: str = ""
    title: str = ""
    moments: Moments | None = None


def recorded_training(words: str, checkpoint: Checkpoint) -> Recorded:
    """How a checkpoint was trained, as far as that was kept."""
    about = checkpoint.metadata
    return Recorded(
        words=words,
        curve=loss_curves.checkpoint_curve(checkpoint),
        moments=recorded_moments(checkpoint.trajectory),
        steps=about.step,
        letters=len(checkpoint.vocabulary),
        rate=about.step / about.seconds if about.seconds else 0.0,
    )


def current_run(offer: Offer) -> Run | None:
    """The run of this session at this panel, if it has begun one."""
    run: Run | None = st.session_state.get(f"{offer.key}_run")
    return run


def start_run(offer: Offer, spec: Spec) -> None:
    """Train in the place of what this session trained before, which is kept for comparison."""
    keep_curve(offer)
    started = jobs.shared().start(spec, offer.about.dataset, session_token(), connected=is_here)
    take_run(offer, started)


def take_run(offer: Offer, handle: Handle) -> None:
    """Make this the run of the panel, and its link that of the page."""
    run = Run(handle.spec, handle, offer, handle.token)
    st.session_state[f"{offer.key}_run"] = run
    run_link.show_token(run.link)


def keep_curve(offer: Offer) -> None:
    """Keep the curve of the present run, so that the next one can be laid over it."""
    run = current_run(offer)
    if run is None:
        return
    state = run.handle.snapshot()
    if state.step:
        label = f"{run.label}, {state.step:,} steps"
        former = Former(
            label=label,
            curve=_frame(loss_curves.job_curve(state)),
            steps=state.steps,
            detail=run.offer.detail,
            title=run.offer.title,
            moments=moments_of(run.handle),
        )
        st.session_state[f"{offer.key}_formers"] = [former, *former_runs(offer)][:FORMER]


def let_go_of_other_net(offer: Offer) -> bool:
    """Stop the run of another net or list than the one on offer, and keep its curve; tells whether."""
    run = current_run(offer)
    same = _net_of(offer)
    other_list = run is not None and run.spec.names_sha256 != offer.about.name_list.sha256
    if run is None or (_net_of(run.offer) == same and not other_list):
        return False
    if run.controls:
        run.controls.stop()
    if other_list:  # what its losses are of is another thing
        st.session_state.pop(f"{offer.key}_formers", None)
    else:
        keep_curve(offer)
    del st.session_state[f"{offer.key}_run"]
    run_link.show_token("")
    return True


def _net_of(offer: Offer) -> tuple[Any, ...]:
    """What a run is thrown away for when it changes."""
    return offer.model, offer.settings, offer.start, offer.learning_rate


def lay_over(offer: Offer, former: Former | None = None) -> None:
    """Lay this over the next run of the panel, else the run that it has now."""
    if former is not None:
        st.session_state[f"{offer.key}_formers"] = [former, *former_runs(offer)][:FORMER]
    st.session_state[f"{offer.key}_other"] = "0"


def former_runs(offer: Offer) -> list[Former]:
    """What this session trained here before, the newest first."""
    kept: list[Former] = st.session_state.get(f"{offer.key}_formers", [])
    return kept


def shipped_run(asked: Offer) -> Former | None:
    """The shipped training as something to compare with, if there is one."""
    checkpoint = asked.checkpoint
    if checkpoint is None:
        return None
    return recorded_run("the shipped one", checkpoint.trajectory, checkpoint.metadata.step)


def recorded_run(label: str, trajectory: Trajectory | None, steps: int) -> Former:
    """The first so many steps of a training that was recorded, to be laid over a run."""
    curve = _frame(loss_curves.trajectory_curve(trajectory) if trajectory else {})
    shown = curve[curve["step"] <= steps]
    return Former(label, shown, steps, title=label, moments=recorded_moments(trajectory))


def _frame(whole: loss_curves.Curve) -> pd.DataFrame:
    """What is drawn of another run: its single batches would only be in the way."""
    return loss_curves.curve_frame({name: whole.get(name, ()) for name in ("mean", "dev")})


def can_be_saved(state: JobState | None) -> bool:
    """Whether there is something that a checkpoint could keep, standing still."""
    return state is not None and state.step > 0 and (state.over or state.status == "paused")
