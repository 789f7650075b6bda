"""Letters as points at one moment of a training, beside a curve. Knows the embedding, not the page it is on."""

from functools import lru_cache

import streamlit as st
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.letters.embedding_scatter import Limits, embedding_scatter
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import embeddings
from makemore.training.trajectory_form import EMBEDDING
from makemore.ui.kit import links
from makemore.ui.kit.moment_slider import KEPT, Moments
from makemore.ui.kit.place_chart import Fill, Mark, place_chart
from makemore.ui.kit.safe_text import plain

NEAREST = 4
# The shipped letters spread most along the second dimension, and a screen is wider than it is high.
DIMENSIONS = ("second embedding dimension", "first embedding dimension")
COMPONENTS = ("first principal component", "second principal component")


def show_points_at(seen: Moments, vocabulary: Vocabulary, *, start: str, key: str) -> None:
    """The embedding at one moment of a training, with the way of the chosen letter, beside a curve."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        letter, near = _choose_in_a_line(seen.now(EMBEDDING), vocabulary, start, key)
    chart = draw_moment(seen, vocabulary, letter, tuple(near))
    place_clickable(chart, start, key, "most")


@lru_cache(maxsize=KEPT)
def draw_moment(
    seen: Moments,
    vocabulary: Vocabulary,
    letter: str,
    near: tuple[str, ...],
    weights: tuple[float, ...] | None = None,
) -> Chart:
    """The scatter at the moment that is looked at, in the frame of all moments.

    `weights` multiply the areas of the letters, by id.
    """
    two = seen.pictures[EMBEDDING].shape[2] == 2
    flat = _planes(seen, two)
    moment = seen.steps.index(seen.step)
    points = embeddings.points(flat[moment], vocabulary)
    return embedding_scatter(
        points if weights is None else points.assign(weight=weights),
        limits=_limits(flat),
        chosen=letter,
        near=list(near),
        trail=embeddings.trail(flat[: moment + 1], vocabulary, letter),
        titles=DIMENSIONS if two else COMPONENTS,
    )


def place_clickable(chart: Chart, start: str, key: str, fill: Fill) -> None:
    """The scatter; a click on a letter chooses it in the box too."""

    def take(point: Mark) -> None:
        st.session_state[f"{key}_{start}"] = point["letter"]

    place_chart(chart, key=f"{key}_scatter", fill=fill, on_select=take)


def _planes(seen: Moments, two: bool) -> Tensor:
    """(moments, vocab, 2), what goes across first."""
    tables = seen.pictures[EMBEDDING]
    return tables.flip(-1) if two else embeddings.planes(tables)


def _limits(flat: Tensor) -> Limits:
    """One frame for all moments, so that only the letters move; quarters, so that it seldom grows."""
    low = (4 * flat.amin(dim=(0, 1))).floor() / 4
    high = (4 * flat.amax(dim=(0, 1))).ceil() / 4
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    return left, right, bottom, top


def _choose_in_a_line(
    table: Tensor, vocabulary: Vocabulary, start: str, key: str
) -> tuple[str, list[str]]:
    """Let a letter be chosen and list those nearest to it, in the height of one box; returns both."""
    letters = vocabulary.letters
    box = f"{key}_{start}"
    links.bound("letter", key=box, options=letters, first=start)
    letter = st.selectbox("Letter", letters, key=box, label_visibility="collapsed", width=90)
    near = embeddings.neighbours(table, vocabulary, letter, NEAREST)
    told = ", ".join(
        f"**{plain(each)}** {_distance(far)}"
        for each, far in zip(near["letter"], near["distance"], strict=True)
    )
    st.markdown(f"Nearest: {told}", width="content")
    return letter, list(near["letter"])


def _distance(length: float) -> str:
    return f"{length:.2f}" if length < 100 else f"{length:,.0f}"  # of a run that diverged
