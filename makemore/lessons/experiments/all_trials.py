"""Every trial of a study: its loss against a setting, seed by seed, and all of it as a table."""

from typing import Any

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.losses.setting_dots import setting_dots
from makemore.experiments.sweep_records import Sweep
from makemore.lessons.experiments.chosen_study import ceiling_of, choose_setting, choose_study
from makemore.lessons.experiments.trial_frames import dots, trial_table
from makemore.lessons.experiments.trial_settings import (
    Setting,
    label_of,
    spread_of,
    varied,
    write_value,
)
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage


def show_trials(about: ChosenList, name: str, stage: Stage) -> None:
    """A dot a training; what another setting is, colours tell."""
    with stage.controls:
        sweep = choose_study()
        x = choose_setting(sweep, "Loss against", key="trials_x", in_link="against")
        _tell_best(sweep)
    group = other_setting(sweep, x)
    with stage.picture:
        place_chart(draw_dots(sweep, x, group), key="trials_dots", fill="whole")
    with stage.controls:
        st.caption(tell_dots(group))
    with stage.below:
        st.subheader("All trials", anchor=False)
        show_table(sweep, key="trials_table")
        st.caption(
            "Losses are mean NLL on the course's dev names, in nats per character, the mean over seeds; "
            "seconds are those of one training's updates, beside other work on two cores."
        )


def other_setting(sweep: Sweep, x: Setting) -> Setting | None:
    """What colours tell apart: of the settings that were chosen the last one that x is not."""
    others = [each for each in varied(sweep) if each.chosen and each.name != x.name]
    coarse = [each for each in others if each.coarse]
    return coarse[-1] if coarse else None


def draw_dots(sweep: Sweep, x: Setting, group: Setting | None) -> Chart:
    """The chart of them."""
    return setting_dots(
        dots(sweep, x, group),
        x=x.title,
        values=x.values if x.numeric else tuple(map(write_value, x.values)),
        by=group.title if group else "",
        groups=tuple(map(write_value, group.values)) if group else ("",),
        log=x.logarithmic,
        ceiling=ceiling_of(sweep),
    )


def tell_dots(group: Setting | None) -> str:
    """How the chart is read."""
    colours = f"Colours: {group.title}. " if group else ""
    return f"{colours}A dot is a training from one seed; lines join the means over seeds."


def show_table(sweep: Sweep, *, key: str) -> None:
    """A row a trial, the best first."""
    st.dataframe(trial_table(sweep), hide_index=True, column_config=_columns(), key=key)


def _tell_best(sweep: Sweep) -> None:
    best, *_ = whole = sweep.complete()
    label = label_of(best, varied(sweep))
    trainings = sum(len(trial.runs) for trial in sweep.trials)
    apart = f" ± {spread_of(best):.4f} over seeds" if len(best.runs) > 1 else ""
    st.markdown(f"Best: **{label}**, dev loss **{best.dev:.4f}**{apart}.")
    given_up = len(sweep.trials) - len(whole)
    st.caption(
        f"{len(sweep.trials)} trials, {trainings} trainings, {sweep.seeds} seeds each"
        + (f"; {given_up} trials were given up on the way." if given_up else ".")
    )


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "dev loss": number(format="%.4f"),
        "± over seeds": number(format="%.4f", help="Standard deviation of the dev loss."),
        "parameters": number(format="localized"),
        "seconds": number(format="%.1f"),
    }
