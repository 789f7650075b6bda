"""The page on training says what trainings did, each figure worked out a second time here."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.diagnostics.losses.rate_valley import find_valley
from makemore.experiments import recorded_descents, recorded_starts, studies
from makemore.inference import evaluation
from makemore.lessons.mlp_training import batch_noise, rate_finder, records, size_ladder, smoothing
from makemore.lessons.mlp_training.few_examples import examples_of
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import loaded
from tests.pages.opening import charts, opened
from tests.ui.training_panel.handling import press, progress, run_of, until

PAGE = "mlp_training.py"
ABOUT = shipped_list()


def told(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.info, *app.warning]
    return " ".join(str(each.value) for each in parts).replace("\\", "")


def test_the_angles_of_the_table_are_those_of_the_batches() -> None:
    for net in ("start", "trained"):
        rows = opened(PAGE, net=net).table[0].value.set_index("batch")
        draws = batch_noise.angles(ABOUT, net)
        assert draws is not None
        for size in (1, 8, 32, 256):
            each = draws[draws["size"] == size]
            assert rows.loc[str(size), "angle"] == f"{np.mean(each['angle']):.1f}°"
            assert rows.loc[str(size), "±"] == f"{np.std(each['angle'], ddof=1):.1f}°"
        assert rows.loc["all", "angle"] == "0.0°"


def test_what_the_takeaway_says_of_batches() -> None:
    """In equal time thousands of noisy steps get further than a few exact ones."""
    ends = {name: recorded_descents.read(name) for name in recorded_descents.BATCHES}
    exact = ends["batch all"]
    assert int(exact.steps[-1]) < 100
    for name in ("batch 8", "batch 32", "batch 256"):
        assert int(ends[name].steps[-1]) > 10_000
        assert float(ends[name].dev[-1]) < float(exact.dev[-1]) - 0.2
    curves = batch_noise.curves(ABOUT, "seconds")
    assert set(curves["batch"]) == {"1", "8", "32", "256", "all"}
    far = curves.groupby("batch")["seconds"].max()
    assert far.max() <= min(float(record.seconds[-1]) for record in ends.values())


def test_curves_at_equal_examples_end_at_one_number(real: Dataset) -> None:
    curves = batch_noise.curves(ABOUT, "examples")
    whole = curves[curves["batch"] == "all"]
    assert whole["examples"].tolist() == [len(real.examples("train", 3))]
    assert curves["examples"].max() <= len(real.examples("train", 3))


def test_a_sweep_suggests_the_lectures_rate_or_one_near() -> None:
    app = opened(PAGE, step="2")
    assert "suggested **0.1**" in told(app)
    assert not app.exception
    first = charts(app)[0]
    app.button(key="finder_again").click().run()
    assert app.query_params["sweep"] == "2"
    assert charts(app)[0] != first
    found = rate_finder.swept(ABOUT, 2)
    assert 0.03 <= find_valley(found.rates, found.losses).suggested <= 0.3


def test_what_decay_buys_is_what_both_runs_end_with() -> None:
    never, decayed = (
        float(recorded_descents.read(name).dev[-1]) for name in ("never decayed", "lecture")
    )
    text = told(opened(PAGE, step="2"))
    assert f"its dev loss is {decayed:.3f}, the other's {never:.3f}: {never - decayed:.3f}" in text
    assert decayed == pytest.approx(loaded.checkpoint("mlp_lecture").metadata.losses["dev"])


@pytest.mark.parametrize(
    ("rate", "begins"),
    [("0.003", "Left of"), ("0.1", "In the"), ("1", "Right of"), ("1000", "Beyond the")],
)
def test_a_rate_has_a_verdict(rate: str, begins: str) -> None:
    assert f"**{begins} " in told(opened(PAGE, step="2", rate=rate))


def test_the_picked_rate_goes_with_the_learner_into_the_panel_and_diverges() -> None:
    app = opened(PAGE, step="2")
    app.select_slider(key="finder_rate").set_value(1000.0).run()
    app.button(key="finder_train").click().run()
    assert app.query_params["step"] == "3"
    assert app.query_params["rate"] == "1000"
    assert "rate 1000, 20,000 steps of SGD" in told(app)
    assert app.number_input(key="train_mlp_lecture_learning_rate").value == 1000
    press(app, "play")
    recipe = run_of(app).spec.recipe
    assert recipe == recipe_for("lecture", "mlp", steps=20_000, learning_rate=1000.0)
    until(app, lambda a: "Diverged" in progress(a))
    assert "At learning rate 1000 the updates overshot" in told(app)


def test_beyond_the_sweep_the_loss_is_worse_than_guessing(real: Dataset) -> None:
    recipe = recipe_for("lecture", "mlp", learning_rate=3.0)
    settings: dict[str, object] = {"embedding": 2}
    trainer = Trainer.start("mlp", real, recipe, seed=SHIPPED["mlp_2d"].seed, settings=settings)
    for _ in trainer.events(600):
        pass
    assert trainer.loss("dev") > 2 * math.log(27)
    hidden = trainer.probe().snapshot.activations["tanh"]
    assert float((hidden.abs() > 0.99).double().mean()) > 0.9


def test_without_a_picked_rate_the_panel_keeps_its_recipe() -> None:
    app = opened(PAGE, step="3")
    press(app, "play")
    assert run_of(app).spec.recipe == recipe_for("fast", "mlp")


def test_most_of_the_fall_is_over_after_two_percent_of_the_steps() -> None:
    trajectory = loaded.checkpoint("mlp_2d").trajectory
    assert trajectory is not None
    steps, dev = (trajectory.evaluated[name].tolist() for name in ("step", "dev"))
    assert steps[1] / steps[-1] == 0.02
    assert (dev[0] - dev[1]) / (dev[0] - dev[-1]) == pytest.approx(0.78, abs=0.005)
    text = told(opened(PAGE, step="3"))
    assert "78% of the fall" in text
    assert "0.025 nats of **overfitting**" in text


def test_the_floor_of_the_first_examples() -> None:
    app = opened(PAGE, step="4").button(key="few_examples_show").click().run()
    floor = 5 * math.log(5) / 32  # five names, which begin with five letters
    loss = float(re.findall(r"Loss \*\*(\d\.\d{4})", told(app))[0])
    assert f"floor **{floor:.4f}**" in told(app)
    assert floor < loss < floor + 0.02
    assert app.table[0].value["context"].tolist()[0].replace("\\", "") == "..."
    app.select_slider(key="few_number").set_value(64).run()
    assert len(examples_of(ABOUT, 64)) == 64
    assert "4 contexts have several" in told(app)
    assert app.query_params["examples"] == "64"


def test_the_gaps_are_those_of_the_study() -> None:
    results = studies.read_whole("size_ladder")
    for size, wanted in ((10, "0.001"), (500, "0.079")):
        mine = [r for r in results if r.variant == f"hidden {size}, embedding 10"]
        gap = np.mean([r.dev for r in mine]) - np.mean([r.train for r in mine])
        assert f"{gap:.3f}" == wanted
        assert len({r.seed for r in mine}) == 5
    text = told(opened(PAGE, step="5"))
    assert "from 0.001 nats with 10 hidden units to 0.079 with 500" in text
    assert "**0.079** with 500" in text
    wide = size_ladder.ladder_runs("embedding")
    assert sorted(set(wide["width"])) == [2, 5, 10, 20, 32]
    assert "**0.005** nats with 2" not in text


def test_the_leaked_names_are_424(real: Dataset) -> None:
    train, dev = set(real.names("train")), real.names("dev")
    others = tuple(name for name in dev if name not in train)
    assert (len(dev), len(dev) - len(others)) == (3_203, 424)
    rows = opened(PAGE, step="5").table[0].value.set_index("names")
    assert rows.loc["also in train", "number"] == "424"
    net = loaded.checkpoint("mlp_lecture")
    scores = evaluation.score(net.model, net.vocabulary, others)
    letters = sum(len(each.letters) for each in scores)
    loss = sum(each.nll * len(each.letters) for each in scores) / letters
    assert rows.loc["not in train", "dev loss"] == f"{loss:.4f}"
    told = rows["dev loss"].astype(float).to_dict()
    assert told["not in train"] > told["all dev names"]


def test_the_test_loss_is_looked_at_only_when_asked_for() -> None:
    app = opened(PAGE, step="5")
    test = f"{loaded.checkpoint('mlp_lecture').metadata.losses['test']:.4f}"
    assert test not in told(app)
    app.button(key="look_at_test").click().run()
    assert f"**{test}**" in told(app)


def test_a_training_of_ones_own_joins_in() -> None:
    app = opened(PAGE, step="3")
    app.number_input(key="train_mlp_embedding").set_value(10)
    app.number_input(key="train_mlp_hidden").set_value(20).run()
    press(app, "play")
    until(app, lambda a: "Finished" in progress(a))
    app.query_params["step"] = "5"
    app.run()
    assert "1 of your own joined in" in charts(app)[0]
    assert "1 of your trainings joined in" in told(app)
    own = size_ladder.COLUMNS
    assert own == ["width", "split", "seed", "loss"]
    app.segmented_control(key="ladder_width").set_value("embedding").run()
    assert "joined in" not in charts(app)[0]  # its hidden units are not the study's 200


def test_blocks_and_the_fall_are_those_of_the_raw_losses() -> None:
    raw = recorded_descents.read("lecture").raw.double().numpy()
    before, after = raw[90_000:100_000].mean(), raw[100_000:110_000].mean()
    app = opened(PAGE, step="6")
    text = told(app)
    assert f"**{before:.3f}**" in text
    assert f"**{after:.3f}**" in text
    assert f"{before - after:.3f}" == "0.084"
    single = np.diff(raw).std(ddof=1) / math.sqrt(2)
    assert f"{single:.2f}" == "0.22"
    assert "off by 0.22 nats, which hides the 0.084" in text
    means = raw.reshape(-1, 1_000).mean(axis=1)
    jump = np.diff(means).std(ddof=1) / math.sqrt(2)
    assert app.metric[0].value == f"{jump:.4f}"
    assert jump < 0.084 / 3  # so that means of 1,000 show the fall
    inside = ((raw >= smoothing.LOW) & (raw <= smoothing.HIGH)).mean()
    assert inside > 0.999


def test_without_the_records_the_steps_that_need_them_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_descents, "FOLDER", tmp_path)
    records.recorded.cache_clear()
    shipped_list.cache_clear()  # what is drawn is kept
    for step in ("1", "2", "6"):
        app = opened(PAGE, step=step)
        assert not app.exception
        assert "get it again" in app.error[0].value


def test_the_name_costs_what_the_net_of_the_moment_says() -> None:
    recording = recorded_starts.read("kaiming")
    app = opened(PAGE, step="7", name="zoe")
    for step in (0, 500, 200_000):
        net = recorded_starts.net_at(recording, step, 27)
        contexts = torch.tensor([[0, 0, 0], [0, 0, 26], [0, 26, 15], [26, 15, 5]])
        with torch.no_grad():
            logp = net(contexts).log_softmax(dim=1)
        nll = -float(logp[range(4), [26, 15, 5, 0]].mean())
        assert f"{step:,}: {nll:.3f}" in charts(app)[0]
    rows = app.table[0].value
    assert rows["steps"].tolist()[0] == "0"
    assert len(rows) == 8


def test_another_seed_gives_other_names_at_every_moment() -> None:
    rows = [opened(PAGE, step="7", seed=seed).table[0].value["names"] for seed in ("42", "3")]
    assert not (rows[0] == rows[1]).any()


def test_the_letters_beside_the_curve_are_those_of_the_shipped_net() -> None:
    app = opened(PAGE, step="3", letter="a")
    table = loaded.checkpoint("mlp_2d").model.state_dict()["layers.embedding.weight"].double()
    far = (table - table[1]).norm(dim=1)
    far[1] = math.inf
    letters = "." + "abcdefghijklmnopqrstuvwxyz"
    near = [letters[int(i)] for i in far.argsort()[:4]]
    wanted = ", ".join(f"**{each}** {float(far[letters.index(each)]):.2f}" for each in near)
    assert f"Nearest: {wanted}" in told(app)
