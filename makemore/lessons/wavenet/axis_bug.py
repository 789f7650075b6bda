"""Batch norm over the wrong axis, before and after the repair. Knows two wavenets that differ in it."""

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
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources import loaded

STUDY = "axis_bug"
POSITIONS = 4  # of the pairs
PANELS = {"before": "wavenet_22k_bug", "after": "wavenet_22k"}
MOST = 0.98  # of all means lie inside the colour scale; the few beyond would pale the rest
CHANGE = """\
# x is (batch, positions, channels)
mean, var = x.mean(0), x.var(0)            # before: over the batch alone
mean, var = x.mean((0, 1)), x.var((0, 1))  # after: over every axis but the last
"""


def ask_gain() -> bool:
    """How much does a repair that touches every level of the net bring?"""
    found = _effect()
    gain = -found.difference
    sizes = {"more than 0.1 nats": 0.1, "about 0.05 nats": 0.03, "0.02 nats or less": -1.0}
    why = (
        f"Over {found.seeds} seeds the mean dev loss went from {found.before:.4f} to "
        f"{found.after:.4f}, which is {gain:.4f} nats. The wrong statistics come from fewer numbers, "
        "but of the right things, so the net trains well with them: a bug in a neural net need not "
        "show."
    )
    return ask_to_predict(
        "batch norm averaged over the wrong axes, at every level of the tree. How much lower did "
        "the dev loss get when that was put right?",
        dict.fromkeys(sizes, why),
        answer=next(words for words, least in sizes.items() if gain > least),
        key="bug_gain",
    )


def _losses(variant: str) -> list[float]:
    """Dev losses of the study, seed by seed."""
    return [r.dev for r in studies.read(STUDY) if r.variant == variant]


def _effect() -> seed_effects.Effect:
    return seed_effects.effect(_losses("before"), _losses("after"))


def show_repair() -> None:
    """The changed line, the losses of all seeds, what strays less, and the running means of both."""
    st.code(CHANGE, language="python", wrap_lines=True)
    _show_seeds()
    _show_wandering()
    _show_running_means()


def _show_seeds() -> None:
    """Every training of the study, and what the repair brings against what a seed brings."""
    runs = studies.read(STUDY)
    recipe, found = studies.STUDIES[STUDY].recipe, _effect()
    frame = pd.DataFrame(
        [{"variant": r.variant, "seed": str(r.seed), "dev": r.dev, "note": r.variant} for r in runs]
    )
    place_chart(seed_dots(frame, panels=True), key="bug_seeds")
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "The repair",
            f"{found.difference:+.4f} nats",
            help="Mean of the differences between trainings that share their seed.",
        )
        st.metric("Its standard error", f"{found.error:.4f}")
        st.metric(
            "Seed to seed", f"{found.spread:.4f}", help="Standard deviation between seeds, before."
        )
    times = abs(found.difference) / found.spread
    st.caption(
        f"{found.seeds} seeds of each, {recipe.steps:,} steps of the lecture's loop with "
        f"{recipe.batch_size} examples each; a pair shares seed, weights, batches and data and "
        f"differs in the changed line alone. The repair is {times:.0f} times what the draw of the "
        "weights changes, "
        + ("so it is real; " if found.clear else "so one cannot be sure that it is real; ")
        + "and it is small. The lecture saw 2.029 become 2.022 after its whole 200,000 steps."
    )


def _show_wandering() -> None:
    """How far the running means stray, measured and as the size of the batch foretells."""
    study, runs = studies.STUDIES[STUDY], studies.read(STUDY)
    curves = {panel: [r.wander for r in runs if r.variant == panel] for panel in PANELS}
    batch, momentum = study.recipe.batch_size, study.recipe.momentum
    numbers = {"before": batch, "after": POSITIONS * batch}
    expected = {p: seed_effects.expected_wander(n, momentum) for p, n in numbers.items()}
    st.markdown("**How much the running means of the pairs wander**")
    rules = pd.DataFrame({"panel": list(expected), "share": list(expected.values())})
    place_chart(wander(seed_effects.wander(curves), rules), key="bug_wander")
    st.caption(
        f"Standard deviation of a running mean within {studies.BLOCK} steps, as a share of the "
        "standard deviation of the numbers that it is the mean of. Dotted: what independent numbers "
        f"give, {numbers['before']} a batch ({expected['before']:.1%}) or {numbers['after']} "
        f"({expected['after']:.1%}); four times as many stray half as far. At first the means stray "
        "more, since the net itself moves; the learning rate is cut at step "
        f"{study.recipe.decay_at:,}."
    )


def _show_running_means() -> None:
    """The running means of the two shipped nets on one colour scale."""
    both = {panel: loaded.checkpoint(key) for panel, key in PANELS.items()}
    level = choose("Level of the tree", {"1": "1, pairs", "2": "2, fours"}, key="bug_level")
    means = {panel: _means(checkpoint, level) for panel, checkpoint in both.items()}
    limit = max(float(each.abs().quantile(MOST)) for each in means.values())
    for panel in both:
        st.markdown(f"**{panel.capitalize()}:** {_numbers(means['before'], panel)}")
        place_chart(channel_strips(channels(means[panel]), limit=limit), key=f"means_{panel}")
    st.caption(
        "Of the two shipped trees of 22,397 weights, trained with the recipe “best”. One row a "
        "position is what the wrong axes leave; early positions often see padding, so the rows are "
        "alike but not equal. The numbers are those of the lecture's batch."
    )


def _means(checkpoint: Checkpoint, level: str) -> Tensor:
    norms = list(layers_of(checkpoint.model, BatchNorm1d).values())  # one a level
    return norms[int(level) - 1].running_mean


def _numbers(wrong: Tensor, panel: str) -> str:
    """From how many numbers a batch each mean is estimated, in the lecture's loop."""
    positions, count = wrong.shape
    batch = studies.STUDIES[STUDY].recipe.batch_size
    if panel == "before":
        return f"{positions} × {count} running means, each from {batch} numbers a batch of {batch}"
    return (
        f"1 × {count} running means, each from {positions} × {batch} = {positions * batch} numbers"
    )
