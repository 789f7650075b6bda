"""What still lowers the loss of the tree: options, each switched alone, over seeds. Knows no model."""

from statistics import mean

import pandas as pd
import streamlit as st

from makemore.charts.losses.seed_dots import seed_dots
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.experiments.studies import Result
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources import loaded

BEST = "wavenet_gated"
STUDY, BASE, WIDE = "options", "plain", "as many weights, no gate"
ABOUT = {
    "gate": "gated activation unit: tanh × sigmoid, half of a level says what, the other half how much of it",
    WIDE: "the plain tree with 184 instead of 128 hidden channels",
    "residual": "residual connection: a level adds to the mean of its children instead of replacing them",
    "skip": "skip connections: the last layer also sees the newest node of every level",
    "context 16": "context length 16 instead of 8: one level more",
    "embedding 48": "embedding dimension 48 instead of 24",
    "all but the embedding": "gate, residual, skip and sixteen letters together",
}
SHOWN = "options_shown"
FEW = 3  # rows that would stand too far apart on the whole height
WORDS = {WIDE: "as many parameters, no gate"}  # the study's file has an older word


def show_options(about: ChosenList, name: str, stage: Stage) -> None:
    """The gate and the plain tree with a question; then every option, and what it brings."""
    with stage.controls:
        answered = ask_gate_share()
        chosen = _choose_options() if answered else ["gate"]
    runs = {name: _runs(name) for name in (BASE, *(name for name in ABOUT if name in chosen))}
    with stage.picture:
        fill: Fill = "half" if len(runs) <= FEW else "whole"
        place_chart(seed_dots(_frame(runs)), key="options_dots", fill=fill)
    if answered:
        with stage.below:
            _show_effects(runs)


def ask_gate_share() -> bool:
    """How much of what gates bring is due to their parameters alone?"""
    plain, gate, wide = (mean(r.dev for r in _runs(name)) for name in (BASE, "gate", WIDE))
    share, fair = (plain - wide) / (plain - gate), effect_of(WIDE, "gate")
    parts = {"nothing": -1.0, "about a half": 0.25, "most of it": 0.75}
    why = [
        f"then it would lose as much as the plain one, {plain:.4f}; it loses {wide:.4f}.",
        f"then it would lose about {(plain + gate) / 2:.4f}; it loses {wide:.4f}.",
        f"Plain {plain:.4f}, gated {gate:.4f}, plain with as many parameters {wide:.4f}: {share:.0%}. What "
        f"is left for the gate, {-fair.difference:.4f} ± {fair.error:.4f} nats, {fair.seeds} seeds "
        f"cannot tell from luck (paired t-test: p = {fair.p:.2f}).",
    ]
    return ask_to_predict(
        f"gated activation units (tanh × sigmoid) lower the dev loss of the tree by {plain - gate:.3f} "
        "nats, but need twice the parameters. How much of that does a plain tree with as many get?",
        dict(zip(parts, why, strict=True)),
        answer=[words for words, least in parts.items() if share > least][-1],
        key="gate_share",
    )


def _runs(variant: str) -> list[Result]:
    return [r for r in studies.read_whole(STUDY) if r.variant == variant]


def effect_of(before: str, after: str) -> seed_effects.Effect:
    """What the study says of one variant against another, seed by seed."""
    return seed_effects.effect(*([r.dev for r in _runs(name)] for name in (before, after)))


def _choose_options() -> list[str]:
    """Which options are compared with the plain tree."""
    subsets = links.Subsets(ABOUT)
    links.bound(
        "options",
        key=SHOWN,
        options=subsets,
        first=list(ABOUT),
        say=subsets.say,
        read=subsets.read,
    )
    chosen = st.pills(
        "Compared with the plain tree",
        list(ABOUT),
        selection_mode="multi",
        format_func=lambda name: WORDS.get(name, name),
        key=SHOWN,
    )
    return list(chosen or [])


def _show_effects(runs: dict[str, list[Result]]) -> None:
    """What each option does to the loss, and how far that can be trusted."""
    rows = [_row(name, BASE) for name in runs if name != BASE]
    if "gate" in runs:
        rows.insert(1, _row("gate", WIDE))
    if rows:
        place_table(rows)
        told = [f"**{WORDS.get(name, name)}:** {ABOUT[name]}" for name in runs if name != BASE]
        st.caption(". ".join(told) + ".")
    _tell_best()
    recipe = studies.STUDIES[STUDY].recipe
    st.caption(
        f"{len(_runs(BASE))} seeds of each, {recipe.steps:,} steps of the recipe “best” with one "
        "generation; each differs from the plain tree in what its name says alone. ± is the standard "
        "error of the mean difference, p that of a paired t-test: below 0.05 it is called lower or "
        f"higher. With {len(ABOUT)} options, luck alone would make such a call in one study of three. "
        "What has more parameters is to be held against “as many parameters, no gate”, not against plain."
    )


def _tell_best() -> None:
    """What the options gave when one net took the time it needs."""
    about = loaded.checkpoint(BEST).metadata
    st.markdown(
        f"**The best of it, shipped:** a gated tree of {about.parameters:,} parameters, trained for "
        f"{about.recipe['generations']} generations of self-distillation (born-again networks), dev "
        f"loss {about.losses['dev']:.4f}."
    )


def _frame(by_name: dict[str, list[Result]]) -> pd.DataFrame:
    rows = [
        {
            "variant": WORDS.get(name, name),
            "seed": str(r.seed),
            "dev": r.dev,
            "note": f"{WORDS.get(name, name)}  ·  {r.parameters:,} parameters",
        }
        for name, runs in by_name.items()
        for r in runs
    ]
    return pd.DataFrame(rows, columns=["variant", "seed", "dev", "note"])


def _row(name: str, base: str) -> dict[str, str]:
    runs, found = _runs(name), effect_of(base, name)
    gap = mean(r.dev - r.train for r in runs)
    return {
        "option": WORDS.get(name, name),
        "parameters": f"{runs[0].parameters:,}",
        "against": WORDS.get(base, base),
        "dev loss, nats": f"{found.difference:+.4f} ± {found.error:.4f}",
        "p": seed_effects.write_p(found.p),
        "so it is": seed_effects.verdict(found),
        "train–dev gap": f"{gap:.3f}",
    }
