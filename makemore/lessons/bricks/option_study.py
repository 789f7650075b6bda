"""What still lowers the loss of the tree: options, each switched alone, over seeds. Knows no model."""

from statistics import mean

import pandas as pd
import streamlit as st

from makemore.charts.losses.seed_dots import seed_dots
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.experiments.studies import Result
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources import loaded

BEST = "wavenet_gated"
STUDY, BASE, WIDE = "options", "plain", "as many weights, no gate"
ABOUT = {
    "gate": "tanh × sigmoid: half of a level says what, the other half how much of it",
    WIDE: "the plain tree with 184 instead of 128 numbers a node",
    "residual": "a level adds to the mean of its children instead of replacing them",
    "skip": "the last layer also sees the newest node of every level",
    "context 16": "sixteen letters in view: one level more",
    "embedding 48": "48 instead of 24 numbers a letter",
    "all but the embedding": "gate, residual, skip and sixteen letters together",
}


def ask_gate_share() -> bool:
    """How much of what gates bring is due to their weights alone?"""
    plain, gate, wide = (_mean(name) for name in (BASE, "gate", WIDE))
    share = (plain - wide) / (plain - gate)
    parts = {"nothing": -1.0, "about a half": 0.25, "most of it": 0.75}
    why = (
        f"Plain {plain:.4f}, gated {gate:.4f}, plain with as many weights {wide:.4f}: {share:.0%}. "
        "A comparison that lets the number of weights change as well says little about the idea."
    )
    return ask_to_predict(
        "gates (tanh × sigmoid in the place of tanh) lower the dev loss of the tree by "
        f"{plain - gate:.3f} nats, but need about twice as many weights. How much of that does a plain "
        "tree with as many weights get?",
        dict.fromkeys(parts, why),
        answer=[words for words, least in parts.items() if share > least][-1],
        key="gate_share",
    )


def _mean(variant: str) -> float:
    return mean(r.dev for r in studies.read(STUDY) if r.variant == variant)


def show_study() -> None:
    """Every training as a dot, and a switch for what is compared with the plain tree."""
    runs = studies.read(STUDY)
    by_name = {
        name: [r for r in runs if r.variant == name] for name in studies.STUDIES[STUDY].variants
    }
    chosen = st.pills(
        "Compared with the plain tree",
        list(ABOUT),
        default=list(ABOUT),
        selection_mode="multi",
        key="options_shown",
    )
    shown = [BASE, *(name for name in ABOUT if name in (chosen or []))]
    place_chart(seed_dots(_frame({name: by_name[name] for name in shown})), key="options_dots")
    rows = [_row(name, by_name[BASE], by_name[name]) for name in shown if name != BASE]
    if rows:
        st.table(rows, border="horizontal", hide_index=True)
        st.caption(". ".join(f"**{name}:** {ABOUT[name]}" for name in shown if name != BASE) + ".")
    _tell_best()
    recipe = studies.STUDIES[STUDY].recipe
    fair = seed_effects.effect(*([r.dev for r in by_name[name]] for name in (WIDE, "gate")))
    st.caption(
        f"{len(by_name[BASE])} seeds of each, {recipe.steps:,} steps of the recipe “best” with one "
        "generation; each differs from the plain tree in what its name says alone. ± is the "
        "standard error of the mean difference: less than about three of them may be luck. What has more "
        "weights is to be held against “as many weights, no gate”, not against plain: there the gate "
        f"brings {fair.difference:+.4f} ± {fair.error:.4f}."
    )


def _tell_best() -> None:
    """What the options gave when one net took the time it needs."""
    about = loaded.checkpoint(BEST).metadata
    st.markdown(
        f"**The best of it, shipped:** a gated tree of {about.parameters:,} weights, trained for "
        f"{about.recipe['generations']} generations, dev loss {about.losses['dev']:.4f}."
    )


def _frame(by_name: dict[str, list[Result]]) -> pd.DataFrame:
    rows = [
        {
            "variant": name,
            "seed": str(r.seed),
            "dev": r.dev,
            "note": f"{name}  ·  {r.parameters:,} weights",
        }
        for name, runs in by_name.items()
        for r in runs
    ]
    return pd.DataFrame(rows, columns=["variant", "seed", "dev", "note"])


def _row(name: str, base: list[Result], runs: list[Result]) -> dict[str, str]:
    found = seed_effects.effect([r.dev for r in base], [r.dev for r in runs])
    gap = mean(r.dev - r.train for r in runs)
    verdict = "lower" if found.difference < 0 else "higher"
    return {
        "option": name,
        "against plain, nats": f"{found.difference:+.4f} ± {found.error:.4f}",
        "so it is": verdict if found.clear else "too close to call",
        "train–dev gap": f"{gap:.3f}",
    }
