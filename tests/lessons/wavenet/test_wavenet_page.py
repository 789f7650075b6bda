"""The page of the tree shows the numbers of the models, and answers what learners do."""

import time
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset, windows
from makemore.inference import evaluation, substrings
from makemore.lessons.wavenet import (
    axis_bug,
    distinct_nodes_timed,
    name_tree,
    shape_trace,
    sliding_convolution,
)
from makemore.models import LayeredModel
from makemore.training.recipes import BATCH
from makemore.ui.kit import own_checkpoints
from makemore.ui.sources import fusion_trees, loaded
from tests.nets import BlockConfig, Mixed
from tests.pages.opening import charts, committed, opened, said
from tests.ui.kit.own_shelf import shelf, shipped_files


def test_tree_walks_through_the_name() -> None:
    app = opened("wavenet.py", name="ada")
    assert any("context .....ada" not in alt and "......ad" in alt for alt in charts(app))
    app.button(key="tree_move_1").click().run()
    assert any(".....ada" in alt for alt in charts(app))
    assert app.button(key="tree_move_1").disabled
    app.segmented_control(key="tree_node").set_value("1.4").run()
    assert any("the node over da" in alt for alt in charts(app))


@pytest.mark.parametrize("step", ["1", "2", "3", "5"])
@pytest.mark.parametrize("name", ["a", "alexandriaalexandria"])
def test_takes_the_shortest_and_the_longest_name(name: str, step: str) -> None:
    app = opened("wavenet.py", name=name, step=step)
    assert not app.exception
    assert not said(app)
    if step == "5":
        assert not committed(app, "slid_new").exception


def test_tree_expects_what_the_model_expects() -> None:
    checkpoint = loaded.checkpoint("wavenet")
    examples = windows(("ada",), checkpoint.vocabulary, checkpoint.model.block_size)
    best = evaluation.log_probabilities(checkpoint.model, examples.contexts[2:3]).exp().max()
    [alt] = [a for a in charts(opened("wavenet.py", name="ada")) if a.startswith("Bars: the next")]
    assert f"leads with {float(best):.1%}; a, which comes, is number " in alt


@pytest.mark.parametrize("name", fusion_trees.shipped_trees())
def test_every_tree_can_be_opened(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    look = fusion_trees.look_at_net(checkpoint, loaded.dataset(), "isabella", 7)
    span = fusion_trees.wavenet_of(checkpoint).block_size
    assert len(look.worth) == span + span - 1  # letters and nodes
    assert float(look.probabilities.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("letters", ["2", "4", "8", "16"])
def test_trees_over_fewer_and_more_letters_come_with_the_project(letters: str) -> None:
    app = opened("wavenet.py", name="isabella")
    app = app.segmented_control(key="tree_size").set_value(letters).run()
    assert not app.exception
    context = "isabell".rjust(int(letters), ".")[-int(letters) :]
    assert any(context in alt for alt in charts(app))


def test_an_own_tree_is_offered_and_looked_at() -> None:
    app = opened("wavenet.py", name="isabella")
    app.session_state[own_checkpoints.SHELF] = shelf(mine=shipped_files("wavenet_22k"))
    app.session_state["tree_checkpoint_misfits"] = True  # open
    app.run()
    box = app.selectbox(key="tree_checkpoint")
    assert "mine (own)" in box.options
    assert not any("MLP" in option for option in box.options)
    told = " ".join(text.value for text in app.markdown).replace("\\", "")
    assert "Bigram, counted" in told
    assert "it is no fusion tree" in told
    app = box.set_value("own/mine").run()
    assert not app.exception
    chosen = app.session_state[own_checkpoints.SHELF].kept["mine"].checkpoint
    worth = fusion_trees.look_at_net(chosen, loaded.dataset(), "isabella", 7).worth
    assert (
        worth
        == fusion_trees.look_at_net(
            loaded.checkpoint("wavenet_22k"), loaded.dataset(), "isabella", 7
        ).worth
    )
    del app.session_state[own_checkpoints.SHELF].kept["mine"]
    app.run()
    assert app.selectbox(key="tree_checkpoint").value == "wavenet"  # it goes on with the usual one


def test_what_is_lost_agrees_with_the_two_probabilities() -> None:
    app = opened("wavenet.py", name="isabella")
    app.segmented_control(key="tree_node").set_value("2.2").run()
    before, after, lost = (metric.value for metric in app.metric)
    look = fusion_trees.look_at_net(loaded.checkpoint("wavenet"), loaded.dataset(), "isabella", 7)
    assert lost == f"{abs(look.worth[2, 2]):.3f} nats"
    ratio = float(before.rstrip("%")) / float(after.rstrip("%"))
    assert abs(look.worth[2, 2]) == pytest.approx(abs(torch.tensor(ratio).log().item()), abs=0.01)


def test_nearest_substrings_are_shown_with_how_often_they_occur() -> None:
    app = opened("wavenet.py", name="isabella")
    app.segmented_control(key="tree_node").set_value("2.2").run()
    found = fusion_trees.substrings_of(loaded.checkpoint("wavenet"), loaded.dataset())[1]
    row = app.table[0].value.iloc[0]
    place = found.letters.index(row["substring"].replace("\\", ""))
    assert row["times in the train names"] == f"{int(found.counts[place]):,}"


def test_neighbours_are_quick_once_the_substrings_are_there() -> None:
    checkpoint = loaded.checkpoint("wavenet")
    found = fusion_trees.substrings_of(checkpoint, loaded.dataset())
    start = time.perf_counter()
    again = fusion_trees.substrings_of(checkpoint, loaded.dataset())
    substrings.nearest(again[2], found[2].activations[5], 9)
    assert again is found
    print(f"nearest substrings: {1000 * (time.perf_counter() - start):.0f} ms, aim 100 ms")


def test_flat_look_loses_what_a_forward_with_the_mean_loses() -> None:
    checkpoint = loaded.checkpoint("mlp_bn_8")
    look = fusion_trees.look_at_net(checkpoint, loaded.dataset(), "isabella", 7)
    examples = windows(("isabella",), checkpoint.vocabulary, 8)
    whole = evaluation.log_probabilities(checkpoint.model, examples.contexts[7:8]).exp()[0]
    torch.testing.assert_close(look.probabilities, whole)
    assert set(look.worth) == {(0, i) for i in range(1, 9)} | {(1, 1)}
    net = checkpoint.model
    assert isinstance(net, LayeredModel)
    train = loaded.dataset().examples("train", 8).tally
    with torch.no_grad():
        hidden = net.layers[:-1](train.contexts).double()
        held = (train.weights.double() @ hidden / train.weights.sum()).float()
        even = net.layers[-1](held).log_softmax(dim=0)[examples.targets[7]]
    assert look.worth[1, 1] == pytest.approx(
        float(whole.log()[examples.targets[7]] - even), abs=1e-4
    )


def test_the_two_trees_differ_in_the_axes_alone() -> None:
    bug, fixed = (SHIPPED[name] for name in axis_bug.PANELS.values())
    assert (bug.seed, bug.recipe) == (fixed.seed, fixed.recipe)
    assert {**fixed.settings, "reduce": "batch"} == bug.settings


@pytest.mark.parametrize(("block", "last"), [("2", "4"), ("4", "8"), ("16", "16")])
def test_shapes_follow_block_and_batch(block: str, last: str) -> None:
    app = opened("wavenet.py", step="3")
    app.segmented_control(key="shape_block").set_value(block).run()
    app.number_input(key="shape_batch").set_value(7).run()
    shapes = [shape.replace("\u00a0", " ") for shape in app.table[0].value["comes out"]]
    assert shapes[0] == f"(7, {block})"
    assert shapes[1] == f"(7, {block}, 10)"
    assert shapes[-1] == "(7, 27)"
    assert not app.exception


def look_at(what: str, **link: str) -> AppTest:
    """Step 3 with another of its pictures."""
    app = opened("wavenet.py", step="3", **link)
    return app.segmented_control(key="shape_look").set_value(what).run()


def test_the_shapes_are_those_of_the_net_that_the_other_pictures_show() -> None:
    shown = loaded.checkpoint(shape_trace.SMALL)
    app = opened("wavenet.py", step="3")
    assert app.metric[0].value == f"{shown.metadata.parameters:,}"
    rows = app.table[0].value
    learned = [int(each.replace(",", "")) for each in rows["parameters"] if each]
    assert learned == [
        sum(p.numel() for p in layer.parameters())
        for layer in dict(shown.model.get_submodule("layers").named_children()).values()
        if list(layer.parameters())
    ]
    assert any("80 numbers in 8 rows of 10" in alt for alt in charts(look_at("join")))
    assert any("4 rows of 20 numbers, times W, 20 by 68" in alt for alt in charts(look_at("axis")))


def test_a_row_alone_is_a_row_of_the_whole() -> None:
    app = look_at("axis")
    facts = {row[0]: row[1] for row in app.table[0].value.itertuples(index=False)}
    assert facts["y[3, 3]"].split(", …")[0] == facts["x[3, 3] @ W"].split(", …")[0]
    app.number_input(key="axis_position").set_value(0).run()
    assert any("the row .. of x" in alt for alt in charts(app))


def test_joining_keeps_the_cells() -> None:
    app = look_at("join", name="isabella")
    app.segmented_control(key="shape_joined").set_value("4").run()
    assert any("80 numbers in 2 rows of 40" in alt for alt in charts(app))


def test_the_axis_bug_asks_beside_the_wrong_means_alone() -> None:
    app = opened("wavenet.py", step="4")
    assert [alt[:22] for alt in charts(app)] == ["4 rows of 68 channels:"]
    assert not app.metric
    text = page_text(app)
    assert "2.06" not in text
    app = committed(app, "bug_gain")
    assert "You said" in said(app)
    assert "0.20 nats lie between" in said(app)
    assert "went from 2.0751 to 2.0623" not in said(app)  # that is told to those who chose it
    assert app.table[0].value["nats"].tolist() == ["-0.0128", "0.0009", "0.0021"]
    assert len(charts(app)) == 2
    app.segmented_control(key="bug_look").set_value("means").run()
    assert any(alt.startswith("5 rows of 68") for alt in charts(app))
    assert "2,848 numbers before the repair and 11,392 after" in page_text(app)
    assert "it is 32 and 128" in page_text(app)


def page_text(app: AppTest) -> str:
    boxes = [*app.markdown, *app.caption, *app.info, *app.success]
    return " ".join(each.value for each in boxes).replace("\\", "")


def test_the_lattice_tells_nothing_before_the_answer() -> None:
    app = opened("wavenet.py", step="5", name="isabella")
    [alt] = charts(app)
    assert alt.endswith("has 7 nodes.")
    notes = {row["note"] for row in spec_data(app, 0, "nodes")}
    states = {row["state"] for row in spec_data(app, 0, "nodes")}
    assert (notes, states) == ({""}, {"in the tree", "not used now"})
    app = committed(app, "slid_new")
    assert "**none** is right" in app.success[0].value
    assert {row["note"] for row in spec_data(app, 0, "nodes")} == {
        "", "new", "2 ago", "4 ago", "6 ago",
    }  # fmt: skip
    assert app.metric[0].value == "3 of 7"


def spec_data(app: AppTest, chart: int, name: str) -> list[dict[str, Any]]:
    """The rows of a data set of a chart, as the browser gets them."""
    [data] = [d for d in app.get("vega_lite_chart")[chart].proto.datasets if d.name == name]
    rows: list[dict[str, Any]] = pa.ipc.open_stream(data.data.data).read_all().to_pylist()
    return rows


def test_the_names_step_says_that_the_tree_expects_emma_less() -> None:
    app = opened("wavenet.py", step="7", name="ada")
    costs = {}
    for key in ("mlp", "wavenet"):
        model, vocabulary = loaded.checkpoint(key).model, loaded.checkpoint(key).vocabulary
        examples = windows(("emma",), vocabulary, model.block_size)
        with torch.no_grad():
            costs[key] = float(F.cross_entropy(model(examples.contexts), examples.targets))
    assert costs["wavenet"] > costs["mlp"]
    assert f"{costs['wavenet']:.3f} against {costs['mlp']:.3f}" in page_text(app)
    worse = 0
    names = loaded.dataset().names("dev")
    scores = [
        evaluation.score(loaded.checkpoint(key).model, loaded.vocabulary(), names)
        for key in ("mlp", "wavenet")
    ]
    worse = sum(deep.nll > flat.nll for flat, deep in zip(*scores, strict=True))
    assert f"On {worse / len(names):.0%} of the 3,203 dev names" in page_text(app)
    assert "emma" in loaded.dataset().names("train")


def test_the_loss_went_as_the_training_step_says() -> None:
    trajectory = loaded.checkpoint("wavenet_22k").trajectory
    assert trajectory
    steps, dev = trajectory.evaluated["step"], trajectory.evaluated["dev"]
    tenth = int((steps <= steps[-1] / 10).sum()) - 1
    assert float((dev[0] - dev[tenth]) / (dev[0] - dev[-1])) == pytest.approx(0.8, abs=0.02)


def test_the_ways_that_are_timed_are_all_there() -> None:
    net = fusion_trees.wavenet_of(loaded.checkpoint("wavenet"))
    assert len(sliding_convolution.time_ways(net, loaded.vocabulary(), ("anna", "bea", "al"))) == 3


def test_a_batch_of_the_fast_recipe_costs_fewer_nodes_and_the_same_loss() -> None:
    net = fusion_trees.wavenet_of(loaded.checkpoint("wavenet_22k"))
    before = {name: weight.clone() for name, weight in net.state_dict().items()}
    slow, fast = distinct_nodes_timed.time_both_ways(
        net, loaded.dataset().examples("train", net.block_size)
    ).values()
    assert slow.nodes == BATCH * 7
    assert fast.nodes < slow.nodes / 2
    assert fast.loss == pytest.approx(slow.loss, abs=1e-5)
    assert all(torch.equal(weight, before[name]) for name, weight in net.state_dict().items())
    assert all(weight.grad is None for weight in net.parameters())


def test_a_net_with_one_way_only_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[store.Checkpoint] = []

    def ways(checkpoint: store.Checkpoint, dataset: Dataset) -> dict[str, distinct_nodes_timed.Way]:
        compared.append(checkpoint)
        return {}

    monkeypatch.setattr(distinct_nodes_timed, "_ways", ways)
    net = Mixed(BlockConfig(), 27, torch.Generator().manual_seed(1))
    distinct_nodes_timed.show_both_ways(
        replace(loaded.checkpoint("wavenet"), model=net), loaded.dataset()
    )
    assert not compared


def test_the_first_picture_of_every_tree_is_prepared() -> None:
    name_tree.prepare_trees()
    before = name_tree._draw_chart.cache_info().misses
    app = opened("wavenet.py")
    for letters in app.segmented_control(key=name_tree.SIZE).options:
        app.segmented_control(key=name_tree.SIZE).set_value(letters).run()
    assert not app.exception
    assert name_tree._draw_chart.cache_info().misses == before
