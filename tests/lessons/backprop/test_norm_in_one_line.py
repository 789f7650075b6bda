"""The step of batch norm in one line: its terms are drawn, its four steps written, its divisors checked."""

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.by_hand.entries_of_batch_norm import EPSILON
from makemore.lessons.backprop.norm_in_one_line import differs_from_chain, directions, terms_of
from makemore.lessons.backprop.one_batch import pass_of
from makemore.ui.kit.chosen_list import shipped_list
from tests.pages.opening import charts, opened

PAGE, STEP = "backprop.py", "4"
FOUND = pass_of(shipped_list(), "emma")


def rows(app: AppTest, table: int) -> list[list[str]]:
    found: list[list[str]] = app.table[table].value.to_numpy().tolist()
    return found


@pytest.mark.parametrize("unbiased", [True, False])
def test_the_drawn_terms_add_up_to_what_autograd_finds_for_one_neuron(unbiased: bool) -> None:
    x = FOUND.values["hprebn"][:, 7].double().requires_grad_()
    raw = (x - x.mean()) / (x.var(unbiased=unbiased) + EPSILON).sqrt()
    (wanted,) = torch.autograd.grad(
        FOUND.values["bngain"][0, 7].double() * raw, x, FOUND.theirs["hpreact"][:, 7].double()
    )
    terms = terms_of(FOUND, 7, unbiased=unbiased)
    total = terms.drop(columns="example").sum(axis=1)
    assert total.tolist() == pytest.approx(wanted.tolist(), rel=1e-3, abs=1e-8)
    for direct, left in directions(FOUND, terms, 7, unbiased=unbiased).values():
        assert abs(left) < 1e-3 * abs(direct)


def test_the_one_line_is_the_chain_but_for_rounding() -> None:
    assert differs_from_chain(FOUND) < 1e-7


def test_only_the_line_that_divides_as_the_net_does_passes() -> None:
    table = rows(opened(PAGE, step=STEP), 1)
    verdicts = {(net, line): told.split("**")[1] for net, line, told in table}
    for (net, line), verdict in verdicts.items():
        assert verdict == ("approximate" if net == line else "wrong")
    assert len(verdicts) == 4


def test_four_steps_with_their_shapes_and_the_last_one_follows_the_divisor() -> None:
    app = opened(PAGE, step=STEP)
    steps = [each.value for each in app.markdown if each.value[:3] in ("**1", "**2", "**3", "**4")]
    assert [step.split("(")[1] for step in steps] == ["32 × 64)", "1 × 64)", "1 × 64)", "32 × 64)"]
    assert r"\tfrac{n}{n-1}" in app.latex[-1].value
    app.segmented_control(key="norm_divisor").set_value("biased").run()
    assert r"\tfrac{n}{n-1}" not in app.latex[-1].value
    assert app.query_params["variance"] == "biased"


def test_the_default_neuron_shows_all_three_terms() -> None:
    terms = terms_of(FOUND, 42, unbiased=True).drop(columns="example").abs().mean()
    assert (terms > 0.15 * terms["directly"]).all()
    assert "of neuron 42, for 32 examples" in charts(opened(PAGE, step=STEP))[0]
