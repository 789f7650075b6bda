"""Starts a repaired training with the sick one laid over it. Knows jobs, not what was sick."""

from functools import partial

from makemore.jobs import Spec
from makemore.ui.training_panel import offer, settings_form
from makemore.ui.training_panel.offer import Former, Offer
from makemore.ui.training_panel.transport_buttons import begin_run, press_button


def start_beside(repaired: Offer, sick: Former | Offer) -> None:
    """Start what is on offer beside a sick training that was recorded, or that the same panel has.

    One of the panel goes on; one that has not begun is begun first, so that both curves come to be.
    For callbacks.
    """
    press_button(repaired, partial(_start, repaired, sick))


def _start(repaired: Offer, sick: Former | Offer) -> None:
    """Raises ConfigError and JobError."""
    if isinstance(sick, Offer):
        if offer.current_run(sick) is None:
            begin_run(sick)
        aside = offer.set_aside(sick)
    else:
        aside = sick
    if aside is not None:
        offer.begin_beside(repaired, aside)
    settings_form.set_rate(repaired, repaired.recipe_name, _spec_of(repaired).recipe.learning_rate)
    begin_run(repaired, _spec_of(repaired))


def _spec_of(asked: Offer) -> Spec:
    """What is on offer, whatever the settings say."""
    return Spec.of(
        asked.model,
        asked.recipe(asked.recipe_name),
        seed=asked.seed,
        dataset=asked.about.dataset,
        settings=asked.settings,
        start=asked.start,
    )
