"""A training from any of the starts, with the saturation map of the moment. Knows jobs by their panel alone."""

from typing import Any

from torch import Generator

from makemore.checkpoints.shipped import MLP_SEED
from makemore.experiments.recorded_starts import MODELS, SETTINGS, STARTS
from makemore.inference.capture import Snapshot
from makemore.layers import SATURATED
from makemore.lessons.initialisation import starts
from makemore.lessons.initialisation.saturation import draw_map
from makemore.lessons.initialisation.starts import WORDS
from makemore.models import build
from makemore.training.trainer import probe
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel import Offer, train_offered
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
    )

    def view(moments: Moments) -> None:
        look = starts.read_inside(_look(asked, about, moments.step))
        net = f"{asked.title}, step {moments.step:,}"
        place_chart(draw_map(look, SATURATED, net, None), key="live_flat_map", fill="half")

    train_offered(asked, stage, view=view)


def _look(asked: Offer, about: ChosenList, step: int) -> Snapshot:
    """Of the run at one of its moments; before one, of the start."""
    run = current_run(asked)
    found = run.handle.moment(step) if run else None
    if found:
        return found.snapshot
    generator = Generator().manual_seed(MLP_SEED)
    net = build(asked.model, len(about.vocabulary), generator, dict(asked.settings))
    return probe(net, about.dataset, step=0).snapshot
