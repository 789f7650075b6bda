"""Flat, tree, longer context, more parameters: one ladder at a time. Knows shipped models and a study."""

from collections.abc import Mapping
from itertools import pairwise
from statistics import mean

import pandas as pd
import streamlit as st

from makemore.charts.losses.context_curves import context_curves
from makemore.charts.losses.scoreboard import scoreboard
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.experiments.studies import AS_MANY, SMALL_WIDTH, Result
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.sources import loaded
from makemore.ui.sources.shipped_scoreboard import board

RUNGS = ("mlp_bn", "mlp_bn_8", "wavenet_22k_bug", "wavenet_22k", "wavenet")
STUDY = "context_ladder"
LADDERS = {"models": "Models of the course", "context": "Context length"}
WIDTH, EQUAL = "as many hidden channels", "as many parameters"
WIDTHS: dict[str, Mapping[int, int]] = {WIDTH: dict.fromkeys(AS_MANY, SMALL_WIDTH), EQUAL: AS_MANY}


def show_ladder(about: ChosenList, name: str, stage: Stage) -> None:
    """The shipped models, or trees over 2, 4, 8 and 16 letters."""
    with stage.controls:
        ladder = choose("Picture", LADDERS, key="ladder", in_link="look")
    if ladder == "models":
        _show_models(stage)
    else:
        _show_contexts(stage)


def _show_models(stage: Stage) -> None:
    """Dev losses as bars with the reported ones, and a table with the gap from train to dev."""
    with stage.picture:
        place_chart(scoreboard(board(RUNGS)), key="rungs", fill="whole")
    stage.controls.caption(
        "One training each, with the recipe (training configuration) “best” of its kind. Gap: dev less "
        "train loss; it opens as a net gets large enough to learn names by heart."
    )
    table = []
    for name in loaded.present(RUNGS):
        meta = loaded.checkpoint(name).metadata
        train, dev = meta.losses["train"], meta.losses["dev"]
        table.append(
            {
                "model": SHIPPED[name].label,
                "context": str(meta.config["block_size"]),
                "parameters": f"{meta.parameters:,}",
                "generations": str(meta.recipe.get("generations", 1)),
                "steps": f"{meta.step:,}",
                "train": f"{train:.3f}",
                "dev": f"{dev:.3f}",
                "gap": f"{dev - train:.3f}",
            }
        )
    with stage.below:
        place_table(table)
        st.caption(_tell_last_rung())


def _tell_last_rung() -> str:
    """What else changes between the two trees that seem to differ in their size."""
    small, large = (loaded.checkpoint(name).metadata for name in ("wavenet_22k", "wavenet"))
    share = float(large.recipe["from_elders"])
    return (
        f"From {small.parameters:,} to {large.parameters:,} parameters more than the size changes: the "
        f"larger tree has {large.step:,} steps instead of {small.step:,}, and it is the last of "
        f"{large.recipe['generations']} generations, each a new net that takes {share:.0%} of its "
        "loss from what the former ones expect (self-distillation; born-again networks)."
    )


def _show_contexts(stage: Stage) -> None:
    """The same tree over more and more letters, every seed a dot, twice: as wide and as large."""
    with stage.picture:
        chart = context_curves(_draw_runs(), series=(WIDTH, EQUAL))
        place_chart(chart, key="context_ladder", fill="whole")
    seeds, recipe = len(runs_of(8, AS_MANY[8])), studies.STUDIES[STUDY].recipe
    stage.controls.caption(
        "With as many hidden channels at every node, a longer context also means more levels and more "
        "parameters (the numbers beside the dots). With as many parameters, within 1 %, trees over "
        "fewer letters have wider nodes: there eight letters still beat four, and sixteen, with "
        f"{AS_MANY[16]} channels instead of {AS_MANY[8]}, do worse than eight."
    )
    steps = [(name, a, b) for name in WIDTHS for a, b in pairwise(AS_MANY)]
    with stage.below:
        place_table([_step(*each) for each in steps])
        st.caption(
            f"{seeds} seeds each, {recipe.steps:,} steps of the recipe “best” with one generation; pairs "
            "share their seed. ± is the standard error of the mean difference, p that of a paired "
            "t-test. Most names are shorter than eight letters, so there is little left for sixteen to "
            "see."
        )


def _draw_runs() -> pd.DataFrame:
    """Every training of the study, in both series if it belongs to both."""
    return pd.DataFrame(
        [
            {
                "series": name,
                "letters": letters,
                "channels": width,
                "parameters": r.parameters,
                "seed": str(r.seed),
                "dev": r.dev,
            }
            for name, widths in WIDTHS.items()
            for letters, width in widths.items()
            for r in runs_of(letters, width)
        ]
    )


def runs_of(letters: int, width: int) -> list[Result]:
    """The trainings of the study over so many letters with so many channels, seed by seed."""
    name = studies.ladder_variant(letters, width)
    return [r for r in studies.read_whole(STUDY) if r.variant == name]


def _step(series: str, before: int, after: int) -> dict[str, str]:
    """What one step of a ladder does to the loss."""
    runs = [runs_of(letters, WIDTHS[series][letters]) for letters in (before, after)]
    found = seed_effects.effect(*([r.dev for r in each] for each in runs))
    gap = mean(r.dev - r.train for r in runs[1])
    return {
        "with": series,
        "letters": f"{before} → {after}",
        "dev loss, nats": f"{found.difference:+.4f} ± {found.error:.4f}",
        "p": seed_effects.write_p(found.p),
        "so it is": seed_effects.verdict(found),
        "train–dev gap": f"{gap:.3f}",
    }
