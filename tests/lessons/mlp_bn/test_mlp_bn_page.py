"""The page of init and batch norm shows what the nets themselves say, and answers what learners do."""

import math

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import capture
from makemore.layers import BatchNorm1d
from makemore.lessons.mlp_bn import batch_norm_bands
from makemore.lessons.mlp_bn.starts_of_list import starts_of
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import loaded, two_starts
from tests.pages.opening import charts, committed, opened

LN27 = math.log(27)
STARTS = starts_of(shipped_list())


def told(app: AppTest) -> str:
    """All prose of the page, without what escapes markdown."""
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


@pytest.mark.parametrize("when", ["start", "end"])
@pytest.mark.parametrize("panel", ["naive", "repaired"])
def test_saturation_equals_that_of_all_examples(
    panel: two_starts.Panel, when: two_starts.When, real: Dataset
) -> None:
    net = STARTS.model_at(panel, when)
    contexts = real.examples("train", net.block_size).contexts
    with torch.inference_mode(), capture(net) as outputs:
        net(contexts)
    plain = float((outputs["tanh"].abs() > 0.99).double().mean())
    assert STARTS.saturated_share(panel, when) == pytest.approx(plain, abs=1e-6)


def test_the_starts_are_as_saturated_and_as_wrong_as_the_page_says(real: Dataset) -> None:
    assert STARTS.saturated_share("naive", "start") == pytest.approx(0.6244, abs=5e-5)
    assert STARTS.saturated_share("repaired", "start") == pytest.approx(0.0997, abs=5e-5)
    assert STARTS.first_loss("naive") == pytest.approx(26.0, abs=0.05)
    assert STARTS.first_loss("repaired") == pytest.approx(3.3, abs=0.05)
    assert "62% of all activations, at the repaired one for 10%" in told(opened("mlp_bn.py"))


def test_the_lowest_dev_loss_ends_with_the_most_saturation(real: Dataset) -> None:
    """The shares of the two starts are held by the tests above; the third net begins like the second."""
    rows = opened("mlp_bn.py").table[0].value
    starts = [STARTS.saturated_share(panel, "start") for panel in two_starts.PANELS]
    ends = [STARTS.saturated_share(panel, "end") for panel in two_starts.PANELS]
    with torch.inference_mode(), capture(loaded.checkpoint("mlp").model) as outputs:
        loaded.checkpoint("mlp").model(real.examples("train", 3).contexts)
    third = float((outputs["tanh"].abs() > 0.99).double().mean())
    shares = [f"{share:.0%}" for share in (*starts, starts[1])]
    assert rows["saturated before"].tolist() == shares
    assert rows["after"].tolist() == [f"{share:.0%}" for share in (*ends, third)]
    assert rows["after"].tolist() == ["66%", "25%", "77%"]
    losses = [
        loaded.checkpoint(name).metadata.losses["dev"]
        for name in ("mlp_naive", "mlp_lecture", "mlp")
    ]
    assert rows["dev loss"].tolist() == [f"{loss:.3f}" for loss in losses]
    assert rows["dev loss"].tolist() == ["2.164", "2.107", "2.091"]


def test_both_starts_share_all_but_the_start() -> None:
    naive, repaired = (SHIPPED[name] for name in two_starts.PANELS.values())
    assert (naive.seed, naive.recipe) == (repaired.seed, repaired.recipe)
    before, after = (STARTS.model_at(panel, "start").state_dict() for panel in two_starts.PANELS)
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


def _rule(app: AppTest, when: two_starts.When) -> dict[two_starts.Panel, tuple[float, float]]:
    """For each net what the rule foretells and what is measured, as recomputed and as told."""
    rows = app.table[0].value.set_index("pre-activation")
    found: dict[two_starts.Panel, tuple[float, float]] = {}
    for panel in two_starts.PANELS:
        look = STARTS.look_at(panel, when)
        x, w = look.activations["flatten"], look.weights["layers.hidden.weight"]
        product = float(x.std() * w.std()) * 30**0.5
        measured = float(look.activations["hidden"].std())
        assert float(rows[panel]["their product"]) == pytest.approx(product, abs=0.006)
        assert float(rows[panel]["measured"]) == pytest.approx(measured, abs=0.006)
        found[panel] = product, measured
    return found


def test_the_rule_foretells_the_standard_deviation_before_training_and_less_of_it_after() -> None:
    app = opened("mlp_bn.py", step="2")
    before = _rule(app, "start")
    pictures = charts(app)
    app.segmented_control(key="spread_when").set_value("end").run()
    after = _rule(app, "end")
    assert charts(app) != pictures
    assert any("After training the product foretells less" in each.value for each in app.caption)
    for panel in two_starts.PANELS:
        (product, measured), (later, at_end) = before[panel], after[panel]
        assert measured == pytest.approx(product, rel=0.05)
        assert abs(at_end / later - 1) > 2 * abs(measured / product - 1)


def test_the_question_shows_the_repaired_logits_alone() -> None:
    app = opened("mlp_bn.py", step="3")
    (chart,) = app.get("vega_lite_chart")
    (bins,) = [each for each in chart.proto.datasets if each.name == "bins"]
    assert b"repaired" in bins.data.data
    assert b"naive" not in bins.data.data
    assert "26.0" not in told(app)
    app = committed(app, "naive_loss")
    assert len(charts(app)) == 2
    assert "Dev loss over steps" in charts(app)[1]
    assert "It is **about 26 nats**" in app.info[0].value


@pytest.mark.parametrize("choice", ["about 1 nat", "about 3.3 nats", "about 26 nats"])
def test_feedback_differs_by_choice(choice: str) -> None:
    app = opened("mlp_bn.py", step="3")
    app.radio(key="naive_loss").set_value(choice).run()
    app.button(key="naive_loss_commit").click().run()
    feedback = " ".join(box.value for box in [*app.info, *app.success])
    says = {
        "about 1 nat": "the best trained one ends at 1.92",
        "about 3.3 nats": "That is the repaired start, 3.31",
        "about 26 nats": "costs 26.0 nats",
    }
    assert [text in feedback for text in says.values()] == [each == choice for each in says]


def test_the_naive_start_is_sure_and_seldom_right(real: Dataset) -> None:
    app = opened("mlp_bn.py", step="3")
    app.button(key="naive_loss_show").click().run()
    assert "gives 90% to one letter, which is the right one 4% of the time" in app.info[0].value
    net, examples = STARTS.model_at("naive", "start"), real.examples("train", 3)
    with torch.inference_mode():
        probabilities = net(examples.contexts).softmax(dim=1)
    assert float(probabilities.amax(dim=1).mean()) == pytest.approx(0.90, abs=0.01)
    right = probabilities.argmax(dim=1) == examples.targets
    assert float(right.double().mean()) == pytest.approx(0.04, abs=0.01)


def test_no_trained_net_has_a_dev_loss_near_one() -> None:
    best = min(loaded.checkpoint(name).metadata.losses["dev"] for name in SHIPPED)
    assert best == pytest.approx(1.9175, abs=5e-5)


def test_batch_norm_is_recomputed_from_its_input() -> None:
    checkpoint = loaded.checkpoint("mlp_bn")
    look = batch_norm_bands.one_batch(checkpoint, loaded.dataset())
    layer = checkpoint.model.get_submodule("layers.norm")
    assert isinstance(layer, BatchNorm1d)
    moved = neurons.normalised(look.activations["hidden"], layer.eps) * layer.gamma + layer.beta
    assert torch.allclose(moved, look.activations["norm"], atol=1e-5)


def test_the_weights_before_batch_norm_may_have_any_scale() -> None:
    app = opened("mlp_bn.py", step="4")
    whole = app.table[0].value
    app.segmented_control(key="norm_factor").set_value("0.1").run()
    shrunk = app.table[0].value
    assert float(whole["mean std"][0]) / float(shrunk["mean std"][0]) == pytest.approx(10, abs=0.2)
    assert list(whole.loc[1]) == list(shrunk.loc[1]) == ["after", "0.00", "0.00", "1.00"]
    checkpoint = loaded.checkpoint("mlp_bn")
    afters = [
        batch_norm_bands.stages(STARTS, checkpoint, "naive", factor)[1] for factor in (1, 0.3, 0.1)
    ]
    assert torch.allclose(afters[0], afters[1], atol=1e-5)
    assert torch.allclose(afters[0], afters[2], atol=1e-5)


def test_three_tenths_are_kaiming_here() -> None:
    naive, kaiming = (
        STARTS.model_at(panel, "start").state_dict()["layers.hidden.weight"]
        for panel in two_starts.PANELS
    )
    assert float(kaiming.std() / naive.std()) == pytest.approx(0.3, abs=0.005)


def test_what_batch_norm_is_worth_here() -> None:
    app = opened("mlp_bn.py", step="4")
    table = app.table[1].value
    assert table["lecture's loop"].tolist() == ["2.1644", "2.1070", "2.1056"]
    assert table["recipe best"].tolist() == ["–", "2.0908", "2.0927"]
    kept = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp", "mlp_bn")]
    assert [f"{loss:.4f}" for loss in kept] == ["2.0908", "2.0927"]
    assert [SHIPPED[name].lecture for name in ("mlp_naive", "mlp_lecture", "mlp", "mlp_bn")] == [
        2.1644,
        2.1070,
        2.1070,
        2.1056,
    ]
    assert "2.1070 → **2.1056**" in told(app)
    assert "2.0908 → **2.0927**" in told(app)


def test_the_axes_of_torch_are_others() -> None:
    """Ours has channels last and averages over all axes before them; torch has them in the middle."""
    batch = torch.randn(5, 4, 3, generator=torch.Generator().manual_seed(1)) * 3 + 2
    ours = BatchNorm1d(3, eps=0)(batch)
    assert torch.allclose(ours.mean((0, 1)), torch.zeros(3), atol=1e-6)
    theirs = torch.nn.BatchNorm1d(4, eps=1e-12)(batch)
    assert torch.allclose(theirs.mean((0, 2)), torch.zeros(4), atol=1e-6)
    assert not torch.allclose(theirs.mean((0, 1)), torch.zeros(3), atol=1e-2)


@pytest.mark.parametrize(
    ("name", "steps", "below"),
    [("mlp_naive", 1500, False), ("mlp_lecture", 10, True), ("mlp_bn", 10, True)],
)
def test_how_soon_a_net_is_better_than_uniform_guesses(
    name: str, steps: int, below: bool, real: Dataset
) -> None:
    made = SHIPPED[name]
    recipe = recipe_for("lecture", made.model)
    trainer = Trainer.start(made.model, real, recipe, seed=made.seed, settings=made.settings)
    for _ in trainer.events(until=steps):
        pass
    assert (trainer.loss("dev") < LN27) == below
    assert "in ten steps" in told(opened("mlp_bn.py", step="5"))
    assert "more than 1,500" in told(opened("mlp_bn.py", step="5"))


def test_the_initialisation_alone_changes_the_perplexity() -> None:
    app = opened("mlp_bn.py", step="6")
    losses = [
        loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp_naive", "mlp_lecture")
    ]
    assert app.table[0].value["perplexity"].tolist() == [f"{math.exp(loss):.1f}" for loss in losses]
    assert app.table[0].value["perplexity"].tolist() == ["8.7", "8.2"]
    assert "from 8.7 to 8.2" in told(app)
