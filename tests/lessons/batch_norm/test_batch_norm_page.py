"""The page of batch norm shows what nets and formulas themselves say, and answers what learners do."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset, windows
from makemore.data.sample_lists import read_sample
from makemore.diagnostics.layers import neurons
from makemore.experiments import recorded_starts
from makemore.lessons.batch_norm import (
    batch_norm_bands,
    five_values,
    idle_bias,
    one_norm,
    reduced_axes,
    running_averages,
)
from makemore.lessons.batch_norm.one_norm import Normed
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.kit.chosen_list import KEPT, ChosenList, shipped_list
from makemore.ui.kit.examined import batch_of
from makemore.ui.sources import loaded
from tests.pages.opening import ROOT, charts, opened

PAGE = "batch_norm.py"
LN27 = math.log(27)
Array = npt.NDArray[np.float64]


def told(app: AppTest) -> str:
    """All prose of the page, without what escapes markdown."""
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def shown(step: str, **link: str) -> AppTest:
    """The step with its question answered."""
    app = opened(PAGE, step=step, **link)
    [button] = [each for each in app.button if str(each.key).endswith("_show")]
    app = button.click().run()
    assert not app.exception
    return app


def weights_of(net: Normed) -> dict[str, Array]:
    return {name: tensor.double().numpy() for name, tensor in net.model.state_dict().items()}


def before(net: Normed, contexts: torch.Tensor) -> Array:
    """What goes into the batch norm, multiplied out in numpy."""
    weights = weights_of(net)
    x = weights["layers.embedding.weight"][contexts.numpy()].reshape(len(contexts), -1)
    pre: Array = x @ weights["layers.hidden.weight"]
    return pre


@pytest.fixture(scope="module")
def start() -> Normed:
    return one_norm.draw_start(shipped_list())


@pytest.fixture(scope="module")
def trained() -> Normed:
    return Normed("test", loaded.checkpoint("mlp_bn").model)


def test_batch_norm_is_recomputed_from_its_input(trained: Normed, real: Dataset) -> None:
    pre = before(trained, batch_of(real, 3, 32).contexts)
    weights = weights_of(trained)
    hat = (pre - pre.mean(0)) / np.sqrt(pre.var(0, ddof=1) + trained.norm.eps)
    moved = hat * weights["layers.norm.gamma"] + weights["layers.norm.beta"]
    stages = batch_norm_bands.stages(shipped_list(), trained, "moved", 1)
    assert np.allclose(stages[0].numpy(), pre, atol=1e-5)
    assert np.allclose(stages[1].numpy(), moved, atol=1e-4)
    assert np.allclose(
        batch_norm_bands.stages(shipped_list(), trained, "trained", 1)[1].numpy(), hat, atol=1e-3
    )


def test_the_weights_before_batch_norm_may_have_any_scale() -> None:
    app = opened(PAGE)
    whole = app.table[0].value
    app.segmented_control(key="norm_factor").set_value("0.1").run()
    shrunk = app.table[0].value
    assert float(whole["mean std"][0]) / float(shrunk["mean std"][0]) == pytest.approx(10, abs=0.2)
    assert list(whole.loc[1]) == list(shrunk.loc[1]) == ["after", "0.00", "0.00", "1.00"]
    afters = [
        batch_norm_bands.stages(shipped_list(), None, "naive", factor)[1]
        for factor in (1, 0.3, 0.1)
    ]
    assert torch.allclose(afters[0], afters[1], atol=1e-5)
    assert torch.allclose(afters[0], afters[2], atol=1e-5)


def test_three_tenths_are_kaiming_here() -> None:
    naive, kaiming = (
        recorded_starts.fresh(start, 27).state_dict()["layers.hidden.weight"]
        for start in recorded_starts.STARTS[0::3]
    )
    assert float(kaiming.std() / naive.std()) == pytest.approx(0.3, abs=0.005)


@pytest.mark.parametrize("view", ["naive", "trained"])
def test_gamma_and_beta_move_every_band(view: str) -> None:
    app = opened(PAGE, **({"net": view} if view != "naive" else {}))
    whole = float(app.table[0].value["mean std"][1])  # 1, or less where ε counts
    app.slider(key="norm_gamma").set_value(2.5).run()
    app.slider(key="norm_beta").set_value(-1.5).run()
    assert app.query_params["gamma"] == "2.5"
    assert app.query_params["beta"] == "-1.5"
    after = app.table[0].value.set_index("batch norm").loc["after"]
    assert (after["means from"], after["to"]) == ("−1.50", "−1.50")
    assert float(str(after["mean std"])) == pytest.approx(2.5 * whole, abs=0.02)


def test_bands_after_gamma_and_beta_are_those_of_the_moved_values() -> None:
    values = torch.randn(32, 5, generator=torch.Generator().manual_seed(1))
    found = batch_norm_bands.moved(neurons.bands(values), 2.5, -1.5)
    wanted = neurons.bands(2.5 * values - 1.5)
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-5)


def test_what_batch_norm_is_worth_here() -> None:
    app = opened(PAGE)
    table = app.table[1].value
    assert table["lecture's loop"].tolist() == ["2.1644", "2.1070", "2.1056"]
    assert table["recipe best"].tolist() == ["–", "2.0908", "2.0927"]
    kept = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp", "mlp_bn")]
    assert [f"{loss:.4f}" for loss in kept] == ["2.0908", "2.0927"]
    nets = ("mlp_naive", "mlp_lecture", "mlp", "mlp_bn")
    assert [SHIPPED[name].lecture for name in nets] == [2.1644, 2.1070, 2.1070, 2.1056]
    assert "2.1070 → **2.1056**" in told(app)
    assert "2.0908 → **2.0927**" in told(app)


def test_one_of_five_values_moves_all_five(start: Normed, real: Dataset) -> None:
    app = shown("2", neuron="3")
    app.segmented_control(key="five_chosen").set_value("4").run()
    app.slider(key="five_by").set_value(-1.5).run()
    assert {**app.query_params} == {
        "step": "2", "neuron": "3", "example": "4", "by": "-1.5"
    }  # fmt: skip
    x = before(start, batch_of(real, 3, 32).contexts)[:5, 3]
    now = x.copy()
    now[3] -= 1.5
    first, after = ((v - v.mean()) / np.sqrt(v.var(ddof=1) + 1e-5) for v in (x, now))
    table = app.table[0].value
    for column, wanted in {"in": now, "out at first": first, "out": after}.items():
        assert table[column].astype(float).tolist() == pytest.approx(wanted.tolist(), abs=6e-3)
    assert np.abs(after - first).min() > 0.01
    # The derivative, as a difference: a thousandth more.
    more = now.copy()
    more[3] += 1e-3
    moved = ((more - more.mean()) / np.sqrt(more.var(ddof=1) + 1e-5) - after) / 1e-3
    assert table["slope"].astype(float).tolist() == pytest.approx(moved.tolist(), abs=6e-3)


def test_before_the_question_is_answered_nothing_has_moved() -> None:
    app = opened(PAGE, step="2")
    table = app.table[0].value
    assert table["out at first"].tolist() == table["out"].tolist()
    assert "five_by" not in {each.key for each in app.slider}
    assert five_values.coupled([1.0, 2.0, 4.0], 2, 0.0)["after"].sum() == pytest.approx(0)


def test_true_statistics_are_those_of_all_train_examples(trained: Normed, real: Dataset) -> None:
    pre = before(trained, real.examples("train", 3).contexts)
    mean, var = one_norm.true_statistics(shipped_list(), trained)
    std = pre.std(0, ddof=1)
    assert np.abs((mean.numpy() - pre.mean(0)) / std).max() < 1e-3
    assert var.numpy() == pytest.approx(std**2, rel=1e-3)
    values = one_norm.train_values(shipped_list(), trained, 7)
    assert len(values) == 182_625
    assert float(values.mean()) == pytest.approx(float(pre[:, 7].mean()), abs=1e-6)
    assert float(values.var()) == pytest.approx(float(pre[:, 7].var(ddof=1)), rel=1e-4)
    kept = trained.model.state_dict()["layers.norm.running_mean"].double().numpy()
    far = (np.abs(kept - pre.mean(0)) / np.sqrt(std**2 + trained.norm.eps)).mean()
    found = running_averages.far_from_true(shipped_list(), trained)
    assert found == pytest.approx(float(far), rel=1e-3)
    app = opened(PAGE, step="3", net="trained")
    assert f"off the true ones by {far:.3f} standard deviations" in told(app)


def test_running_averages_approach_the_true_ones_at_the_pace_of_momentum() -> None:
    off, left = {}, {}
    for momentum in running_averages.MOMENTA:
        app = opened(PAGE, step="3", **({"momentum": momentum} if momentum != "0.01" else {}))
        table = app.table[0].value.set_index("at the end").astype(float)
        off[momentum] = abs(table["running"] - table["true"])["mean"]
        left[momentum] = (1 - float(momentum)) ** 1000
        assert f"{left[momentum]:.0%} is left" in told(app)
        true = table["true"]
    assert left["0.001"] == pytest.approx(0.368, abs=0.001)
    # A thousandth of each batch in 1,000 steps: 37% of the way from 0 is still to go.
    assert off["0.001"] == pytest.approx(0.368 * abs(true["mean"]), rel=0.1)
    assert off["0.01"] < 0.05 < off["0.001"]
    assert running_averages.STEPS == 1000


def test_the_moving_average_of_the_page_is_torchs(start: Normed) -> None:
    about = shipped_list()
    frames = running_averages._gather(about, start, 0, 0.1)
    values = one_norm.train_values(about, start, 0)
    twin, generator = nn.BatchNorm1d(1, momentum=0.1), torch.Generator().manual_seed(0)
    for step in range(1, 41):
        twin(values[torch.randint(0, len(values), (32,), generator=generator), None].float())
        if step % running_averages.EVERY == 0:
            assert twin.running_mean is not None
            assert twin.running_var is not None
            for quantity, found in (("mean", twin.running_mean), ("variance", twin.running_var)):
                row = frames[quantity].set_index("step").loc[step]
                assert row["value"] == pytest.approx(float(found), rel=1e-3, abs=1e-4)


def test_in_train_mode_the_answer_depends_on_the_batch_and_in_eval_mode_not() -> None:
    app = shown("4")
    net = loaded.checkpoint("mlp_bn").model
    contexts = windows(("emma",), shipped_list().vocabulary, 3).contexts
    with torch.inference_mode():
        alone = float(net(contexts)[-1].softmax(0)[0])
    spreads = {}
    for size in (2, 32, 128):
        app.select_slider(key="norm_size").set_value(size).run()
        [chart] = charts(app)
        low, high = (float(part.rstrip("%;")) for part in chart.split("from ")[1].split()[:3:2])
        spreads[size] = high - low
        assert f"in eval mode {alone:.1%}" in chart
    assert spreads[2] > spreads[32] > spreads[128] > 1
    app.segmented_control(key="norm_mode").set_value("eval").run()
    assert f"from {alone:.1%} to {alone:.1%}" in charts(app)[0]


@pytest.mark.parametrize("repair", ["nan_eval", "nan_batch"])
def test_one_example_gives_nan_until_it_is_repaired(repair: str) -> None:
    app = shown("4")
    assert "not a number" in charts(app)[0]
    assert app.table[0].value["is"].tolist()[1:] == ["0.000", "NaN", "NaN"]
    x = torch.tensor([float(app.table[0].value["is"][0])])
    assert bool(((x - x.mean()) / torch.sqrt(((x - x.mean()) ** 2).sum() / (len(x) - 1))).isnan())
    with pytest.raises(ValueError, match="more than 1 value per channel") as refused:
        nn.BatchNorm1d(1)(x[:, None])
    assert str(refused.value).split(", got")[0] in told(app)
    assert "one number has no variance" in told(app)
    app.button(key=repair).click().run()
    assert not app.exception
    assert "not a number" not in charts(app)[0]
    assert "nan_eval" not in {each.key for each in app.button}
    assert app.query_params.keys() == {"step", "mode" if repair == "nan_eval" else "size"}


def test_every_letter_of_a_name_can_be_foretold() -> None:
    app = opened(PAGE, step="4", name="ada", at="0")
    assert not app.exception
    assert "Probability of “a”" in charts(app)[0]
    app.select_slider(key="norm_at_3").set_value(1).run()
    assert "Probability of “d”" in charts(app)[0]


def test_the_bias_before_a_batch_norm_gets_rounding_and_no_gradient(real: Dataset) -> None:
    model, examples = loaded.checkpoint("mlp").model, batch_of(real, 3, 32)
    twin = build_twin(model, norm=True), build_twin(model, norm=False)
    found = idle_bias.gradients_of(shipped_list())
    app = opened(PAGE, step="5", shift="-2")
    table = app.table[0].value.set_index("32 examples").astype(float)
    for net, (parameters, run) in zip(("with batch norm", "without"), twin, strict=True):
        loss = run(examples.contexts, examples.targets, 0.0)
        by_w, by_b = torch.autograd.grad(loss, parameters)
        ours = found[found["net"] == net]
        assert ours["weight"].max() == pytest.approx(float(by_w.abs().max()), rel=1e-3)
        assert ours["bias"].tolist() == pytest.approx(by_b.abs().tolist(), abs=1e-7)
        assert table[net]["loss"] == pytest.approx(float(loss.detach()), abs=6e-5)
        moved = run(examples.contexts, examples.targets, -2.0)
        assert table[net]["loss at -2"] == pytest.approx(float(moved.detach()), abs=6e-5)
        exact = float(by_b.abs().max())
        assert exact < 1e-15 if net == "with batch norm" else exact > 1e-3
    assert table["with batch norm"]["loss"] == table["with batch norm"]["loss at -2"]
    assert found["bias"][found["net"] == "with batch norm"].max() < 1e-7


Run = Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor]


def build_twin(model: nn.Module, *, norm: bool) -> tuple[tuple[torch.Tensor, torch.Tensor], Run]:
    """The trained MLP in double with torch's functions: its hidden parameters and how to run it."""
    state = {name: tensor.double() for name, tensor in model.state_dict().items()}
    w, b = (state[f"layers.hidden.{part}"].requires_grad_() for part in ("weight", "bias"))

    def run(contexts: torch.Tensor, targets: torch.Tensor, shift: float) -> torch.Tensor:
        pre = state["layers.embedding.weight"][contexts].flatten(1) @ w + b + shift
        if norm:
            pre = (pre - pre.mean(0)) / (pre.var(0) + 1e-5).sqrt()
        logits = pre.tanh() @ state["layers.logits.weight"] + state["layers.logits.bias"]
        return nn.functional.cross_entropy(logits, targets)

    return (w, b), run


def test_torch_takes_axis_1_for_the_channels() -> None:
    app = shown("6")
    x = reduced_axes.pairs_of(shipped_list())
    assert x.shape == (32, 4, 20)
    ours = (x - x.mean((0, 1))) / (x.var((0, 1)) + 1e-5).sqrt()
    torchs = nn.BatchNorm1d(4)(x).detach()
    turned = nn.BatchNorm1d(20)(x.transpose(1, 2)).transpose(1, 2).detach()
    table = app.table[0].value.set_index("batch norm")
    assert table["axes"].tolist() == ["0, 1", "0", "0, 2", "0, 1"]
    assert table["means"].tolist() == ["20", "4×20", "4", "20"]
    assert table["of"].tolist() == ["128", "32", "640", "128"]
    for norm, y in (("torch, as it is", torchs), ("torch, transposed", turned)):
        off = float((y - ours).abs().max())
        assert float(table["off"][norm]) == pytest.approx(off, abs=6e-3)
    assert "no feature has a mean" in told(app)
    app.segmented_control(key="axes_norm").set_value("torch").run()
    largest = float(torchs.mean((0, 1)).abs().max())
    assert f"means of up to {largest:.2f}" in told(app)
    with pytest.raises(RuntimeError, match="20"):
        nn.BatchNorm1d(20)(x)


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
    said = told(opened(PAGE, step="7"))
    assert "in ten steps" in said
    assert "more than 1,500" in said


def test_both_trained_nets_have_one_perplexity() -> None:
    app = opened(PAGE, step="7")
    losses = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp", "mlp_bn")]
    [table] = [each.value for each in app.table if "perplexity" in each.value]
    assert table["perplexity"].tolist() == [f"{math.exp(loss):.1f}" for loss in losses]
    assert table["perplexity"].tolist() == ["8.1", "8.1"]
    assert "perplexity 8.1" in told(app)


def test_on_an_own_list_the_training_waits_for_no_other_net() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[KEPT] = ChosenList(read_sample("greek").to_list(), own=True)
    app.query_params["step"] = "7"
    app.switch_page("pages/batch_norm.py").run()
    assert not app.exception
    assert "train_mlp_bn_play" in {each.key for each in app.button}
    assert "own_nets_start" not in {each.key for each in app.button}
    assert "once both nets are trained on your list" in told(app)
