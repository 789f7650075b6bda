"""What a learner may change before a training: recipe, steps, seed, rate, batch, widths. Starts nothing."""

from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from makemore.jobs import Spec
from makemore.models import config_for
from makemore.training.rate_search import LOWEST
from makemore.training.recipes import Recipe
from makemore.ui.kit.choose import choose
from makemore.ui.training_panel import recipe_words
from makemore.ui.training_panel.offer import Offer

MOST_STEPS = 200_000  # the lecture's own; more would hold up a class


@dataclass(frozen=True)
class Field:
    """A number that can be set, with the range that the panel offers."""

    label: str
    low: float
    high: float
    step: float
    help: str


TRAINING = {
    "steps": Field(
        label="Steps", low=1, high=MOST_STEPS, step=100, help="How many updates to make."
    ),
    "learning_rate": Field(
        label="Learning rate",
        low=LOWEST,
        high=1000,
        step=0.01,
        help="What a step multiplies the gradient, or what the optimizer makes of it, by. Too high, "
        "and the parameters overshoot: the loss grows instead of falling.",
    ),
    "batch_size": Field(
        label="Mini-batch",
        low=0,
        high=10_000,
        step=1,
        help="Examples that a step looks at; 0 means all of them.",
    ),
}
SEED = Field(
    label="Seed",
    low=0,
    high=2**32 - 1,
    step=1,
    help="The same seed draws the same parameters at the start, and the same mini-batches.",
)
WIDTHS = {
    "embedding": Field(
        label="Embedding",
        low=1,
        high=64,
        step=1,
        help="Embedding dimension: numbers that stand for one letter.",
    ),
    "hidden": Field(label="Hidden", low=1, high=1024, step=1, help="Hidden units of a layer."),
}


def draw_form(offer: Offer) -> None:
    """The controls. Only the recipe reruns the page, since the other defaults follow it."""
    linked, recipe = _linked(offer), _recipe_at_first(offer, _recipe_box(offer))
    defaults = recipe.to_json()
    with st.container(horizontal=True, gap="small"):
        for name, each in TRAINING.items():
            if recipe.optimizer != "count" or name == "steps":
                _draw_number(f"{offer.key}_{recipe.name}_{name}", each, defaults[name])
        _draw_number(f"{offer.key}_seed", SEED, linked.seed if linked else offer.seed)
        for name, default in _model_widths(offer).items():
            _draw_number(f"{offer.key}_{name}", WIDTHS[name], default)
    st.caption("They count from the next start; nothing happens while you type.")


def _recipe_box(offer: Offer) -> str:
    linked = _linked(offer)
    recipes = [offer.recipe(name) for name in offer.recipe_names]
    return choose(
        "Recipe (training configuration)",
        {recipe.name: recipe_words.NAMES[recipe.name] for recipe in recipes},
        key=f"{offer.key}_recipe",
        first=linked.recipe.name if linked else None,
        given=st.session_state.pop(f"{offer.key}_recipe_given", False),
        help=recipe_words.explain(recipes, shipped=offer.shipped),
    )


def begin_with(offer: Offer, spec: Spec) -> None:
    """Let the controls, which have not been drawn yet, begin with what a run was started with."""
    st.session_state[f"{offer.key}_linked"] = spec


def _linked(offer: Offer) -> Spec | None:
    spec: Spec | None = st.session_state.get(f"{offer.key}_linked")
    return spec


def _chosen_recipe(offer: Offer) -> Recipe:
    """The recipe of the box, or the one it will begin with, before its numbers are changed."""
    linked = _linked(offer)
    first = linked.recipe.name if linked else offer.recipe_name
    return _recipe_at_first(offer, st.session_state.get(f"{offer.key}_recipe") or first)


def _recipe_at_first(offer: Offer, name: str) -> Recipe:
    """The recipe of this name as the run of the link was started with it, else as the page offers it."""
    linked = _linked(offer)
    return linked.recipe if linked and linked.recipe.name == name else offer.recipe(name)


def _model_widths(offer: Offer) -> dict[str, Any]:
    """The widths that can be set of this model, with their defaults; weights to go on from have theirs."""
    if offer.start is not None:
        return {}
    linked = _linked(offer)
    config = config_for(offer.model, dict(linked.settings) if linked else offer.settings)
    return {f.name: getattr(config, f.name) for f in fields(config) if f.name in WIDTHS}


def _draw_number(key: str, each: Field, default: float) -> None:
    kind = type(default)  # a number input speaks either whole numbers or fractions
    given = st.session_state.pop(f"{key}_given", False)  # then there is no default beside it
    st.number_input(
        each.label,
        kind(each.low),
        kind(max(each.high, default)),  # a long list has larger batches
        "min" if given else default,
        kind(each.step),
        format="%g" if kind is float else None,
        key=key,
        help=each.help,
        width=184 if default > 1e6 else 150,
        on_change="ignore",
        persist_state="session",
    )


def chosen_spec(offer: Offer) -> Spec:
    """What the controls say now. Raises ConfigError."""
    linked, recipe = _linked(offer), _chosen_recipe(offer)
    numbers = _set_values(f"{offer.key}_{recipe.name}", list(TRAINING))
    rate = numbers.pop("learning_rate", recipe.learning_rate)
    seed = st.session_state.get(f"{offer.key}_seed")
    first = linked.seed if linked else offer.seed
    widths = _model_widths(offer)
    return Spec.of(
        offer.model,
        replace(recipe.at_rate(rate), **numbers),  # which takes the rate of adam along
        seed=first if seed is None else int(seed),
        dataset=offer.about.dataset,
        settings={**offer.settings, **widths, **_set_values(offer.key, list(widths))},
        start=offer.start,
    )


def _set_values(prefix: str, names: list[str]) -> dict[str, Any]:
    """What was set of these; the others keep their defaults."""
    values = {name: st.session_state.get(f"{prefix}_{name}") for name in names}
    return {name: value for name, value in values.items() if value is not None}


def chosen_steps(offer: Offer) -> int:
    """How many steps the next start will make."""
    recipe = _chosen_recipe(offer)
    said = _set_values(f"{offer.key}_{recipe.name}", ["steps"])
    return int(said.get("steps", recipe.steps))


def rate_key(offer: Offer, recipe: str) -> str:
    """Where the learning rate of a recipe is kept."""
    return f"{offer.key}_{recipe}_learning_rate"


def set_rate(offer: Offer, recipe: str, rate: float) -> None:
    """Set the learning rate of a recipe from outside, in a callback."""
    set_rate_of(offer.key, recipe, rate)


def set_recipe_of(panel: str, recipe: str) -> None:
    """Choose a recipe from outside for the panel of this key, before it is drawn."""
    st.session_state.update({f"{panel}_recipe": recipe, f"{panel}_recipe_given": True})


def set_rate_of(panel: str, recipe: str, rate: float) -> None:
    """The same for the panel of this key, also before it is drawn."""
    key = f"{panel}_{recipe}_learning_rate"
    st.session_state.update({key: rate, f"{key}_given": True})
