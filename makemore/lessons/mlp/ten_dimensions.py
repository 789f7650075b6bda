"""Ten parameters a letter, seen in a plane, and how much of them the plane keeps. Knows the embedding."""

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.component_bars import component_bars
from makemore.charts.letters.embedding_scatter import embedding_scatter
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters import embeddings
from makemore.lessons.mlp.letter_points import (
    COMPONENTS,
    choose_letter,
    embedding_table,
    moments_of,
    place_clickable,
)
from makemore.training.trajectory_form import EMBEDDING
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_widely
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import KEPT
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources.kept import kept_per_checkpoint

CHOICES = {"about 20%": 0.2, "about 40%": 0.4, "about 90%": 0.9}
MOST = 0.9  # of the variance: how many components keep so much?


def show_ten_dimensions(
    about: ChosenList, first: str, stage: Stage, *, start: str, key: str
) -> None:
    """The letters in the plane, the question beside them, and after it what each component keeps.

    The question is about the checkpoint of the name `first`; one that the learner has chosen in its
    place is shown without.
    """
    letter: str = st.session_state.get(f"{key}_{start}", start)
    near: list[str] = []
    with stage.controls:
        above = st.container()
        checkpoint = choose_checkpoint(
            embeds_widely, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
        )
    with above:
        table = embedding_table(checkpoint)
        usual = st.session_state.get(f"{key}_net", first) == first
        tell = _ask_for_kept_share if usual and not about.own else _tell_kept_share
        if tell(checkpoint):
            letter, near = choose_letter(table, checkpoint.vocabulary, start, key)
            st.caption(
                f"Distances count all {_count(table.shape[1])} dimensions: what is nearest may look far "
                "away here."
            )
            place_chart(_draw_shares(checkpoint), key=f"{key}_shares")
    with stage.picture:
        chart = _draw_plane(checkpoint, letter, tuple(near))
        place_clickable(chart, start, key, "whole")


def _count(dimensions: int) -> str:
    return "ten" if dimensions == 10 else str(dimensions)


def _tell_kept_share(checkpoint: Checkpoint) -> bool:
    """The answer, of a list for which the choices would be others."""
    table = embedding_table(checkpoint)
    _, kept = embeddings.plane(table)
    stored, begun = moments_of(checkpoint), ""
    if len(stored.steps) > 1:
        _, share = embeddings.plane(stored.pictures[EMBEDDING][0])
        begun = f"; of the random initialisation it would keep {share:.1%}"
    st.caption(
        f"Embedding dimension {table.shape[1]}, projected onto the plane in which the letters spread "
        f"most, their first two principal components. It keeps {kept:.1%} of the variance{begun}."
    )
    return True


def _ask_for_kept_share(checkpoint: Checkpoint) -> bool:
    """How much of the variance do the first two principal components keep?"""
    table = embedding_table(checkpoint)
    _, kept = embeddings.plane(table)
    return ask_to_predict(
        f"the net now has embedding dimension {table.shape[1]}. Drawn is the projection onto the plane in "
        "which the letters spread most, their first two principal components. How much of the variance "
        "does this plane keep?",
        _feedback(checkpoint, kept),
        answer=min(CHOICES, key=lambda words: abs(CHOICES[words] - kept)),
        key="mlp_room",
    )


def _feedback(checkpoint: Checkpoint, kept: float) -> dict[str, str]:
    shares = embeddings.components(embedding_table(checkpoint))
    _, begun = embeddings.plane(moments_of(checkpoint).pictures[EMBEDDING][0])
    needed = int((shares["so_far"] < MOST).sum()) + 1
    flat, wide = (SHIPPED[name].lecture for name in ("mlp_2d", "mlp"))
    return {
        "about 20%": "Two of ten directions would keep 20% if the letters spread equally along all ten. "
        f"So few points never do: the random initialisation already has {begun:.0%} in its two "
        "strongest directions.",
        "about 40%": f"{kept:.1%}, not more than the {begun:.1%} of the random initialisation: training "
        f"did not gather the letters in a plane. It takes {needed} of the {len(shares)} components to "
        f"keep {MOST:.0%}.",
        "about 90%": "Then an embedding dimension of two would nearly do. It does not: the same loop "
        f"ends at a dev loss of {flat:.3f} with two and {wide:.3f} with ten.",
    }


@kept_per_checkpoint(most=KEPT)
def _draw_plane(checkpoint: Checkpoint, letter: str, near: tuple[str, ...]) -> Chart:
    flat, _ = embeddings.plane(embedding_table(checkpoint))
    points = embeddings.points(flat, checkpoint.vocabulary)
    return embedding_scatter(points, chosen=letter, near=near, titles=COMPONENTS)


@kept_per_checkpoint(most=4)
def _draw_shares(checkpoint: Checkpoint) -> Chart:
    return component_bars(embeddings.components(embedding_table(checkpoint)))
