"""The pages of the MLPs and the tree show the numbers of the models, and answer what learners do."""

import json
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore import evaluation
from makemore.capture import capture
from makemore.data import Dataset
from makemore.diagnostics import neurons
from makemore.layers import BatchNorm1d
from makemore.shipped import SHIPPED
from makemore.ui import load, norm, starts
from tests.pages.test_pages import charts, opened

OURS = ("mlp.py", "mlp_bn.py")
QUESTIONS = [
    ("mlp.py", "3", "mlp_room"),
    ("mlp_bn.py", "3", "naive_loss"),
]


def specs(app: AppTest) -> list[Any]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


@pytest.mark.parametrize("page", OURS)
def test_shows_something_real_before_any_click(page: str) -> None:
    assert charts(opened(page))


@pytest.mark.parametrize(("page", "step", "key"), QUESTIONS)
def test_prediction_hides_its_answer_until_committed(page: str, step: str, key: str) -> None:
    app = opened(page, step=step)
    assert not charts(app)
    assert not app.metric
    app.radio(key=key).set_value(app.radio(key=key).options[0]).run()
    app.button(key=f"{key}_commit").click().run()
    assert charts(app)
    told = " ".join(box.value for box in [*app.info, *app.success])
    assert "You said" in told
    assert not app.exception


def test_scrubbing_moves_letters_and_keeps_the_axes() -> None:
    app = opened("mlp.py", name="ada")
    late, nearest = specs(app)[0], app.table[0].value
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert specs(app)[0]["layer"] == late["layer"]  # the same scales
    assert not app.table[0].value.equals(nearest)


def test_nearest_letters_are_the_nearest() -> None:
    app = opened("mlp.py", name="ada")
    table = load.checkpoint("mlp_2d").model.state_dict()["layers.embedding.weight"]
    distances = (table - table[1]).norm(dim=1)  # from the a
    distances[1] = torch.inf
    shown = app.table[0].value.iloc[0]
    assert shown["nearest"].removeprefix("\\") == load.vocabulary().letters[int(distances.argmin())]
    assert float(shown["distance"]) == pytest.approx(float(distances.min()), abs=0.006)


def test_windows_of_the_name_with_their_probabilities() -> None:
    rows = opened("mlp.py", step="2", name="ada").table[0].value
    assert [w.replace("\\", "") for w in rows["window"]] == ["...", "..a", ".ad", "ada"]
    assert rows["as numbers"].tolist() == ["0 0 0", "0 0 1", "0 1 4", "1 4 1"]
    checkpoint = load.checkpoint("mlp")
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, ["ada"])
    assert rows["its probability"].tolist() == [f"{s.probability:.1%}" for s in score.letters]


@pytest.mark.parametrize("when", ["start", "end"])
@pytest.mark.parametrize("panel", ["naive", "repaired"])
def test_saturation_equals_that_of_all_examples(
    panel: starts.Panel, when: starts.When, real: Dataset
) -> None:
    net = starts.model(panel, when)
    contexts = real.examples("train", net.block_size).contexts
    with torch.inference_mode(), capture(net) as outputs:
        net(contexts)
    plain = float((outputs["tanh"].abs() > 0.99).double().mean())
    assert starts.saturated(panel, when) == pytest.approx(plain, abs=1e-6)


def test_naive_start_is_saturated_and_confidently_wrong(real: Dataset) -> None:
    assert starts.saturated("naive", "start") == pytest.approx(0.6244, abs=5e-5)
    assert starts.first_loss("naive") == pytest.approx(26.0, abs=0.05)
    assert starts.first_loss("repaired") == pytest.approx(3.3, abs=0.05)


def test_both_starts_share_all_but_the_start() -> None:
    naive, repaired = (SHIPPED[name] for name in starts.PANELS.values())
    assert (naive.seed, naive.recipe) == (repaired.seed, repaired.recipe)
    before, after = (starts.model(panel, "start").state_dict() for panel in starts.PANELS)
    drawn, scaled = (w["layers.hidden.weight"] for w in (before, after))
    assert torch.allclose(drawn / drawn.std(), scaled / scaled.std(), atol=1e-5)
    assert torch.equal(before["layers.embedding.weight"], after["layers.embedding.weight"])


def test_moment_and_neuron_change_the_maps() -> None:
    app = opened("mlp_bn.py")
    shares = [metric.value for metric in app.metric]
    app.number_input(key="neuron").set_value(3).run()
    assert any(alt.startswith("Neuron 3 ") for alt in charts(app))
    app.segmented_control(key="when").set_value("end").run()
    assert [metric.value for metric in app.metric] != shares
    assert not app.exception


def test_batch_norm_is_recomputed_from_its_input() -> None:
    checkpoint = load.checkpoint("mlp_bn")
    look = norm.one_batch(checkpoint)
    layer = checkpoint.model.get_submodule("layers.norm")
    assert isinstance(layer, BatchNorm1d)
    moved = neurons.normalised(look.activations["hidden"], layer.eps) * layer.gamma + layer.beta
    assert torch.allclose(moved, look.activations["norm"], atol=1e-5)
