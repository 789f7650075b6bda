"""Frames of an embedding table: letters as points, and which lie near each other. Runs no model."""

import pandas as pd
import torch
from torch import Tensor

from makemore.data.vocabulary import Vocabulary, kind


def plane(table: Tensor) -> tuple[Tensor, float]:
    """(vocab, embedding) -> (vocab, 2), and the share of the variance that the plane keeps.

    A table of two columns is its own plane; a wider one is seen along its first two principal
    components, a narrower one lies on a line.
    """
    kept = components(table)["share"].iloc[:2].sum()
    return planes(table[None])[0], float(kept)


def planes(tables: Tensor) -> Tensor:
    """(moments, vocab, embedding) -> (moments, vocab, 2): all of them in the plane of the last one."""
    width = tables.shape[2]
    if width == 2:
        return tables
    centred = tables.double() - tables[-1].double().mean(dim=0)
    if width < 2:
        return torch.cat([centred, torch.zeros_like(centred)], dim=2)
    _, axes = _principal(tables[-1])
    # The sign of a component is arbitrary: fix it, so that the picture never flips.
    signs = axes[:2].gather(1, axes[:2].abs().argmax(dim=1, keepdim=True)).sign()
    return centred @ (axes[:2] * signs).T


def components(table: Tensor) -> pd.DataFrame:
    """The principal components of a (vocab, embedding) table, strongest first.

    Columns: component (from 1), share (of the variance), so_far (the shares up to it, added up).
    """
    strengths, _ = _principal(table)
    shares = (strengths**2 / (strengths**2).sum().clamp(min=1e-30)).tolist()
    frame = pd.DataFrame({"component": range(1, len(shares) + 1), "share": shares})
    return frame.assign(so_far=frame["share"].cumsum())


def _principal(table: Tensor) -> tuple[Tensor, Tensor]:
    """(components,) strengths, and (components, embedding) directions."""
    centred = table.double() - table.double().mean(dim=0)
    if not centred.isfinite().all():  # of a run that diverged
        centred = torch.zeros_like(centred)
    _, strengths, axes = torch.linalg.svd(centred, full_matrices=False)
    return strengths, axes


def points(flat: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """Every letter of a (vocab, 2) table as a point. Columns: letter, kind, x, y."""
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "kind": [kind(letter) for letter in vocabulary.letters],
            "x": flat[:, 0].tolist(),
            "y": flat[:, 1].tolist(),
        }
    )


def neighbours(table: Tensor, vocabulary: Vocabulary, letter: str, n: int = 5) -> pd.DataFrame:
    """The n letters whose rows lie nearest to that of `letter`. Columns: letter, distance."""
    row = vocabulary.letters.index(letter)
    distances = (table - table[row]).norm(dim=1)
    order = [i for i in distances.argsort().tolist() if i != row][:n]
    return pd.DataFrame(
        {
            "letter": [vocabulary.letters[i] for i in order],
            "distance": [float(distances[i]) for i in order],
        }
    )


def most_alike(table: Tensor, vocabulary: Vocabulary, letter: str, n: int = 5) -> pd.DataFrame:
    """The n letters whose rows point most nearly the same way. Columns: letter, cosine (1 for the same)."""
    row = vocabulary.letters.index(letter)
    directions = table.double() / table.double().norm(dim=1, keepdim=True).clamp(min=1e-12)
    cosines = directions @ directions[row]
    order = [i for i in cosines.argsort(descending=True).tolist() if i != row][:n]
    return pd.DataFrame(
        {
            "letter": [vocabulary.letters[i] for i in order],
            "cosine": [float(cosines[i]) for i in order],
        }
    )


def trail(tables: Tensor, vocabulary: Vocabulary, letter: str) -> pd.DataFrame:
    """The way of one letter through (moments, vocab, 2) tables. Columns: order, x, y."""
    way = tables[:, vocabulary.letters.index(letter)]
    return pd.DataFrame(
        {"order": range(len(way)), "x": way[:, 0].tolist(), "y": way[:, 1].tolist()}
    )


def nearest_kinds(table: Tensor, vocabulary: Vocabulary, wanted: str = "vowel") -> pd.DataFrame:
    """For each letter of a kind, its nearest letter. Columns: letter, nearest, nearest_kind."""
    letters = [letter for letter in vocabulary.letters if kind(letter) == wanted]
    nearest = [neighbours(table, vocabulary, letter, 1)["letter"].iloc[0] for letter in letters]
    return pd.DataFrame(
        {"letter": letters, "nearest": nearest, "nearest_kind": [kind(each) for each in nearest]}
    )
