"""The page of init and batch norm shows what the nets themselves say, and answers what learners do."""

import pytest
import torch

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import capture
from makemore.layers import BatchNorm1d
from makemore.lessons.mlp_bn import batch_norm_bands
from makemore.ui.sources import loaded, two_starts
from tests.pages.opening import charts, opened


@pytest.mark.parametrize("when", ["start", "end"])
@pytest.mark.parametrize("panel", ["naive", "repaired"])
def test_saturation_equals_that_of_all_examples(
    panel: two_starts.Panel, when: two_starts.When, real: Dataset
) -> None:
    net = two_starts.model_at(panel, when)
    contexts = real.examples("train", net.block_size).contexts
    with torch.inference_mode(), capture(net) as outputs:
        net(contexts)
    plain = float((outputs["tanh"].abs() > 0.99).double().mean())
    assert two_starts.saturated_share(panel, when) == pytest.approx(plain, abs=1e-6)


def test_naive_start_is_saturated_and_confidently_wrong(real: Dataset) -> None:
    assert two_starts.saturated_share("naive", "start") == pytest.approx(0.6244, abs=5e-5)
    assert two_starts.first_loss("naive") == pytest.approx(26.0, abs=0.05)
    assert two_starts.first_loss("repaired") == pytest.approx(3.3, abs=0.05)


def test_both_starts_share_all_but_the_start() -> None:
    naive, repaired = (SHIPPED[name] for name in two_starts.PANELS.values())
    assert (naive.seed, naive.recipe) == (repaired.seed, repaired.recipe)
    before, after = (
        two_starts.model_at(panel, "start").state_dict() for panel in two_starts.PANELS
    )
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
    checkpoint = loaded.checkpoint("mlp_bn")
    look = batch_norm_bands.one_batch(checkpoint)
    layer = checkpoint.model.get_submodule("layers.norm")
    assert isinstance(layer, BatchNorm1d)
    moved = neurons.normalised(look.activations["hidden"], layer.eps) * layer.gamma + layer.beta
    assert torch.allclose(moved, look.activations["norm"], atol=1e-5)
