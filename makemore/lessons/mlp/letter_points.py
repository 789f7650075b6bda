"""Letters as points, at any stored moment of a training. Knows the embedding, not the page it is on."""

from functools import lru_cache

import streamlit as st
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.letters.embedding_scatter import Limits, embedding_scatter
from makemore.checkpoints.store import Checkpoint
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import embeddings
from makemore.inference.capture import layers_of
from makemore.layers import Embedding
from makemore.training.trajectory_form import EMBEDDING
from makemore.ui.kit import links
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import KEPT, Moments, choose_moment, recorded_moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Fill, Mark, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint

NEAREST = 4
# The shipped letters spread most along the second dimension, and a screen is wider than it is high.
DIMENSIONS = ("second embedding dimension", "first embedding dimension")
COMPONENTS = ("first principal component", "second principal component")


def embedding_table(checkpoint: Checkpoint) -> Tensor:
    """The trained embedding, (vocab, embedding)."""
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    return first.weight.detach()


@kept_per_checkpoint(most=32)
def moments_of(checkpoint: Checkpoint) -> Moments:
    """The table at each stored step; the end alone if none is stored."""
    stored = recorded_moments(checkpoint.trajectory)
    if EMBEDDING in stored.pictures:
        return stored
    return Moments((checkpoint.metadata.step,), {EMBEDDING: embedding_table(checkpoint)[None]})


def show_points_over_training(
    about: ChosenList, first: str, stage: Stage, *, start: str, key: str
) -> None:
    """An embedding with a slider over its training; `start` is the letter chosen first.

    The checkpoint is that of the name `first`, until the learner chooses another.
    """
    with stage.controls:
        above = st.container()
        checkpoint = choose_checkpoint(
            embeds_letters, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
        )
    stored, vocabulary = moments_of(checkpoint), checkpoint.vocabulary
    with above:
        step = choose_moment(stored.steps, key=f"{key}_moment")
        seen = stored.back_to(step)
        letter, near = choose_letter(seen.now(EMBEDDING), vocabulary, start, key)
        _tell_vowels(*_count_vowels(seen, vocabulary))
        st.caption(
            f"{_tell_width(checkpoint)} Dotted lines lead to the nearest letters; the faint line is the "
            "way from the random initialisation. Where letters crowd, they stand aside from their dots."
        )
    with stage.picture:
        chart = _draw_moment(seen, vocabulary, letter, tuple(near))
        place_clickable(chart, start, key, "whole")


def _tell_width(checkpoint: Checkpoint) -> str:
    width = embedding_table(checkpoint).shape[1]
    if width == 2:
        return "Embedding dimension 2: two parameters a letter, a row of the embedding table."
    return f"Embedding dimension {width}, projected onto its first two principal components."


def _tell_vowels(together: int, vowels: int) -> None:
    if not vowels:  # of an alphabet whose vowels nobody told us
        return
    st.markdown(
        f"**{together} of {vowels}** vowels have another vowel as their nearest letter.",
        help="y counts as a vowel. Nearest: the smallest distance between two rows of the embedding "
        "table.",
    )


@lru_cache(maxsize=KEPT)
def _count_vowels(seen: Moments, vocabulary: Vocabulary) -> tuple[int, int]:
    return vowels_together(seen.now(EMBEDDING), vocabulary)


def vowels_together(table: Tensor, vocabulary: Vocabulary) -> tuple[int, int]:
    """Vowels whose nearest letter is a vowel, and all vowels."""
    nearest = embeddings.nearest_kinds(table, vocabulary)
    return int((nearest["nearest_kind"] == "vowel").sum()), len(nearest)


def show_points_at(seen: Moments, vocabulary: Vocabulary, *, start: str, key: str) -> None:
    """The embedding at one moment of a training, with the way of the chosen letter, beside a curve."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        letter, near = _choose_in_a_line(seen.now(EMBEDDING), vocabulary, start, key)
    chart = _draw_moment(seen, vocabulary, letter, tuple(near))
    place_clickable(chart, start, key, "most")


@lru_cache(maxsize=KEPT)
def _draw_moment(
    seen: Moments, vocabulary: Vocabulary, letter: str, near: tuple[str, ...]
) -> Chart:
    two = seen.pictures[EMBEDDING].shape[2] == 2
    flat = _planes(seen, two)
    moment = seen.steps.index(seen.step)
    return embedding_scatter(
        embeddings.points(flat[moment], vocabulary),
        limits=_limits(flat),
        chosen=letter,
        near=list(near),
        trail=embeddings.trail(flat[: moment + 1], vocabulary, letter),
        titles=DIMENSIONS if two else COMPONENTS,
    )


def _planes(seen: Moments, two: bool) -> Tensor:
    """(moments, vocab, 2), what goes across first."""
    tables = seen.pictures[EMBEDDING]
    return tables.flip(-1) if two else embeddings.planes(tables)


def choose_letter(
    table: Tensor, vocabulary: Vocabulary, start: str, key: str
) -> tuple[str, list[str]]:
    """Let a letter be chosen and list those nearest to it; returns both."""
    letters = vocabulary.letters
    box = f"{key}_{start}"
    links.bound("letter", key=box, options=letters, first=start)
    letter = st.selectbox("Letter", letters, key=box)
    near = _nearest(table, vocabulary, letter)
    rows = [{"nearest": plain(each), "distance": far} for each, far in near.items()]
    place_table(rows)
    return letter, list(near)


def _choose_in_a_line(
    table: Tensor, vocabulary: Vocabulary, start: str, key: str
) -> tuple[str, list[str]]:
    """The same in the height of one box."""
    letters = vocabulary.letters
    box = f"{key}_{start}"
    links.bound("letter", key=box, options=letters, first=start)
    letter = st.selectbox(
        "Letter",
        letters,
        key=box,
        label_visibility="collapsed",
        width=90,
    )
    near = _nearest(table, vocabulary, letter)
    told = ", ".join(f"**{plain(each)}** {far}" for each, far in near.items())
    st.markdown(f"Nearest: {told}", width="content")
    return letter, list(near)


def _nearest(table: Tensor, vocabulary: Vocabulary, letter: str) -> dict[str, str]:
    """The letters near to this one, and how far each is."""
    near = embeddings.neighbours(table, vocabulary, letter, NEAREST)
    return dict(zip(near["letter"], map(_distance, near["distance"]), strict=True))


def _distance(length: float) -> str:
    return f"{length:.2f}" if length < 100 else f"{length:,.0f}"  # of a run that diverged


def place_clickable(chart: Chart, start: str, key: str, fill: Fill) -> None:
    """The scatter; a click on a letter chooses it in the box too."""

    def take(point: Mark) -> None:
        st.session_state[f"{key}_{start}"] = point["letter"]

    place_chart(chart, key=f"{key}_scatter", fill=fill, on_select=take)


def _limits(flat: Tensor) -> Limits:
    """One frame for all moments, so that only the letters move; quarters, so that it seldom grows."""
    low = (4 * flat.amin(dim=(0, 1))).floor() / 4
    high = (4 * flat.amax(dim=(0, 1))).ceil() / 4
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    return left, right, bottom, top
