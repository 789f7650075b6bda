"""Adding k beside L2: which pairs match best, how near they come, and what the page says of it."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.data.name_lists import parse_names
from makemore.lessons.bigram_nn.two_ways_to_smooth import L2
from makemore.ui.kit import chosen_list
from tests.lessons.bigram.test_bigram_page import figures
from tests.pages.opening import opened
from tests.ui.kit.test_list_box import OWN, with_list

# For each L2 of the slider the k of the other one that comes nearest, and the difference that is left.
NEAREST = {
    0.001: (0, 0.011667),
    0.01: (2, 0.027929),
    0.03: (5, 0.035611),
    0.1: (20, 0.028447),
    0.3: (100, 0.058269),
    1.0: (200, 0.039674),
    3.0: (1000, 0.016388),
    10.0: (10_000, 0.025361),
}


@pytest.fixture
def counts() -> torch.Tensor:
    return chosen_list.shipped_list().counts


def minimised(counts: torch.Tensor, l2: float) -> np.ndarray:
    """The probabilities where the penalised loss is lowest, found by a quasi-Newton search on autograd."""
    W = torch.zeros_like(counts, dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([W], max_iter=4000, tolerance_grad=1e-10, tolerance_change=0,
                               history_size=50, line_search_fn="strong_wolfe")  # fmt: skip

    def closure() -> float:
        search.zero_grad()
        value = -(counts * W.log_softmax(dim=1)).sum() / counts.sum() + l2 * (W**2).mean()
        value.backward()
        return float(value.detach())

    search.step(closure)
    return W.detach().softmax(dim=1).numpy()


@pytest.mark.parametrize("l2", NEAREST)
def test_the_nearest_k_of_each_l2_and_what_is_left(counts: torch.Tensor, l2: float) -> None:
    learned, plain = minimised(counts, l2), counts.double().numpy()
    gaps = {}
    for k in counted_pairs.KS:
        weights = plain + k
        gaps[k] = float(abs(weights / weights.sum(axis=1, keepdims=True) - learned).max())
    best = min(gaps, key=gaps.__getitem__)
    assert best == NEAREST[l2][0]
    assert gaps[best] == pytest.approx(NEAREST[l2][1], abs=2e-6)


def test_no_k_at_all_does_the_same_as_an_l2(counts: torch.Tensor) -> None:
    """Nor does one between those of the slider: in the worst pair a hundredth is left, or more."""
    for l2 in (0.01, 0.1, 1.0):
        learned = bigram_descent.optimum(counts, l2).softmax(dim=1)
        gaps = [
            float((counted_pairs.smoothed(counts, k) - learned).abs().max())
            for k in np.geomspace(0.1, 1e5, 600)
        ]
        assert min(gaps) > 0.015


@pytest.mark.parametrize("l2", [1e-3, 0.1, 10.0])
def test_optimum_is_flat(l2: float, counts: torch.Tensor) -> None:
    W = bigram_descent.optimum(counts, l2)
    assert float(bigram_descent.gradient(W, counts.double(), l2).abs().max()) < 1e-12


def test_the_sliders_start_matched() -> None:
    app = opened("bigram_nn.py", step="6")
    k, l2 = app.select_slider
    assert (k.value, l2.value) == (20, 0.1)
    assert figures(app)["Largest difference, x."] == "2.84%"
    assert figures(app)["Loss of the counts"] == "2.4713"
    assert figures(app)["Loss of the net"] == "2.5033"
    assert app.button(key="pair_match").disabled


def test_a_press_brings_k_to_where_it_comes_nearest() -> None:
    app = opened("bigram_nn.py", step="6")
    app.select_slider[1].set_value(0.3).run()
    assert figures(app)["Largest difference, qu"] == "18.39%"
    app.button(key="pair_match").click().run()
    assert app.select_slider[0].value == 100
    assert figures(app)["Largest difference, ja"] == "5.83%"
    assert app.button(key="pair_match").disabled


def test_both_ways_to_smooth_raise_the_loss() -> None:
    app = opened("bigram_nn.py", step="6")
    app.select_slider[1].set_value(0.0).run()
    assert figures(app)["Loss of the net"] == "2.4540"
    app.select_slider[0].set_value(0).run()
    assert figures(app)["Mean difference"] == "0.000%"
    losses = []
    for k, l2 in zip(counted_pairs.KS[1::4], L2[1::4], strict=False):
        app.select_slider[0].set_value(k).run()
        app.select_slider[1].set_value(l2).run()
        losses.append([float(figures(app)[f"Loss of the {what}"]) for what in ("counts", "net")])
    assert all(a < b for one in zip(*losses, strict=True) for a, b in pairwise(one))
    app.select_slider[1].set_value(1000.0).run()
    assert float(figures(app)["Loss of the net"]) == pytest.approx(math.log(27), abs=3e-3)


def test_a_short_list_starts_matched_too() -> None:
    app = with_list("bigram_nn.py", OWN, step="6")
    assert app.button(key="pair_match").disabled
    k, l2 = (float(str(slider.value)) for slider in app.select_slider)
    assert k > 0
    about = chosen_list.own_list(parse_names(OWN, "mine"))
    apart = abs(counted_pairs.smoothed(about.counts, k).numpy() - minimised(about.counts, l2))
    shown = next(v for label, v in figures(app).items() if label.startswith("Largest difference"))
    assert float(shown.rstrip("%")) == pytest.approx(100 * apart.max(), abs=0.006)
