"""Saves a run as a checkpoint of the visitor's own and hands out its files. Knows no chart."""

import secrets

import streamlit as st

from makemore import jobs
from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.jobs import JobError
from makemore.ui.kit import own_checkpoints
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer
from makemore.ui.training_panel.offer import Offer
from makemore.ui.training_panel.presence import session_token


def save_run(asked: Offer) -> None:
    """Keep the state that the run is in now; the message is drawn by `show_saved`."""
    run = offer.current_run(asked)
    if run is None or run.controls is None:
        return
    state = run.controls.snapshot()
    # The token keeps apart what two learners save at the same step.
    name = f"{run.spec.model}_{run.spec.recipe.name}_{state.step}_{secrets.token_hex(3)}"
    forget_saved(asked)
    try:
        folder = store.OWN if own_checkpoints.keeps_on_disk() else None
        jobs.shared().count_save(session_token(), folder)
        files = run.controls.pack(name)
        st.session_state[_name(asked)] = own_checkpoints.add_checkpoint(name, files)
    except (CheckpointError, JobError) as error:
        st.session_state[_problem(asked)] = str(error)


def forget_saved(asked: Offer) -> None:
    """Take the message away; the checkpoint stays."""
    for each in (_name(asked), _problem(asked)):
        st.session_state.pop(each, None)


def show_saved(asked: Offer) -> None:
    """Say where the checkpoint is and offer its files; or say why there is none."""
    problem: str | None = st.session_state.get(_problem(asked))
    if problem:
        st.error(plain(problem), icon=":material/error:")
    name: str | None = st.session_state.get(_name(asked))
    if name is None:
        return
    try:
        _, size = own_checkpoints.stat_own(name)
    except CheckpointError:  # deleted or renamed meanwhile
        forget_saved(asked)
        return
    st.success(f"Saved as {plain(name)}{tell_place()}", icon=":material/check_circle:")
    st.download_button(
        f"Download, {max(1, size // 1000):,} kB",
        own_checkpoints.packing(name),
        file_name=f"{name}.zip",
        mime="application/zip",
        key=f"{asked.key}_download",
        icon=":material/download:",
        on_click="ignore",
    )


def tell_place() -> str:
    """Where own checkpoints are, and how long."""
    if own_checkpoints.keeps_on_disk():
        return " in the folder checkpoints/own."
    return (
        ", for this visit: nobody else sees it, and when the page is closed it is gone. To keep it, "
        "download it."
    )


def _name(asked: Offer) -> str:
    return f"{asked.key}_saved"


def _problem(asked: Offer) -> str:
    return f"{asked.key}_unsaved"
