"""The graph that is walked, the exercise and the slips, each figure worked out a second time here."""

import re

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from makemore.by_hand.backprop import ENTRIES, PARAMETERS
from makemore.by_hand.entry_arithmetic import terms_of
from makemore.by_hand.hand_training import Trained
from makemore.by_hand.wrong_gradients import WRONG, wreck
from makemore.lessons.backprop import (
    copied_and_added,
    exercise,
    one_number,
    slip_checks,
    slip_trainings,
    walk_graph,
)
from makemore.lessons.backprop.graph_places import COLUMN, PLACES, edge_frame, node_frame
from makemore.lessons.backprop.one_batch import SIZE, WALK, matrix, pass_of
from makemore.ui.kit.chosen_list import shipped_list
from tests.pages.opening import charts, opened

PAGE = "backprop.py"
ABOUT = shipped_list()
FOUND = pass_of(ABOUT, "emma")


def step_of(title: str) -> str:
    """The number of a step, by its name in the row of steps."""
    labels = opened(PAGE).segmented_control(key="rail").options
    return next(label.split()[0] for label in labels if label.endswith(title))


def at(title: str, **link: str) -> AppTest:
    app = opened(PAGE, step=step_of(title), **link)
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return " ".join(
        str(each.value) for each in [*app.markdown, *app.caption, *app.success, *app.info]
    )


def test_the_batch_begins_with_the_windows_of_the_name_and_has_32_examples() -> None:
    assert FOUND.labels[:5] == ("... → e", "..e → m", ".em → m", "emm → a", "mma → .")
    assert len(FOUND.labels) == len(FOUND.Y) == SIZE
    assert len(pass_of(ABOUT, "").Y) == len(pass_of(ABOUT, "a" * 40).Y) == SIZE


def test_the_gradients_of_the_page_are_those_of_torch_on_five_matrices() -> None:
    leaves = {name: FOUND.net[name].clone().requires_grad_() for name in PARAMETERS}
    before = leaves["C"][FOUND.X].flatten(1) @ leaves["W1"] + leaves["b1"]
    variance, mean = torch.var_mean(before, dim=0)
    raw = (before - mean) / (variance + 1e-5).sqrt()
    h = (leaves["bngain"] * raw + leaves["bnbias"]).tanh()
    F.cross_entropy(h @ leaves["W2"] + leaves["b2"], FOUND.Y).backward()
    for name, leaf in leaves.items():
        torch.testing.assert_close(FOUND.own[name], leaf.grad, rtol=1e-4, atol=1e-6)
    assert all(check.passed for check in FOUND.checks.values())


def test_every_value_has_a_place_of_its_own_in_both_arrangements() -> None:
    for places in (PLACES, COLUMN):
        assert places.keys() == ENTRIES.keys()
        spots = list(places.values())
        assert min(
            abs(a[0] - b[0]) + abs(a[1] - b[1]) for i, a in enumerate(spots) for b in spots[:i]
        ) > 0.4  # fmt: skip


def test_a_line_leads_from_every_input_and_says_its_shape_once() -> None:
    edges = edge_frame(FOUND.values, {})
    wanted = sum(len(entry.inputs) for entry in ENTRIES.values())
    assert (edges["shape"] != "").sum() == wanted
    assert not edges["flowed"].any()
    assert set(edges["side"]) == {"left", "right", "below"}


def test_what_is_walked_is_ticked_off() -> None:
    nodes = node_frame(FOUND.values, walk_graph.walked(FOUND, "counts")).set_index("node")
    assert (nodes["state"] == "right").sum() == 6
    assert nodes.loc["counts", "state"] == "right"
    assert nodes.loc["norm_logits", "state"] == "to come"


def test_the_keys_walk_from_the_loss_to_the_embedding_and_back() -> None:
    app = at("Graph", node="loss")
    assert app.button(key="walk_up").disabled
    seen = [app.selectbox(key="walk_node").value]
    while not app.button(key="walk_down").disabled:
        app.button(key="walk_down").click().run()
        assert not app.exception
        seen.append(app.selectbox(key="walk_node").value)
    assert tuple(seen) == WALK
    assert "to come: 0" in charts(app)[0]
    app.button(key="walk_up").click().run()
    assert app.query_params["node"] == "emb"


@pytest.mark.parametrize("node", [name for name in WALK if name != "loss"])
def test_the_arithmetic_of_a_number_comes_to_its_gradient(node: str) -> None:
    index = tuple(size // 2 for size in FOUND.own[node].shape)
    terms = terms_of(node, index, FOUND.values, FOUND.own, FOUND.X, FOUND.Y)
    text = one_number.arithmetic(node, index, terms, float(FOUND.own[node][index]))
    number = float(re.findall(r"\*\*\(?([−\d.e\-]+)", text)[0].replace("−", "-"))
    exact = float(FOUND.theirs[node][index])
    assert number == pytest.approx(exact, rel=1e-3, abs=1e-7)


def test_a_cell_of_a_matrix_is_found_in_its_tensor() -> None:
    for name in WALK:
        tensor = FOUND.own[name]
        rows, columns = matrix(tensor).shape
        cell = (rows - 1, columns // 2)
        assert matrix(tensor)[cell] == tensor[one_number.index_of(tensor, cell)]


def test_what_is_copied_forward_is_said_to_be_added_up_backward() -> None:
    assert "copied 32 times along axis 0" in told(at("Graph", node="bngain"))
    assert "27 numbers of `counts` are added up along axis 1" in told(
        at("Graph", node="counts", through="counts_sum")
    )
    assert "copied" not in told(at("Graph", node="hpreact"))
    small, large = torch.zeros(64), torch.zeros(32, 64)
    assert copied_and_added.axes_between(small, large) == (0,)
    assert copied_and_added.axes_between(torch.zeros(32, 1), large) == (1,)


@pytest.mark.parametrize("gradient", exercise.NAMES)
def test_four_formulas_are_on_offer_and_the_right_one_moves_about(gradient: str) -> None:
    choices = exercise.choices_of(gradient)
    assert len(choices) == len(set(choices.values())) == 4
    assert ENTRIES[gradient].gradient_code in choices


def test_the_right_formula_stands_at_every_place() -> None:
    places = {
        list(exercise.choices_of(name)).index(ENTRIES[name].gradient_code)
        for name in exercise.NAMES
    }
    assert places == {0, 1, 2, 3}


def test_a_gradient_is_hidden_until_it_is_written_and_the_link_keeps_it() -> None:
    app = at("Exercise", gradient="probs")
    assert "gradient" not in charts(app)[1]
    wrong = WRONG["probs"][0]
    app.radio(key="exercise_choice_probs").set_value(wrong.code).run()
    assert wrong.meaning in told(app)
    assert "solved" not in app.query_params
    app.radio(key="exercise_choice_probs").set_value(ENTRIES["probs"].gradient_code).run()
    assert "is right" in told(app)
    assert app.query_params["solved"] == "probs"
    assert "gradient, dprobs" in charts(app)[1]
    app.button(key="exercise_next").click().run()
    assert app.query_params["gradient"] == "counts_sum_inv"
    again = at("Exercise", solved="probs.h", gradient="h")
    assert "right: 3" in charts(again)[0]  # and the loss
    assert "is right" in told(again)


def test_who_has_written_everything_is_told_so() -> None:
    app = at("Exercise", solved=".".join(exercise.NAMES))
    assert "whole backward pass is written" in told(app)
    assert "to come: 0" in charts(app)[0]


def test_what_a_gradient_has_a_hand_in() -> None:
    assert slip_checks.made_from("emb") == {"C"}
    assert slip_checks.made_from("W2") == set()
    assert slip_checks.made_from("loss") == set(ENTRIES) - {"loss"}


def test_the_outcome_of_each_slip_is_one_that_is_on_offer() -> None:
    seen = set()
    for name, wrongs in WRONG.items():
        for wrong in wrongs:
            found = wreck(wrong, FOUND.net, FOUND.X, FOUND.Y)
            seen.add(slip_checks.outcome(wrong, found))
            assert slip_checks.outcome(wrong, found) in slip_checks.outcomes(wrong), (
                name,
                wrong.code,
            )
    assert seen == {"none", "itself", "some", "all", "refused"}


def test_a_slip_is_seen_only_after_the_answer() -> None:
    app = at("Break it", gradient="bndiff2", slip="1")
    assert "wrong: 0" in charts(app)[0]
    app.button(key="break_bndiff2_0_show").click().run()
    found = wreck(WRONG["bndiff2"][0], FOUND.net, FOUND.X, FOUND.Y)
    assert f"wrong: {len(found.red)}" in charts(app)[0]
    assert "biased variance" in told(app)


def test_the_fate_of_a_training_is_told_with_its_losses() -> None:
    right = Trained((3.3,) * 10 + (2.5,) * 100, {}, 1.0)
    assert "falls as with the right" in slip_trainings.tell_fate(
        Trained((3.3,) * 10 + (2.501,) * 100, {}, 1.0), right
    )
    assert "to 2.800 nats; right: 2.500" in slip_trainings.tell_fate(
        Trained((3.3,) * 10 + (2.8,) * 100, {}, 1.0), right
    )
    assert "diverges" in slip_trainings.tell_fate(Trained((3.3, float("nan")), {}, 1.0), right)
    assert "after 1 forward" in slip_trainings.tell_fate(Trained((3.3,), {}, 1.0, "shapes"), right)
    assert "same to the last digit" in slip_trainings.tell_fate(right, right)


def test_the_curve_has_a_point_for_ten_batches_and_leaves_out_what_is_beyond_all_bounds() -> None:
    run = Trained((1.0,) * 10 + (3.0,) * 10 + (100.0,) * 10 + (1.0,) * 5, {}, 1.0)
    frame = slip_trainings.curve(run, "wrong")
    assert frame["step"].tolist() == [10, 20]
    assert frame["loss"].tolist() == [1.0, 3.0]


def test_of_many_checks_that_fail_those_that_do_not_are_named() -> None:
    def told_of(name: str, slip: int) -> str:
        wrong = WRONG[name][slip]
        return slip_checks.tell_checks(wrong, wreck(wrong, FOUND.net, FOUND.X, FOUND.Y))

    assert told_of("logits", 0) == "All 27 checks pass."
    assert told_of("W2", 2) == "Of 27 checks 1 fail: dW2."
    assert told_of("emb", 1) == "Of 27 checks 2 fail: demb, dC."
    assert "of what is made from it db1 still agrees" in told_of("counts", 0)
