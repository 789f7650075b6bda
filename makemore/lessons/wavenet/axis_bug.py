"""Batch norm over the wrong axis, before and after the repair. Knows two wavenets that differ in it."""

from statistics import mean

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.layers.channel_strips import channel_strips
from makemore.charts.layers.wandering_means import wander
from makemore.charts.losses.seed_dots import seed_dots
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers.neurons import channels
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.inference.capture import layers_of
from makemore.layers import BatchNorm1d
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources import loaded

STUDY, LADDER = "axis_bug", "context_ladder"
POSITIONS = 4  # of the pairs
PANELS = {"before": "wavenet_22k_bug", "after": "wavenet_22k"}
LOOKS = {"loss": "Loss and noise", "means": "Running means"}
LEVELS = {"1": "1, pairs", "2": "2, fours"}
MOST = 0.98  # of all means lie inside the colour scale; the few beyond would pale the rest
CHANGE = """\
# x is (batch, positions, channels)
mean, var = x.mean(0), x.var(0)            # before: over the batch alone
mean, var = x.mean((0, 1)), x.var((0, 1))  # after: over every axis but the last
"""


def show_bug(about: ChosenList, name: str, stage: Stage) -> None:
    """The wrong running means with a question; then what the repair does to the loss and the means."""
    with stage.controls:
        first = st.container()
        answered = ask_gain()
    with first:
        look = choose("Picture", LOOKS, key="bug_look", in_link="look") if answered else "question"
        if look == "loss":
            _show_effect()
        elif look == "means":
            level = choose("Level of the tree", LEVELS, key="bug_level", in_link="level")
    with stage.picture:
        if look == "loss":
            _place_seeds_and_wandering()
        elif look == "means":
            _place_strips(_rows({panel: _means(key, level) for panel, key in PANELS.items()}))
        else:
            _place_strips(_rows({"before": _means(PANELS["before"], "1")}))
    with stage.below:
        st.code(CHANGE, language="python", wrap_lines=True)
        st.caption(_tell_study() if look == "loss" else _tell_numbers())


def ask_gain() -> bool:
    """How much does a repair that touches every level of the net bring?"""
    found = _effect()
    gain = -found.difference
    sizes = {"more than 0.1 nats": 0.1, "about 0.05 nats": 0.03, "0.02 nats or less": -1.0}
    first, second = (_gain_of_letters(*pair) for pair in ((2, 4), (4, 8)))
    small = (
        f"Over {found.seeds} seeds the mean dev loss went from {found.before:.4f} to "
        f"{found.after:.4f}, by {gain:.4f} nats. The wrong statistics come from fewer numbers, but of "
        "the right things, so the net trains well with them: a bug in a neural net need not show."
    )
    why = [
        f"For that much one would have to take letters away: {first:.2f} nats lie between a tree that "
        "sees two letters and one that sees four.",
        f"That is more than twice what going from four letters to eight brings ({second:.3f} nats "
        "with as many parameters).",
        small,
    ]
    return ask_to_predict(
        "these are the running means of the pairs, one row a position, where one row for all would "
        "do. How much lower did the dev loss get when that was put right?",
        dict(zip(sizes, why, strict=True)),
        answer=next(words for words, least in sizes.items() if gain > least),
        key="bug_gain",
    )


def _gain_of_letters(few: int, many: int) -> float:
    """Nats that a longer context brings, with as many parameters."""
    losses = {
        letters: mean(
            r.dev
            for r in studies.read_whole(LADDER)
            if r.variant == studies.ladder_variant(letters, studies.AS_MANY[letters])
        )
        for letters in (few, many)
    }
    return losses[few] - losses[many]


def _losses(variant: str) -> list[float]:
    """Dev losses of the study, seed by seed."""
    return [r.dev for r in studies.read_whole(STUDY) if r.variant == variant]


def _effect() -> seed_effects.Effect:
    return seed_effects.effect(_losses("before"), _losses("after"))


def _show_effect() -> None:
    """What the repair brings against what a seed brings, in nats."""
    found = _effect()
    rows = {
        "the repair, mean of the pairs": f"{found.difference:+.4f}",
        "its standard error": f"{found.error:.4f}",
        "seed to seed, standard deviation": f"{found.spread:.4f}",
    }
    table = [{"dev loss": what, "nats": number} for what, number in rows.items()]
    place_table(table)


def _place_seeds_and_wandering() -> None:
    """Every training of the study, and how far running means stray, as measured and as foretold."""
    runs = studies.read_whole(STUDY)
    frame = pd.DataFrame(
        [{"variant": r.variant, "seed": str(r.seed), "dev": r.dev, "note": r.variant} for r in runs]
    )
    place_chart(seed_dots(frame, panels=True), key="bug_seeds", fill="half")
    curves = {panel: [r.wander for r in runs if r.variant == panel] for panel in PANELS}
    expected = _expected_wander()
    rules = pd.DataFrame({"panel": list(expected), "share": list(expected.values())})
    place_chart(wander(seed_effects.wander(curves), rules), key="bug_wander", fill="half")


def _expected_wander() -> dict[str, float]:
    """What independent numbers would give, before and after."""
    recipe = studies.STUDIES[STUDY].recipe
    numbers = {"before": recipe.batch_size, "after": POSITIONS * recipe.batch_size}
    return {p: seed_effects.expected_wander(n, recipe.momentum) for p, n in numbers.items()}


def _tell_study() -> str:
    """How the seeds were trained, and what the lower curves are."""
    recipe, found, expected = studies.STUDIES[STUDY].recipe, _effect(), _expected_wander()
    times, batch = abs(found.difference) / found.spread, recipe.batch_size
    verdict = "so it is real" if found.clear else "so one cannot be sure that it is real"
    return (
        f"{found.seeds} seeds of each, {recipe.steps:,} steps of the lecture's loop with {batch} "
        "examples each; a pair shares seed, initialisation, batches and data and differs in the changed "
        f"line alone. The repair is {times:.0f} times the standard deviation from seed to seed (paired "
        f"t-test: p {seed_effects.write_p(found.p)}), {verdict}; and it is small. The lecture saw 2.029 "
        "become 2.022 after its whole 200,000 steps.\n\nCurves: standard deviation of a running mean "
        f"of the pairs within {studies.BLOCK} steps, as a share of the standard deviation of the "
        f"numbers that it is the mean of. Dotted: what independent numbers give, {batch} a batch "
        f"({expected['before']:.1%}) or {POSITIONS * batch} ({expected['after']:.1%}); four times as "
        "many stray half as far. At first the means stray more, since the net itself moves; the "
        f"learning rate is cut at step {recipe.decay_at:,}."
    )


def _tell_numbers() -> str:
    """From how many numbers each mean comes, where it was studied and in the nets that are shown."""
    about = loaded.checkpoint(PANELS["before"]).metadata
    shown, studied = about.recipe["batch_size"], studies.STUDIES[STUDY].recipe.batch_size
    return (
        "Of the two shipped trees of "
        f"{about.parameters:,} parameters, trained with the recipe (training configuration) “best”: "
        f"batches of {shown:,} examples, so a mean of the pairs comes from {shown:,} numbers before the "
        f"repair and {POSITIONS * shown:,} after. In the lecture's loop, which the seeds were trained "
        f"with, it is {studied} and {POSITIONS * studied}. Early positions often see padding, so the "
        "rows are alike but not equal."
    )


def _means(key: str, level: str) -> Tensor:
    checkpoint: Checkpoint = loaded.checkpoint(key)
    norms = list(layers_of(checkpoint.model, BatchNorm1d).values())  # one a level
    return norms[int(level) - 1].running_mean


def _rows(panels: dict[str, Tensor]) -> pd.DataFrame:
    """All rows one below the other, each with its panel in its name."""
    frames = [
        frame.assign(position=panel + ", " + frame["position"])
        for panel, frame in ((panel, channels(means)) for panel, means in panels.items())
    ]
    return pd.concat(frames, ignore_index=True)


def _place_strips(rows: pd.DataFrame) -> None:
    limit = float(rows["value"].abs().quantile(MOST))
    place_chart(channel_strips(rows, limit=limit), key="bug_means", fill="most")
