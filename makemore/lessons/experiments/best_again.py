"""The best trial of a study, trained again from its record in the panel, to be saved and opened."""

import streamlit as st

from makemore.experiments.sweep_records import Sweep, TrialRecord
from makemore.lessons.experiments.chosen_study import WORDS, choose_study
from makemore.lessons.experiments.trial_settings import label_of, varied
from makemore.training.recipes import Recipe
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.page_table import find_page
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel import Offer, Recorded, train_offered

SEED = 1


def show_best(about: ChosenList, name: str, stage: Stage) -> None:
    """The panel begins with what the record says; Save hands the net to the page Checkpoints."""
    with stage.controls:
        sweep = choose_study()
    trial = sweep.complete()[0]
    train_offered(offer_trial(about, sweep, trial), stage)
    run = next(each for each in trial.runs if each.seed == SEED)
    with stage.controls:
        st.caption(
            f"Trial {trial.number}, {label_of(trial, varied(sweep))}: from seed {SEED} its record says a dev "
            f"loss of {run.dev:.4f} after {run.curve[-1][0]:,.0f} steps."
        )
    with stage.below:
        st.markdown(
            "What you save here is one of your own on the page Checkpoints: weights, letters, gradients, and "
            "any two nets side by side."
        )
        checkpoints = find_page("checkpoints")
        st.page_link(
            checkpoints.path, label=checkpoints.title, icon=f":material/{checkpoints.icon}:"
        )
        st.caption("On the command line the same net comes from")
        st.code(
            f"python -m makemore repeat checkpoints/sweeps/{sweep.name}.json {trial.number}",
            language="sh",
        )


def offer_trial(about: ChosenList, sweep: Sweep, trial: TrialRecord) -> Offer:
    """What the panel trains: model, settings, recipe and seed of the record."""
    recipe = Recipe.from_json(trial.recipe)
    [run] = [each for each in trial.runs if each.seed == SEED]
    recorded = Recorded(
        words="the trial as it was recorded",
        curve={"dev": [(step, dev) for step, dev in run.curve]},
        moments=Moments(),
        steps=recipe.steps,
        letters=len(about.vocabulary),
        rate=recipe.steps / run.seconds if run.seconds else 0.0,
    )
    return Offer(
        about=about,
        key=f"best_{sweep.name}",  # else one study would begin with what is set for another
        model=trial.model,
        seed=run.seed,
        recipe_name=recipe.name,
        settings=trial.config,
        exactly=recipe,
        recorded=recorded,
        title=f"{WORDS[sweep.name]}, trial {trial.number}",
    )
