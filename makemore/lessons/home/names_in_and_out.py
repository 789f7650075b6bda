"""A name goes in, made-up names come out: what the five models do, at a glance. Knows no page."""

from functools import lru_cache

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.name_scores import name_scores
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters import name_scores as name_frames
from makemore.inference import evaluation, sampling
from makemore.inference.evaluation import NameScore
from makemore.ui.kit import unfinished
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint
from makemore.ui.sources.sampled_shares import known_names

COUNT, LONGEST = 12, 20
KEPT = 512  # names, charts and seeds for all visitors
FIRST_SEED = 42
SEED = "made_up_seed"  # in the session


def show_in_and_out(name: str, stage: Stage) -> None:
    """The name as five models read it; beside it names that the best of them makes up now."""
    scores = _score(name)
    with stage.picture:
        place_chart(_draw_scores(tuple(scores.items())), key="read", fill="whole")
    with stage.controls:
        st.markdown(
            f"**In: {plain(name)}.** Type your own name above. A high bar: that letter was expected."
        )
        _show_made_up()
        unfinished.show_unfinished()
    with stage.below:
        _show_losses(name, scores)


def _score(name: str) -> dict[str, NameScore]:
    """What each of the five, by its label, gives the letters of the name."""
    found = {}
    for key in loaded.present(FIVE):
        found[SHIPPED[key].label] = _score_with(loaded.checkpoint(key), name)
    return found


@kept_per_checkpoint(most=KEPT)
def _score_with(checkpoint: Checkpoint, name: str) -> NameScore:
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, [name])
    return score


@lru_cache(maxsize=KEPT)
def _draw_scores(scores: tuple[tuple[str, NameScore], ...]) -> Chart:
    return name_scores(name_frames.scores(dict(scores)), letters=len(loaded.vocabulary()))


@kept_per_checkpoint(most=KEPT)
def _draw_names(checkpoint: Checkpoint, seed: int) -> list[str]:
    return sampling.sample(
        checkpoint.model, checkpoint.vocabulary, COUNT, seed=seed, max_length=LONGEST
    )


def _show_made_up() -> None:
    best = min(loaded.present(FIVE), key=lambda key: loaded.checkpoint(key).metadata.losses["dev"])
    checkpoint = loaded.checkpoint(best)
    seed = st.session_state.get(SEED, FIRST_SEED)
    drawn = _draw_names(checkpoint, seed)
    st.markdown(
        f"**Out: {COUNT} made-up names**, drawn now by the best model, {SHIPPED[best].label}."
    )
    st.markdown(badges(drawn, known_names()))
    st.button("Other names", key="made_up_other", icon=":material/casino:", on_click=_go_on)
    number = len(loaded.name_list().names)
    st.caption(f":material/bookmark: stands in the list of {number:,} names.")


def _go_on() -> None:
    st.session_state[SEED] = st.session_state.get(SEED, FIRST_SEED) + 1


def _show_losses(name: str, scores: dict[str, NameScore]) -> None:
    st.markdown(
        f"**Loss on {plain(name)}**, nats a letter",
        help="The mean of −ln of the probability that the model gave to each letter that came: the "
        "cross-entropy. The lower, the less the name surprised it.",
    )
    with st.container(horizontal=True, gap="medium"):
        for label, score in scores.items():
            st.metric(label, f"{score.nll:.3f}", width="content")
