"""The panel of a repaired training, with the sick one it was recorded of beside it. Knows no page."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from makemore.diagnostics.layers.diagnose import Finding
from makemore.diagnostics.layers.repairs import Repaired, repaired
from makemore.lessons.diagnostics.finding_list import list_findings, rerun_if_pressed
from makemore.lessons.diagnostics.look_charts import Kind, findings_of
from makemore.lessons.diagnostics.own_stack import show_where
from makemore.lessons.diagnostics.pair_view import PACE, flags, show_pair
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.training_panel import (
    Former,
    Offer,
    current_run,
    follow_run,
    start_beside,
    train_offered,
)
from makemore.ui.training_panel.live_moments import planned_steps

CHOSEN = "repair"  # in the session, after a key: what is repaired, and the offer


def list_repairable(
    findings: tuple[Finding, ...], moments: Moments, sick: Former, *, key: str, kind: str,
    moment: str, whose: str, offers: Mapping[Finding, Offer],
) -> None:  # fmt: skip
    """The findings, each with the way to its mark, and the button of each repair that is on offer.

    whose: tells the sick one from others; kind and moment: the keys of these switches.
    """
    list_findings(
        findings,
        moments.readings,
        key=key,
        show=partial(show_where, steps=moments.steps, kind=kind, moment=moment),
        repair=lambda finding: _begin(offers[finding], sick, key, whose),
        repairs=lambda finding: finding in offers,
    )


def _begin(asked: Offer, sick: Former | None, key: str, whose: str) -> None:
    st.session_state[f"{key}_{CHOSEN}"] = (whose, asked)
    start_beside(asked, sick)


def repair_under_way(key: str, whose: str) -> Offer | None:
    """The offer of the repair that was begun of this one."""
    begun, asked = st.session_state.get(f"{key}_{CHOSEN}", ("", None))
    return asked if begun == whose else None


def show_repair(asked: Offer, stage: Stage, *, key: str, kind: Kind, kind_key: str) -> None:
    """The panel: the repaired training with the sick one over it, and both in the chart that is chosen."""
    with stage.controls:
        st.button("Back to the sick one", key=f"{key}_back", icon=":material/undo:",
                  on_click=lambda: st.session_state.pop(f"{key}_{CHOSEN}", None))  # fmt: skip
        found = st.container()
    train_offered(
        asked, stage, pair_view=partial(show_pair, kind=kind, key=key), pace=PACE, flags=flags
    )
    with found:
        follow_run(asked, partial(_tell, asked, key, kind_key), pace=PACE)


def _tell(asked: Offer, key: str, kind_key: str, moments: Moments) -> None:
    """What is still found, each with its repair, which then goes beside this run."""
    rerun_if_pressed()
    run = current_run(asked)
    findings = findings_of(moments.readings)
    offers = {each: made for each in findings if (made := _repaired_further(asked, each))}
    whose = str(st.session_state[f"{key}_{CHOSEN}"][0])
    list_findings(
        findings,
        moments.readings,
        key=f"{key}_repaired",
        show=partial(
            show_where,
            steps=planned_steps(run.spec.recipe.steps) if run else moments.steps,
            kind=kind_key,
            moment=f"{key}_moment_newest",
        ),
        repair=lambda finding: _begin(offers[finding], None, key, whose),
        repairs=lambda finding: finding in offers,
    )


def _repaired_further(asked: Offer, finding: Finding) -> Offer | None:
    """The same training with this repair, too; None for a net without that switch."""
    rate = asked.recipe(asked.recipe_name).learning_rate
    after = repaired(finding.repair, asked.model, asked.settings, rate)
    if after is None:
        return None
    return replace(
        asked,
        model=after.model,
        settings=after.settings,
        learning_rate=after.learning_rate,
        title=f"{asked.title}; {finding.repair}",
    )


def offer_of(
    about: ChosenList, after: Repaired, *, key: str, seed: int, recipe_name: str, steps: int,
    like: str, title: str,
) -> Offer:  # fmt: skip
    """What the panel offers of a repaired training."""
    return Offer(
        about=about,
        key=key,
        model=after.model,
        seed=seed,
        recipe_name=recipe_name,
        steps=steps,
        settings=after.settings,
        like=like,
        title=title,
        learning_rate=after.learning_rate,
    )
