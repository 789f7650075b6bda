"""Who stands on the scoreboard: models of the course, own checkpoints, runs of this visit. Draws nothing."""

import pandas as pd

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.losses.scoreboard import Entry, scoreboard
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.own_checkpoints import own_checkpoints
from makemore.ui.kit.reachable import OWN, label_of
from makemore.ui.sources import shipped_scoreboard
from makemore.ui.training_panel.runs_here import Measured, measured_runs

MOST_OWN = 8  # of this visit, the newest


def enter_models(about: ChosenList, which: str) -> pd.DataFrame:
    """Columns as in `scoreboard`, and own: whether it is of this visit. Those come last."""
    course, own = enter_course(about, which), enter_own(about)
    frame = scoreboard([*course, *own])
    return frame.assign(own=[False] * len(course) + [True] * len(own))


def enter_course(about: ChosenList, which: str) -> list[Entry]:
    """The five or all that are shipped; on an own list the five, trained on it, without the course's figures."""
    if not about.own:
        wanted = FIVE if which == "five" else tuple(SHIPPED)
        return [shipped_scoreboard.entry(name) for name in about.present(wanted)]
    names = about.present(FIVE)
    return [
        Entry(model=name, label=SHIPPED[name].label, written=checkpoint.metadata)
        for name, checkpoint in zip(names, about.checkpoints(names), strict=True)
    ]


def enter_own(about: ChosenList) -> list[Entry]:
    """Own checkpoints and runs that learned from this list; a run that was saved stands there once."""
    sha256 = about.name_list.sha256
    saved = {n: c for n, c in own_checkpoints().items() if c.metadata.data_sha256 == sha256}
    runs = measured_runs(sha256, about.vocabulary.characters)
    unsaved = [run for run in runs if not any(_is_same(run, each) for each in saved.values())]
    found = [
        Entry(model=OWN + name, label=label_of(OWN + name), written=checkpoint.metadata)
        for name, checkpoint in saved.items()
    ]
    found += [
        Entry(model=f"run {i}", label=run.label, written=run) for i, run in enumerate(unsaved)
    ]
    return found[:MOST_OWN]


def _is_same(run: Measured, checkpoint: Checkpoint) -> bool:
    about = checkpoint.metadata
    return (run.model, run.seed, run.step, run.recipe) == (
        about.model,
        about.seed,
        about.step,
        about.recipe,
    )
