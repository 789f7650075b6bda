"""The page of initialisations shows what nets themselves say, each figure worked out a second time here."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest
from torch import Tensor

from makemore.data.examples import Dataset
from makemore.experiments import recorded_starts, studies
from makemore.experiments.recorded_starts import STARTS, Start
from makemore.lessons.initialisation import (
    confident_start,
    kaiming_rule,
    live_map,
    other_activations,
    saturation,
    start_ladder,
    starts,
)
from makemore.training.recipes import recipe_for
from makemore.training.trainer import probe
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import loaded
from tests.pages.opening import charts, opened

PAGE = "initialisation.py"
ABOUT = shipped_list()
SEED = 2147483647


def told(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def shown(step: int, key: str, **link: str) -> AppTest:
    """A step after its question."""
    return opened(PAGE, step=str(step), **link).button(key=f"{key}_show").click().run()


def drawn(letters: int = 27, hidden: int = 200) -> dict[str, Tensor]:
    """The lecture's five tensors, drawn as it draws them."""
    g = torch.Generator().manual_seed(SEED)
    sizes = {"C": (letters, 10), "W1": (30, hidden), "b1": (hidden,), "W2": (hidden, letters)}
    return {
        name: torch.randn(size, generator=g) for name, size in {**sizes, "b2": (letters,)}.items()
    }


def pre_of(p: dict[str, Tensor], contexts: Tensor) -> Tensor:
    return p["C"][contexts].flatten(1) @ p["W1"] + p["b1"]


@pytest.mark.parametrize("scale", confident_start.SCALES)
def test_the_first_loss_is_that_of_five_tensors(scale: float, real: Dataset) -> None:
    p, train = drawn(), real.examples("train", 3)
    logits = (pre_of(p, train.contexts).tanh() @ p["W2"] + p["b2"]) * scale
    wanted = float(F.cross_entropy(logits, train.targets))
    assert confident_start.first_loss(ABOUT, scale) == pytest.approx(wanted, abs=2e-5)


def test_the_slider_repairs_the_first_loss() -> None:
    app = shown(1, "start_loss")
    assert app.metric[0].value == "26.00"
    assert "90% to one letter on average and is right 4% of the time" in told(app)
    app.select_slider(key="w2_scale").set_value(0.01).run()
    assert app.metric[0].value == "3.31"
    assert app.metric[1].value == f"{math.log(27):.2f}" == "3.30"
    assert app.query_params["scale"] == "0.01"
    assert not app.exception


def test_how_sure_and_how_right_the_naive_start_is(real: Dataset) -> None:
    p, train = drawn(), real.examples("train", 3)
    logits = pre_of(p, train.contexts).tanh() @ p["W2"] + p["b2"]
    best = logits.softmax(dim=1).max(dim=1)
    sure, right = confident_start.confidence(ABOUT)
    assert sure == pytest.approx(float(best.values.mean()), abs=0.01)
    assert right == pytest.approx(float((best.indices == train.targets).double().mean()), abs=0.01)


def test_the_bars_are_of_the_name_of_the_learner() -> None:
    app = opened(PAGE, name="olivia", letter="2")
    assert any("after ..o" in text for text in charts(app))


def test_the_hockey_stick_is_recorded_step_by_step(real: Dataset) -> None:
    """The first steps trained a second time, by autograd on five tensors and the lecture's draws."""
    g = torch.Generator().manual_seed(SEED)
    sizes = ((27, 10), (30, 200), (200,), (200, 27), (27,))
    C, W1, b1, W2, b2 = tensors = [
        torch.randn(size, generator=g).requires_grad_() for size in sizes
    ]
    train = real.examples("train", 3)
    losses = []
    for _ in range(10):
        chosen = torch.randint(0, len(train), (32,), generator=g)
        hidden = (C[train.contexts[chosen]].flatten(1) @ W1 + b1).tanh()
        loss = F.cross_entropy(hidden @ W2 + b2, train.targets[chosen])
        for tensor, slope in zip(tensors, torch.autograd.grad(loss, tensors), strict=True):
            tensor.data -= 0.1 * slope
        losses.append(loss.item())
    recording = starts.shipped_recording("naive")
    assert float(recording.batches[0]) == pytest.approx(sum(losses) / 10, rel=1e-4)
    dev = real.examples("dev", 3)
    with torch.no_grad():
        logits = (C[dev.contexts].flatten(1) @ W1 + b1).tanh() @ W2 + b2
    at = recording.steps.tolist().index(10)
    assert float(recording.dev[at]) == pytest.approx(
        float(F.cross_entropy(logits, dev.targets)), rel=1e-4
    )
    for name, tensor in zip(
        ("embedding.weight", "hidden.weight", "hidden.bias"), (C, W1, b1), strict=True
    ):
        assert torch.allclose(recording.weights[10][f"layers.{name}"], tensor, atol=1e-4)


def test_what_the_takeaway_says_of_the_hockey_stick() -> None:
    app = opened(PAGE, step="2")
    rows = app.table[0].value.set_index("after step")["naive"]
    assert (rows["0"], rows["500"], rows["2,000"]) == ("26.01", "4.91", "3.05")
    assert "from 26 to 4.9 by step 500 and 3.05 by step 2,000" in told(app)


@pytest.mark.parametrize("start", STARTS)
def test_a_recording_ends_where_the_study_of_the_ladder_does(start: Start) -> None:
    recording = starts.shipped_recording(start)
    ends = {r.variant: r.dev for r in studies.read("start_ladder") if r.seed == SEED}
    assert float(recording.dev[-1]) == pytest.approx(ends[start], abs=1e-4)
    assert recording.steps.tolist() == list(recorded_starts.EVALUATED)
    assert list(recording.weights) == list(recorded_starts.KEPT)


@pytest.mark.parametrize(("start", "name"), [("naive", "mlp_naive"), ("kaiming", "mlp_lecture")])
def test_a_recording_ends_in_the_shipped_checkpoint(start: Start, name: str) -> None:
    recorded = starts.shipped_recording(start).weights[200_000]
    for key, tensor in loaded.checkpoint(name).model.state_dict().items():
        assert torch.allclose(recorded[key], tensor, atol=1e-5)


SCALED = {"naive": (1.0, 1.0), "logits": (1.0, 1.0), "by hand": (0.2, 0.01)}


@pytest.mark.parametrize("start", [*SCALED, "kaiming"])
@pytest.mark.parametrize("threshold", [0.97, 0.99])
def test_the_map_is_what_numpy_counts(start: Start, threshold: float) -> None:
    w, b = SCALED.get(start, (5 / 3 / math.sqrt(30), 0.01))
    p = drawn()
    p["W1"], p["b1"] = p["W1"] * w, p["b1"] * b
    wanted = np.abs(np.tanh(pre_of(p, starts.batch(ABOUT, 300).contexts).numpy())) > threshold
    look = starts.inside(ABOUT, start, 0, 300, None, hidden=200)
    image = saturation.image_of(look, threshold)
    order = image.neurons["neuron"].to_numpy()
    assert (image.pixels != wanted[:, order]).mean() < 1e-4
    assert (np.diff(image.neurons["flat"]) <= 0).all()


def test_shares_over_all_examples_are_those_of_the_takeaway(real: Dataset) -> None:
    contexts = real.examples("train", 3).contexts
    p = drawn()
    naive = float((pre_of(p, contexts).tanh().abs() > 0.99).double().mean())
    p["W1"], p["b1"] = p["W1"] * (5 / 3) / math.sqrt(30), p["b1"] * 0.01
    kaiming = float((pre_of(p, contexts).tanh().abs() > 0.99).double().mean())
    assert naive == pytest.approx(0.6244, abs=5e-5)
    assert kaiming == pytest.approx(0.0997, abs=5e-5)
    assert "62% of all activations, with Kaiming initialisation for 10%" in told(
        opened(PAGE, step="3")
    )


def test_trained_nets_end_as_saturated_as_the_page_says(real: Dataset) -> None:
    contexts, found = real.examples("train", 3).contexts, {}
    for name in ("mlp", "mlp_naive", "mlp_lecture"):
        p = loaded.checkpoint(name).model.state_dict()
        x = p["layers.embedding.weight"][contexts].flatten(1)
        pre = x @ p["layers.hidden.weight"] + p["layers.hidden.bias"]
        share = float((pre.tanh().abs() > 0.99).double().mean())
        found[name] = f"{share:.0%}", f"{loaded.checkpoint(name).metadata.losses['dev']:.3f}"
    assert found == {
        "mlp": ("77%", "2.091"),
        "mlp_naive": ("66%", "2.164"),
        "mlp_lecture": ("25%", "2.107"),
    }
    live = told(opened(PAGE, step="7"))
    assert "from 62% to 66% (naive)" in live
    assert "from 10% to 25% (Kaiming)" in live
    text = told(opened(PAGE, step="3"))
    assert "77% of its activations beyond ±0.99 at a dev loss of 2.091" in text
    assert "66% at 2.164" in text


def test_moments_thresholds_and_widths_change_the_maps() -> None:
    app = opened(PAGE, step="3")
    seen = [charts(app)[:2]]
    app.select_slider(key="flat_threshold").set_value(0.97).run()
    seen.append(charts(app)[:2])
    app.select_slider(key="flat_moment").set_value(7).run()
    seen.append(charts(app)[:2])
    app.segmented_control(key="flat_hidden").set_value("500").run()
    seen.append(charts(app)[:2])
    assert "by 500 neurons" in seen[-1][0]
    assert len({str(each) for each in seen}) == 4
    app.select_slider(key="flat_size").set_value(5_000).run()
    assert "5,000 examples by 500 neurons" in charts(app)[0]
    assert not app.exception


def test_batch_norm_is_by_the_batch_that_is_shown() -> None:
    recording = starts.shipped_recording("batch norm")
    for step in (0, 10, 200_000):
        look = starts.inside(ABOUT, "batch norm", step, 300, recording, hidden=200)
        weights = recording.weights.get(step)
        gamma = weights["layers.norm.gamma"] if weights else torch.ones(200)
        beta = weights["layers.norm.beta"] if weights else torch.zeros(200)
        assert torch.allclose(look.pre.mean(dim=0), beta, atol=1e-4)
        assert torch.allclose(look.pre.std(dim=0), gamma.abs(), rtol=0.02, atol=1e-3)


def test_the_gradient_of_a_neuron_is_that_of_autograd() -> None:
    p = {name: tensor.requires_grad_() for name, tensor in drawn().items()}
    examples = starts.batch(ABOUT, 100)
    logits = pre_of(p, examples.contexts).tanh() @ p["W2"] + p["b2"]
    F.cross_entropy(logits, examples.targets).backward()
    look = starts.inside(ABOUT, "naive", 0, 100, None, hidden=200)
    assert p["W1"].grad is not None
    assert torch.allclose(look.gradient, p["W1"].grad, atol=1e-5)


def test_flat_and_dead_shares_of_other_activations() -> None:
    pre = other_activations._pre(ABOUT).double()
    slopes: dict[str, Callable[[Tensor], Tensor]] = {
        "tanh": lambda x: 1 - torch.tanh(x) ** 2,
        "sigmoid": lambda x: torch.sigmoid(x) * (1 - torch.sigmoid(x)),
        "ReLU": lambda x: (x > 0).double(),
        "leaky ReLU": lambda x: torch.where(x > 0, 1.0, 0.01),
        "ELU": lambda x: torch.where(x > 0, 1.0, x.exp()),
    }
    app = opened(PAGE, step="4")
    rows = app.table[0].value.set_index("activation")
    for name, slope in slopes.items():
        flat = slope(pre * 5) < 1 - 0.99**2
        assert rows.loc[name, "flat"] == f"{float(flat.double().mean()):.0%}"
        assert rows.loc[name, "dead"] == f"{float(flat.all(dim=0).double().mean()):.1%}"
        assert rows.loc[name, "mean slope"] == f"{float(slope(pre * 5).mean()):.2f}"


def test_the_rule_foretells_what_is_measured() -> None:
    rows = shown(5, "gain_one").table[0].value.set_index("std of x·w")
    contexts = starts.batch(ABOUT, kaiming_rule.SIZE).contexts
    p = drawn()
    for column, factor in (("naive", 1.0), ("by hand", 0.2), ("Kaiming", 5 / 3 / math.sqrt(30))):
        x, w = p["C"][contexts].flatten(1).numpy(), p["W1"].numpy() * factor
        product = x.std(ddof=1) * w.std(ddof=1) * math.sqrt(30)
        assert rows[column]["product"] == f"{product:.2f}"
        assert rows[column]["measured"] == f"{(x @ w).std(ddof=1):.2f}"
        assert (x @ w).std(ddof=1) == pytest.approx(product, rel=0.05)


@pytest.mark.parametrize(
    ("gain", "begins"), [("0.5", "Dying"), ("1", "Dying"), ("5-3", "Living"), ("3", "Saturating")]
)
def test_a_gain_has_a_verdict(gain: str, begins: str) -> None:
    app = shown(5, "gain_one", **({} if gain == "1" else {"gain": gain}))
    if gain != "1":  # the question came first; the slider is there only now
        app.select_slider(key="gain").set_value({"0.5": 0.5, "5-3": 5 / 3, "3": 3.0}[gain]).run()
    assert f"**{begins}**" in told(app)


def test_the_ladder_and_its_verdict() -> None:
    losses = start_ladder.dev_losses()
    assert [f"{losses[start][SEED]:.4f}" for start in STARTS] == [
        "2.1644", "2.1311", "2.1027", "2.1070", "2.1056"
    ]  # fmt: skip
    seeds = list(losses["naive"])
    for before, after in (("naive", "logits"), ("logits", "by hand")):
        assert all(losses[after][s] < losses[before][s] for s in seeds)  # type: ignore[index]
    gaps = np.array([losses["batch norm"][s] - losses["kaiming"][s] for s in seeds])
    found = start_ladder.gap("kaiming", "batch norm")
    assert found.difference == pytest.approx(gaps.mean())
    assert found.error == pytest.approx(gaps.std(ddof=1) / math.sqrt(len(gaps)))
    assert all(losses["kaiming"][seed] < losses["naive"][seed] for seed in seeds)
    app = shown(6, "ladder_norm")
    assert f"**{gaps.mean():+.4f} ± {found.error:.4f}**" in told(app)
    assert len(re.findall(r"→", " ".join(app.table[0].value["reported"]))) == 4
    assert app.table[0].value["reported"].tolist()[0] == "2.168 → 2.13"


def test_the_live_map_follows_the_start() -> None:
    links: tuple[dict[str, str], ...] = ({}, {"start": "batch-norm", "moment": "0"})
    texts = [charts(opened(PAGE, step="7", **link)) for link in links]
    assert "naive, step 10,000: 200 examples by 200 neurons" in texts[0][1]
    assert "batch norm, step 0" in texts[1][1]
    assert texts[0][1] != texts[1][1]


def test_before_the_live_map_starts_it_shows_the_training_that_start_begins() -> None:
    app = opened(PAGE, step="7", moment="500")
    offered = app.session_state["link_view"].settings
    whole = recipe_for(recorded_starts.RECIPE, "mlp").to_json()
    assert offered["recipe"] == {**whole, "steps": live_map.STEPS}
    assert whole["decay_at"] >= live_map.STEPS  # so the shorter one goes the same way
    kept = recorded_starts.read("naive")
    dev = dict(zip(kept.steps.tolist(), kept.dev.tolist(), strict=True))
    assert f"After step 20,000 the dev loss is {dev[20_000]:.3f}" in charts(app)[0]
    assert next(m.value for m in app.metric if m.label == "Dev loss") == f"{dev[500]:.3f}"
    net = recorded_starts.net_at(kept, 500, 27).train()
    look = probe(net, loaded.dataset(), step=500).snapshot
    flat = float((look.activations["tanh"].abs() > 0.99).double().mean())
    assert f"step 500: 200 examples by 200 neurons, {flat:.1%} flat" in charts(app)[1]
