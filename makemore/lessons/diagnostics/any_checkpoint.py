"""The same charts and rules on any checkpoint within reach, by what was kept of its training. Trains repairs."""

import streamlit as st

from makemore.charts.losses.training_curve import training_curve
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers.diagnose import Finding
from makemore.diagnostics.layers.repairs import repaired
from makemore.experiments.kept_looks import kept_of
from makemore.lessons.diagnostics.look_charts import Kind, findings_of
from makemore.lessons.diagnostics.pair_view import choose_kind, flags, place_look
from makemore.lessons.diagnostics.repair_panel import (
    list_repairable,
    offer_of,
    repair_under_way,
    show_repair,
)
from makemore.lessons.diagnostics.whose_looks import Watched, choose_watched, tell_kept
from makemore.training.recipes import RECIPES, Recipe
from makemore.training.trainer import probe
from makemore.training.trajectory import Recorder, picture
from makemore.ui.kit import examined
from makemore.ui.kit.choose_checkpoint import choose_checkpoint
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments, choose_moment, recorded_moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.reachable import label_of
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import identity
from makemore.ui.training_panel import Offer, loss_curves, recorded_run

KEY, NET, FIRST = "any", "any_net", "mlp_naive"
MOST_STEPS = 5_000  # of a repaired training


def show_checkpoint(about: ChosenList, name: str, stage: Stage) -> None:
    """Its charts at the moment that is chosen, and what the rules find in all of them."""
    with stage.controls:
        checkpoint = choose_checkpoint(
            learns, key=NET, first=FIRST, beside=about, in_link="checkpoint"
        )
    with stage.picture:
        kind = choose_kind(key=f"{KEY}_kind")
    whose = identity(checkpoint)
    if (asked := repair_under_way(KEY, whose)) is not None:
        show_repair(asked, stage, key=KEY, kind=kind, kind_key=f"{KEY}_kind")
        return
    with stage.controls:
        watched = choose_watched(checkpoint, key=KEY)
    kept = watched.moments
    on = examined.list_for(about, checkpoint)
    judged = kept if kept.readings else _look_now(on, checkpoint)
    scrubbed = kept if kept.readings or kept.intervals else judged or kept
    moment = f"{KEY}_moment_{whose[:8]}_{watched.mark}"
    with stage.controls:
        step = choose_moment(scrubbed.steps, key=moment, first=0 if kept.readings else None)
        if judged is None:
            why = plain(examined.tell_lacking(about, checkpoint))
            st.info(f"{kept_of(checkpoint)} To look at its gradients now takes a list in its letters: "
                    f"{why}.", icon=":material/info:")  # fmt: skip
        else:
            _tell(about, watched, judged, moment=moment, whose=whose)
    with stage.picture:
        _place(watched, kept.back_to(step), judged, kind)


def learns(checkpoint: Checkpoint) -> str:
    """Fits a net that learns by gradients."""
    learned = any(True for _ in checkpoint.model.parameters())
    return "" if learned else "it counts, and has no gradient"


def _look_now(on: ChosenList | None, checkpoint: Checkpoint) -> Moments | None:
    """One look at the net as it is, as if it had been kept; None where no list is in its letters."""
    if on is None:
        return None
    dataset = examined.dataset_for(on, checkpoint)

    def look() -> Moments:
        step = checkpoint.metadata.step
        seen = picture(probe(checkpoint.model, dataset, step=step).snapshot)
        return recorded_moments(Recorder(probed=[(step, seen)]).trajectory())

    return on.kept((identity(checkpoint), "look now"), look)


def _tell(about: ChosenList, watched: Watched, judged: Moments, *, moment: str, whose: str) -> None:
    """What was found, by which looks, and what was not kept."""
    checkpoint = watched.checkpoint
    findings = findings_of(judged.readings)
    label = watched.name(label_of(str(st.session_state.get(NET, FIRST))))
    sick = recorded_run(label, watched.trajectory, min(checkpoint.metadata.step, MOST_STEPS))
    offers = {each: made for each in findings if (made := _offer(about, checkpoint, each))}
    list_repairable(
        findings,
        judged,
        sick,
        key=KEY,
        kind=f"{KEY}_kind",
        moment=moment,
        whose=whose,
        offers=offers,
    )
    st.caption(tell_kept(watched, now=not watched.moments.readings))
    if findings and not offers:
        st.caption(
            "A repaired one can be trained on a list in its own letters, if its model has the switch."
        )


def _offer(about: ChosenList, checkpoint: Checkpoint, finding: Finding) -> Offer | None:
    """The training with the repair; None for a net without that switch, or over other letters."""
    said = checkpoint.metadata
    if checkpoint.vocabulary.characters != about.vocabulary.characters or said.start:
        return None
    recipe = Recipe.from_json(said.recipe)
    after = repaired(finding.repair, said.model, said.config, recipe.learning_rate)
    if after is None or recipe.name not in RECIPES:
        return None
    known = RECIPES[recipe.name]
    like = next(name for name in (after.model, said.model, "mlp", "wavenet") if name in known)
    return offer_of(
        about,
        after,
        key=KEY,
        seed=said.seed,
        recipe_name=recipe.name,
        steps=min(recipe.steps, MOST_STEPS),
        like=like,
        title=str(finding.repair),
    )


def _place(watched: Watched, kept: Moments, judged: Moments | None, kind: Kind) -> None:
    """Its curve, if there is one, and the chart below it."""
    checkpoint, trajectory = watched.checkpoint, watched.trajectory
    if curve := loss_curves.trajectory_curve(trajectory) if trajectory else {}:
        chart = training_curve(
            loss_curves.curve_frame(curve),
            letters=len(checkpoint.vocabulary),
            steps=max(checkpoint.metadata.step, 1),
            shown=kept.step,
            flag=flags(judged) if judged else None,
        )
        place_chart(chart, key=f"{KEY}_curve_alone", fill="third")
    shown = kept if kept.readings or (kind == "activations" and kept.intervals) else judged
    if shown is None:
        return
    if kind == "updates" and not kept.readings:
        st.info("No updates were kept of its training.", icon=":material/info:")
        return
    if shown is not kept and kept.step != shown.step:
        st.caption(f"At step {shown.step:,}, its end: there are none of step {kept.step:,}.")
    place_look(shown, None, kind=kind, key=f"{KEY}_look", fill="half" if curve else "most")
