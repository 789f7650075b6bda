"""The step of the forces: its rows sum to zero, its numbers are those of torch's own cross-entropy."""

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.data.examples import windows
from makemore.lessons.backprop.logit_forces import compare_chain, forces_of
from makemore.lessons.backprop.one_batch import pass_of
from makemore.ui.kit.chosen_list import shipped_list
from tests.pages.opening import charts, opened

PAGE, STEP = "backprop.py", "3"
ABOUT = shipped_list()
LETTERS = list(ABOUT.vocabulary.letters)


def answered(**link: str) -> AppTest:
    return opened(PAGE, step=STEP, **link).button(key="row_sum_show").click().run()


@pytest.mark.parametrize("example", [0, 4, 31])
def test_the_forces_are_those_of_torch_and_hold_each_other(example: int) -> None:
    found = pass_of(ABOUT, "emma")
    logits = found.values["logits"].double().requires_grad_()
    torch.nn.functional.cross_entropy(logits, found.Y).backward()
    assert logits.grad is not None
    forces = forces_of(found, example, LETTERS)
    assert forces["force"].tolist() == pytest.approx(
        (-logits.grad[example]).tolist(), rel=1e-4, abs=1e-8
    )
    assert forces["force"].sum() == pytest.approx(0, abs=1e-8)
    up = forces[forces["force"] > 0]
    assert up["letter"].tolist() == [LETTERS[found.Y[example]]]


def test_the_one_step_is_the_chain_but_for_rounding() -> None:
    differences = compare_chain(pass_of(ABOUT, "zoe"))
    assert set(differences) == {"the chain", "autograd"}
    assert max(differences.values()) < 1e-7


def test_the_windows_of_the_name_come_first() -> None:
    box = opened(PAGE, step=STEP, name="zoe").selectbox(key="forces_example")
    wanted = windows(("zoe",), ABOUT.vocabulary, 3)
    for label, target in zip(box.options, wanted.targets, strict=False):
        assert label.endswith(LETTERS[target])
    assert box.options[:4] == ["... → z", "..z → o", ".zo → e", "zoe → ."]


def test_the_page_says_the_two_forces_of_an_example() -> None:
    app = answered(name="zoe", example="3")
    found = pass_of(ABOUT, "zoe")
    p = float(found.values["logits"][2].double().softmax(0)[LETTERS.index("e")])
    assert {metric.value for metric in app.metric} == {f"{(1 - p) / 32:.5f}"}
    heat, bars = charts(app)
    assert "Framed: .zo → e." in heat
    assert f"Up on e: {(1 - p) / 32:.5f}" in bars
    assert not app.exception


def test_a_row_of_the_heatmap_chooses_its_example() -> None:
    app = answered()
    app.selectbox(key="forces_example").set_value(7).run()
    assert app.query_params["example"] == "8"
    assert pass_of(ABOUT, "emma").labels[7] in charts(app)[1]
