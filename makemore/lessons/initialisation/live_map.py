"""A training from any of the starts, with the saturation map of the moment. Knows jobs by their panel alone."""

from functools import lru_cache
from typing import Any

from makemore.checkpoints.shipped import MLP_SEED
from makemore.experiments.recorded_starts import (
    MODELS,
    SETTINGS,
    STARTS,
    Start,
    fresh,
    net_at,
)
from makemore.inference.capture import Snapshot
from makemore.layers import SATURATED
from makemore.lessons.initialisation import starts
from makemore.lessons.initialisation.saturation import draw_map
from makemore.lessons.initialisation.starts import WORDS
from makemore.training.trainer import probe
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import loaded
from makemore.ui.training_panel import Offer, Recorded, train_offered
from makemore.ui.training_panel.offer import current_run

KEY = "live_map"
STEPS = 20_000


def show_live_map(about: ChosenList, name: str, stage: Stage) -> None:
    """The curve, and beside it which neurons are flat at the moment that the slider is at."""
    with stage.controls:
        words = {start.replace(" ", "-"): word for start, word in WORDS.items()}
        chosen = choose("Start", words, key="live_start", in_link="start", help=starts.MEANT)
    start = next(start for start in STARTS if start.replace(" ", "-") == chosen)
    settings: dict[str, Any] = dict(SETTINGS[start])
    asked = Offer(
        about=about,
        key=KEY,
        model=MODELS[start],
        seed=MLP_SEED,
        recipe_name="lecture",
        steps=STEPS,
        settings=settings,
        title=WORDS[start].lower(),
        recorded=None if about.own else _recorded(start),
    )

    def view(moments: Moments) -> None:
        look = starts.read_inside(_look(asked, about, start, moments.step))
        chart = draw_map(look, SATURATED, asked.title, None, f"step {moments.step:,}")
        place_chart(chart, key="live_flat_map", fill="half")

    train_offered(asked, stage, view=view)


@lru_cache(maxsize=len(STARTS))
def _recorded(start: Start) -> Recorded:
    """The first steps of the recorded training, which Start begins anew. Raises CheckpointError."""
    kept = starts.shipped_recording(start)
    dev = zip(kept.steps.tolist(), kept.dev.tolist(), strict=True)
    return Recorded(
        words="this training, recorded",
        curve={"dev": [(step, loss) for step, loss in dev if step <= STEPS]},
        moments=Moments(tuple(step for step in kept.moments if step <= STEPS)),
        steps=STEPS,
        letters=len(loaded.vocabulary()),
    )


def _look(asked: Offer, about: ChosenList, start: Start, step: int) -> Snapshot:
    """Of the run at one of its moments; before one, of the recorded training or of the start."""
    run = current_run(asked)
    found = run.handle.moment(step) if run else None
    if found:
        return found.snapshot
    letters = len(about.vocabulary)
    kept = asked.recorded is not None and not run
    net = net_at(starts.shipped_recording(start), step, letters) if kept else fresh(start, letters)
    return probe(net.train(), about.dataset, step=step if kept else 0).snapshot
