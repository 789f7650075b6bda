"""Twenty names decide nothing: the share in the list among few, seed by seed, and among many. Knows no page."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from math import sqrt

import pandas as pd
import streamlit as st

from makemore.charts.letters.share_dots import share_dots
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters.standings import Standings
from makemore.inference import sampling
from makemore.lessons.name_lab.ranked_names import standings_of
from makemore.lessons.name_lab.sampled_board import COUNT, FIRST_SEED, LONGEST, draw_names
from makemore.ui.kit import links
from makemore.ui.kit.ask_beside import begin_beside, look_again
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.side_by_side import Model, models_of
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import beside
from makemore.ui.sources.kept import identity
from makemore.ui.sources.sampled_shares import SAMPLES, SEED

SEEDS = 60  # from 0
SIMPLE, BETTER = "bigram", "mlp"  # of which the second surely gives more listed names
SOON = "measuring"
ASKED = "few_names"
QUESTION = (
    f"of {SEEDS} seeds, in how many do {COUNT} names of the MLP hold no more listed ones than {COUNT} "
    "of the bigram?"
)
CHOICES = ("in none", "in about one of eight", "in about a half")


def show_few_and_many(about: ChosenList, name: str, stage: Stage) -> None:
    """The shares of 10,000 names with a question, as they come; then those of twenty for each of 60 seeds."""
    models = models_of(about)
    many, few = _ask_all(about, models)
    waits = len(many) + len(few) < 2 * len(models)
    with stage.controls:
        answered = _ask(models, many, few)
    with stage.picture:
        measured = [model for model in models if model.key in many]
        exact = {model.key: standings_of(about, model.checkpoint) for model in measured}
        chart = share_dots(
            _few_frame(models if answered else [], few),
            _many_frame(models, many, exact),
            count=COUNT,
            samples=SAMPLES,
        )
        place_chart(chart, key="share_dots", fill="whole")
        if waits:
            st.caption(_tell_waiting(len(models), len(many), len(few)))
    with stage.controls:
        _tell_shares(about)
    look_again(waits or None in exact.values())


def _tell_waiting(models: int, many: int, few: int) -> str:
    if many < models:
        return f"{SAMPLES:,} names of each model are being drawn: {many} of {models} models done."
    return (
        f"{COUNT} names from each of {SEEDS} seeds are being drawn: {few} of {models} models done."
    )


def _ask_all(
    about: ChosenList, models: list[Model]
) -> tuple[dict[str, float], dict[str, list[int]]]:
    """By the key of each model what is there of the share of many, and of the counts of few.

    The quick ones first, then what the question is about. They are worked out one after the other, so
    behind one that is not there none need be waited for.
    """
    many: dict[str, float] = {}
    few: dict[str, list[int]] = {}
    coming = [begin_beside(about, *_many(about, model.checkpoint)) for model in models]
    asked_first = sorted(models, key=lambda model: model.key not in (SIMPLE, BETTER))
    then = [begin_beside(about, *_few(about, model.checkpoint)) for model in asked_first]
    for model, share in zip(models, coming, strict=True):
        if (found := beside.take(share)) is None:
            return many, few
        many[model.key] = found
    for model, counts in zip(asked_first, then, strict=True):
        if (listed := beside.take(counts)) is None:
            return many, few
        few[model.key] = listed
    return many, few


def standard_error(share: float, names: int) -> float:
    """Of a share that was counted among so many independent names: √(p(1−p)/n)."""
    return sqrt(share * (1 - share) / names)


def share_of_many(about: ChosenList, checkpoint: Checkpoint) -> float:
    """The share of 10,000 sampled names that stands in the list, now."""
    names = sampling.sample(
        checkpoint.model, checkpoint.vocabulary, SAMPLES, seed=SEED, max_length=LONGEST
    )
    return sum(each in about.known for each in names) / SAMPLES


def listed_of_few(about: ChosenList, checkpoint: Checkpoint) -> list[int]:
    """How many of the twenty names of each seed stand in the list, now."""
    return [
        sum(each in about.known for each in draw_names(checkpoint, seed)) for seed in range(SEEDS)
    ]


def _many(about: ChosenList, checkpoint: Checkpoint) -> tuple[Hashable, Callable[[], float]]:
    return ("many", identity(checkpoint)), partial(share_of_many, about, checkpoint)


def _few(about: ChosenList, checkpoint: Checkpoint) -> tuple[Hashable, Callable[[], list[int]]]:
    return ("few", identity(checkpoint)), partial(listed_of_few, about, checkpoint)


def _ask(models: list[Model], many: dict[str, float], few: dict[str, list[int]]) -> bool:
    """In how many of the seeds does the better model look no better? Where both are here."""
    if not {SIMPLE, BETTER} <= {model.key for model in models}:
        return True
    if not {SIMPLE, BETTER} <= few.keys():
        return ask_to_predict(QUESTION, dict.fromkeys(CHOICES, ""), answer=None, key=ASKED)
    no_better = count_no_better(few[SIMPLE], few[BETTER])
    simple, better = many[SIMPLE], many[BETTER]
    told = (
        f"In **{no_better} of {SEEDS}** seeds the MLP has no more listed names than the bigram, though "
        f"among {SAMPLES:,} names it has {better:.1%} against {simple:.1%}. With {COUNT} names the "
        f"standard errors are {standard_error(simple, COUNT):.1%} and {standard_error(better, COUNT):.1%}, "
        f"the difference is {abs(better - simple):.1%}."
    )
    gap = better - simple
    none, some, half = CHOICES
    choices = {
        none: f"the gap of {gap:.1%} is {COUNT * gap:.1f} names of {COUNT}, which luck undoes.",
        some: told,
        half: f"then the shares would not differ at all; they do, by {abs(gap):.1%}.",
    }
    answer = _answer(no_better / SEEDS)
    choices[answer] = told
    return ask_to_predict(QUESTION, choices, answer=answer, key=ASKED)


def count_no_better(simple: Sequence[int], better: Sequence[int]) -> int:
    """In how many seeds the second has no more."""
    return sum(b <= a for a, b in zip(simple, better, strict=True))


def _answer(share: float) -> str:
    return CHOICES[0 if share == 0 else 1 if share < 0.3 else 2]


def _few_frame(models: list[Model], few: dict[str, list[int]]) -> pd.DataFrame:
    """One dot a seed; the seed of the link is the one that the step before shows."""
    shown = links.read_seed(FIRST_SEED)
    rows = [
        (row, model.label, str(seed), number / COUNT, seed == shown)
        for row, model in enumerate(models)
        for seed, number in enumerate(few.get(model.key, ()))
    ]
    return pd.DataFrame(rows, columns=["row", "model", "seed", "share", "chosen"])


def _many_frame(
    models: list[Model], many: dict[str, float], exact: dict[str, Standings | None]
) -> pd.DataFrame:
    """The share of many with two standard errors, and beside it the one that was added up."""
    rows: list[tuple[int, str, float | None, float | None, float | None, str, str]] = []
    for row, model in enumerate(models):
        share = many.get(model.key)
        if share is None:
            rows.append((row, model.label, None, None, None, SOON, SOON))
            continue
        error = standard_error(share, SAMPLES)
        told = f"{share:.1%} ± {error:.1%} of {SAMPLES:,} names"
        if (known := exact[model.key]) is not None:
            told += f", exactly {known.listed:.1%}"
        short = f"{share:.1%} ± {error:.1%}"
        low, high = share - 2 * error, share + 2 * error
        rows.append((row, model.label, share, low, high, told, short))
    frame = pd.DataFrame(rows, columns=["row", "model", "share", "low", "high", "told", "short"])
    return frame.astype({"share": float, "low": float, "high": float})


def _tell_shares(about: ChosenList) -> None:
    st.caption(
        f"±: standard error, √(p(1 − p)/n) with n = {SAMPLES:,}; the band is two of them wide on each "
        f"side. Four times the names halve it. Exactly: the probabilities that the model gives to the "
        f"{len(about.known):,} different names of the list, added up."
    )
