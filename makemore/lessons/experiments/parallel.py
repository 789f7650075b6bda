"""Every trial as a line through all its settings to its loss."""

import streamlit as st

from makemore.charts.losses.parallel_coordinates import parallel_coordinates
from makemore.experiments.sweep_records import Sweep
from makemore.lessons.experiments.chosen_study import choose_study
from makemore.lessons.experiments.trial_frames import parallel_lines
from makemore.lessons.experiments.trial_settings import (
    BEST,
    best_numbers,
    label_of,
    short_titles,
    varied,
)
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

MARKS = {"quarter": "Best quarter", "best": "Best trial", "worst": "Worst quarter"}


def show_parallel(about: ChosenList, name: str, stage: Stage) -> None:
    """The lines, some of them marked, and what those have in common."""
    with stage.controls:
        sweep = choose_study()
        mark = choose("Marked", MARKS, key="parallel_mark", in_link="marked")
    marked = marked_trials(sweep, mark)
    with stage.picture:
        place_chart(
            parallel_coordinates(*parallel_lines(sweep, marked), short=short_titles(sweep)),
            key="parallel",
            fill="whole",
        )
    with stage.controls:
        st.markdown(_tell(sweep, marked, mark))
        st.caption("Trials that were given up have no loss to end at, and no line.")


def marked_trials(sweep: Sweep, mark: str) -> set[int]:
    """By number: the best quarter, the best one, or the worst quarter."""
    if mark == "worst":
        number = len(best_numbers(sweep))
        return {trial.number for trial in sweep.complete()[-number:]}
    return best_numbers(sweep, BEST if mark == "quarter" else 0)


def _tell(sweep: Sweep, marked: set[int], mark: str) -> str:
    settings = varied(sweep)
    some = [trial for trial in sweep.complete() if trial.number in marked]
    if len(some) == 1:
        return f"**{label_of(some[0], settings)}**: dev loss **{some[0].dev:.4f}**."
    return (
        f"**{len(some)} of {len(sweep.complete())}** trials are marked, with dev losses from "
        f"**{some[0].dev:.4f}** to **{some[-1].dev:.4f}**. Where their lines run through the same place on "
        "an axis, that setting is what they have in common."
    )
