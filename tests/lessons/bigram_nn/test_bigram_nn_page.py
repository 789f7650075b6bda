"""The page of the bigram net: what it shows is what autograd, the counts and the net itself say."""

import math
from itertools import pairwise
from statistics import median

import pytest
import torch

from makemore.by_hand import bigram_descent
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.models import build
from makemore.ui.kit import chosen_list
from makemore.ui.sources import loaded
from tests.lessons.bigram.test_bigram_page import answered, figures, spec_data
from tests.pages.opening import charts, opened
from tests.ui.kit.test_list_box import with_list


@pytest.fixture
def counts() -> torch.Tensor:
    return chosen_list.shipped_list().counts


def test_one_hot_plucks_the_row() -> None:
    W = chosen_list.logits_of(chosen_list.shipped_list().net)
    for row in (0, 5, 26):
        assert bigram_net.bars(W, row, loaded.vocabulary())["logit"].tolist() == pytest.approx(
            W[row].tolist(), abs=1e-6
        )


def test_the_picture_multiplies_the_one_hot_letter_into_its_row() -> None:
    app = opened("bigram_nn.py", name="kai")
    one_hot = [row["value"] for row in spec_data(app, 0, "one_hot")]
    cells = torch.tensor([row["weight"] for row in spec_data(app, 0, "weights")]).view(27, 27)
    product = torch.tensor(one_hot).float() @ cells
    assert [i for i, value in enumerate(one_hot) if value] == [11]  # k
    assert one_hot[11] == 1
    drawn = [row["weight"] for row in spec_data(app, 0, "row")]
    assert drawn == pytest.approx(product.tolist(), abs=1e-6)
    assert drawn == pytest.approx(
        chosen_list.logits_of(chosen_list.shipped_list().net)[11].tolist()
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
        chosen_list.logits_of(net), bigram_descent.start(27, bigram_descent.LECTURE_SEED)
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


def test_the_step_runs_by_itself_only_while_it_plays() -> None:
    app = opened("bigram_nn.py", step="3")
    assert app.session_state["descent_pace"] is None
    app.button(key="descent_play").click().run()
    assert app.session_state["descent_pace"] == 0.5
    app.segmented_control(key="descent_rate").set_value("5").run()  # another start, which waits
    assert app.session_state["descent_pace"] is None
    app.button(key="descent_play").click().run()
    app.button(key="descent_end").click().run()
    assert app.session_state["descent_pace"] is None
    assert figures(app)["Loss at step 200"] == "2.5754"


def test_playing_goes_five_steps_at_once_and_stops_at_the_end() -> None:
    app = opened("bigram_nn.py", step="3")
    app.button(key="descent_play").click().run()
    for steps in (10, 15, 20):
        app.run()
        assert f"Loss at step {steps}" in figures(app)
    for _ in range(40):
        app.run()
    assert "Loss at step 200" in figures(app)
    assert app.session_state["descent_pace"] is None


def test_a_rate_that_overshoots_is_shown_explained_and_repaired(counts: torch.Tensor) -> None:
    app = opened("bigram_nn.py", step="3")
    app.segmented_control(key="descent_rate").set_value("500").run()
    app.button(key="descent_end").click().run()
    W = bigram_descent.start(27, bigram_descent.LECTURE_SEED)
    losses = [bigram_descent.loss(W, counts)]
    for _ in range(200):
        W = bigram_descent.descend(W, counts, rate=500, steps=1)
        losses.append(bigram_descent.loss(W, counts))
    rises = sum(b > a + 1e-3 for a, b in pairwise(losses))
    assert f"rose at {rises} of 200 steps" in app.warning[0].value
    assert figures(app)["Loss at step 200"] == f"{losses[-1]:.4f}"
    assert losses[-1] > losses[0] > math.log(27)  # it ends above where it began
    drawn = [row["loss"] for row in spec_data(app, 0, "curve")]
    assert drawn == pytest.approx(losses)
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
    assert rows["a step on"].tolist() == ["228,146 examples", "27 weighted rows"]
    assert rows["loss after 3"].nunique() == 1


def test_logits_tighten_on_the_diagonal() -> None:
    app = opened("bigram_nn.py", step="4")
    label = "Mean distance from the diagonal, nats"
    late = float(figures(app)[label])
    app.select_slider[0].set_value(0).run()
    assert late < 0.02 < 1 < float(figures(app)[label])


def test_frequent_pairs_arrive_first_and_rare_ones_last(counts: torch.Tensor) -> None:
    """The step from which half of the pairs stay within a tenth of a nat, by how often they occur."""
    moments = chosen_list.shipped_list().moments
    frames = [pairs.agreement(counts, W, loaded.vocabulary()) for W in moments.values()]
    often = torch.tensor(frames[0]["count"].tolist())
    near = torch.tensor([(abs(f["learned"] - f["counted"]) < 0.1).tolist() for f in frames])
    arrived = near.flip(0).int().cummin(dim=0).values.flip(0).int().argmax(dim=0)
    assert near[-1].double().mean() > 0.99
    steps = torch.tensor(list(moments))[arrived]
    halves = [
        median(steps[(often >= low) & (often < high)].tolist())
        for low, high in ((1, 5), (5, 50), (50, 500), (500, 10_000))
    ]
    assert halves == [3839, 2214, 737, 141]


def test_without_the_letter_its_row_has_no_examples_and_its_question_comes_first() -> None:
    app = opened("bigram_nn.py", step="4")
    drawn = spec_data(app, 1, "rows")
    assert [row["letter"] for row in drawn if not row["value"]] == ["q"]
    assert sum(row["value"] for row in drawn) == 228_146 - 272 - 272  # before and after a q
    assert not any("distance moved" in text for text in charts(app))
    app.button(key=f"{app.radio[0].key}_show").click().run()
    assert "distance moved" in charts(app)[2]
    assert [row["letter"] for row in spec_data(app, 2, "rows") if not row["value"]] == ["q"]


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


@pytest.mark.parametrize("letters", [1, 26, 60])
def test_every_step_is_drawn_for_an_own_list(letters: int) -> None:
    alphabet = [chr(0x0391 + i) for i in range(17)] + [chr(0x0430 + i) for i in range(43)]
    names = ["".join(alphabet[(7 * i + j) % letters] for j in range(1 + i % 5)) for i in range(60)]
    app = with_list("bigram_nn.py", "\n".join(names))
    assert any(f"{letters + 1} × {letters + 1} parameters" in m.value for m in app.markdown)
    for step in range(1, 8):
        app.query_params["step"] = str(step)
        app.run()
        assert not app.exception, step
        assert charts(app)
        assert bool(app.radio) is (step == 4 and letters > 1)
