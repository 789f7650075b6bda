"""A small live training: start, watch, stop. Knows jobs and charts, not what the model teaches."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from makemore.charts.models import loss_curve
from makemore.checkpoints import Checkpoint
from makemore.jobs import Job, JobState
from makemore.recipes import Recipe, recipe_for
from makemore.shipped import SHIPPED
from makemore.training import Trainer
from makemore.ui import load
from makemore.ui.place import place
from makemore.ui.text import plain

POLL_SECONDS = 1.0


def live_training(
    name: str,
    *,
    key: str,
    steps: int | None = None,
    recipe: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> None:
    """The loss curve of a shipped checkpoint, and a button that trains a fresh one in its place.

    Model, seed and recipe are the shipped ones, so the start is the same; `recipe` names another
    recipe, `steps` ends it earlier, `settings` change the model.
    """
    about = SHIPPED[name]
    changes = {} if steps is None else {"steps": steps}
    chosen = recipe_for(recipe or about.recipe_name, about.model, **changes)
    job: Job | None = st.session_state.get(key)
    running = job is not None and not job.snapshot().over
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Train {chosen.steps:,} steps" if job is None else "Train again",
            key=f"{key}_start",
            icon=":material/play_arrow:",
            disabled=running,
            on_click=_start,
            args=(name, chosen, key, dict(settings or {})),
        )
        st.button(
            "Stop",
            key=f"{key}_stop",
            icon=":material/stop:",
            disabled=not running,
            on_click=job.stop if job else None,
        )
    # Only a running job is polled; the last tick asks for a full run, which ends the polling.
    st.fragment(_watch, run_every=POLL_SECONDS if running else None)(name, key)


def _start(name: str, recipe: Recipe, key: str, settings: dict[str, object]) -> None:
    about = SHIPPED[name]
    changed = {**about.settings, **settings}

    def make() -> Trainer:
        return Trainer.start(about.model, load.dataset(), recipe, seed=about.seed, settings=changed)

    former: Job | None = st.session_state.get(key)
    if former:
        former.stop()
    job = Job(make, recipe.steps)
    st.session_state[key] = job
    job.start()


def _watch(name: str, key: str) -> None:
    """What is known now; drawn in place again and again while the job runs."""
    job: Job | None = st.session_state.get(key)
    letters = len(load.vocabulary())
    if job is None:
        st.progress(0.0, "Not started. The curve is that of the shipped training.")
        place(loss_curve(replayed(load.checkpoint(name)), letters=letters), key=f"{key}_curve")
        return
    state = job.snapshot()
    st.progress(min(state.step / state.steps, 1.0), _said(state))
    place(loss_curve(lived(state), letters=letters), key=f"{key}_curve")
    if state.names:
        st.caption("It makes up now: " + plain(", ".join(filter(None, state.names))))
    if state.status in ("diverged", "failed"):
        st.warning(plain(state.message), icon=":material/warning:")
    if state.over and st.session_state.get(f"{key}_seen") != id(job):
        st.session_state[f"{key}_seen"] = id(job)
        st.rerun()


def _said(state: JobState) -> str:
    dev = f", dev loss {state.evaluated[-1].dev:.3f}" if state.evaluated else ""
    return f"{state.status.capitalize()}: step {state.step:,} of {state.steps:,}{dev}"


def lived(state: JobState) -> pd.DataFrame:
    """The curve of a job. Columns: step, loss, series (mean | train | dev)."""
    return _long(
        mean=[(float(step), loss) for step, loss in state.losses],
        train=[(float(e.step), e.train) for e in state.evaluated],
        dev=[(float(e.step), e.dev) for e in state.evaluated],
    )


def replayed(checkpoint: Checkpoint) -> pd.DataFrame:
    """The curve of a shipped training; empty if it was not recorded. Columns: step, loss, series."""
    trajectory = checkpoint.trajectory
    if trajectory is None:
        return _long()
    steps = trajectory.evaluated["step"].tolist()
    batches = trajectory.losses
    return _long(
        mean=list(zip(batches["step"].tolist(), batches["mean"].tolist(), strict=True)),
        train=list(zip(steps, trajectory.evaluated["train"].tolist(), strict=True)),
        dev=list(zip(steps, trajectory.evaluated["dev"].tolist(), strict=True)),
    )


def _long(**series: list[tuple[float, float]]) -> pd.DataFrame:
    rows = [(step, loss, name) for name, points in series.items() for step, loss in points]
    return pd.DataFrame(rows, columns=["step", "loss", "series"])
