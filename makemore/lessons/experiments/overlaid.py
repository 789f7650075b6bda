"""The curves of all trials, one over the other, and where some were given up."""

from itertools import combinations

import streamlit as st

from makemore.charts.losses.trial_curves import trial_curves
from makemore.experiments.sweep_records import Sweep, TrialRecord
from makemore.lessons.experiments.chosen_study import choose_setting, choose_study
from makemore.lessons.experiments.trial_frames import curves
from makemore.lessons.experiments.trial_settings import (
    best_numbers,
    label_of,
    varied,
    write_value,
)
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

HALFWAY = 0.5
FIRST, AHEAD, BEHIND = "first", "second or third", "further back"


def show_curves(about: ChosenList, name: str, stage: Stage) -> None:
    """Up to halfway until the learner has guessed; then whole, the best quarter drawn thick."""
    with stage.controls:
        sweep = choose_study()
        answered = _ask_who_wins(sweep)
        group = choose_setting(sweep, "Colour by", key="curves_by", in_link="by", coarse=True)
    frame = curves(sweep, group, best_numbers(sweep) if answered else set())
    if not answered:
        frame = frame[frame["share"] <= HALFWAY].assign(last=False)
    with stage.picture:
        groups = tuple(map(write_value, group.values))
        chart = trial_curves(frame, groups=groups, letters=len(about.vocabulary))
        place_chart(chart, key="trial_curves", fill="whole")
    with stage.controls:
        thick = " Thick: the best quarter." * answered
        st.caption(
            f"Colours: {group.title}; means over the seeds. Dashed: the uniform baseline.{thick}"
        )
        if answered:
            st.markdown(
                f"Of any two trials that were trained to their end the one ahead halfway is ahead at the end in "
                f"**{same_order(sweep):.0%}** of the pairs."
            )
        if answered and len(sweep.complete()) < len(sweep.trials):
            st.caption(_tell_given_up(sweep))


def halfway(trial: TrialRecord) -> float:
    """The mean dev loss at half of the steps, or the last one before."""
    steps = HALFWAY * trial.recipe["steps"]
    losses = [[dev for step, dev in run.curve if step <= steps][-1] for run in trial.runs]
    return sum(losses) / len(losses)


def place_at_end(sweep: Sweep) -> int:
    """Where the trial that leads halfway stands at the end, from 1, among those that got there."""
    whole = sweep.complete()
    return 1 + whole.index(min(whole, key=halfway))


def same_order(sweep: Sweep) -> float:
    """The share of all pairs of complete trials that stand in the same order halfway and at the end."""
    pairs = [*combinations(sweep.complete(), 2)]
    same = sum(
        halfway(one) < halfway(other) for one, other in pairs
    )  # the first is lower at the end
    return same / len(pairs)


def _ask_who_wins(sweep: Sweep) -> bool:
    whole, place = sweep.complete(), place_at_end(sweep)
    leads = whole[place - 1]
    answer = FIRST if place == 1 else AHEAD if place <= 3 else BEHIND
    label = label_of(leads, varied(sweep))
    told = (
        f"{label} leads halfway with {halfway(leads):.4f} and ends as number {place} of {len(whole)}, "
        f"with {leads.dev:.4f} against {whole[0].dev:.4f} of the best."
    )
    choices = {
        FIRST: "then every search could stop halfway.",
        AHEAD: "then halfway tells who is good, but not who is best.",
        BEHIND: "then what was seen by halfway would say little.",
    }
    return ask_to_predict(
        "the curves are drawn to halfway. Where will the trial that leads there stand at the end?",
        {**choices, answer: told},
        answer=answer,
        key=f"halfway_{sweep.name}",
    )


def _tell_given_up(sweep: Sweep) -> str:
    given_up = [trial for trial in sweep.trials if trial.state != "complete"]
    steps = sum(run.curve[-1][0] for trial in given_up for run in trial.runs)
    asked = sum(sweep.seeds * trial.recipe["steps"] for trial in given_up)
    return (
        f"Crosses: {len(given_up)} trials that did worse than the median of those before them at the "
        f"same point. They were given up after {steps / asked:.0%} of their steps, all seeds counted."
    )
