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
from makemore.training.trajectory import EMBEDDING
from makemore.ui.kit.moment_slider import KEPT, Moments, choose_moment, recorded_moments
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded

NEAREST = 4
COMPONENTS = ("first principal component", "second principal component")


def embedding_table(checkpoint: Checkpoint) -> Tensor:
    """The trained embedding, (vocab, embedding)."""
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    return first.weight.detach()


def moments_of(checkpoint: Checkpoint) -> Moments:
    """The table at each stored step; the end alone if none is stored."""
    stored = recorded_moments(checkpoint.trajectory)
    if EMBEDDING in stored.pictures:
        return stored
    return Moments((checkpoint.metadata.step,), {EMBEDDING: embedding_table(checkpoint)[None]})


def show_points_over_training(checkpoint: Checkpoint, *, start: str, key: str) -> None:
    """A two-dimensional embedding with a slider over its training; `start` is the letter chosen first."""
    stored = moments_of(checkpoint)
    show_points_at(
        stored.back_to(choose_moment(stored.steps, key=f"{key}_moment")), start=start, key=key
    )


def show_points_at(seen: Moments, *, start: str, key: str) -> None:
    """A two-dimensional embedding at one moment of a training, with the way of the chosen letter."""
    picture, side = st.columns([4, 1], gap="medium")
    with side:
        letter, near = _choose_letter(seen.now(EMBEDDING), start, key)
    with picture:
        _place_clickable(_draw_scatter(seen, loaded.vocabulary(), letter, tuple(near)), start, key)


@lru_cache(maxsize=KEPT)
def _draw_scatter(
    seen: Moments, vocabulary: Vocabulary, letter: str, near: tuple[str, ...]
) -> Chart:
    return embedding_scatter(
        embeddings.points(seen.now(EMBEDDING), vocabulary),
        limits=_limits(seen.pictures[EMBEDDING]),
        chosen=letter,
        near=list(near),
        trail=embeddings.trail(seen.so_far(EMBEDDING), vocabulary, letter),
    )


def show_components(checkpoint: Checkpoint, *, start: str, key: str) -> None:
    """A wider embedding along its first two principal components; distances count all its dimensions."""
    wide = embedding_table(checkpoint)
    picture, side = st.columns([4, 1], gap="medium")
    with side:
        letter, near = _choose_letter(wide, start, key)
    points = embeddings.points(wide, loaded.vocabulary())
    with picture:
        chart = embedding_scatter(points, chosen=letter, near=near, titles=COMPONENTS)
        _place_clickable(chart, start, key)
    st.caption(
        f"Drawn are the first two principal components of {wide.shape[1]} dimensions: the flat view "
        f"along which the letters spread most. It keeps {embeddings.plane(wide)[1]:.0%} of the "
        "spread; the distances count all of it, so the nearest letters may look far away."
    )


def _choose_letter(table: Tensor, start: str, key: str) -> tuple[str, list[str]]:
    """Let a letter be chosen and list those nearest to it; returns both."""
    letters = loaded.vocabulary().letters
    letter = st.selectbox("Letter", letters, index=letters.index(start), key=f"{key}_{start}")
    near = embeddings.neighbours(table, loaded.vocabulary(), letter, NEAREST)
    rows = [
        {"nearest": plain(row["letter"]), "distance": _distance(row["distance"])}
        for row in near.to_dict("records")
    ]
    st.table(rows, border="horizontal", hide_index=True)
    return letter, near["letter"].tolist()


def _distance(length: float) -> str:
    return f"{length:.2f}" if length < 100 else f"{length:,.0f}"  # of a run that diverged


def _place_clickable(chart: Chart, start: str, key: str, fill: Fill = "half") -> None:
    """The scatter; a click on a letter chooses it in the box too."""

    def take() -> None:
        marks = st.session_state[f"{key}_scatter"].selection.get("letter", [])
        if marks:
            st.session_state[f"{key}_{start}"] = marks[0]["letter"]

    place_chart(chart, key=f"{key}_scatter", fill=fill, on_select=take)


def _limits(tables: Tensor) -> Limits:
    """One frame for all moments, so that only the letters move; even numbers, so that it seldom grows."""
    low = (2 * (tables.amin(dim=(0, 1)) / 2).floor()).tolist()
    high = (2 * (tables.amax(dim=(0, 1)) / 2).ceil()).tolist()
    return low[0], high[0], low[1], high[1]
