"""The page of the bigram net: what it shows is what autograd, the counts and the net itself say."""

import math

import pytest
import torch

from makemore.by_hand import bigram_descent
from makemore.diagnostics.letters import bigram_net
from makemore.models import build
from makemore.ui.kit import own_list
from makemore.ui.sources import loaded
from tests.lessons.bigram.test_bigram_page import answered, figures
from tests.pages.opening import charts, opened


@pytest.fixture
def counts() -> torch.Tensor:
    return own_list.shipped_subject().counts


def test_one_hot_plucks_the_row() -> None:
    W = own_list.logits_of(own_list.shipped_subject().net)
    for row in (0, 5, 26):
        assert bigram_net.bars(W, row, loaded.vocabulary())["logit"].tolist() == pytest.approx(
            W[row].tolist(), abs=1e-6
        )


def test_softmax_in_three_stages_adds_up() -> None:
    bars = bigram_net.bars(torch.randn(27, 27), 3, loaded.vocabulary())
    assert (bars["exp"] / bars["exp"].sum()).tolist() == pytest.approx(
        bars["probability"].tolist(), abs=1e-6
    )


def test_start_is_that_of_the_net() -> None:
    generator = torch.Generator().manual_seed(bigram_descent.LECTURE_SEED)
    net = build("bigram_nn", 27, generator)
    assert torch.equal(
        own_list.logits_of(net), bigram_descent.start(27, bigram_descent.LECTURE_SEED)
    )


def test_hand_gradient_equals_autograd(counts: torch.Tensor) -> None:
    W = torch.randn(27, 27, dtype=torch.float64, requires_grad=True)
    logp = W.log_softmax(dim=1)
    value = -(counts * logp).sum() / counts.sum() + 0.3 * (W**2).mean()
    (slope,) = torch.autograd.grad(value, W)
    by_hand = bigram_descent.gradient(W.detach(), counts.double(), 0.3)
    assert torch.allclose(slope, by_hand, atol=1e-12)


def test_descent_goes_from_the_exact_start_to_the_exact_end() -> None:
    app = opened("bigram_nn.py", step="3")
    assert figures(app)["Loss at step 0"] == "3.7590"
    app.button(key="descent_end").click().run()
    assert figures(app)["Loss at step 200"] == "2.4623"
    assert figures(app)["Loss of counting"] == "2.4540"
    assert figures(app)["Largest difference"] != "74.66%"
    app.button(key="descent_reset").click().run()
    assert figures(app)["Loss at step 0"] == "3.7590"


def test_descent_scrubs_back_and_goes_on() -> None:
    app = opened("bigram_nn.py", step="3")
    assert app.select_slider[0].disabled  # it waits in its place, with nothing to go back to
    for _ in range(3):
        app.button(key="descent_step").click().run()
    after = figures(app)["Loss at step 3"]
    assert after == "3.0204"
    assert not app.select_slider[0].disabled
    app.select_slider[0].set_value(0).run()
    assert figures(app)["Loss at step 0"] == "3.7590"
    app.button(key="descent_step").click().run()
    assert "Loss at step 4" in figures(app)


def test_the_slider_keeps_its_place_while_it_learns() -> None:
    app = opened("bigram_nn.py", step="3")
    app.button(key="descent_play").click().run()
    assert app.select_slider[0].disabled
    assert app.select_slider[0].value == len(app.select_slider[0].options) - 1
    app.button(key="descent_play").click().run()
    assert not app.select_slider[0].disabled


def test_a_rate_that_overshoots_is_explained_and_repaired() -> None:
    app = opened("bigram_nn.py", step="3")
    app.segmented_control(key="descent_rate").set_value("500").run()
    app.button(key="descent_end").click().run()
    assert "overshoots" in app.warning[0].value
    app.button(key="descent_repair").click().run()
    assert app.segmented_control(key="descent_rate").value == "50"
    assert figures(app)["Loss at step 0"] == "3.7590"


def test_weighted_rows_equal_all_examples(counts: torch.Tensor) -> None:
    found = bigram_descent.timed(counts, seed=bigram_descent.LECTURE_SEED, steps=3)
    slow, quick = found["examples"], found["rows"]
    assert quick[1] == pytest.approx(slow[1], abs=5e-7)
    assert quick[0] * 20 < slow[0]
    contexts, _ = bigram_descent.examples(counts)
    assert len(contexts) == 228_146


def test_both_timings_are_measured_on_a_click() -> None:
    app = opened("bigram_nn.py", step="5")
    assert not app.table
    app.button(key="measure").click().run()
    rows = app.table[0].value
    assert rows["way"].tolist() == ["228,146 one-hot examples", "27 weighted rows"]
    assert rows["loss after 3 steps"].nunique() == 1


def test_logits_tighten_on_the_diagonal() -> None:
    app = opened("bigram_nn.py", step="4")
    label = "Mean distance from the diagonal, nats"
    late = float(figures(app)[label])
    app.select_slider[0].set_value(0).run()
    assert late < 0.02 < 1 < float(figures(app)[label])


def test_the_row_of_a_letter_that_never_occurs_stays(counts: torch.Tensor) -> None:
    app = opened("bigram_nn.py", step="4")
    before = len(charts(app))
    answered(app, 1)
    assert len(charts(app)) == before + 1
    left = bigram_net.without(counts, 17)
    start = bigram_descent.start(27, 1)
    moved = bigram_net.moved(
        start, bigram_descent.descend(start, left, rate=50, steps=20), loaded.vocabulary()
    )
    assert moved["value"][17] == 0
    assert (moved["value"].drop(17) > 0).all()


@pytest.mark.parametrize("l2", [1e-3, 0.1, 10.0])
def test_optimum_is_flat(l2: float, counts: torch.Tensor) -> None:
    W = bigram_descent.optimum(counts, l2)
    assert float(bigram_descent.gradient(W, counts.double(), l2).abs().max()) < 1e-12


def test_both_ways_to_smooth_raise_the_loss() -> None:
    app = opened("bigram_nn.py", step="6")
    assert figures(app)["Loss of the counts"] == "2.5375"
    app.select_slider(key="pair_l2").set_value(0.0).run()
    assert figures(app)["Loss of the net"] == "2.4540"
    app.select_slider(key="pair_k").set_value(0).run()
    assert figures(app)["Largest difference between the two"] == "0.00%"
    app.select_slider(key="pair_l2").set_value(1000.0).run()
    assert float(figures(app)["Loss of the net"]) == pytest.approx(math.log(27), abs=3e-3)


def test_same_seed_same_names() -> None:
    app = opened("bigram_nn.py", step="7")
    assert figures(app)["The same names"] == "20 of 20"
    app.segmented_control(key="same_seed_after").set_value("20").run()
    assert int(figures(app)["The same names"].split()[0]) < 20
