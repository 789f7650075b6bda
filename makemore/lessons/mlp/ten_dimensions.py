"""Ten parameters a letter, seen in a plane, and what they bring over two. Knows the embedding."""

import pandas as pd
import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.component_bars import component_bars
from makemore.charts.letters.embedding_scatter import embedding_scatter
from makemore.charts.losses.seed_dots import seed_dots
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters import embeddings
from makemore.diagnostics.losses import seed_effects
from makemore.diagnostics.losses.seed_effects import Effect, write_p
from makemore.experiments import studies
from makemore.experiments.studies import STUDIES, size_variant
from makemore.lessons.mlp.letter_points import choose_letter, embedding_table, moments_of
from makemore.training.trajectory_form import EMBEDDING
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_widely
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.letter_scatter import COMPONENTS, place_clickable
from makemore.ui.kit.moment_slider import KEPT
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources.kept import kept_per_checkpoint

STUDY = "size_ladder"
HIDDEN = 200
COMPARED = (2, 10)  # dimensions of the embedding; all else of the two nets is the same


def show_ten_dimensions(
    about: ChosenList, first: str, stage: Stage, *, start: str, key: str
) -> None:
    """The letters in the plane with what it keeps of them, and what ten dimensions bring over two.

    The checkpoint is that of the name `first`, until the learner chooses another; the question is
    about the nets of a study, and on an own list it is not asked.
    """
    with stage.controls:
        above = st.container()
        checkpoint = choose_checkpoint(
            embeds_widely, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
        )
    with above:
        if not about.own and _ask_for_room():
            place_chart(seed_dots(room_runs()), key="mlp_room_dots")
        _tell_kept_share(checkpoint)
        table = embedding_table(checkpoint)
        letter, near = choose_letter(table, checkpoint.vocabulary, start, key)
    with stage.picture:
        chart = _draw_plane(checkpoint, letter, tuple(near))
        place_clickable(chart, start, key, "whole")
    with stage.below:
        st.subheader("What each principal component keeps", anchor=False)
        place_chart(_draw_shares(checkpoint), key=f"{key}_shares")


@kept_per_checkpoint(most=32)
def _kept_shares(checkpoint: Checkpoint) -> tuple[float, float | None]:
    """The share of the variance that the plane keeps, at the end and, if that is stored, at the start."""
    _, kept = embeddings.plane(embedding_table(checkpoint))
    stored = moments_of(checkpoint)
    if len(stored.steps) == 1:
        return kept, None
    return kept, embeddings.plane(stored.pictures[EMBEDDING][0])[1]


def _tell_kept_share(checkpoint: Checkpoint) -> None:
    table = embedding_table(checkpoint)
    kept, share = _kept_shares(checkpoint)
    begun = "" if share is None else f"; of the random initialisation it would keep {share:.1%}"
    st.caption(
        f"Embedding dimension {table.shape[1]}, projected onto the plane in which the letters spread "
        f"most, their first two principal components. It keeps {kept:.1%} of the variance{begun}. Distances "
        f"count all {table.shape[1]} dimensions: what is nearest may look far away here."
    )


def room_runs() -> pd.DataFrame:
    """Every training of the two widths. Columns: variant, seed, dev, note, train. Raises StudyError."""
    results = studies.read_whole(STUDY)
    rows = [
        (f"embedding dimension {width}", str(r.seed), r.dev, r.train)
        for width in COMPARED
        for r in results
        if r.variant == size_variant(HIDDEN, width)
    ]
    runs = pd.DataFrame(rows, columns=["variant", "seed", "dev", "train"])
    means = runs.groupby("variant")["dev"].transform("mean").map("{:.4f}".format)
    return runs.assign(note=runs["variant"] + ": " + means + " on average")


def room_effect() -> Effect:
    """What ten dimensions instead of two do to the dev loss, seed by seed."""
    few, many = (group["dev"].tolist() for _, group in room_runs().groupby("variant", sort=False))
    return seed_effects.effect(few, many)


def _ask_for_room() -> bool:
    """What do ten dimensions bring?"""
    found, runs = room_effect(), room_runs()
    gaps = (runs["dev"] - runs["train"]).groupby(runs["variant"], sort=False).mean()
    small, large = gaps
    answer = f"lower by about {abs(found.difference):.1f}"
    recipe = STUDIES[STUDY].recipe
    return ask_to_predict(
        f"two MLPs differ in their embedding dimension alone, {COMPARED[0]} against {COMPARED[1]}: {HIDDEN} "
        f"hidden units, {recipe.steps:,} steps, {found.seeds} seeds of each. What do the ten do to the dev "
        "loss?",
        {
            "hardly anything": f"Seeds alone spread it by {found.spread:.3f} (standard deviation); the "
            f"difference is {abs(found.difference) / found.spread:.0f} times that.",
            answer: f"By {found.difference:+.4f} ± {found.error:.4f} nats (paired t-test: p "
            f"{write_p(found.p)}): two numbers leave too little room to tell the letters apart by.",
            "higher: it overfits": f"The gap between dev and train does widen, from {small:.3f} to "
            f"{large:.3f} nats, but both losses fall.",
        },
        answer=answer,
        key="mlp_room",
    )


@kept_per_checkpoint(most=KEPT)
def _draw_plane(checkpoint: Checkpoint, letter: str, near: tuple[str, ...]) -> Chart:
    flat, _ = embeddings.plane(embedding_table(checkpoint))
    points = embeddings.points(flat, checkpoint.vocabulary)
    return embedding_scatter(points, chosen=letter, near=near, titles=COMPONENTS)


@kept_per_checkpoint(most=4)
def _draw_shares(checkpoint: Checkpoint) -> Chart:
    return component_bars(embeddings.components(embedding_table(checkpoint)))
