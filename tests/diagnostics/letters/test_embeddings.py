"""Embedding tables as points: principal components against the eigenvectors of the covariance."""

import pytest
import torch
from torch import Generator, Tensor

from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import embeddings

VOCABULARY = Vocabulary("abcdefgh")


def table(width: int, seed: int = 1) -> Tensor:
    generator = Generator().manual_seed(seed)
    stretched = torch.linspace(1, 3, width)
    return torch.randn(len(VOCABULARY), width, generator=generator) * stretched


@pytest.mark.parametrize("width", [1, 2, 5, 12])
def test_components_keep_what_the_covariance_says(width: int) -> None:
    frame = embeddings.components(table(width))
    variances = torch.linalg.eigvalsh(table(width).double().T.cov().reshape(width, width)).flip(0)
    wanted = (variances / variances.sum()).tolist()[: len(frame)]
    assert frame["share"].tolist() == pytest.approx(wanted, abs=1e-9)
    assert frame["so_far"].iloc[-1] == pytest.approx(1)
    assert frame["component"].tolist() == list(range(1, len(frame) + 1))


def test_a_plane_keeps_the_share_of_its_two_components_and_the_distances_in_it() -> None:
    wide = table(6)
    flat, kept = embeddings.plane(wide)
    assert kept == pytest.approx(float(flat.var(dim=0).sum() / wide.double().var(dim=0).sum()))
    assert abs(float((flat[:, 0] * flat[:, 1]).sum())) < 1e-6  # the two are uncorrelated
    assert (torch.cdist(flat, flat) <= torch.cdist(wide.double(), wide.double()) + 1e-9).all()


def test_two_columns_are_their_own_plane_and_one_is_a_line() -> None:
    assert torch.equal(embeddings.plane(table(2))[0], table(2))
    line, kept = embeddings.plane(table(1))
    assert line.shape == (len(VOCABULARY), 2)
    assert kept == pytest.approx(1)
    assert not line[:, 1].any()


def test_all_moments_are_seen_in_the_plane_of_the_last() -> None:
    moments = torch.stack([table(4, seed) for seed in (1, 2, 3)])
    flat = embeddings.planes(moments)
    assert torch.equal(flat[-1], embeddings.plane(moments[-1])[0])
    # A straight line between two of them stays one: they share their axes.
    middle = embeddings.planes(torch.stack([(moments[0] + moments[1]) / 2, moments[2]]))[0]
    assert torch.allclose(middle, (flat[0] + flat[1]) / 2)


def test_a_run_that_diverged_has_no_components() -> None:
    assert embeddings.components(torch.full((9, 3), torch.nan))["share"].sum() == 0


def test_nearest_letters_by_kind() -> None:
    places = torch.zeros(len(VOCABULARY), 2)
    places[:, 0] = torch.tensor(
        [9.0, 0, 5, 20, 30, 1, 40, 50, 60]
    )  # the dot, then a to h: e beside a
    frame = embeddings.nearest_kinds(places, VOCABULARY)
    assert frame.to_dict("list") == {
        "letter": ["a", "e"],
        "nearest": ["e", "a"],
        "nearest_kind": ["vowel", "vowel"],
    }


def test_most_alike_by_the_angle_whatever_the_length() -> None:
    wide = table(5)
    lengths = torch.linspace(1, 9, len(VOCABULARY))[:, None]
    found = embeddings.most_alike(wide * lengths, VOCABULARY, "c", 3)
    cosines = torch.nn.functional.cosine_similarity(wide.double(), wide[3:4].double())
    order = [i for i in cosines.argsort(descending=True).tolist() if i != 3][:3]
    assert found["letter"].tolist() == [VOCABULARY.letters[i] for i in order]
    assert found["cosine"].tolist() == pytest.approx(cosines[order].tolist())
    assert embeddings.most_alike(torch.zeros(9, 2), VOCABULARY, "c", 1)["cosine"].tolist() == [0]
