"""The difference of each model to the one before it, beside what seeds alone do. Knows no page."""

from itertools import pairwise

import pandas as pd
import streamlit as st

from makemore.charts.losses.seed_gaps import seed_gaps
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import shipped_scoreboard

CLOSE_PAIR = ("mlp", "mlp_bn")
CLEAR = 3  # standard errors from which on a difference is more than what seeds do
CLOSE = "too close to call"


def show_seed_gaps(about: ChosenList, name: str, stage: Stage) -> None:
    """One seed's differences with a question; then those of every seed, and what they allow to say."""
    with stage.controls:
        answered = _ask_close_pair()
    gaps, seeds = seed_frames(FIVE)
    first = seeds[seeds["seed"] == seeds["seed"].iloc[0]] if len(seeds) else seeds
    bare = gaps.assign(note=gaps["pair"])
    with stage.picture:
        chart = seed_gaps(gaps, seeds) if answered else seed_gaps(bare, first, means=False)
        place_chart(chart, key="seed_gaps", fill="whole")
    with stage.controls:
        of = " They are of the course's names, whatever list you have chosen." if about.own else ""
        st.caption(
            f"The same training from {shipped_scoreboard.SEEDS} seeds, which draw the initial parameters "
            "and the batches; pairs share their seed. Counting draws nothing. Left of zero: "
            f"lower than the one above. Beyond the middle the axis is logarithmic.{of}"
        )
    if answered:
        with stage.below:
            _show_differences(shipped_scoreboard.board(FIVE))


def seed_frames(names: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mean difference of each pair of neighbours with two standard errors, and that of every seed.

    Columns: row, pair, note (with the mean), difference, low, high; and row, pair, seed, difference.
    """
    known = [
        (key, losses) for key in names if (losses := shipped_scoreboard.losses_over_seeds(key))
    ]
    drawn = sorted(studies.STUDIES[shipped_scoreboard.STUDY].seeds)
    means, singles = [], []
    for row, ((former, before), (key, after)) in enumerate(pairwise(known)):
        found = seed_effects.effect(before, after)
        pair = f"{SHIPPED[key].label} less {SHIPPED[former].label}"
        mean, reach = found.difference, 2 * found.error
        note = f"{pair}: {mean:+.4f} ± {found.error:.4f}"
        means.append((row, pair, note, mean, mean - reach, mean + reach))
        singles += [
            (row, pair, str(seed), b - a) for seed, a, b in zip(drawn, before, after, strict=True)
        ]
    return (
        pd.DataFrame(means, columns=["row", "pair", "note", "difference", "low", "high"]),
        pd.DataFrame(singles, columns=["row", "pair", "seed", "difference"]),
    )


def _ask_close_pair() -> bool:
    """Does the difference of the two nearest models hold from seed to seed?"""
    before, after = (shipped_scoreboard.losses_over_seeds(key) for key in CLOSE_PAIR)
    if len(before) != len(after) or len(before) < 2:
        return True
    found = seed_effects.effect(before, after)
    lower = sum(b < a for a, b in zip(before, after, strict=True))
    number = len(before)
    told = (
        f"It is lower in {lower} of {number} seeds; the mean difference is {found.difference:+.4f} ± "
        f"{found.error:.4f} nats (paired t-test: p = {found.p:.2f}), too close to call."
    )
    choices = {
        f"in all {number}": "then batch norm would surely help, by however little.",
        "in some": told,
        "in none": "then batch norm would surely do harm here.",
    }
    answer = list(choices)[0 if lower == number else 2 if lower == 0 else 1]
    choices[answer] = told
    first, second = (SHIPPED[key].label for key in CLOSE_PAIR)
    return ask_to_predict(
        f"trained from {number} seeds, in how many is the dev loss of “{second}” lower than that of “{first}”?",
        choices,
        answer=answer,
        key="close_pair",
    )


def _show_differences(frame: pd.DataFrame) -> None:
    """Each model of the frame against the one above it, with what seeds alone do."""
    rows = [
        {
            "model": each["label"],
            "against": former["label"],
            "here, nats": f"{each['dev'] - former['dev']:+.4f}",
            "over seeds, nats": f"{each['difference']:+.4f} ± {each['error']:.4f}",
            "so its loss is": _verdict(each["difference"], each["error"]),
        }
        for former, each in pairwise(frame.to_dict("records"))
        if pd.notna(each["difference"])
    ]
    if not rows:
        return
    st.markdown("**Each model against the one above it**")
    place_table(rows)
    st.caption(
        f"Here: of the two shipped trainings. Over seeds: means over {shipped_scoreboard.SEEDS} trainings "
        f"each, ± the standard error of the mean difference; within {CLEAR} of them it may be luck."
    )


def _verdict(difference: float, error: float) -> str:
    if abs(difference) <= CLEAR * error:
        return CLOSE
    return "lower" if difference < 0 else "higher"
