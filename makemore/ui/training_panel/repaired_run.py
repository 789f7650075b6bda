"""Starts a repaired training with the sick one laid over it. Knows jobs, not what was sick."""

from functools import partial

from makemore.jobs import Spec
from makemore.ui.training_panel import offer, settings_form
from makemore.ui.training_panel.offer import Former, Offer
from makemore.ui.training_panel.transport_buttons import begin_run, press_button


def begin(asked: Offer) -> None:
    """Start what the settings say; for callbacks."""
    press_button(asked, partial(begin_run, asked))


def start_beside(repaired: Offer, sick: Former | None = None) -> None:
    """Start what is on offer, with this laid over it, else the run that the panel has now, which stops.

    For callbacks, and before the panel is drawn.
    """
    press_button(repaired, partial(_start, repaired, sick))


def _start(repaired: Offer, sick: Former | None) -> None:
    """Raises ConfigError and JobError."""
    spec = _spec_of(repaired)
    settings_form.set_rate(repaired, repaired.recipe_name, spec.recipe.learning_rate)
    offer.lay_over(repaired, sick)
    begin_run(repaired, spec)


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
