"""The step of one neuron: its graph says what torch says, edge by edge, for any inputs."""

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.by_hand.scalar_autograd import neuron
from makemore.by_hand.scalar_walk import walk_back
from makemore.diagnostics.trees.expression_graph import place_edges, place_nodes
from makemore.lessons.backprop.one_neuron import FIRST
from tests.pages.opening import charts, opened

PAGE = "backprop.py"


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def gradient(inputs: dict[str, float], of: str, *, shared: bool = False) -> float:
    t = {n: torch.tensor(v, dtype=torch.float64).requires_grad_() for n, v in inputs.items()}
    (t["w1"] * t["x1"] + t["w2"] * t["x1" if shared else "x2"] + t["b"]).tanh().backward()
    slope = t[of].grad
    assert slope is not None
    return float(slope)


def signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


@pytest.mark.parametrize("shared", [False, True])
def test_no_two_nodes_stand_in_the_same_place_and_edges_lead_to_the_right(shared: bool) -> None:
    root = neuron(FIRST, shared=shared)
    edges = walk_back(root, 9)
    nodes = place_nodes(root)
    assert not nodes.duplicated(["column", "row"]).any()
    assert nodes["name"].is_unique
    # In one column a row apart at least, so that no two boxes lie on each other.
    for _, column in nodes.groupby("column"):
        assert (column["row"].sort_values().diff().dropna() >= 1).all()
    lines = place_edges(nodes, edges, 4)
    assert (lines["x"] < lines["x2"]).all()
    assert lines["state"].tolist() == ["done"] * 3 + ["at hand"] + ["to come"] * 5


def test_the_first_picture_has_a_gradient_at_every_node() -> None:
    [told] = charts(opened(PAGE))
    assert told.count("gradient") == 10
    for name in FIRST:
        wanted = f"{gradient(FIRST, name):.4f}".replace("-", "−")
        assert f"{name} {FIRST[name]:.4f} with gradient {wanted}".replace("-", "−") in told


def test_an_edge_tells_the_chain_rule_with_its_own_numbers() -> None:
    app = opened(PAGE, edges="1")
    n = -0.5 * 1.0 + 1.5 * 0.5 + 0.3
    slope = 1 - float(torch.tanh(torch.tensor(n, dtype=torch.float64))) ** 2
    told = " ".join(each.value for each in app.markdown)
    assert f"**o → n**: {signed(slope)} · +1.0000 = {signed(slope)}" in told
    assert "Start" in " ".join(each.value for each in opened(PAGE, edges="0").markdown)


def test_inputs_are_moved_and_one_of_them_nudged() -> None:
    app = opened(PAGE)
    app.slider(key="neuron_b").set_value(-1.0).run()
    app.segmented_control(key="neuron_nudged").set_value("w2").run()
    app.select_slider(key="neuron_h").set_value(0.001).run()
    inputs = {**FIRST, "b": -1.0}
    assert metrics(app)["Gradient of w2"] == signed(gradient(inputs, "w2"))
    quotient = float(metrics(app)["Δo / h"].replace("−", "-"))
    assert quotient == pytest.approx(gradient(inputs, "w2"), abs=2e-4)
    assert dict(app.query_params).keys() == {"b", "nudge", "h"}
    assert not app.exception


def test_a_number_that_is_used_twice_is_asked_about_before_it_is_shown() -> None:
    app = opened(PAGE, form="shared")
    assert "x1 1.0000," in charts(app)[0]  # without a gradient
    assert not app.metric
    app = app.button(key="used_twice_show").click().run()
    wanted = gradient(FIRST, "x1", shared=True)
    assert f"x1 1.0000 with gradient {wanted:.4f}" in charts(app)[0]
    assert f"add up to {signed(wanted)}" in app.info[0].value
    assert metrics(app)["Gradient of x1"] == signed(wanted)


def test_overwriting_leaves_a_slope_that_the_nudge_contradicts() -> None:
    app = opened(PAGE, form="shared", h="0.001").button(key="used_twice_show").click().run()
    app.segmented_control(key="neuron_way").set_value("overwritten").run()
    found = {label: float(value.replace("−", "-")) for label, value in metrics(app).items()}
    wanted = gradient(FIRST, "x1", shared=True)
    assert found["Δo / h"] == pytest.approx(wanted, abs=1e-3)
    assert abs(found["Gradient of x1"] - wanted) > 0.1
    assert app.query_params["way"] == "overwritten"
