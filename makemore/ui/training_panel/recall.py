"""Finds the run again that a link leads to, after a reload or in another tab. Draws nothing."""

from contextlib import suppress
from typing import Any

import streamlit as st

from makemore import jobs
from makemore.jobs import JobError, Spec, Watch
from makemore.models import config_for
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.training_panel import run_link, settings_form
from makemore.ui.training_panel.offer import Offer, Run, current_run
from makemore.ui.training_panel.presence import is_connected, session_token


def recall_run(asked: Offer) -> str:
    """Take up the run of the link where this session has none; returns what is wrong with the link.

    A session whose controls were taken over goes on watching, and one that watches gets the controls
    when their holder is gone, or the server that had the training, if its link is one that has them.
    """
    run = current_run(asked)
    if run is not None and run.controls:
        run_link.show_token(run.link)
        return ""
    if run is not None and not run.may_get_controls:
        _look_again(run)
        return ""
    token = run.link if run else run_link.shown_token()
    if not token:
        return ""
    try:
        _take_up(asked, token)
    except JobError as error:
        if run is None:  # of one that was found before, what is known stays in view
            run_link.show_token("")
            return f"{error}."
    return ""


def _look_again(run: Run) -> None:
    """Follow a training that another server has. What is known of it stays in view if it is lost."""
    if isinstance(run.handle, Watch):
        with suppress(JobError):
            jobs.shared().look_again(run.handle)


def _take_up(asked: Offer, token: str) -> None:
    """Raises JobError."""
    known, known_jobs, dataset = current_run(asked), jobs.shared(), asked.about.dataset
    # Before it is opened: who opens a link takes the controls over and lets go of another training.
    if known is None and not _fits(asked, known_jobs.find_spec(token, dataset)):
        raise JobError("this link leads to the training of another net; start a new one here")
    handle = known_jobs.open_link(token, dataset, session_token(), connected=is_connected)
    spec = handle.spec
    if known is None:
        settings_form.begin_with(asked, spec)
    elif isinstance(known.handle, Watch) and isinstance(handle, Watch):
        return
    st.session_state[f"{asked.key}_run"] = Run(spec, handle, asked, token)


def _fits(asked: Offer, spec: Spec) -> bool:
    """Whether a spec is of the net on offer; its widths may have been changed."""
    return (spec.model, spec.start) == (asked.model, asked.start) and _shape(
        asked, dict(spec.settings)
    ) == _shape(asked, asked.settings)


def _shape(asked: Offer, settings: Any) -> dict[str, Any]:
    whole = config_for(asked.model, settings).to_json()
    return {name: value for name, value in whole.items() if name not in settings_form.WIDTHS}


def linked_settings(key: str, model: str, about: ChosenList) -> dict[str, Any]:
    """The settings of the net that the link leads to, for a page whose net is the learner's own.

    Empty if the panel of this key has a run, or the link leads to no net of this model.
    """
    token = run_link.shown_token()
    if not token or f"{key}_run" in st.session_state:
        return {}
    try:
        spec = jobs.shared().find_spec(token, about.dataset)
    except JobError:
        return {}
    return dict(spec.settings) if spec.model == model else {}
