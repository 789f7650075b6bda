"""Letters as points, at any stored moment of a training. Knows the embedding, not the page it is on."""

from functools import lru_cache

import streamlit as st
from torch import Tensor

from makemore.checkpoints.store import Checkpoint
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import embeddings
from makemore.inference.capture import layers_of
from makemore.layers import Embedding
from makemore.training.trajectory_form import EMBEDDING
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.letter_scatter import NEAREST, draw_moment, place_clickable
from makemore.ui.kit.moment_slider import KEPT, Moments, choose_moment, recorded_moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint

SIZES = {"equal": "Equal", "often": "By frequency"}
LARGEST, SMALLEST = 2.2, 0.08  # areas of the most and the least frequent letter, of the usual one


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
        sized = choose("Size of a letter", SIZES, key=f"{key}_size", in_link="size") == "often"
        if sized:
            _tell_share(about, letter)
        st.caption(
            f"{_tell_width(checkpoint)} Dotted lines lead to the nearest letters; the faint line is the "
            "way from the random initialisation. Where letters crowd, they stand aside from their dots."
        )
    with stage.picture:
        weights = frequency_weights(about) if sized else None
        chart = draw_moment(seen, vocabulary, letter, tuple(near), weights)
        place_clickable(chart, start, key, "whole")


def _shares(about: ChosenList) -> list[float]:
    """Of each letter, by id, among all letters of the names; the dot, which ends each, counted too."""
    often = about.counts.sum(dim=0).double()
    return (often / often.sum()).tolist()


def frequency_weights(about: ChosenList) -> tuple[float, ...]:
    """By id, what the area of a letter is multiplied by: in proportion to how often it occurs."""
    shares = _shares(about)
    return tuple(max(LARGEST * share / max(shares), SMALLEST) for share in shares)


def _tell_share(about: ChosenList, letter: str) -> None:
    share = _shares(about)[about.vocabulary.letters.index(letter)]
    st.markdown(
        f"**{share:.1%}** of all letters of the names are {plain(letter)}.",
        help="Areas are in proportion to this share; the rarest letters are drawn larger, to be seen.",
    )


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


def choose_letter(
    table: Tensor, vocabulary: Vocabulary, start: str, key: str
) -> tuple[str, list[str]]:
    """Let a letter be chosen and list those nearest to it, and those most alike; returns it and the nearest.

    Nearest by the Euclidean distance of the rows, most alike by the cosine of the angle between them.
    """
    letters = vocabulary.letters
    box = f"{key}_{start}"
    links.bound("letter", key=box, options=letters, first=start)
    letter = st.selectbox("Letter", letters, key=box)
    near = embeddings.neighbours(table, vocabulary, letter, NEAREST)
    alike = embeddings.most_alike(table, vocabulary, letter, NEAREST)
    rows = [
        {
            "nearest": plain(one["letter"]),
            "distance": _distance(one["distance"]),
            "most alike": plain(other["letter"]),
            "cosine": f"{other['cosine']:.2f}",
        }
        for one, other in zip(near.to_dict("records"), alike.to_dict("records"), strict=True)
    ]
    place_table(rows)
    return letter, list(near["letter"])


def _distance(length: float) -> str:
    return f"{length:.2f}" if length < 100 else f"{length:,.0f}"  # of a run that diverged
