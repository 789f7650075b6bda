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
from makemore.ui.kit import links, unfinished
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.sources.kept import kept_per_checkpoint

COUNT, LONGEST = 12, 20
KEPT = 512  # names, charts and seeds for all visitors
FIRST_SEED = 42


def show_in_and_out(about: ChosenList, name: str, stage: Stage) -> None:
    """The name as five models read it; beside it names that the best of them makes up now."""
    scores = _score(about, name)
    with stage.picture:
        place_chart(
            _draw_scores(tuple(scores.items()), len(about.vocabulary)), key="read", fill="whole"
        )
    with stage.controls:
        st.markdown(
            f"**In: {plain(name)}.** Type your own name above. A high bar: that letter was expected."
        )
        _show_made_up(about)
        unfinished.show_unfinished()
    with stage.below:
        _show_losses(name, scores)


def _score(about: ChosenList, name: str) -> dict[str, NameScore]:
    """What each of the five, by its label, gives the letters of the name."""
    found = {}
    keys = about.present(FIVE)
    for key, checkpoint in zip(keys, about.checkpoints(keys), strict=True):
        found[SHIPPED[key].label] = _score_with(checkpoint, name)
    return found


@kept_per_checkpoint(most=KEPT)
def _score_with(checkpoint: Checkpoint, name: str) -> NameScore:
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, [name])
    return score


@lru_cache(maxsize=KEPT)
def _draw_scores(scores: tuple[tuple[str, NameScore], ...], letters: int) -> Chart:
    return name_scores(name_frames.scores(dict(scores)), letters=letters)


@kept_per_checkpoint(most=KEPT)
def _draw_names(checkpoint: Checkpoint, seed: int) -> list[str]:
    return sampling.sample(
        checkpoint.model, checkpoint.vocabulary, COUNT, seed=seed, max_length=LONGEST
    )


def _show_made_up(about: ChosenList) -> None:
    best, checkpoint = _find_best(about)
    seed = links.read_seed(FIRST_SEED)
    drawn = _draw_names(checkpoint, seed)
    st.markdown(
        f"**Out: {COUNT} made-up names**, drawn now by the best model{' on the dev names' if about.own else ''}, "
        f"{SHIPPED[best].label}."
    )
    st.markdown(badges(drawn, about.known))
    st.button(
        "Other names", key="made_up_other", icon=":material/casino:", on_click=_go_on, args=(seed,)
    )
    st.caption(f":material/bookmark: stands in the list of {len(about.names):,} names.")


def _find_best(about: ChosenList) -> tuple[str, Checkpoint]:
    """The one with the lowest dev loss, of those that have not learned from the dev names."""
    keys = about.present(FIVE)
    found = dict(zip(keys, about.checkpoints(keys), strict=True))
    unseen = {key: each for key, each in found.items() if not _has_seen_dev(each)} or found
    return min(unseen.items(), key=lambda each: each[1].metadata.losses["dev"])


def _has_seen_dev(checkpoint: Checkpoint) -> bool:
    trained_on = checkpoint.metadata.trained_on
    return evaluation.has_seen(checkpoint.model, "dev", trained_on=trained_on, same_data=True)


def _go_on(seed: int) -> None:
    links.put_seed((seed + 1) % (links.MOST_SEED + 1), FIRST_SEED)


def _show_losses(name: str, scores: dict[str, NameScore]) -> None:
    st.markdown(
        f"**Loss on {plain(name)}**, nats a letter",
        help="The mean of −ln of the probability that the model gave to each letter that came: the "
        "cross-entropy. The lower, the less the name surprised it.",
    )
    with st.container(horizontal=True, gap="medium"):
        for label, score in scores.items():
            st.metric(label, f"{score.nll:.3f}", width="content")
