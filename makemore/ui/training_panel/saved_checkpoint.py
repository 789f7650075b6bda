"""Saves a run as a checkpoint of one's own and hands out its files. Knows no chart."""

import secrets
from pathlib import Path

import streamlit as st

from makemore import jobs
from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.jobs import JobError
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer
from makemore.ui.training_panel.offer import Offer
from makemore.ui.training_panel.presence import session_token

ENDINGS = {".safetensors": "Weights", ".json": "Description"}


def save_run(asked: Offer) -> None:
    """Write the state that the run is in now; the message is drawn by `saved`."""
    run = offer.current_run(asked)
    if run is None or run.controls is None:
        return
    state = run.controls.snapshot()
    # The token keeps apart what two learners save at the same step.
    name = f"{run.spec.model}_{run.spec.recipe.name}_{state.step}_{secrets.token_hex(3)}"
    forget_saved(asked)
    try:
        jobs.shared().count_save(session_token(), store.OWN)
        st.session_state[_path(asked)] = run.controls.save(store.OWN / name)
    except (CheckpointError, JobError) as error:
        st.session_state[_problem(asked)] = str(error)


def forget_saved(asked: Offer) -> None:
    """Take the message away; the files stay."""
    for each in (_path(asked), _problem(asked)):
        st.session_state.pop(each, None)


def show_saved(asked: Offer) -> None:
    """Say where the checkpoint is and offer its files; or say why there is none."""
    problem: str | None = st.session_state.get(_problem(asked))
    if problem:
        st.error(plain(problem), icon=":material/error:")
    path: Path | None = st.session_state.get(_path(asked))
    if path is None:
        return
    st.success(
        f"Saved as {plain(path.name)} in the folder checkpoints/own of the server. The weights are the "
        "whole checkpoint; the description is a copy of what they say of themselves.",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, gap="small"):
        for ending, word in ENDINGS.items():
            _download(path.with_name(path.name + ending), word, asked.key)


def _download(file: Path, word: str, key: str) -> None:
    try:
        content = file.read_bytes()
    except OSError:
        st.caption(f"{plain(file.name)} is no longer there.")
        return
    st.download_button(
        f"{word}, {max(1, len(content) // 1000):,} kB",
        content,
        file_name=file.name,
        key=f"{key}_download_{file.suffix}",
        icon=":material/download:",
        on_click="ignore",
    )


def _path(asked: Offer) -> str:
    return f"{asked.key}_saved"


def _problem(asked: Offer) -> str:
    return f"{asked.key}_unsaved"
