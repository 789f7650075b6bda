"""The page of the counts: exact figures, arithmetic, smoothing, the slip, and the walk."""

import json
import math
from typing import Any

import pyarrow as pa
import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.data.examples import Dataset
from makemore.inference import sampling
from makemore.lessons.bigram import name_walk, row_division
from makemore.ui.kit import chosen_list
from makemore.ui.sources import loaded
from tests.pages.opening import charts, opened


@pytest.fixture
def counts() -> torch.Tensor:
    return chosen_list.shipped_list().counts


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label.replace("\\", ""): metric.value for metric in app.metric}


def answered(app: AppTest, choice: int = 0) -> AppTest:
    """Commit to an answer of the page's question."""
    radio = app.radio[0]
    radio.set_value(radio.options[choice]).run()
    assert radio.key is not None
    return app.button(key=f"{radio.key}_commit").click().run()


def spec_data(app: AppTest, chart: int, name: str) -> list[dict[str, Any]]:
    """The rows of a data set of a chart, as the browser gets them."""
    element = app.get("vega_lite_chart")[chart]
    for data in element.proto.datasets:
        if data.name == name:
            rows: list[dict[str, Any]] = pa.ipc.open_stream(data.data.data).read_all().to_pylist()
            return rows
    raise KeyError(name)


# Counts, rows 1 and 2.


def test_the_matrix_holds_the_exact_figures(counts: torch.Tensor, real: Dataset) -> None:
    letters = loaded.vocabulary().letters

    def often(pair: str) -> int:
        return int(counts[letters.index(pair[0]), letters.index(pair[1])])

    wanted = {"n.": 6763, "a.": 6640, "an": 5438, ".a": 4410, "e.": 3983, "ar": 3264}
    assert {pair: often(pair) for pair in wanted} == wanted
    assert (int(counts.sum()), int((counts > 0).sum())) == (228_146, 627)
    assert torch.equal(counts, chosen_list.own_list(real.name_list).counts)


def test_the_heatmap_shows_pair_and_count_in_every_cell() -> None:
    app = opened("bigram.py")
    assert len(spec_data(app, 0, "cells")) == 729
    label = {row["pair"]: row["label"] for row in spec_data(app, 0, "shown")}
    assert (label["n."], label["ar"], label[".a"], label["jq"]) == ("6,763", "3,264", "4,410", "0")


def test_a_name_is_its_pairs() -> None:
    app = opened("bigram.py", name="emma")
    text = next(m.value for m in app.markdown if "examples" in m.value).replace("\\", "")
    assert "emma is 5 examples" in text
    assert [f"[{pair}]" in text for pair in (".e", "em", "mm", "ma", "a.")] == [True] * 5
    assert [row["pair"] for row in spec_data(app, 0, "marked")] == [
        ".e", "a.", "em", "ma", "mm",
    ]  # fmt: skip


def test_switches_change_the_data_and_not_the_spec() -> None:
    app = opened("bigram.py")
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    cells, shown = spec_data(app, 0, "cells"), spec_data(app, 0, "shown")
    app.segmented_control(key="show").set_value("smoothed").run()
    app.slider(key="matrix_k").set_value(100).run()
    assert json.loads(app.get("vega_lite_chart")[0].proto.spec) == spec
    assert spec_data(app, 0, "cells") == cells
    assert spec_data(app, 0, "shown") != shown
    assert "(32,033 + 27 × 100)" in " ".join(m.value for m in app.markdown)
    assert not app.exception


def test_a_cell_recomputes_its_own_probability() -> None:
    app = opened("bigram.py", name="emma")
    said = " ".join(m.value for m in app.markdown).replace("\\", "")
    assert "1,531 / 32,033 = **4.7794%**" in said
    assert pytest.approx(0.047794, abs=1e-6) == 1531 / 32033
    assert "In 1,531 names, among them: emma" in said


def test_example_names_contain_the_pair() -> None:
    names, often = counted_pairs.containing(loaded.name_list().names, "qu")
    assert names
    assert all("qu" in name for name in names)
    assert often == sum("qu" in name for name in loaded.name_list().names)


# Likelihood and smoothing, rows 5 and 6.


@pytest.mark.parametrize(
    ("k", "loss"), [(0, 2.4540), (1, 2.4546), (5, 2.4577), (10, 2.4621), (100, 2.5375)]
)
def test_smoothing_moves_the_loss_through_the_exact_values(k: int, loss: float) -> None:
    app = answered(opened("bigram.py", step="3"))
    app.select_slider(key="k").set_value(k).run()
    assert figures(app)["Loss of the whole list"] == f"{loss:.4f}"


def test_smoothing_ends_at_the_uniform_baseline() -> None:
    app = answered(opened("bigram.py", step="3"))
    app.select_slider(key="k").set_value(1_000_000).run()
    assert float(figures(app)["Loss of the whole list"]) == pytest.approx(math.log(27), abs=2e-3)


def test_andrejq_is_impossible_until_k_repairs_it() -> None:
    app = opened("bigram.py", step="3")
    said = " ".join(m.value for m in app.markdown)
    assert "**andrejq** is **infinite**: jq makes 0 of the 2,900 pairs that begin with j" in said
    assert charts(app) == ["Bars: the next letter after j. a leads with 50.8%."]
    assert "3.2958" not in said
    answered(app)
    assert figures(app)["Loss of andrejq"] == "infinite"
    app.select_slider(key="k").set_value(1).run()
    assert figures(app)["Loss of andrejq"] == "3.4834"


def test_k_moves_the_row_of_the_missing_pair_towards_the_uniform_one(counts: torch.Tensor) -> None:
    app = answered(opened("bigram.py", step="3"))
    row = counts[loaded.vocabulary().letters.index("j")]
    for k in (0, 5, 1_000_000):
        app.select_slider(key="k").set_value(k).run()
        bars = spec_data(app, 1, "letters")
        wanted = [(int(number) + k) / (int(row.sum()) + 27 * k) for number in row]
        assert [bar["probability"] for bar in bars] == pytest.approx(wanted)
        assert [bar["letter"] for bar in bars if bar["chosen"]] == ["q"]
    assert max(abs(p - 1 / 27) for p in wanted) < 1e-4


def test_path_adds_up_to_the_loss_of_the_name() -> None:
    app = opened("bigram.py", step="2", name="emma")
    table = app.table[0].value
    sums = table["−ln p"].astype(float).cumsum()
    assert table["sum"].astype(float).tolist() == pytest.approx(sums.tolist(), abs=3e-3)
    mean = float(figures(app)["Loss of the name"])
    assert mean == pytest.approx(sums.iloc[-1] / 5, abs=1e-3)
    path = spec_data(app, 0, "path")
    assert [row["first"] + row["second"] for row in path] == [".e", "em", "mm", "ma", "a."]
    assert figures(app)["Perplexity"] == f"{math.exp(mean):.1f} of 27"
    shares = table["p"].str.rstrip("%").astype(float) / 100
    assert table["27\u00a0p"].astype(float).tolist() == pytest.approx(
        (27 * shares).tolist(), abs=0.06
    )


def test_a_typical_letter_gets_its_share(counts: torch.Tensor) -> None:
    assert math.exp(
        -bigram_descent.nll(counted_pairs.smoothed(counts, 1).log(), counts)
    ) == pytest.approx(0.086, abs=5e-4)


# keepdim, row 3.


def test_the_slip_divides_columns(counts: torch.Tensor) -> None:
    wrong, right = counted_pairs.divided_wrongly(counts), counted_pairs.smoothed(counts, 0)
    plain = counts.double() / counts.double().sum(1)  # the code that the page shows
    assert torch.allclose(wrong, plain)
    assert torch.allclose(right, counts.double() / counts.double().sum(1, keepdim=True))
    assert torch.allclose(wrong.sum(dim=0), torch.ones(27, dtype=torch.float64))
    assert torch.allclose(right.sum(dim=1), torch.ones(27, dtype=torch.float64))


def test_both_matrices_stand_side_by_side(counts: torch.Tensor) -> None:
    app = opened("bigram.py", step="4", name="emma")
    assert charts(app) == [
        "Bars: the first letter of the pair of 228,146 pairs. a leads with 14.9%."
    ]
    answered(app)
    assert [code.value for code in app.code][:2] == [
        "P = N / N.sum(1, keepdim=True)",
        "P = N / N.sum(1)",
    ]
    said = " ".join(m.value for m in app.markdown)
    right, wrong = counts / counts.sum(1, keepdim=True), counts / counts.sum(1)
    assert (
        f"rows add up to **1.00**, columns to {right.sum(0).min():.2f} to {right.sum(0).max():.2f}"
        in said
    )
    assert (
        f"columns add up to **1.00**, rows to {wrong.sum(1).min():.2f} to {wrong.sum(1).max():.2f}"
        in said
    )
    told = " ".join(box.value for box in [*app.info, *app.success])
    assert "It is **u**" in told


def test_both_matrices_explain_the_same_cell(counts: torch.Tensor) -> None:
    app = answered(opened("bigram.py", step="4"))
    letters = loaded.vocabulary().letters
    for pair in ("qu", "an"):
        number = int(counts[letters.index(pair[0]), letters.index(pair[1])])
        own, other = (int(counts[letters.index(letter)].sum()) for letter in pair)
        said = " ".join(m.value for m in app.markdown)
        assert f"**The pair {pair}**, {number:,} times" in said
        assert f"with keepdim: {number:,} / {own:,} = **{number / own:.2%}**" in said
        assert f"without: {number:,} / {other:,} = **{number / other:.2%}**" in said
        for side in (0, 1):
            assert [row["pair"] for row in spec_data(app, side, "chosen")] == [pair]
        app.session_state[row_division.CELL] = (chosen_list.shipped_list().key, "an")
        app.run()


# The walk, row 4.


def test_walk_steps_forth_and_back() -> None:
    app = answered(opened("bigram.py", step="5", seed="14"))
    draws = counted_pairs.walk(
        counted_pairs.smoothed(chosen_list.shipped_list().counts, 0), 14, loaded.vocabulary()
    )
    name = "".join(draw.letter for draw in draws)
    assert name == "kenah."
    for at in (1, 2):
        app.button(key="walk_step").click().run()
        assert so_far(app) == f".{name[:at]} …"
    app.button(key="walk_back").click().run()
    assert so_far(app) == ".k …"
    app.button(key="walk_reset").click().run()
    assert app.button(key="walk_back").disabled
    assert not app.exception


def so_far(app: AppTest) -> str:
    """The name that the walk has made."""
    return app.subheader[0].value.replace("\\", "")


def test_a_walk_that_plays_draws_at_each_run_of_its_pace_and_ends(counts: torch.Tensor) -> None:
    app = answered(opened("bigram.py", step="5", seed="14"))
    assert app.session_state[name_walk.TICKING] is None
    app.button(key="walk_play").click().run()
    seen = [so_far(app)]
    assert app.session_state[name_walk.TICKING] == 1.0
    app.select_slider(key="pace").set_value(0.5).run()
    assert app.session_state[name_walk.TICKING] == 0.5
    seen.append(so_far(app))
    for _ in range(5):
        app.run()
        seen.append(so_far(app))
    assert seen == [".k …", ".ke …", ".ken …", ".kena …", ".kenah …", ".kenah.", ".kenah."]
    assert app.session_state[name_walk.TICKING] is None
    assert app.button(key="walk_play").disabled
    assert not app.exception


def test_the_walk_shows_the_row_that_it_stands_in_and_the_cell_that_it_drew() -> None:
    app = answered(opened("bigram.py", step="5", seed="14"))
    for given, drawn in (("..", ""), (".k", ".k"), ("ke", "ke")):
        assert [row["first"] for row in spec_data(app, 1, "lit")] == [given[0]]
        assert [row["pair"] for row in spec_data(app, 1, "marked")] == ([drawn] if drawn else [])
        app.button(key="walk_step").click().run()


def test_the_row_that_is_asked_about_is_not_shown_before() -> None:
    app = opened("bigram.py", step="5")
    assert len(spec_data(app, 0, "cells")) == 26 * 27
    assert not [row for row in spec_data(app, 0, "cells") if row["first"] == "."]


def test_every_draw_falls_into_its_piece(counts: torch.Tensor) -> None:
    table = counted_pairs.smoothed(counts, 0)
    for seed in range(30):
        walk = counted_pairs.walk(table, seed, loaded.vocabulary())
        assert all(draw.low <= draw.point < draw.high for draw in walk)
        assert [d.given for d in walk[1:]] == [d.letter for d in walk[:-1]]
        assert walk == counted_pairs.walk(table, seed, loaded.vocabulary())


def test_draws_are_as_frequent_as_their_probability(counts: torch.Tensor) -> None:
    table = counted_pairs.smoothed(counts, 0)
    first = [counted_pairs.walk(table, seed, loaded.vocabulary())[0].letter for seed in range(2000)]
    assert first.count("a") / 2000 == pytest.approx(float(table[0, 1]), abs=0.025)


@pytest.mark.parametrize("seed", ["abc", "-1", "99999999999", "1.5", ""])
def test_a_seed_that_makes_no_sense_falls_back(seed: str) -> None:
    app = opened("bigram.py", step="6", seed=seed)
    assert not app.exception
    assert 0 <= int(app.number_input(key="seed_box").value or 0) <= 9999


def test_seed_of_the_link_decides_the_names() -> None:
    app = opened("bigram.py", step="6", seed="7")
    assert app.number_input(key="seed_box").value == 7
    about = chosen_list.shipped_list()
    (name, *_) = sampling.sample_each(about.bigram(0), about.vocabulary, 20, seed=7, max_length=30)
    assert any(name in m.value for m in app.markdown)
