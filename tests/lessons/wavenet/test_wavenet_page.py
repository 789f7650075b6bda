"""The page of the tree shows the numbers of the models, and answers what learners do."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import windows
from makemore.inference import evaluation, fragments
from makemore.lessons.wavenet import axis_bug, distinct_nodes_timed, name_tree, sliding_convolution
from makemore.training.recipes import BATCH
from makemore.ui.sources import fusion_trees, loaded
from tests.nets import BlockConfig, Mixed
from tests.pages.opening import charts, committed, opened, said


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
    alt = charts(opened("wavenet.py", name="ada"))[0]
    assert alt.endswith(f"leads with {float(best):.1%}.")


@pytest.mark.parametrize(
    "name", [name for some in fusion_trees.trees_by_size().values() for name in some]
)
def test_every_tree_can_be_opened(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    look = fusion_trees.look_at_tree(checkpoint, "isabella", 7)
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


def test_an_own_tree_is_offered_unless_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = {path.name: path for path in store.FOLDER.glob("wavenet_22k.*")}
    for name, path in shipped.items():
        (tmp_path / name.replace("wavenet_22k", "mine")).write_bytes(path.read_bytes())
        (tmp_path / name.replace("wavenet_22k", "broken")).write_bytes(path.read_bytes()[:-1])
    monkeypatch.setattr(fusion_trees, "OWN", tmp_path)
    offered = fusion_trees.trees_by_size()["8"]
    assert offered[str(tmp_path / "mine")] == "Own: mine"
    assert not any("broken" in name for name in offered)
    app = opened("wavenet.py", name="isabella")
    app = app.segmented_control(key="tree_checkpoint").set_value(str(tmp_path / "mine")).run()
    assert not app.exception
    assert fusion_trees.look_at_tree(
        loaded.checkpoint(str(tmp_path / "mine")), "isabella", 7
    ).worth == (fusion_trees.look_at_tree(loaded.checkpoint("wavenet_22k"), "isabella", 7).worth)


def test_what_is_lost_agrees_with_the_two_probabilities() -> None:
    app = opened("wavenet.py", name="isabella")
    app.segmented_control(key="tree_node").set_value("2.2").run()
    before, after, lost = (metric.value for metric in app.metric)
    look = fusion_trees.look_at_tree(loaded.checkpoint("wavenet"), "isabella", 7)
    assert lost == f"{abs(look.worth[2, 2]):.3f} nats"
    ratio = float(before.rstrip("%")) / float(after.rstrip("%"))
    assert abs(look.worth[2, 2]) == pytest.approx(abs(torch.tensor(ratio).log().item()), abs=0.01)


def test_nearest_fragments_are_shown_with_how_often_they_occur() -> None:
    app = opened("wavenet.py", name="isabella")
    app.segmented_control(key="tree_node").set_value("2.2").run()
    found = fusion_trees.fragments_of(loaded.checkpoint("wavenet"))[1]
    row = app.table[0].value.iloc[0]
    place = found.letters.index(row["fragment"].replace("\\", ""))
    assert row["times in the train names"] == f"{int(found.counts[place]):,}"


def test_neighbours_are_quick_once_the_fragments_are_there() -> None:
    checkpoint = loaded.checkpoint("wavenet")
    found = fusion_trees.fragments_of(checkpoint)
    start = time.perf_counter()
    again = fusion_trees.fragments_of(checkpoint)
    fragments.nearest(again[2], found[2].activations[5], 9)
    assert again is found
    print(f"nearest fragments: {1000 * (time.perf_counter() - start):.0f} ms, aim 100 ms")


def test_flat_look_loses_what_a_forward_with_the_mean_loses() -> None:
    checkpoint = loaded.checkpoint("mlp_bn_8")
    look = fusion_trees.look_at_flat_net(checkpoint, "isabella", 7)
    examples = windows(("isabella",), checkpoint.vocabulary, 8)
    whole = evaluation.log_probabilities(checkpoint.model, examples.contexts[7:8]).exp()[0]
    torch.testing.assert_close(look.probabilities, whole)
    assert set(look.worth) == {(0, i) for i in range(1, 9)} | {(1, 1)}


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
    assert shapes[1] == f"(7, {block}, 24)"
    assert shapes[-1] == "(7, 27)"
    assert not app.exception


def test_joining_keeps_the_cells() -> None:
    app = opened("wavenet.py", step="3", name="isabella")
    app.segmented_control(key="shape_joined").set_value("4").run()
    assert any("80 numbers in 2 rows of 40" in alt for alt in charts(app))


def test_the_ways_that_are_timed_are_all_there() -> None:
    net = fusion_trees.wavenet_of(loaded.checkpoint("wavenet"))
    assert len(sliding_convolution.time_ways(net, ("anna", "bea", "al"))) == 3


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

    def ways(checkpoint: store.Checkpoint) -> dict[str, distinct_nodes_timed.Way]:
        compared.append(checkpoint)
        return {}

    monkeypatch.setattr(distinct_nodes_timed, "_ways", ways)
    net = Mixed(BlockConfig(), 27, torch.Generator().manual_seed(1))
    distinct_nodes_timed.show_both_ways(replace(loaded.checkpoint("wavenet"), model=net))
    assert not compared


def test_the_first_picture_of_every_tree_is_prepared() -> None:
    name_tree.prepare_trees()
    before = name_tree._draw_chart.cache_info().misses
    app = opened("wavenet.py")
    for letters in app.segmented_control(key=name_tree.SIZE).options:
        app.segmented_control(key=name_tree.SIZE).set_value(letters).run()
    assert not app.exception
    assert name_tree._draw_chart.cache_info().misses == before
