"""Letters as points, at any stored moment of a training. Knows the embedding, not the page it is on."""

from collections.abc import Sequence

import streamlit as st
from torch import Tensor

from makemore.charts.chart import Chart
from makemore.charts.embedding import Limits, embedding_scatter
from makemore.checkpoints import Checkpoint
from makemore.diagnostics import embeddings
from makemore.ui import load
from makemore.ui.place import place
from makemore.ui.text import plain

NEAREST = 4
COMPONENTS = ("first principal component", "second principal component")


def table(checkpoint: Checkpoint) -> Tensor:
    """The trained embedding, (vocab, embedding)."""
    trained: Tensor = checkpoint.model.state_dict()["layers.embedding.weight"]
    return trained


def moments(checkpoint: Checkpoint) -> tuple[list[int], Tensor]:
    """The stored steps and the table at each, (moments, vocab, embedding); the end alone if none."""
    stored = checkpoint.trajectory.probed if checkpoint.trajectory else {}
    if "embedding" not in stored:
        return [checkpoint.metadata.step], table(checkpoint)[None]
    return stored["step"].tolist(), stored["embedding"]


def scrubbed(checkpoint: Checkpoint, *, start: str, key: str) -> None:
    """A two-dimensional embedding with a slider over its training; `start` is the letter chosen first."""
    steps, tables = moments(checkpoint)
    now = tables[: _moment(steps, key) + 1]
    picture, side = st.columns([4, 1], gap="medium")
    with side:
        letter, near = _nearest(now[-1], start, key)
    chart = embedding_scatter(
        embeddings.points(now[-1], load.vocabulary()),
        limits=_limits(tables),
        chosen=letter,
        near=near,
        trail=embeddings.trail(now, load.vocabulary(), letter),
    )
    with picture:
        _clickable(chart, start, key)


def components(checkpoint: Checkpoint, *, start: str, key: str) -> None:
    """A wider embedding along its first two principal components; distances count all its dimensions."""
    wide = table(checkpoint)
    picture, side = st.columns([4, 1], gap="medium")
    with side:
        letter, near = _nearest(wide, start, key)
    points = embeddings.points(wide, load.vocabulary())
    with picture:
        chart = embedding_scatter(points, chosen=letter, near=near, titles=COMPONENTS)
        _clickable(chart, start, key)
    st.caption(
        f"Drawn are the first two principal components of {wide.shape[1]} dimensions: the flat view "
        f"along which the letters spread most. It keeps {embeddings.plane(wide)[1]:.0%} of the "
        "spread; the distances count all of it, so the nearest letters may look far away."
    )


def _nearest(table: Tensor, start: str, key: str) -> tuple[str, list[str]]:
    """Let a letter be chosen and list those nearest to it; returns both."""
    letters = load.vocabulary().letters
    letter = st.selectbox("Letter", letters, index=letters.index(start), key=f"{key}_{start}")
    near = embeddings.neighbours(table, load.vocabulary(), letter, NEAREST)
    rows = [
        {"nearest": plain(row["letter"]), "distance": f"{row['distance']:.2f}"}
        for row in near.to_dict("records")
    ]
    st.table(rows, border="horizontal", hide_index=True)
    return letter, near["letter"].tolist()


def _clickable(chart: Chart, start: str, key: str) -> None:
    """The scatter; a click on a letter chooses it in the box too."""

    def take() -> None:
        marks = st.session_state[f"{key}_scatter"].selection.get("letter", [])
        if marks:
            st.session_state[f"{key}_{start}"] = marks[0]["letter"]

    place(chart, key=f"{key}_scatter", on_select=take)


def _moment(steps: Sequence[int], key: str) -> int:
    """Which of the stored moments the learner looks at; at first the last one."""
    if len(steps) < 2:
        return 0
    chosen: int = st.select_slider(
        "Training step",
        range(len(steps)),
        value=len(steps) - 1,
        format_func=lambda i: f"{steps[i]:,}",
        key=f"{key}_moment",
        help="Dense at the start, where most happens. Arrow keys move it by one moment.",
    )
    return chosen


def _limits(tables: Tensor) -> Limits:
    """One frame for all moments, so that only the letters move."""
    low, high = tables.amin(dim=(0, 1)).tolist(), tables.amax(dim=(0, 1)).tolist()
    return low[0], high[0], low[1], high[1]
